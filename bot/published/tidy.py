"""Bundles that nobody stands on any more go; the current one and the one before it never do."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Iterable
from contextlib import suppress
from itertools import pairwise

from bot.errors import Conflict, Unavailable
from bot.ports.bundles import Bundles, Kept, Publication
from bot.ports.sessions import Census

log = logging.getLogger(__name__)

EVERY = 3600.0
"""Seconds between two looks."""
GRACE = 86_400.0
"""Seconds that a bundle stays although nobody stands on it: somebody may have begun on it this very moment, at a worker that did
not hear yet, and after a loss of the session engine people come back only as they write."""
MOST = 2_000_000  # people; with more nothing is removed rather than counted without end


async def tidy(bundles: Bundles, census: Census, now: float) -> list[str]:
    """Remove what may go; returns the versions. Raises Unavailable."""
    old = removable(await bundles.kept(), await bundles.history(1000), now)
    if not old:
        return []
    async for page in census.pages(MOST):
        if not page.complete:
            return []
        old -= {place.content for person in page.people for place in (*person.stack, *person.aside)}
    gone = []
    for version in sorted(old):
        with suppress(Conflict):  # it is just being published again
            if await bundles.forget(version):
                gone.append(version)
    return gone


def removable(kept: Iterable[Kept], history: list[Publication], now: float) -> set[str]:
    """Versions that were neither current nor begun on for long enough. As long as nothing was published, the newest is in use."""
    newest = [one.version for one in history[:2]] or [one.version for one in kept][:1]
    until: dict[str, float] = {}
    for later, one in pairwise(history):
        until.setdefault(one.version, later.at)
    return {one.version for one in kept if one.version not in newest and now - max(one.at, until.get(one.version, 0.0)) > GRACE}


async def keep_tidy(bundles: Bundles, census: Census, clock: Callable[[], float], stop: asyncio.Event) -> None:
    while not stop.is_set():
        try:
            for version in await tidy(bundles, census, clock()):
                log.info("an old version of the dialogues was removed", extra={"action": "content_removed", "version": version})
        except Unavailable as error:
            log.warning("old dialogues could not be looked at", extra={"action": "tidy_failed", "code": error.code})
        with suppress(TimeoutError):
            await asyncio.wait_for(stop.wait(), EVERY)
