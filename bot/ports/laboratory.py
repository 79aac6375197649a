"""A partner laboratory, as the care coordinator needs it (docs/lab-partner.md). Prices in whole paise.

A method raises Unavailable when the other side does not answer in time (whatever it may have done), and Refused when it never
will do it. An order is named by our key; every method is safe to repeat with it.
"""

from __future__ import annotations

from typing import Any, Literal, Protocol

from msgspec import Struct

from bot.ports.payments import Payment


class Quote(Struct, frozen=True, omit_defaults=True):
    """``token`` names the offer towards the laboratory. ``prepaid``: it wants the money beforehand, through us."""

    token: str
    price: int
    fasting: bool = False
    prepaid: bool = False


class LabTime(Struct, frozen=True):
    """A free time, in Unix seconds. ``day`` and ``time`` are the laboratory's own words for it; ``who`` comes or waits."""

    id: str
    start: int
    end: int
    day: str
    time: str
    who: str


class LabValue(Struct, frozen=True, omit_defaults=True):
    """``critical``: the laboratory itself would call a doctor about it."""

    kind: str
    value: float
    unit: str
    measured_at: float
    fasting: bool = False
    critical: bool = False


class LabResult(Struct, frozen=True, omit_defaults=True):
    """``revision`` grows with every correction of a result that was final before."""

    values: tuple[LabValue, ...] = ()
    has_report: bool = False
    revision: int = 1


class Laboratory(Protocol):
    async def quote(self, *, test: str, place: str, where: dict[str, Any]) -> Quote | Literal["unknown_test", "not_here"]:
        """What a test costs at ``home`` or at the ``lab``. ``where``: address, latitude, longitude."""

    async def times(self, *, quote: str, day: str | None, after: str | None) -> list[LabTime]:
        """Free times for a quote, the earliest first: of a day, or behind the one that did not suit."""

    async def reserve(self, *, key: str, quote: str, slot: str, about: dict[str, Any]) -> bool:
        """Hold a time. False when it is taken, or the order was cancelled before."""

    async def confirm(self, *, key: str, paid: Payment | None) -> bool:
        """Make it an order. False when the time is not held for it (any more)."""

    async def cancel(self, *, key: str) -> None:
        """From then on ``reserve`` and ``confirm`` of that key are refused, also when they come late."""

    async def result(self, *, key: str) -> LabResult | None:
        """The newest final one; None while there is none."""

    async def report(self, *, key: str) -> bytes | None:
        """The report of the newest result as a PDF."""
