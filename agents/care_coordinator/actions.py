"""What a booking asks of calendars and of the payment service, and how that went."""

from __future__ import annotations

from typing import Any

from msgspec import Struct

from bot.ports.payments import Link, Payment


class Place(Struct, frozen=True):
    """A time in a calendar. ``hold`` counts the times that this booking had; ``about`` is what people are told of this one
    (day, time, who, place)."""

    slot: str
    start: int
    end: int
    hold: int = 0
    about: dict[str, Any] = {}


class Hold(Struct, frozen=True):
    """``firm``: nothing stands between holding and booking, so the time is booked in the same write."""

    key: str
    place: Place
    firm: bool = False


class MakeLink(Struct, frozen=True):
    reference: str
    amount: int
    expires_at: float


class LookAtLink(Struct, frozen=True):
    reference: str
    link: Link | None


class Confirm(Struct, frozen=True):
    key: str
    place: Place


class CloseLink(Struct, frozen=True):
    reference: str
    link: Link | None


class Refund(Struct, frozen=True):
    payment: Payment
    key: str


class Release(Struct, frozen=True):
    key: str
    place: Place


Action = Hold | MakeLink | LookAtLink | Confirm | CloseLink | Refund | Release


class Done(Struct, frozen=True):
    """It worked. ``link`` of a link that was made; ``payments`` that a look at (or the closing of) a link found."""

    link: Link | None = None
    payments: tuple[Payment, ...] = ()


class No(Struct, frozen=True):
    """It will not work: the time is taken or gone, or the other side refuses for good."""

    why: str


class Later(Struct, frozen=True):
    """It did not work now. It may have had its effect or not."""

    why: str


Outcome = Done | No | Later
