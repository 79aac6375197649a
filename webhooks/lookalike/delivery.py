"""Posting events to the bot, with Evolution's own rules of repeating.

Each event has its own loop: at least once, unordered. Any 2xx is success. 400, 401, 403, 404 and 422 are given up at once,
everything else is tried up to ten times, ``base * 2**(n-1)`` seconds apart (at most 300, jitter 20 %, never under ``base``).
What waits is in memory only, as at the real one.
"""

from __future__ import annotations

import asyncio
import logging
import random
from collections.abc import Awaitable, Callable

import aiohttp
from msgspec import Struct

log = logging.getLogger(__name__)
GIVEN_UP = frozenset({400, 401, 403, 404, 422})
_HEADERS = {
    "accept": "application/json, text/plain, */*",
    "content-type": "application/json",
    "user-agent": "axios/1.12.2",
    "accept-encoding": "gzip, compress, deflate",
}


class Retries(Struct, frozen=True):
    """Seconds, and how often."""

    base: float = 5.0
    most: float = 300.0
    attempts: int = 10
    jitter: float = 0.2
    timeout: float = 30.0


class Attempt(Struct, frozen=True):
    """How one POST ended. ``status`` None: no answer."""

    number: int
    status: int | None
    seconds: float


class Delivery:
    """Owns the connections; the caller owns the tasks that run ``post``."""

    def __init__(
        self,
        retries: Retries,
        *,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        connections: int = 100,
        waiting_limit: int = 50_000,
    ) -> None:
        self._retries = retries
        self._sleep = sleep
        self._connections = connections
        self._limit = waiting_limit
        self._session: aiohttp.ClientSession | None = None
        self.pending = 0  # events that are not delivered yet
        self.delivered = 0
        self.dropped = 0

    async def __aenter__(self) -> Delivery:
        connector = aiohttp.TCPConnector(limit=self._connections, force_close=False)
        timeout = aiohttp.ClientTimeout(total=self._retries.timeout)
        self._session = aiohttp.ClientSession(connector=connector, timeout=timeout, cookie_jar=aiohttp.DummyCookieJar())
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._session is not None:
            await self._session.close()
            self._session = None

    async def post(
        self,
        url: str,
        headers: dict[str, str],
        data: bytes,
        note: Callable[[Attempt], None] | None = None,
    ) -> int | None:
        """The status that ended it; None when it was given up without an answer."""
        if self.pending >= self._limit:
            self.dropped += 1
            return None
        self.pending += 1
        try:
            return await self._repeat(url, {**_HEADERS, **headers}, data, note)
        finally:
            self.pending -= 1

    async def _repeat(self, url: str, headers: dict[str, str], data: bytes, note: Callable[[Attempt], None] | None) -> int | None:
        status: int | None = None
        loop = asyncio.get_running_loop()
        for number in range(1, self._retries.attempts + 1):
            if number > 1:
                await self._sleep(self._pause(number - 1))
            started = loop.time()
            status = await self._once(url, headers, data)
            if note is not None:
                note(Attempt(number, status, loop.time() - started))
            if status is not None and 200 <= status < 300:
                self.delivered += 1
                return status
            if status in GIVEN_UP:
                break
        self.dropped += 1
        log.warning("An event was given up", extra={"action": "lookalike_event_dropped", "status": status})
        return status

    async def _once(self, url: str, headers: dict[str, str], data: bytes) -> int | None:
        if self._session is None:
            return None
        try:
            async with self._session.post(url, data=data, headers=headers, allow_redirects=False) as answer:
                await answer.read()
                return answer.status
        except (aiohttp.ClientError, TimeoutError, OSError):
            return None

    def _pause(self, failed: int) -> float:
        rules = self._retries
        pause = min(rules.base * 2.0 ** (failed - 1), rules.most)
        spread = random.uniform(1 - rules.jitter, 1 + rules.jitter)  # noqa: S311  not a secret: when to try again
        return float(max(rules.base, pause * spread))
