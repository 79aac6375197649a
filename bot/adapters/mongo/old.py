"""Which documents are old, as steps of an aggregation."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from bot.ports.store import Place


def old_ones(place: Place, kinds: Sequence[str], before: float) -> list[dict[str, Any]]:
    match place:
        case "journal":  # heads has the version of each person's newest entry
            newest = {"from": "heads", "localField": "person", "foreignField": "_id", "as": "head"}
            younger = {"$expr": {"$lt": ["$version", {"$first": "$head.version"}]}, "head": {"$ne": []}}
            return [{"$match": {"at": {"$lt": before}}}, {"$lookup": newest}, {"$match": younger}]
        case "deliveries":
            return [{"$match": {"at": {"$lt": before}}}]
        case "records":
            return [{"$match": {"kind": {"$in": list(kinds)}, "at": {"$lt": before}}}]
