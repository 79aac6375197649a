"""What ran, and how far: it lies with the data that it changed, and so in its backups."""

from __future__ import annotations

from typing import Literal

import msgspec
from msgspec import Struct

from bot.migrations.kinds import RAN
from bot.model.ids import PersonId
from bot.ports.documents import Document, Documents, held_in

OWNER = PersonId("service")  # nobody's
State = Literal["running", "done", "going back", "taken back"]


class Ran(Struct, frozen=True):
    """``at``: since when it is so; ``counts``: what this run changed, by place."""

    state: State
    at: float
    by: str
    counts: dict[str, int] = {}


async def noted(documents: Documents, name: str) -> Ran | None:
    held = await documents.get(RAN, name)
    if held is None:
        return None
    return held_in(held, Ran)


async def note(documents: Documents, name: str, ran: Ran) -> None:
    held = await documents.get(RAN, name)
    version = held.version if held else 0
    await documents.save(Document(RAN, name, OWNER, ran.at, version, state=ran.state, data=msgspec.to_builtins(ran)))
