"""Rings of keys, old and new."""

from __future__ import annotations

from bot.sealing.keyring import Keyring
from bot.sealing.master import new_master_key, read_master_keys
from tests.sealed import MemoryKeys

OLD, NEW = new_master_key(), new_master_key()


class Clock:
    now = 1000.0

    def __call__(self) -> float:
        return self.now


async def ring(place: MemoryKeys, master: str = OLD, tenant: str = "t", clock: Clock | None = None) -> Keyring:
    made = Keyring(read_master_keys(master, "test"), tenant, clock=clock or Clock())
    await made.load(place)
    return made
