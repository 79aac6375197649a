"""A person's data goes, up to a moment: what MongoDB deletes and in which order."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from bot.adapters.mongo.remains import whose as whose_of
from bot.model.ids import PersonId

ASIDE = ".erased"
"""How the name ends under which a person's readings lie while they are erased: a search for what is left finds them."""


async def erase_person(
    db: Any, person: PersonId, until: float, *, keep_records: Sequence[str], keep_documents: Sequence[str]
) -> None:
    """Not one transaction, as in a merge; each step can be repeated."""
    whose = whose_of(person)
    old = {"person": whose, "at": {"$lte": until}}
    await db.records.delete_many({**old, "kind": {"$nin": list(keep_records)}})
    await db.documents.delete_many({**old, "kind": {"$nin": list(keep_documents)}})
    await db.deliveries.delete_many(old)
    await db.journal.delete_many(old)
    left = await db.journal.distinct("person", {"person": whose})
    await db.heads.delete_many({"_id": {**whose, "$nin": left}})
    await _erase_readings(db, whose, until)


async def _erase_readings(db: Any, whose: dict[str, str], until: float) -> None:
    """From a time series MongoDB 6.0 deletes by its meta field only. So all go under another name first, what is newer comes back
    from there, and then what lies under that name goes. What is stored meanwhile is not touched, and whoever was stopped at any
    of these steps begins again."""
    stored = await db.readings.distinct("id", {"meta.person": whose, "second": {"$lte": until}})
    names: list[str] = await db.readings.distinct("meta.person", {"meta.person": whose})
    if not stored and not any(name.endswith(ASIDE) for name in names):
        return
    usual = {name.removesuffix(ASIDE) for name in names}
    for name in sorted(usual):
        await db.readings.update_many({"meta.person": name}, {"$set": {"meta.person": f"{name}{ASIDE}"}})
    mine = {"$in": [f"{name}{ASIDE}" for name in usual]}
    found = await db.readings.find({"meta.person": mine, "second": {"$gt": until}}, {"_id": 0}).to_list(None)
    newer = {one["id"]: one | {"meta": one["meta"] | {"person": one["meta"]["person"].removesuffix(ASIDE)}} for one in found}
    if newer:
        await db.readings.insert_many(list(newer.values()))
    await db.reading_ids.delete_many({"_id": {"$in": stored}})  # first: what is still stored names them
    await db.readings.delete_many({"meta.person": mine})
