"""Intents about visits: find a time, book, move, cancel, and say afterwards whether the visit took place."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Literal

from agents.care_coordinator import given
from agents.care_coordinator.actions import Place
from agents.care_coordinator.answering import Answering
from agents.care_coordinator.booking import KIND, Booking, read, went
from agents.care_coordinator.bookings import Bookings
from agents.care_coordinator.calendar import DoctorCalendar
from agents.care_coordinator.hours import Slot, local_words, slot_named
from agents.care_coordinator.money import rupees
from agents.care_coordinator.saga import FREE, Saga, cancelled, moved_to
from agents.clinical_monitor.person import Known
from agents.result import Result
from bot.model.effects import Intent
from bot.model.ids import PersonId
from bot.ports.documents import Document
from config.care_team import CareTeam
from config.clinic import Clinic, Doctor

Know = Callable[[PersonId], Awaitable[Known]]
UNDERWAY = frozenset({"holding", "unpaid", "linking", "paying", "confirming", "moving", "moved"})
OFFERED, A_DAYS_WORK = 2, 500


class Visits:
    """``prepaid``: whether money can be taken; without, the fee is paid at the clinic."""

    def __init__(
        self, bookings: Bookings, calendar: DoctorCalendar, clinic: Clinic, know: Know, team: CareTeam, *, prepaid: bool
    ) -> None:
        self._bookings, self._calendar, self._clinic, self._prepaid = bookings, calendar, clinic, prepaid
        self._know, self._team = know, team
        self._answers = Answering(bookings)

    async def find_times(self, intent: Intent, now: float) -> Result:
        """``offered`` (slot_1, slot_2), ``one_left`` (slot_1) ``none_free``, or ``free`` (slot_1) where ``near`` is free."""
        later_than = given.text(intent, "later_than")
        after = slot_named(self._clinic, later_than) if later_than else None
        day, clock, near = given.day(intent, "day"), given.clock(intent, "time"), given.clock(intent, "near")
        of_day = day is not None and (clock or near) is not None and after is None
        most = A_DAYS_WORK if of_day else OFFERED
        slots = await self._calendar.free(now, day=day, after=after, most=most, doctors=await self._theirs(intent.person))
        if of_day and clock is not None and near is None:  # from the wished time on; else the last ones before it
            later = [slot for slot in slots if local_words(self._clinic, slot.start)[1] >= clock]
            slots = (later or slots[-OFFERED:])[:OFFERED]
        return offered([{"id": slot.id, **self._words(slot)} for slot in slots], near if of_day else None)

    async def _theirs(self, patient: PersonId) -> tuple[Doctor, ...]:
        """The doctors of the clinic whose number the patient writes to, and those who belong to none."""
        if not self._team.clinics:
            return self._clinic.doctors
        channel = (await self._know(patient)).channel
        own = self._team.clinic_for(channel.instance if channel else None)
        return tuple(doctor for doctor in self._clinic.doctors if self._clinic_of(doctor) in (None, own))

    def _clinic_of(self, doctor: Doctor) -> str | None:
        member = self._team.member(doctor.member) if doctor.member else None
        return doctor.clinic or (member.clinic if member else None)

    async def book(self, intent: Intent, now: float) -> Result:
        """``booked`` (place, fee), ``to_pay`` (amount, until), ``taken``."""
        id_ = given.made_of("v", intent.id)
        known, patient = await asyncio.gather(self._answers.known(id_, intent, now), self._know(intent.person))
        if known is not None:
            return known
        slot = slot_named(self._clinic, given.needed(intent, "slot"))
        if slot is None or slot.start <= now or (doctor := self._clinic.doctor(slot.doctor)) is None:
            return Result("taken")
        prepaid = self._prepaid and doctor.fee_paise > 0
        rules = self._clinic.booking
        name = given.text(intent, "name", longest=60) or patient.name
        saga = Saga(
            id=id_,
            kind="visit",
            place=self._place(slot),
            amount=doctor.fee_paise,
            prepaid=prepaid,
            state="holding",
            deadline=min(now + rules.hold_minutes * 60, slot.start),
            patience=rules.confirm_within_hours * 3600,
            about={"patient": name} if name else {},
        )
        document = await self._bookings.begin(intent.person, Booking(saga, doctor=doctor.id), now)
        settled = self._answers.settled(intent, lambda saga: booked_result(saga, self._clinic), now)
        document = await self._bookings.carry_on(document, now, settled=settled)
        return await self._answers.give(document, intent, booked_result(read(document).saga, self._clinic), now)

    async def next_visits(self, intent: Intent, now: float) -> Result:
        """``one`` (visit_1), ``several`` (visit_1, visit_2, the nearest first) or ``none``. One with ``late`` is too near to be
        changed."""
        coming = sorted(await self._coming(intent, now), key=lambda pair: pair[1].saga.place.start)[:OFFERED]
        facts = {
            f"visit_{number}": {"id": document.id, **_day_time_who(booking.saga), **self._late(booking.saga, now)}
            for number, (document, booking) in enumerate(coming, start=1)
        }
        return Result(("none", "one", "several")[len(coming)], facts)

    async def move(self, intent: Intent, now: float) -> Result:
        """``moved`` (place), ``taken``, ``too_late`` or ``failed`` (no such visit)."""
        found = await self._to_change(intent, now)
        if isinstance(found, Result):
            return found
        document, id_ = found, found.id
        saga = read(document).saga
        # A move that was decided before a crash is finished, whatever the hour is by now.
        if intent.id not in (saga.mover, *saga.movers):
            if self._too_late(saga, now):
                return Result("too_late")
            slot = slot_named(self._clinic, given.needed(intent, "slot"))
            if slot is None or slot.start <= now or not self._may_move(saga, slot):
                return Result("taken")
            document = await self._bookings.step(id_, lambda one: moved_to(one, self._place(slot), intent.id), now)
        document = await self._bookings.carry_on(document, now)
        saga = read(document).saga
        if saga.state != "booked":
            result = Result("unavailable" if saga.state not in FREE else "failed")
        elif intent.id in saga.movers:
            result = Result("moved", {"place": saga.place.about.get("place")})
        else:
            result = Result("taken")
        return await self._answers.give(document, intent, result, now)

    async def cancel(self, intent: Intent, now: float) -> Result:
        """``cancelled`` (refund), ``too_late`` or ``failed`` (no such visit)."""
        found = await self._to_change(intent, now)
        if isinstance(found, Result):
            return found
        saga = read(found).saga
        if saga.state == "booked" and self._too_late(saga, now):
            return Result("too_late")
        document = await self._bookings.step(
            found.id, cancelled, now, settled=self._answers.settled(intent, _cancelled_result, now)
        )
        return await self._answers.give(document, intent, _cancelled_result(read(document).saga), now)

    async def happened(self, intent: Intent, now: float) -> Result:
        """``noted`` or ``missed``; ``failed`` when there is no such visit."""
        answer = given.one_of(intent, "answer", ("yes", "no"))
        found = await self._mine(given.needed(intent, "visit"), intent, now)
        if found is None or read(found).saga.state != "booked":
            return Result("failed")
        word: Literal["yes", "no"] = "yes" if answer == "yes" else "no"
        await self._bookings.change(found.id, lambda one: one if one.happened else went(one, word), now)
        return Result("noted" if answer == "yes" else "missed")

    async def _to_change(self, intent: Intent, now: float) -> Document | Result:
        """The visit that is to be changed; what was answered to this intent before; or ``failed``: there is no such visit."""
        id_ = given.needed(intent, "visit")
        if (known := await self._answers.known(id_, intent, now)) is not None:
            return known
        return await self._mine(id_, intent, now) or Result("failed")

    async def _mine(self, id_: str, intent: Intent, now: float) -> Document | None:
        """The visit, when it is this person's. What was left in the middle is finished first."""
        for document in await self._bookings.of(intent.person):
            if document.id == id_ and document.kind == KIND:
                return await self._bookings.carry_on(document, now)
        return None

    async def _coming(self, intent: Intent, now: float) -> list[tuple[Document, Booking]]:
        found = [(document, read(document)) for document in await self._bookings.of(intent.person)]
        return [
            (document, booking)
            for document, booking in found
            if booking.saga.kind == "visit"
            and booking.saga.place.start > now
            and (booking.saga.state == "booked" or booking.saga.state in UNDERWAY)
        ]

    def _late(self, saga: Saga, now: float) -> dict[str, bool]:
        """``late``: it is too near to be moved or cancelled here."""
        return {"late": True} if saga.state == "booked" and self._too_late(saga, now) else {}

    def _too_late(self, saga: Saga, now: float) -> bool:
        return saga.place.start - now < self._clinic.booking.change_until_hours * 3600

    def _may_move(self, saga: Saga, slot: Slot) -> bool:
        """What was paid for one doctor does not pay for a dearer one; what was booked without money moves anywhere."""
        doctor = self._clinic.doctor(slot.doctor)
        return doctor is not None and (not saga.prepaid or doctor.fee_paise <= saga.amount)

    def _place(self, slot: Slot) -> Place:
        return Place(slot.id, slot.start, slot.end, about=self._words(slot))

    def _words(self, slot: Slot) -> dict[str, str]:
        doctor = self._clinic.doctor(slot.doctor)
        day, time = local_words(self._clinic, slot.start)
        place = (doctor.place if doctor else None) or self._clinic.place
        return {"day": day, "time": time, "who": doctor.name if doctor else slot.doctor, **({"place": place} if place else {})}


