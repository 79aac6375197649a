"""What is published, in a running role: the current version within seconds, older ones when those who stand on them write."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Protocol, TypeVar

from bot.dialogue.bundle import Bundle, pack, unpack
from bot.dialogue.content import Content
from bot.dialogue.contents import Contents
from bot.errors import BotError, StoreUnavailable, Unavailable
from bot.handwritten.finding import Unreadable
from bot.metrics import Metrics
from bot.model.session import Session
from bot.ports.bundles import Bundles

log = logging.getLogger(__name__)
T = TypeVar("T")

LOOK = 2.0
"""Seconds between two looks for something newer."""
DEADLINE = 5.0
"""Seconds for one call of the store."""
TTL = 10.0
"""Seconds after which a role that does not say so any more no longer counts as running a version."""


def group_of(version: str) -> str:
    """The group of the members that run a version as their current one."""
    return f"content.{version}"


class Holds(Protocol):
    contents: Contents


class Members(Protocol):
    """Where a role says which version it runs."""

    async def heartbeat(self, group: str, member: str, *, now: float, ttl: float) -> list[str]: ...

    async def leave(self, group: str, member: str) -> None: ...


class Library:
    """Keeps ``engine.contents`` up to date. ``compile`` makes content of a bundle, current or older; it runs in a thread.

    ``local`` is what the folders of this release hold: it is current as long as nothing was published, and when what is
    published cannot be run by this release.
    """

    def __init__(
        self, engine: Holds, bundles: Bundles, directory: Members, compile: Callable[[Bundle, bool], Content],
        metrics: Metrics, clock: Callable[[], float], member: str, keep: Callable[[Content], Awaitable[None]] | None = None,
    ) -> None:  # fmt: skip
        self._engine, self._bundles, self._directory, self._compile = engine, bundles, directory, compile
        self._metrics, self._clock, self._member = metrics, clock, member
        self._keep = keep  # puts the files of the content where the sender finds them
        self._fetching = asyncio.Lock()
        self._refused: str | None = None

    async def open(self, local: Bundle) -> None:
        """Before the first turn: keep what the folders hold, for those who begin on it, and take what is published."""
        try:
            packed = await asyncio.to_thread(pack, local)
            async with asyncio.timeout(DEADLINE):
                await self._bundles.keep(local.version, packed, at=self._clock())
        except (Unavailable, TimeoutError, Unreadable) as error:
            log.warning("the local dialogues were not kept", extra={"action": "content_not_kept", "code": type(error).__name__})
        await self._try()
        self._tell_untranslated()

    def _tell_untranslated(self) -> None:
        """What the current content lacks in each language is said in another one: a figure, and a word in the log if clinical."""
        for (language, risk), count in self._engine.contents.current.untranslated.items():
            self._metrics.untranslated.labels(language, risk).set(count)
            if count and risk == "clinical":
                log.warning(
                    "a language lacks clinical texts; they are said in another one",
                    extra={"action": "clinical_untranslated", "language": language, "count": count},
                )

    async def watch(self, stop: asyncio.Event) -> None:
        while not stop.is_set():
            await self._try()
            with suppress(TimeoutError):
                await asyncio.wait_for(stop.wait(), LOOK)
        with suppress(Unavailable):
            await self._directory.leave(group_of(self._engine.contents.current.version), self._member)

    async def look(self) -> None:
        """Take a newer current version. Raises Unavailable."""
        history = await self._in_time(self._bundles.history(1))
        before = self._engine.contents.current.version
        if history and history[0].version not in (before, self._refused):
            await self._take(history[0].version)
        version = self._engine.contents.current.version
        if version != before:
            await self._directory.leave(group_of(before), self._member)
        await self._directory.heartbeat(group_of(version), self._member, now=self._clock(), ttl=TTL)

    async def ready_for(self, session: Session) -> None:
        """Hold every version that this person stands on and that still exists. Raises Unavailable when nobody can tell."""
        for version in self._engine.contents.missing(session):
            async with self._fetching:  # many may wait for one and the same
                if self._engine.contents.of(version) is None:
                    content = await self._fetch(version, current=False)
                    if content is not None:
                        self._engine.contents = self._engine.contents.beside(content)

    async def _try(self) -> None:
        try:
            await self.look()
        except BotError as error:  # also a history that cannot be read: what we have still answers people
            log.warning("could not look for published dialogues", extra={"action": "content_look_failed", "code": error.code})

    async def _take(self, version: str) -> None:
        content = await self._fetch(version, current=True)
        if content is None:
            self._refused = version  # said once; people are answered with what we have
            return
        self._refused = None
        self._engine.contents = self._engine.contents.published(content)
        self._metrics.dialogues.labels("taken").inc()
        self._tell_untranslated()
        log.info("published dialogues taken", extra={"action": "content_taken", "version": version})

    async def _fetch(self, version: str, *, current: bool) -> Content | None:
        packed = await self._in_time(self._bundles.bundle(version))
        if packed is None:
            self._metrics.dialogues.labels("gone").inc()
            log.info("a version is gone", extra={"action": "content_gone", "version": version})
            return None
        try:
            content = await asyncio.to_thread(lambda: self._compile(unpack(packed, version), current))
        except Exception as error:  # also a fault of ours: one bundle must not end every worker
            self._metrics.dialogues.labels("refused").inc()
            log.error(
                "published dialogues cannot be run by this release",
                extra={"action": "content_refused", "version": version, "code": type(error).__name__, "reason": str(error)[:500]},
            )
            return None
        if self._keep is not None:
            await self._keep(content)
        self._metrics.dialogues.labels("read").inc()
        return content

    async def _in_time(self, call: Awaitable[T]) -> T:
        try:
            async with asyncio.timeout(DEADLINE):
                return await call
        except TimeoutError as error:
            raise StoreUnavailable(code="bundles_timeout") from error
