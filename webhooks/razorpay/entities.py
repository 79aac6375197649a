"""Razorpay's entities, read carefully."""

from __future__ import annotations

from typing import Any

from bot.ports.payments import Link, LinkState, Payment

OPEN = ("created", "partially_paid")


SAFE = ("https://", "http://127.0.0.1:")
"""How an address may begin that people are sent to: encrypted, or the look-alike's on this machine."""


def link_of(entity: dict[str, Any]) -> Link | None:
    id_, url = entity.get("id"), entity.get("short_url")
    return Link(id_, url) if isinstance(id_, str) and isinstance(url, str) and url.startswith(SAFE) else None


def state_of(entity: dict[str, Any]) -> LinkState:
    """How a link stands. Only captured money counts; anything that is neither that nor failed is under way."""
    listed = entity.get("payments")
    payments = [one for one in listed if isinstance(one, dict)] if isinstance(listed, list) else []
    return LinkState(
        open=entity.get("status") in OPEN,
        payments=tuple(found for one in payments if (found := payment_of(one)) is not None),
        underway=any(one.get("status") in ("created", "authorized", "pending") for one in payments),
    )


def payment_of(entity: dict[str, Any]) -> Payment | None:
    """A payment that was captured, in rupees. Inside a link its id is ``payment_id``, in an event ``id``."""
    id_, amount = entity.get("payment_id") or entity.get("id"), entity.get("amount")
    if entity.get("status") != "captured" or entity.get("currency", "INR") != "INR":
        return None
    if not isinstance(id_, str) or isinstance(amount, bool) or not isinstance(amount, int):
        return None
    return Payment(id_, amount)
