"""The laboratory's events as intents of the care coordinator (docs/lab-partner.md). They say that something is new, not what."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from bot.errors import Malformed
from bot.model.effects import Intent
from bot.model.ids import EffectId, PersonId
from webhooks.partner_events import EVENT_ID, REFERENCE, opened

AGENT = "care_coordinator"
NOBODY = PersonId("laboratory")
SIGNATURE = "X-Lab-Signature"


def read_event(clock: Callable[[], float]) -> Callable[[bytes, Mapping[str, str]], list[Intent]]:
    """A reader of bodies whose signature was right."""

    def read(body: bytes, headers: Mapping[str, str]) -> list[Intent]:
        event = opened(body)
        id_, order = event.get("id"), event.get("order")
        if not isinstance(id_, str) or not EVENT_ID.fullmatch(id_):
            raise Malformed("an event without an id", code="not_an_event")
        if not isinstance(order, str) or not REFERENCE.fullmatch(order):
            return []
        return [Intent(EffectId(f"lab:{id_}"), NOBODY, AGENT, "lab_event", clock(), {"order": order}, unanswered=True)]

    return read
