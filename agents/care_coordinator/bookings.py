"""Carries bookings on: asks the saga what to do, does it, saves how it went. One action for one saved state, in any process.

A crash at any point leaves a saved state from which the same action is done again; two processes with the same booking do the
same action, and the one that saves second reads again.
"""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Mapping

from msgspec.structs import replace

from agents.care_coordinator.actions import (
    Action,
    CloseLink,
    Confirm,
    Done,
    Hold,
    Later,
    LookAtLink,
    MakeLink,
    No,
    Outcome,
    Refund,
    Release,
)
from agents.care_coordinator.booking import KIND, Booking, News, gone_on, read, reminded, written
from agents.care_coordinator.ports import Calendar
from agents.care_coordinator.saga import FREE, Saga, next_action, passed, took
from agents.result import Tell, Woken
from bot.errors import Refused, StoreUnavailable, Unavailable
from bot.model.ids import PersonId
from bot.model.session import Channel
from bot.ports.documents import Document, Documents
from bot.ports.payments import LinkState, Payments
from config.clinic import Clinic

log = logging.getLogger(__name__)

MOST_ACTIONS = 12
"""A booking takes at most seven in a row; more than this is a mistake of ours, and is left for later."""
MOST_READS = 20
"""So often a save is tried again when others save the same booking at the same time."""

Reached = Callable[[str, PersonId], Awaitable[tuple[PersonId, Channel | None] | None]]
"""Who a doctor is and how they are reached about a patient; None for one who is not told on WhatsApp."""