def booked_result(saga: Saga, clinic: Clinic) -> Result:
    """The answer to a booking, by how far it has come."""
    match saga.state:
        case "booked":
            fee = {"fee": rupees(saga.amount)} if saga.amount and not saga.prepaid and saga.kind == "visit" else {}
            return Result("booked", {"place": saga.place.about.get("place"), **fee})
        case "unpaid" | "linking" | "paying":
            until = local_words(clinic, saga.deadline)[1]
            return Result("to_pay", {"amount": rupees(saga.amount), "until": until})
        case "taken":
            return Result("taken")
        case "undoing" if saga.end == "taken":
            return Result("taken")
        case state if state in FREE:
            return Result("failed")
        case _:
            return Result("unavailable")


def offered(slots: list[dict[str, str]], near: str | None = None) -> Result:
    """The answer to a search for times: the first of them, or those next to a wished time of one day."""
    if near:
        if exact := next((slot for slot in slots if slot["time"] == near), None):
            return Result("free", {"slot_1": exact})
        before, after = [one for one in slots if one["time"] < near], [one for one in slots if one["time"] > near]
        slots = [before[-1], after[0]] if before and after else before[-OFFERED:] or after[:OFFERED]
    facts = {f"slot_{number}": slot for number, slot in enumerate(slots, start=1)}
    return Result(("none_free", "one_left", "offered")[min(len(slots), OFFERED)], facts)


def _day_time_who(saga: Saga) -> dict[str, str]:
    return {name: saga.place.about.get(name, "") for name in ("day", "time", "who")}


def _cancelled_result(saga: Saga) -> Result:
    if saga.state not in FREE:
        return Result("unavailable")
    refund = sum(one.amount for one in saga.payments if one.id in saga.refunded)
    return Result("cancelled", {"refund": rupees(refund)} if refund else {})
