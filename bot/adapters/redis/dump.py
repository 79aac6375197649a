"""What only the session engine knows. What the journal knows as well (sessions, ids that were seen, timers) is left out: it comes
back from the journal, so that the two cannot disagree after a restore.

The embedded form keeps its queues in the same server. They are a dump of their own, because they have to be read at another
moment: what a queue holds was not done yet, so the store is read after it, and claims are read after the store.
"""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Callable

from bot.adapters.redis.coalesce import Coalescing
from bot.ports.dump import Frame

PAGE = 500
JOURNALLED = re.compile(rb"pc:(\{[^}]*\}:(s|seen)|\{t\d+\}:(z|h|bad)|intact|backup|m:.*)")
"""Sessions, ids that were seen, timers; who is alive, which nobody is after a restore; and when a backup was made."""
PASSING = re.compile(rb"bus:(lease|alive):.*")


def is_kept(key: bytes) -> bool:
    """Claims, receipts, questions, counts, hidden numbers, states of channels."""
    return key.startswith(b"pc:") and JOURNALLED.fullmatch(key) is None


def is_queue(key: bytes) -> bool:
    """Queues of the embedded bus, and what is parked."""
    return key.startswith(b"bus:") and PASSING.fullmatch(key) is None


class RedisDump:
    """Implements ``bot.ports.dump.Dump``. Each key is of one moment, all of them are not: none of them needs another.

    DUMP's form is the server's own: it goes into a server of the same or a newer version.
    """

    def __init__(self, client: Coalescing, part: str, wanted: Callable[[bytes], bool]) -> None:
        self._client, self.part, self._wanted = client, part, wanted

    async def frames(self, cut: float) -> AsyncIterator[Frame]:
        async for keys in self._pages():
            asked: list[tuple[str | bytes, ...]] = [words for key in keys for words in (("PTTL", key), ("DUMP", key))]
            replies = await self._client.calls(*asked)
            for key, left, dumped in zip(keys, replies[::2], replies[1::2], strict=True):
                if dumped is not None:  # its time came between two of our looks
                    yield Frame(self.part, key.decode(), dumped, max(0, left))

    async def empty(self) -> bool:
        async for _ in self._pages():
            return False
        return True

    async def load(self, frame: Frame) -> None:
        await self._client.call("RESTORE", frame.name, frame.number, frame.data, "REPLACE")

    async def loaded(self) -> None:
        return None

    async def _pages(self) -> AsyncIterator[list[bytes]]:
        cursor: bytes = b"0"
        while True:
            cursor, found = await self._client.call("SCAN", cursor, "COUNT", PAGE)
            keys = sorted(key for key in found if self._wanted(key))
            if keys:
                yield keys
            if cursor == b"0":
                return


def every(key: bytes) -> bool:
    """For the look whether a server is empty."""
    return key.startswith((b"pc:", b"bus:"))
