"""What MongoDB holds of a person, and their hidden numbers."""

from __future__ import annotations

import re
from typing import Any

from bot.adapters.mongo.documents import parsed
from bot.model.ids import PersonId, person_of
from bot.ports.remains import Remain
from bot.sealing.seals import Seals


def whose(person: PersonId) -> dict[str, str]:
    """The person and all who are reached through them."""
    return {"$regex": f"^{re.escape(person)}(\\.|$)"}


async def remains_of(database: Any, person: PersonId, seals: Seals) -> list[Remain]:
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
    return found + [Remain("links", "", lid) for _, lid in await links_of(database, person, seals)]


async def links_of(database: Any, person: PersonId, seals: Seals) -> list[tuple[str, str]]:
    """A person's hidden numbers with the names that their links lie under. Every link is looked at: an id tells no phone."""
    found = []
    async for one in database.links.find({}):
        lid, phone = link_of(one, seals)
        if person in (person_of(f"phone:{phone}"), person_of(f"lid:{lid}")):
            found.append((str(one["_id"]), lid))
    return found


def link_of(found: dict[str, Any], seals: Seals) -> tuple[str, str]:
    """The hidden number and the phone."""
    name, held = str(found["_id"]), found["phone"]
    return (name, held) if isinstance(held, str) else parsed(seals.open(held, "links", name, "phone"), tuple[str, str])
