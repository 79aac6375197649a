"""What MongoDB holds of a person, and their hidden numbers."""

from __future__ import annotations

import re
from typing import Any

from bot.model.ids import PersonId, person_of
from bot.ports.remains import Remain


def whose(person: PersonId) -> dict[str, str]:
    """The person and all who are reached through them."""
    return {"$regex": f"^{re.escape(person)}(\\.|$)"}


async def remains_of(database: Any, person: PersonId) -> list[Remain]:
    mine = {"person": whose(person)}
    parts = {"kind": 1, "id": 1, "input_id": 1, "at": 1}
    found: list[Remain] = []
    async for one in database.readings.find({"meta.person": whose(person)}, {"meta": 1, "id": 1, "second": 1}):
        found.append(Remain("readings", one["meta"]["kind"], one["id"], one["second"]))
    for place in ("records", "documents", "deliveries", "journal"):
        async for one in database[place].find(mine, parts):
            name = one.get("id") or one.get("input_id") or str(one["_id"])
            found.append(Remain(place, one.get("kind", ""), name, one["at"]))
    async for one in database.heads.find({"_id": whose(person)}, {"_id": 1}):
        found.append(Remain("heads", "", one["_id"]))
    return found + [Remain("links", "", lid) for lid in await lids_of(database, person)]


async def lids_of(database: Any, person: PersonId) -> list[str]:
    """Every link is looked at: a person's id tells no phone."""
    return [
        str(one["_id"])
        async for one in database.links.find({})
        if person in (person_of(f"phone:{one['phone']}"), person_of(f"lid:{one['_id']}"))
    ]
