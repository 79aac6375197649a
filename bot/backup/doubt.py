"""After a restore: what the backup does not know may have been said already. The senders then ask the gateway's history first."""

from __future__ import annotations

import msgspec
from msgspec import Struct

from bot.model.ids import PersonId
from bot.ports.documents import Document, Documents, held_in

KIND = "restore"
LATEST = "latest"
OWNER = PersonId("service")  # nobody's
CATCHING_UP = 900.0
"""Seconds after a restore in which what was lost is done again: messages from the gateway's history, timers, due work."""


class Restored(Struct, frozen=True):
    """``cut``: up to then everything is known; ``at``: when the backup was put back."""

    cut: float
    at: float

    def doubts(self, decided: float) -> bool:
        """A message that was decided then may be one that went out before, between the cut and the restore."""
        return decided < self.at + CATCHING_UP


async def keep(documents: Documents, restored: Restored) -> None:
    held = await documents.get(KIND, LATEST)
    version = held.version if held else 0
    await documents.save(Document(KIND, LATEST, OWNER, restored.at, version, data=msgspec.to_builtins(restored)))


async def last_restore(documents: Documents) -> Restored | None:
    """The last restore of this store, if there ever was one. Raises StoreUnavailable."""
    held = await documents.get(KIND, LATEST)
    if held is None:
        return None
    return held_in(held, Restored)
