"""A booking as it is kept: the saga, what people still have to hear of it, and when it has to be looked at again. Pure."""

from __future__ import annotations

from typing import Any, Literal

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from agents.care_coordinator.actions import Place
from agents.care_coordinator.corrected import TestResult
from agents.care_coordinator.money import rupees
from agents.care_coordinator.saga import ENDS, FREE, Saga, next_action
from bot.model.telling import Ask
from bot.ports.documents import Document, held_in
from config.clinic import Booking as Rules

KIND = "booking"
RETRY = 30.0
"""Seconds after which a booking is taken up again whose process died in the middle."""
HEARD = 3.0
"""Seconds that news wait: the patient may be hearing them just now, as the answer to what they asked."""
POLL = 300.0
"""Seconds between two looks for a payment, for the case that the payment service's own word was lost."""
LATE_LOOK = 86_400.0
"""Seconds after the end of a booking without payment at which its link is looked at once more."""
LONGEST_PAUSE = 3_600.0
HOW_IT_STANDS = frozenset({"booking_done", "visit_moved", "booking_undone"})
RESULT_AFTER, RESULT_EVERY, RESULT_UNTIL = 6 * 3_600.0, 12 * 3_600.0, 14 * 86_400.0
"""Seconds after the sample at which a result, or a correction of it, is asked for first, how often, and until when, if the
laboratory does not tell."""
RESULT_SOON, RESULT_SOON_UNTIL = 2 * 3_600.0, 2 * 86_400.0
"""The same of a first result, in the days in which it comes: it may be one that cannot wait, and the word of it be lost."""


class News(Struct, frozen=True, omit_defaults=True):
    """Something that somebody has to hear. ``id`` is stable within the booking."""

    id: str
    to: Literal["patient", "doctor"]
    name: str
    facts: dict[str, Any] = {}
    expires_at: float | None = None
    doctor: str | None = None  # who is told, where it is not (any more) the booking's own doctor
    asks: tuple[Ask, ...] = ()  # tasks for other agents that go out with it


class Booking(Struct, frozen=True, omit_defaults=True):
    """``announced`` is the number of the hold that people know of, -1 when nobody was told of a booking yet; ``since``: the hold
    with which ``doctor`` came in, who knows nothing of those before."""

    saga: Saga
    doctor: str | None = None
    since: int = 0
    announced: int = -1
    was: Place | None = None  # the time that people know of, while it is moved to another
    news: tuple[News, ...] = ()
    reminded: tuple[float, ...] = ()  # hours before
    asked_after: bool = False
    happened: Literal["yes", "no"] | None = None
    result: TestResult | None = None
    result_at: float | None = None  # when the laboratory is asked for the result, or for a correction of it
    look_at: float | None = None


def read(document: Document) -> Booking:
    """The booking of a document. Raises Malformed."""
    return held_in(document, Booking)


def written(document: Document, booking: Booking, rules: Rules, now: float) -> Document:
    """The document with this booking in it, due when something is to be done."""
    return replace(document, state=booking.saga.state, due=due(booking, rules, now), data=msgspec.to_builtins(booking))


def due(booking: Booking, rules: Rules, now: float) -> float | None:
    """When somebody has to look at it again (Unix seconds); None: never by itself."""
    saga = booking.saga
    if booking.news:
        return now + HEARD
    if saga.tries:
        again = now + min(5.0 * float(2 ** min(saga.tries, 12)), LONGEST_PAUSE)
        reminder = next_reminder(booking, rules) if saga.state == "booked" else None
        return again if reminder is None else min(again, max(reminder, now + HEARD))
    if next_action(saga) is not None:
        return now + RETRY
    match saga.state:
        case "unpaid" | "linking":
            return saga.deadline
        case "paying":
            return min(saga.deadline, now + POLL)
        case "booked":
            return next_reminder(booking, rules)
        case _:
            return booking.look_at if saga.links and not saga.looked else None


def next_reminder(booking: Booking, rules: Rules) -> float | None:
    """When the next reminder, or the question after the visit, is due. A test is not asked after: its result comes."""
    start, end = booking.saga.place.start, booking.saga.place.end
    open_hours = [hours for hours in rules.reminders_hours if hours not in booking.reminded]
    moments: list[float] = [start - hours * 3600 for hours in open_hours]
    if booking.saga.kind == "visit" and not booking.asked_after:
        moments.append(end + rules.ask_after_minutes * 60)
    if booking.saga.kind == "lab" and booking.result_at is not None:
        moments.append(booking.result_at)
    return min(moments) if moments else None


def reminded(booking: Booking, rules: Rules, now: float) -> Booking:
    """With what has come due since: the nearest reminder, not two at once; after the visit, the question how it went."""
    saga = booking.saga
    if saga.state != "booked":
        return booking
    start, end = saga.place.start, saga.place.end
    past = [hours for hours in rules.reminders_hours if hours not in booking.reminded and now >= start - hours * 3600]
    if past:
        booking = replace(booking, reminded=(*booking.reminded, *past))
        if now < start:
            facts = {**facts_of(saga), "visit": saga.id, "hours": min(past)}
            booking = told(booking, News(f"reminder.{saga.place.hold}.{min(past):g}", "patient", "visit_reminder", facts, start))
    if saga.kind == "visit" and not booking.asked_after and now >= end + rules.ask_after_minutes * 60:
        booking = replace(booking, asked_after=True)
        facts = {**facts_of(saga), "visit": saga.id}
        booking = told(booking, News(f"over.{saga.place.hold}", "patient", "visit_over", facts, end + 2 * 86_400))
    return booking


