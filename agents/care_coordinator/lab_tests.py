"""Intents about lab tests: a quote and a booking. Without a partner laboratory each says so."""

from __future__ import annotations

from typing import Any

import msgspec
from msgspec.structs import replace

from agents.care_coordinator import given
from agents.care_coordinator.actions import No, Place
from agents.care_coordinator.answering import Answering
from agents.care_coordinator.booking import Booking, read
from agents.care_coordinator.bookings import Bookings
from agents.care_coordinator.money import rupees
from agents.care_coordinator.saga import Saga
from agents.care_coordinator.visits import OFFERED, Know, booked_result, offered
from agents.clinical_monitor.person import Known
from agents.result import Result
from bot.errors import StoreUnavailable
from bot.model.effects import Intent
from bot.ports.documents import Document, Documents
from bot.ports.laboratory import Laboratory, LabTime, Quote
from bot.ports.payments import Payment
from config.clinic import LEAST_PAISE, Clinic

QUOTE = "lab_quote"
NO_PARTNER = Result("no_partner")
TESTS = ("ordered", "hba1c", "fasting_glucose", "lipids", "kidney")


class LabCalendar:
    """A laboratory's times, as the saga holds them: an order that is reserved, then confirmed."""

    def __init__(self, laboratory: Laboratory) -> None:
        self._laboratory = laboratory

    async def hold(self, key: str, place: Place, about: dict[str, Any], *, firm: bool = False) -> No | None:
        quote = str(about.get("quote", ""))
        wanted = {name: about[name] for name in ("patient", "phone", "address", "place", "test") if about.get(name)}
        held = await self._laboratory.reserve(key=key, quote=quote, slot=place.slot, about=wanted)
        if not held:
            return No("taken")
        return await self.confirm(key, place, None) if firm else None

    async def confirm(self, key: str, place: Place, paid: Payment | None) -> No | None:
        return None if await self._laboratory.confirm(key=key, paid=paid) else No("gone")

    async def release(self, key: str, place: Place) -> None:
        await self._laboratory.cancel(key=key)


class LabTests:
    def __init__(
        self,
        bookings: Bookings,
        documents: Documents,
        laboratory: Laboratory | None,
        clinic: Clinic,
        know: Know,
        *,
        prepaid: bool,
    ) -> None:
        self._bookings, self._documents, self._laboratory = bookings, documents, laboratory
        self._clinic, self._know, self._prepaid = clinic, know, prepaid
        self._answers = Answering(bookings)

    async def quote(self, intent: Intent, now: float) -> Result:
        """``quoted`` or ``quoted_fasting`` (price), ``not_here``, ``unknown_test``, ``no_partner``."""
        if self._laboratory is None:
            return NO_PARTNER
        test, place = given.needed(intent, "test"), given.one_of(intent, "place", ("home", "lab"))
        if test not in TESTS:
            return Result("unknown_test")
        where = {
            "address": given.text(intent, "address", longest=300),
            "latitude": given.number(intent, "latitude"),
            "longitude": given.number(intent, "longitude"),
        }
        where = {name: value for name, value in where.items() if value is not None}
        quote = await self._laboratory.quote(test=test, place=place, where=where)
        if not isinstance(quote, Quote):
            return Result(quote)
        if quote.prepaid and (not self._prepaid or 0 < quote.price < LEAST_PAISE):
            return Result("failed")  # the laboratory wants money beforehand, and nothing here can take it, or not so little
        document = await self._documents.get(QUOTE, intent.person) or Document(QUOTE, intent.person, intent.person, now)
        data = {"quote": msgspec.to_builtins(quote), "test": test, "place": place, "where": where, "offers": {}}
        if not await self._documents.save(replace(document, at=now, data=data)):
            raise StoreUnavailable("Somebody else quotes for the same person.")
        return Result("quoted_fasting" if quote.fasting else "quoted", {"price": rupees(quote.price)})

    async def find_times(self, intent: Intent, now: float) -> Result:
        """Free times for the last quote: ``offered``, ``one_left``, ``none_free``; ``free`` where ``near`` is free itself."""
        if self._laboratory is None:
            return NO_PARTNER
        document = await self._documents.get(QUOTE, intent.person)
        if document is None:
            return Result("none_free")
        day = given.day(intent, "day")
        after = given.text(intent, "later_than")
        times = await self._laboratory.times(quote=_quote(document).token, day=str(day) if day else None, after=after)
        near = given.clock(intent, "near") if day and not after else None
        times = [time for time in times if time.start > now][: None if near else OFFERED]
        found = offered([{"id": time.id, "day": time.day, "time": time.time, "who": time.who} for time in times], near)
        times = [time for time in times if any(slot["id"] == time.id for slot in found.facts.values())]
        offers = {**document.data.get("offers", {}), **{time.id: msgspec.to_builtins(time) for time in times}}
        await self._documents.save(replace(document, data={**document.data, "offers": dict(list(offers.items())[-20:])}))
        return found

    async def book(self, intent: Intent, now: float) -> Result:
        """``booked``, ``to_pay`` (amount, until), ``taken``, ``no_partner``."""
        if self._laboratory is None:
            return NO_PARTNER
        id_ = given.made_of("t", intent.id)
        if (known := await self._answers.known(id_, intent, now)) is not None:
            return known
        quoted = await self._documents.get(QUOTE, intent.person)
        offer = quoted.data.get("offers", {}).get(given.needed(intent, "slot")) if quoted else None
        if quoted is None or offer is None:
            return Result("taken")
        quote, time = _quote(quoted), msgspec.convert(offer, LabTime)
        person: Known = await self._know(intent.person)
        about = {
            "quote": quote.token,
            "test": quoted.data["test"],
            "place": quoted.data["place"],
            "address": given.text(intent, "address", longest=300) or quoted.data["where"].get("address"),
            "patient": given.text(intent, "name", longest=60) or person.name,
            "phone": person.phone,
        }
        rules = self._clinic.booking
        saga = Saga(
            id=id_,
            kind="lab",
            place=Place(time.id, time.start, time.end, about={"day": time.day, "time": time.time, "who": time.who}),
            amount=quote.price,
            prepaid=quote.prepaid and quote.price > 0,
            state="holding",
            deadline=min(now + rules.hold_minutes * 60, time.start),
            patience=rules.confirm_within_hours * 3600,
            about={name: value for name, value in about.items() if value},
        )
        document = await self._bookings.begin(intent.person, Booking(saga), now)
        settled = self._answers.settled(intent, lambda saga: booked_result(saga, self._clinic), now)
        document = await self._bookings.carry_on(document, now, settled=settled)
        return await self._answers.give(document, intent, booked_result(read(document).saga, self._clinic), now)


def _quote(document: Document) -> Quote:
    return msgspec.convert(document.data["quote"], Quote)
