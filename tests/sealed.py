"""A keyring with a fixed master key, so that the suites of every store run on sealed data."""

from __future__ import annotations

import asyncio
import base64

from msgspec.structs import replace

from bot.ports.keys import WrappedKey
from bot.sealing.keyring import Keyring
from bot.sealing.master import read_master_keys

MASTER_KEY = base64.b64encode(b"the master key of all our tests.").decode()
TENANT = "test"


class MemoryKeys:
    """Implements ``bot.ports.keys.KeyPlace``."""

    def __init__(self) -> None:
        self.keys: dict[tuple[str, str, int], WrappedKey] = {}

    async def wrapped(self, tenant: str) -> list[WrappedKey]:
        return [replace(key) for (whose, _, _), key in sorted(self.keys.items()) if whose == tenant]

    async def add(self, key: WrappedKey) -> bool:
        return self.keys.setdefault((key.tenant, key.purpose, key.number), key) is key

    async def rewrap(self, key: WrappedKey) -> None:
        self.keys[key.tenant, key.purpose, key.number] = key


def _loaded() -> Keyring:
    ring = Keyring(read_master_keys(MASTER_KEY, "tests"), TENANT, lifetime=float("inf"))
    asyncio.run(ring.load(MemoryKeys()))
    return ring


SEALS = _loaded()
