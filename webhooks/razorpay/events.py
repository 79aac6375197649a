"""Razorpay's events as intents of the care coordinator. Told at least once, in any order, for 24 hours until we answer 200."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from bot.errors import Malformed
from bot.model.effects import Intent
from bot.model.ids import EffectId, PersonId
from webhooks.partner_events import EVENT_ID, REFERENCE, opened
from webhooks.razorpay.entities import payment_of

AGENT = "care_coordinator"
NOBODY = PersonId("razorpay")
"""Whose the intents are: the event does not say, the booking that the reference names does."""
SIGNATURE = "X-Razorpay-Signature"
MOST = 10**12
"""Paise of one payment; more than this is none."""


def read_event(clock: Callable[[], float]) -> Callable[[bytes, Mapping[str, str]], list[Intent]]:
    """A reader of bodies whose signature was right. Events of other products on the same account are not for us."""

    def read(body: bytes, headers: Mapping[str, str]) -> list[Intent]:
        event = opened(body)
        name = event.get("event")
        link, payment = _entity(event, "payment_link"), _entity(event, "payment")
        if name == "payment_link.paid":
            reference, paid = link.get("reference_id"), payment_of(payment)
            if paid is None:
                raise Malformed("a paid link without a captured payment", code="no_payment")
            what, of, amount = "paid", paid.id, paid.amount
        elif name == "payment.failed":
            reference, asked, id_ = _noted(payment), payment.get("amount"), payment.get("id")
            if not isinstance(id_, str) or isinstance(asked, bool) or not isinstance(asked, int):
                raise Malformed("a failed payment without id or amount", code="no_payment")
            what, of, amount = "failed", id_, asked
        else:
            return []
        if not isinstance(reference, str) or not REFERENCE.fullmatch(reference):
            return []
        if not EVENT_ID.fullmatch(of) or not 0 <= amount <= MOST:
            raise Malformed("a payment without a proper id or amount", code="no_payment")
        told = headers.get("X-Razorpay-Event-Id", "")
        # Without a proper id of the event, what it says is its id: a repeat says the same.
        known = told if EVENT_ID.fullmatch(told) else f"{name}.{of}"
        data = {"reference": reference, "what": what, "payment": of, "amount": amount}
        return [Intent(EffectId(f"razorpay:{known}"), NOBODY, AGENT, "payment_event", clock(), data, unanswered=True)]

    return read


def _entity(event: dict[str, Any], name: str) -> dict[str, Any]:
    payload = event.get("payload")
    part = payload.get(name) if isinstance(payload, dict) else None
    entity = part.get("entity") if isinstance(part, dict) else None
    return entity if isinstance(entity, dict) else {}


def _noted(payment: dict[str, Any]) -> object:
    """Our reference among the notes of a payment; a link's own notes are copied there."""
    notes = payment.get("notes")
    return notes.get("reference") if isinstance(notes, dict) else None
