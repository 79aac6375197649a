"""Which templates WhatsApp has approved: kept in the durable store, brought up to date by whoever asks the gateway."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from typing import Any, Protocol

import msgspec
from msgspec import Struct

from bot.dialogue.contents import Contents
from bot.dialogue.official.template import form_of
from bot.errors import StoreUnavailable
from bot.model.effects import TemplateOffer, TemplateWording
from bot.model.ids import PersonId
from bot.ports.documents import Document, Documents
from bot.ports.templates import RemoteTemplate

log = logging.getLogger(__name__)

KIND = "channel_template"
OWNER = PersonId("channel")  # nobody's: it belongs to the account
APPROVED, GONE = "APPROVED", "GONE"
FRESH = 60.0  # seconds in which what was read is believed
PAGE = 500
FIRST_PAGE = 25  # templates that the gateway lists at most: it asks WhatsApp for the first page alone


class Holds(Protocol):
    contents: Contents


class Approval(Struct, frozen=True, omit_defaults=True):
    """The last word on one template in one language. ``form`` names the very words that it is about."""

    name: str
    language: str
    status: str
    category: str
    form: str
    at: float
    id: str = ""
    quality: str | None = None
    reason: str | None = None
    by_hand: bool = False  # somebody looked at WhatsApp's own pages


class Approvals:
    """Implements ``bot.ports.templates.Approved``; reads the store at most once a minute."""

    def __init__(self, documents: Documents, clock: Callable[[], float]) -> None:
        self._documents, self._clock = documents, clock
        self._held: dict[tuple[str, str], Approval] = {}
        self._read_at: float | None = None

    async def approved(self, offer: TemplateOffer) -> list[TemplateWording]:
        now = self._clock()
        if self._read_at is None or not 0 <= now - self._read_at < FRESH:
            try:
                self._held = {(one.name, one.language): one for one in await self.every()}
                self._read_at = now
            except StoreUnavailable:
                if self._read_at is None:
                    raise  # what is known from before is better than nothing
        return [one for one in offer.wordings if stands(self._held.get((offer.name, one.language)), one.form)]

    async def every(self) -> list[Approval]:
        """All that is known, by name and language."""
        found: list[Approval] = []
        after: str | None = None
        while True:
            page = await self._documents.listed(KIND, limit=PAGE, after=after)
            found += [_read(one) for one in page]
            if len(page) < PAGE:
                return found
            after = page[-1].id

    async def note(self, approval: Approval) -> None:
        """The latest word wins, whoever else writes."""
        id_ = f"{approval.name}/{approval.language}"
        data: dict[str, Any] = msgspec.to_builtins(approval)
        for _ in range(5):
            known = await self._documents.get(KIND, id_)
            fresh = Document(KIND, id_, OWNER, approval.at, known.version if known else 0, state=approval.status, data=data)
            if await self._documents.save(fresh):
                self._read_at = None
                return
        raise StoreUnavailable("Others are writing the same approval all the time.")

    async def sync(self, listed: Sequence[RemoteTemplate], *, at: float) -> list[Approval]:
        """Keep what the gateway lists. What it does not list any more is gone, unless the listing may be cut off."""
        before = {(one.name, one.language): one for one in await self.every()}
        for remote in listed:
            await self.note(approval_of(remote, at))
        here = {(one.name, one.language) for one in listed}
        for key, one in before.items():
            if key not in here and len(listed) < FIRST_PAGE and one.status != GONE:
                await self.note(msgspec.structs.replace(one, status=GONE, at=at))
        return await self.every()


async def watch_approvals(engine: Holds, approvals: Approvals, stop: asyncio.Event) -> None:
    """Until ``stop``: the planner knows what is approved, so that nothing is let go that the sender would have to hold back."""
    while not stop.is_set():
        try:
            held = await approvals.every()
        except StoreUnavailable as error:
            log.warning("the templates' approvals were not read", extra={"action": "approvals_not_read", "code": error.code})
        else:
            approved = frozenset((one.name, one.language, one.form) for one in held if one.status == APPROVED)
            engine.contents = replace(engine.contents, approved=approved)
        with suppress(TimeoutError):
            await asyncio.wait_for(stop.wait(), FRESH)


def stands(approval: Approval | None, form: str) -> bool:
    """Exactly these words are approved."""
    return approval is not None and approval.status == APPROVED and approval.form == form


def approval_of(remote: RemoteTemplate, at: float) -> Approval:
    return Approval(
        name=remote.name, language=remote.language, status=remote.status, category=remote.category,
        form=form_of(remote.components), at=at, id=remote.id, quality=remote.quality, reason=remote.reason,
    )  # fmt: skip


def _read(document: Document) -> Approval:
    return msgspec.convert(document.data, Approval)