class Bookings:
    """``calendars`` by kind of booking. Without ``payments`` nothing has to be paid beforehand."""

    def __init__(
        self,
        documents: Documents,
        calendars: Mapping[str, Calendar],
        payments: Payments | None,
        clinic: Clinic,
        doctor: Reached,
    ) -> None:
        self._documents, self._calendars, self._payments, self._clinic = documents, calendars, payments, clinic
        self._doctor = doctor

    async def begin(self, person: PersonId, booking: Booking, now: float) -> Document:
        """The booking's document, made unless it is there already."""
        fresh = Document(KIND, booking.saga.id, person, now)
        return await self._saved(fresh, booking, now) or await self.named(booking.saga.id)

    async def find(self, id_: str) -> Document | None:
        """The booking's document; None where there is none."""
        return await self._documents.get(KIND, id_)

    async def named(self, id_: str) -> Document:
        """One that was saved before. Raises StoreUnavailable where it is not there."""
        found = await self.find(id_)
        if found is None:
            raise StoreUnavailable("A booking is not there that was just saved.")
        return found

    async def of(self, person: PersonId) -> list[Document]:
        """All bookings of a person, the newest first."""
        return await self._documents.of(person, KIND)

    async def change(self, id_: str, decide: Callable[[Booking], Booking], now: float) -> Document:
        """Save what is decided about a booking, against whatever happens to it meanwhile."""
        for _ in range(MOST_READS):
            document = await self.named(id_)
            before = read(document)
            after = decide(before)
            if after == before:
                return document
            if (saved := await self._saved(document, after, now)) is not None:
                return saved
        raise StoreUnavailable("Others keep changing this booking.")

    async def step(
        self,
        id_: str,
        decide: Callable[[Saga], Saga],
        now: float,
        *,
        look: bool = False,
        settled: Callable[[Booking], Booking] | None = None,
    ) -> Document:
        """Decide something about the saga, and carry it on as far as it goes."""
        rules = self._clinic.booking
        document = await self.change(id_, lambda one: gone_on(one, decide(one.saga), rules, now), now)
        return await self.carry_on(document, now, look=look, settled=settled)

    async def carry_on(
        self, document: Document, now: float, *, look: bool = False, settled: Callable[[Booking], Booking] | None = None
    ) -> Document:
        """Do what is to be done now, until only time or a person can bring the booking on, or something does not work.
        ``settled``: what is saved together with the last step, where there is one."""
        for _ in range(MOST_ACTIONS):
            booking = read(document)
            early = booking.look_at is not None and now < booking.look_at  # the end is not long enough ago to look again
            action = next_action(booking.saga, look=look and not early)
            if action is None:
                return document
            if isinstance(action, LookAtLink):
                look = False
            outcome = await self._done(action, booking.saga, now)
            saga = took(booking.saga, action, outcome, now)
            after = gone_on(booking, saga, self._clinic.booking, now)
            if settled is not None and next_action(saga) is None:
                after = settled(after)
            saved = await self._saved(document, after, now)
            if saved is None:
                document = await self.named(document.id)
                if isinstance(action, MakeLink):
                    await self._unmade(read(document).saga)
                continue
            document = saved
            if isinstance(outcome, Later) or (isinstance(action, Refund) and isinstance(outcome, No)):
                return document
        log.error("a booking goes in circles", extra={"action": "booking_circles", "code": document.state})
        return document

    async def wake(self, document: Document, now: float) -> Woken:
        """What has come due: a time that is over, a retry, a reminder; and the news, which are told before they are dropped."""
        rules = self._clinic.booking
        before = read(document)
        after = reminded(gone_on(before, passed(before.saga, now), rules, now), rules, now)
        if after != before:
            document = await self._saved(document, after, now) or await self.named(document.id)
        document = await self.carry_on(document, now, look=True)
        booking = read(document)
        tells = [await self._tell(document, booking, news) for news in booking.news]
        done = written(document, replace(booking, news=()), rules, now)
        asks = tuple(ask for news in booking.news for ask in news.asks)
        return Woken(done, tuple(tell for tell in tells if tell is not None), asks)

    async def _tell(self, document: Document, booking: Booking, news: News) -> Tell | None:
        id_ = f"{document.id}.{news.id}"
        if news.to == "patient":
            return Tell(id_, document.person, news.name, news.facts, expires_at=news.expires_at)
        name = news.doctor or booking.doctor
        doctor = await self._doctor(name, document.person) if name else None
        return Tell(id_, doctor[0], news.name, news.facts, doctor[1], news.expires_at) if doctor else None

    async def _saved(self, document: Document, booking: Booking, now: float) -> Document | None:
        """None when somebody else was faster."""
        fresh = written(document, booking, self._clinic.booking, now)
        return replace(fresh, version=fresh.version + 1) if await self._documents.save(fresh) else None

    async def _unmade(self, saga: Saga) -> None:
        """The booking has ended while a link for it was being made: nobody got it, and nobody shall pay by it."""
        if self._payments is not None and (saga.state in FREE or "link" in saga.closed):
            try:
                await self._payments.close(reference=saga.reference, link=None)
            except (Unavailable, Refused) as error:
                # It was never shown to anybody, and it ends by itself at the deadline.
                log.warning("a link that nobody knows stays open", extra={"action": "link_left_open", "code": error.code})

    async def _done(self, action: Action, saga: Saga, now: float) -> Outcome:
        try:
            return await self._do(action, saga, now)
        except Unavailable as error:
            log.warning("a booking waits", extra={"action": "booking_waits", "code": error.code, "step": type(action).__name__})
            return Later(error.code)
        except Refused as error:
            log.error(
                "a booking was refused", extra={"action": "booking_refused", "code": error.code, "step": type(action).__name__}
            )
            return No(error.code)

    async def _do(self, action: Action, saga: Saga, now: float) -> Outcome:
        calendar = self._calendars.get(saga.kind)
        match action:
            case Hold(key, place, firm) if calendar is not None:
                return await calendar.hold(key, place, saga.about, firm=firm) or Done()
            case Confirm(key, place) if calendar is not None:
                return await calendar.confirm(key, place, saga.paid) or Done()
            case Release(key, place) if calendar is not None:
                await calendar.release(key, place)
                return Done()
            case MakeLink(reference, amount, expires_at) if self._payments is not None:
                return Done(link=await self._payments.make_link(reference=reference, amount=amount, expires_at=expires_at))
            case LookAtLink(reference, link) if self._payments is not None:
                return _found(await self._payments.look(reference=reference, link=link))
            case CloseLink(reference, link) if self._payments is not None:
                return _found(await self._payments.close(reference=reference, link=link))
            case Refund(payment, key) if self._payments is not None:
                await self._payments.refund(payment=payment.id, amount=payment.amount, key=key)
                return Done()
        return Later("not_configured")  # it was, when this was booked: whoever took the settings away has to put them back


def _found(state: LinkState | None) -> Done:
    return Done(payments=state.payments if state else ())
