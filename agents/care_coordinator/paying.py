"""Intents about money: what is due, a link to pay it, whether it has arrived; and what the payment service tells by itself."""

from __future__ import annotations

from functools import partial

from agents.care_coordinator import given
from agents.care_coordinator.answering import late
from agents.care_coordinator.booking import Booking, News, hushed, read, receipt_of, told
from agents.care_coordinator.bookings import Bookings
from agents.care_coordinator.money import rupees
from agents.care_coordinator.saga import FREE, Saga, asked_for_link, payment_seen
from agents.result import Result
from bot.errors import Malformed
from bot.model.effects import Intent
from bot.ports.documents import Document
from bot.ports.payments import Payment, Payments

OWED = frozenset({"unpaid", "linking", "paying"})
LINK_LIVES = 20 * 60.0
"""Seconds that a fresh link can be paid at least, however little of the held time is left."""


class Paying:
    """Without ``payments`` nothing is ever due: bookings are paid at the clinic or the laboratory."""

    def __init__(self, bookings: Bookings, payments: Payments | None) -> None:
        self._bookings, self._payments = bookings, payments

    async def open_payment(self, intent: Intent, now: float) -> Result:
        """``due`` or ``pending`` (bill: id, kind, amount, day), or ``nothing_due``."""
        owed = [document for document in await self._bookings.of(intent.person) if read(document).saga.state in OWED]
        for document in sorted(owed, key=lambda one: read(one).saga.place.start):
            fresh = await self._bookings.carry_on(document, now, look=True)
            saga = read(fresh).saga
            if saga.state in OWED:
                return Result("pending" if await self._underway(saga) else "due", {"bill": _bill(saga)})
        return Result("nothing_due")

    async def payment_link(self, intent: Intent, now: float) -> Result:
        """``ready`` (link, until), ``paid``, ``over`` (the time is not held any more), ``failed``."""
        document = await self._mine(intent)
        if document is None:
            return Result("failed")
        await self._bookings.step(document.id, lambda one: asked_for_link(one, now + LINK_LIVES), now)
        saga = read(await self._bookings.carry_on(await self._bookings.named(document.id), now, look=True)).saga
        if saga.state == "paying" and saga.link is not None:
            return Result("ready", {"link": saga.link.url})
        return _where(saga)

    async def payment_state(self, intent: Intent, now: float) -> Result:
        """``paid`` (receipt), ``pending``, ``not_paid``, ``over``."""
        document = await self._mine(intent)
        if document is None:
            return Result("failed")
        document = await self._bookings.carry_on(document, now, look=True)
        saga = read(document).saga
        if saga.state in OWED:
            return Result("pending" if await self._underway(saga) else "not_paid")
        if saga.state in FREE and saga.links and self._payments is not None:
            # They say that they have paid for what is over: the money goes back now, not when somebody looks by themselves.
            found = await self._payments.look(reference=saga.reference, link=saga.link)
            for payment in found.payments if found else ():
                await self._bookings.step(document.id, partial(payment_seen, payment=payment, now=now), now)
        if saga.state == "booked" and not late(intent, now):
            await self._bookings.change(document.id, hushed, now)  # they hear it now
        return _where(saga)

    async def payment_event(self, intent: Intent, now: float) -> Result:
        """What the payment service says of one payment. Repeats and any order leave the same record."""
        id_ = given.needed(intent, "reference").rpartition(".")[0]
        amount, payment = intent.data.get("amount"), given.needed(intent, "payment")
        if isinstance(amount, bool) or not isinstance(amount, int) or amount < 0:
            raise Malformed("care_coordinator.payment_event: amount is not a whole number of paise")
        if (document := await self._bookings.find(id_)) is None:
            return Result("unknown")  # of another installation on the same account
        if given.one_of(intent, "what", ("paid", "failed")) == "paid":
            await self._bookings.step(document.id, lambda one: payment_seen(one, Payment(payment, amount), now), now)
            return Result("taken_in")
        news = News(f"failed.{payment}", "patient", "payment_failed", {"amount": rupees(amount)}, read(document).saga.deadline)

        def decide(booking: Booking) -> Booking:
            return told(booking, news) if booking.saga.state in OWED else booking

        await self._bookings.change(document.id, decide, now)
        return Result("taken_in")

    async def _mine(self, intent: Intent) -> Document | None:
        id_ = given.needed(intent, "bill")
        return next((one for one in await self._bookings.of(intent.person) if one.id == id_), None)

    async def _underway(self, saga: Saga) -> bool:
        """Whether a payment was begun that the bank has not settled."""
        if self._payments is None or saga.link is None:
            return False
        state = await self._payments.look(reference=saga.reference, link=saga.link)
        return state is not None and state.underway


def _where(saga: Saga) -> Result:
    if saga.state in FREE or saga.state == "undoing":
        return Result("over")
    if saga.paid is not None:
        booked = {name: saga.place.about.get(name) for name in ("day", "time")} if saga.state == "booked" else {}
        return Result("paid", {"receipt": receipt_of(saga), **booked})
    return Result("unavailable")


def _bill(saga: Saga) -> dict[str, str]:
    return {"id": saga.id, "kind": saga.kind, "amount": rupees(saga.amount), "day": saga.place.about.get("day", "")}
