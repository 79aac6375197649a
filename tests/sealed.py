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
        self.older = False  # somebody is stored under an id without a key

    async def wrapped(self, tenant: str) -> list[WrappedKey]:
        return [replace(key) for (whose, _, _), key in sorted(self.keys.items()) if whose == tenant]

    async def add(self, key: WrappedKey) -> bool:
        return self.keys.setdefault((key.tenant, key.purpose, key.number), key) is key

    async def rewrap(self, key: WrappedKey) -> None:
        self.keys[key.tenant, key.purpose, key.number] = key

    async def drop(self, key: WrappedKey) -> None:
        self.keys.pop((key.tenant, key.purpose, key.number), None)

    async def unkeyed(self) -> bool:
        return self.older


async def _loaded() -> Keyring:
    """With fixed keys, so that processes which a test starts can read what it writes."""
    place = MemoryKeys()
    ring = Keyring(read_master_keys(MASTER_KEY, "tests"), TENANT, clock=lambda: 0.0, lifetime=float("inf"))
    data, index = WrappedKey(TENANT, "data", 1, "00" * 8, 0.0, "", ""), WrappedKey(TENANT, "index", 1, "11" * 8, 0.0, "", "")
    await place.add(await ring.wrapped_anew(b"the data key of all our tests 32", data))
    await place.add(await ring.wrapped_anew(b"the index key of all our tests!!", index))
    await ring.load(place)
    return ring


SEALS = asyncio.run(_loaded())
