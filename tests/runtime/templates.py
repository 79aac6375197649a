"""A notice with a template in two languages, and whoever says what of it is approved."""

from __future__ import annotations

from typing import Any

from bot.model.effects import Option, Outbound, TemplateOffer, TemplateWording
from tests.runtime.parts import outbound
from tests.runtime.sending import NOW

OPEN, SHUT = NOW + 10.0, NOW - 10.0
TAP = (Option("visit.ask:yes", "हाँ"),)
HINDI, ENGLISH = TemplateWording("hi", "form-hi", ("आशा",), TAP), TemplateWording("en", "form-en", ("Asha",))
OFFER = TemplateOffer("visit", (HINDI, ENGLISH), "hi")


class Said(list[TemplateWording]):
    """Approvals that say so."""

    async def approved(self, offer: TemplateOffer) -> list[TemplateWording]:
        return [one for one in offer.wordings if one in self]


def notice(name: str, **more: Any) -> Outbound:
    fields: dict[str, Any] = {
        "kind": "notice",
        "notice_class": "reminder",
        "topic": "t",
        "day": "1970-01-01",
        "template": OFFER,
        **more,
    }
    return outbound(name, **fields)
