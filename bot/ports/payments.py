"""A payment service, as the care coordinator needs it. Amounts in whole paise.

A method raises Unavailable when the other side does not answer in time (whatever it may have done), and Refused when it never
will do it. Every method is safe to repeat.
"""

from __future__ import annotations

from typing import Protocol

from msgspec import Struct


class Link(Struct, frozen=True):
    """A page where one amount can be paid once."""

    id: str
    url: str


class Payment(Struct, frozen=True):
    """Money that arrived."""

    id: str
    amount: int


class LinkState(Struct, frozen=True):
    """``open``: somebody may still pay. ``underway``: a payment was begun and is not settled."""

    open: bool
    payments: tuple[Payment, ...] = ()
    underway: bool = False


class Payments(Protocol):
    async def make_link(self, *, reference: str, amount: int, expires_at: float) -> Link:
        """The same reference is the same link."""

    async def look(self, *, reference: str, link: Link | None) -> LinkState | None:
        """How the link stands; None when there is none of that reference."""

    async def close(self, *, reference: str, link: Link | None) -> LinkState | None:
        """Let nobody pay any more. The state after it: a link that was paid stays paid."""

    async def refund(self, *, payment: str, amount: int, key: str) -> None:
        """Send a payment back, once for one key."""