def gone_on(booking: Booking, after: Saga, rules: Rules, now: float) -> Booking:
    """The booking after a step of its saga, with the news of it."""
    before = booking.saga
    booking = replace(booking, saga=after)
    facts = facts_of(after)
    if before.state != "undoing":  # of a booking that is being undone, the refund is told together with that
        for one in after.payments:
            if one.id in after.refunded and one.id not in before.refunded:
                booking = told(booking, News(f"refund.{one.id}", "patient", "refund_made", {"amount": rupees(one.amount)}))
    if booking.announced >= 0 and "slot" in after.closed and "slot" not in before.closed:
        booking = told(booking, _to_doctor(after, "cancelled"))
    if after.place != before.place and booking.announced == before.place.hold:
        booking = replace(booking, was=before.place)
    if booking.doctor and after.place != before.place and (doctor := after.place.slot.partition("@")[0]) != booking.doctor:
        if booking.announced >= 0:
            gone = replace(_to_doctor(after, "cancelled", before.place), doctor=booking.doctor)
            booking = told(booking, gone)
        booking = replace(booking, doctor=doctor, since=after.place.hold)
    if after.state == "booked" and booking.announced != after.place.hold:
        change = "booked" if booking.announced < 0 else "moved"
        name = "booking_done" if change == "booked" else "visit_moved"
        booking = told(booking, News(f"{change}.{after.place.hold}", "patient", name, facts, float(after.place.end)))
        theirs = "booked" if booking.since == after.place.hold else change  # another doctor knows nothing of the time before
        booking = told(booking, _to_doctor(after, theirs, was=booking.was if theirs == "moved" else None))
        reminded = _too_late_now(after, rules, now)
        booking = replace(booking, announced=after.place.hold, was=None, reminded=reminded, asked_after=False)
        if after.kind == "lab":
            booking = replace(booking, result_at=after.place.end + RESULT_AFTER)
    elif after.state in FREE and before.state not in FREE:
        why: dict[str, Any] = {"why": after.state}
        if (refund := sum(one.amount for one in after.payments)) > 0:
            why["refund"] = rupees(refund)
        booking = told(booking, News("undone", "patient", "booking_undone", {**facts, **why}))
        if after.links and not after.payments:
            booking = replace(booking, look_at=now + LATE_LOOK)
    return booking


def facts_of(saga: Saga) -> dict[str, Any]:
    """What flows may show of a booking."""
    facts = {"kind": saga.kind, **saga.place.about}
    if saga.paid is not None and saga.state not in FREE:
        facts |= {"amount": rupees(saga.paid.amount), "receipt": receipt_of(saga)}
    return facts


def receipt_of(saga: Saga) -> str | None:
    """The payment service's own number of the payment: what a bank or the clinic can find again."""
    return saga.paid.id.removeprefix("pay_") if saga.paid else None


def told(booking: Booking, news: News) -> Booking:
    return booking if any(one.id == news.id for one in booking.news) else replace(booking, news=(*booking.news, news))


def hushed(booking: Booking) -> Booking:
    """Without the news of how it stands: the patient has just heard that as an answer. A refund, a result and a reminder were not
    part of it."""
    return replace(booking, news=tuple(one for one in booking.news if one.to != "patient" or one.name not in HOW_IT_STANDS))


def went(booking: Booking, answer: Literal["yes", "no"]) -> Booking:
    """With what the patient said of the visit; the doctor hears of one that was missed."""
    booking = replace(booking, happened=answer)
    return told(booking, _to_doctor(booking.saga, "missed")) if answer == "no" else booking


def retold(booking: Booking) -> Booking:
    """With the news of how it stands, for a patient whose answer came too late to be heard."""
    saga = booking.saga
    if saga.state == "booked":
        name, id_ = ("booking_done", "booked") if saga.place.hold == 0 else ("visit_moved", "moved")
        return told(booking, News(f"{id_}.{saga.place.hold}", "patient", name, facts_of(saga), float(saga.place.end)))
    if saga.state in FREE:
        return told(booking, News("undone", "patient", "booking_undone", {**facts_of(saga), "why": saga.state}))
    return booking


def _too_late_now(saga: Saga, rules: Rules, now: float) -> tuple[float, ...]:
    """Reminders whose moment is over when the booking is made: somebody who books for today needs none for yesterday."""
    return tuple(hours for hours in rules.reminders_hours if now >= saga.place.start - hours * 3600)


def _to_doctor(saga: Saga, change: str, place: Place | None = None, *, was: Place | None = None) -> News:
    place = place or saga.place
    facts: dict[str, Any] = {"change": change}
    facts |= {name: place.about[name] for name in ("day", "time") if name in place.about}
    if was is not None:  # a doctor has many visits: which of them is it?
        facts |= {f"was_{name}": was.about[name] for name in ("day", "time") if name in was.about}
    if patient := saga.about.get("patient"):
        facts["patient"] = patient
    until = float(place.end) + (86_400.0 if change == "missed" else 0.0)
    return News(f"doctor.{change}.{place.hold}", "doctor", "doctor_visit", facts, until)


def over(booking: Booking) -> bool:
    """Nothing will happen to it any more without somebody asking."""
    return booking.saga.state in ENDS and not booking.news and next_action(booking.saga) is None
