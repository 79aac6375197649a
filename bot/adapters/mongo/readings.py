"""Readings in MongoDB: a time series, which has no unique ids, beside a collection of the ids that are in it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pymongo.errors import DuplicateKeyError

from bot.adapters.mongo.documents import moment, of_reading, to_reading
from bot.model.ids import PersonId
from bot.ports.store import Reading, standing
from bot.sealing.seals import Seals

SPARE = 16  # readings asked for beyond the limit, for those that turn out to be stored twice or corrected
NEAR_EPOCH = 2 * 86_400.0
"""MongoDB 6.0 finds nothing in a time series from a moment on whose bucket (a day long) may begin before 1970."""


async def add_once(readings: Any, ids: Any, reading: Reading, seals: Seals) -> bool:
    """False: it is there already. ``ids`` need not wait for the disk."""
    # Only the reading has to be on the disks. Were its id lost, a repeat would store it twice, and whoever looks sees one;
    # waiting for the disk three times was most of the time that a reading took.
    document = of_reading(reading, seals)
    try:
        await ids.insert_one({"_id": reading.id, "done": False})
    except DuplicateKeyError:
        if await ids.find_one({"_id": reading.id, "done": True}):
            return False
    await readings.insert_one(document)
    await ids.update_one({"_id": reading.id}, {"$set": {"done": True}})
    return True


async def newest(
    readings: Any, person: PersonId, since: Mapping[str, float], limit: int, seals: Seals
) -> dict[str, list[Reading]]:
    """Of each kind those that stand, in one look: each of eight had its own way to the server and back, and they waited for one
    another."""
    if limit <= 0 or not since:
        return {kind: [] for kind in since}
    first, *others = (_newest(person, kind, at, limit + SPARE) for kind, at in since.items())
    together = [{"$unionWith": {"coll": "readings", "pipeline": one}} for one in others]
    found = await readings.aggregate([*first, *together]).to_list(None)
    kinds: dict[str, dict[str, Any]] = {kind: {} for kind in since}
    for document in found:
        kinds[document["meta"]["kind"]].setdefault(document["id"], document)
    opened = {kind: [to_reading(one, seals) for one in unique.values()] for kind, unique in kinds.items()}
    return {kind: standing(every, limit) for kind, every in opened.items()}


def _newest(person: PersonId, kind: str, since: float, most: int) -> list[dict[str, Any]]:
    wanted: dict[str, Any] = {"meta.person": person, "meta.kind": kind, "second": {"$gte": since}}
    if since > NEAR_EPOCH:
        wanted["at"] = {"$gte": moment(since - 0.001)}  # kept in milliseconds, rounded down
    return [{"$match": wanted}, {"$sort": {"at": -1, "second": -1, "id": -1}}, {"$limit": most}]
