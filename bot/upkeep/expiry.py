"""Files whose time is over go."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from contextlib import suppress

from bot.errors import Unavailable
from bot.metrics import Metrics
from bot.ports.media import MediaStore

log = logging.getLogger(__name__)

EVERY = 3600.0
"""Seconds between two looks."""
PAGE = 500


async def forget_expired(media: MediaStore, now: float) -> int:
    """Delete all files whose time is over; returns how many. Raises StoreUnavailable; repeating goes on where it ended."""
    gone = 0
    while refs := await media.expired(now, PAGE):
        for ref in refs:
            gone += await media.delete(ref)
    return gone


async def keep_expiring(media: MediaStore, metrics: Metrics, clock: Callable[[], float], stop: asyncio.Event) -> None:
    while not stop.is_set():
        try:
            if gone := await forget_expired(media, clock()):
                metrics.media.labels("expired").inc(gone)
                log.info("files whose time was over were deleted", extra={"action": "media_expired", "count": gone})
        except Unavailable as error:
            log.warning("old files could not be deleted", extra={"action": "media_expiry_failed", "code": error.code})
        with suppress(TimeoutError):
            await asyncio.wait_for(stop.wait(), EVERY)
