"""Back up again and again, as a service of its own: what fails is told and tried once more, and old backups go."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from bot.errors import Unavailable

AGAIN = 300.0
"""Seconds until one that failed is tried again."""
TIDY_EVERY = 86_400.0

Job = Callable[[], Awaitable[None]]


async def keep_backing_up(back_up: Job, tidy: Job, every: float, stop: asyncio.Event, tell: Callable[[str], None]) -> None:
    """Until ``stop`` is set; one that is under way then is left undone. ``every``: seconds from one beginning to the next."""
    loop = asyncio.get_running_loop()
    tidied = float("-inf")
    while not stop.is_set():
        begun = loop.time()
        ok = await _told(back_up, stop, tell)
        if ok and begun - tidied >= TIDY_EVERY and await _told(tidy, stop, tell):
            tidied = begun
        wait = every if ok else min(every, AGAIN)
        try:
            await asyncio.wait_for(stop.wait(), max(0.0, begun + wait - loop.time()))
        except TimeoutError:
            continue


async def done(job: Job, stop: asyncio.Event) -> bool:
    """Whether it came to its end before ``stop``. Raises what it raises."""
    work, stopped = asyncio.ensure_future(job()), asyncio.ensure_future(stop.wait())
    try:
        await asyncio.wait((work, stopped), return_when=asyncio.FIRST_COMPLETED)
        if not work.done():
            return False
        work.result()
        return True
    finally:
        for task in (work, stopped):
            task.cancel()
        await asyncio.gather(work, stopped, return_exceptions=True)


async def _told(job: Job, stop: asyncio.Event, tell: Callable[[str], None]) -> bool:
    try:
        return await done(job, stop)
    except Unavailable as error:
        tell(f"failed: {error} ({error.code})")
        return False
