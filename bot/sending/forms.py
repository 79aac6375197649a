"""The forms in which a message may go out: its own words, or its approved template in one of several languages."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable

from msgspec.structs import replace

from bot.errors import StoreUnavailable
from bot.model.effects import Outbound, TemplateWording
from bot.notices.window import closed
from bot.ports.templates import Approved

FORMS = 4
"""So many forms of one message are tried at most: templates in some languages, and the words themselves."""


class Forms:
    """``approved``: where it is known which templates WhatsApp has approved; None on a channel that has none."""

    def __init__(self, approved: Approved | None, clock: Callable[[], float]) -> None:
        self._approved, self._clock = approved, clock

    async def of(self, message: Outbound) -> AsyncIterator[Outbound]:
        """The best first. Free words go first as long as the window is open; after that, a notice goes as an approved template
        alone; all else is tried in free words at last, should they be refused."""
        shut = closed(message.window_until, self._clock())
        if not shut:
            yield message
        for wording in await self.wordings(message):
            yield in_template(message, wording)
        if shut and message.kind != "notice":
            yield message

    async def wordings(self, message: Outbound) -> list[TemplateWording]:
        """The approved wordings of its template. In an emergency also the others: approved meanwhile, they would go through."""
        if message.template is None or self._approved is None:
            return []
        try:
            approved = await self._approved.approved(message.template)
        except StoreUnavailable:
            if message.kind != "emergency":
                raise
            approved = []
        if message.kind == "emergency":
            approved += [one for one in message.template.wordings if one not in approved]
        return approved[: FORMS - 1]


def in_template(message: Outbound, wording: TemplateWording) -> Outbound:
    """The message as its template in one language. Its buttons are what a tap quotes."""
    offer = replace(message.template, wordings=(wording,)) if message.template else None
    options = wording.options if message.options else ()
    return replace(message, template=offer, as_template=True, options=options, media=None)
