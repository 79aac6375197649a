"""A file of somebody who has not agreed to anything: the ingress, which knows nobody, has stored it; nothing was made of it, so
it goes as soon as the turn is decided."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence

from bot.errors import BotError, StoreUnavailable
from bot.model.codec import encode
from bot.model.effects import Effect
from bot.model.events import TurnEvent
from bot.model.inbound import Inbound
from bot.model.session import Session
from bot.ports.media import MediaStore

log = logging.getLogger(__name__)

SECONDS = 2.0
"""Deadline: the next message of the person waits for it."""


def unagreed(event: TurnEvent, session: Session, effects: Sequence[Effect]) -> str | None:
    """The reference of a file that goes. Not one that the conversation goes on with: what a doctor sends to a patient is no
    patient's, and who talks with the clinic without having agreed to more still talks with it."""
    ref = event.media.ref if isinstance(event, Inbound) and event.media else None
    if ref is None or session.consent:
        return None
    used = ref.encode() in encode(session) or ref.encode() in encode(list(effects))
    return None if used else ref


async def let_go(media: MediaStore, ref: str) -> None:
    """One that cannot be deleted now ends by itself in some days (PROCARE_MEDIA_DAYS)."""
    try:
        async with asyncio.timeout(SECONDS):
            await media.delete(ref)
    except (StoreUnavailable, TimeoutError) as error:
        code = error.code if isinstance(error, BotError) else "timeout"
        log.warning("a file without consent stays for some days", extra={"action": "unagreed_file", "code": code})
