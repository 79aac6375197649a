"""A person's data goes, up to a moment: what MongoDB deletes and in which order."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from bot.adapters.mongo.remains import whose as whose_of
from bot.model.ids import PersonId


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
    # From a time series MongoDB 6.0 deletes by its meta field only: what is newer is put back.
    newer = await db.readings.find({"meta.person": whose, "second": {"$gt": until}}, {"_id": 0}).to_list(None)
    stored = await db.readings.distinct("id", {"meta.person": whose, "second": {"$lte": until}})
    if stored:
        await db.readings.delete_many({"meta.person": whose})
        if newer:
            await db.readings.insert_many(newer)
        await db.reading_ids.delete_many({"_id": {"$in": stored}})
