"""What the people of the clinic do with a case: take it, put it off, pass it on, write, close it. Pure."""

from __future__ import annotations

from msgspec.structs import replace

from agents.clinical_monitor.case import Contact
from agents.doctor_bridge.case import Answer, Case, Clock, Told, answered_by, go_on, knowing, noted, say
from config.doctor_bridge import Bridge


def taken(case: Case, contact: Contact, now: float) -> tuple[Case, str]:
    """Outcomes: accepted, over (somebody else has it, or it is closed)."""
    if case.state == "closed" or (case.holder and case.holder != contact.id):
        return case, "over"
    if case.holder == contact.id and case.state == "taken":
        return case, "accepted"
    case = _held(case, contact, "taken", now)
    if case.severity != "emergency":
        case = say(case, f"taken.{case.said}", "case_taken", None, {"doctor": contact.name, "role": contact.role}, now)
    return case, "accepted"


def put_off(case: Case, contact: Contact, rules: Bridge, clock: Clock, now: float) -> tuple[Case, str]:
    """Seen, and to be answered later today: they are reminded before anybody else is told."""
    if case.state == "closed" or (case.holder and case.holder != contact.id):
        return case, "over"
    case = replace(
        case, told=answered_by(case, contact, "later"), holder="", state="later", next_at=clock.after(rules.later.of(case.soon))
    )
    return noted(case, now, "later", contact.id), "noted"


def passed(case: Case, contact: Contact, rules: Bridge, now: float) -> tuple[Case, str]:
    """Somebody gives the case to the next of their clinic."""
    if case.state == "closed" or (case.holder and case.holder != contact.id):
        return case, "over"
    case = replace(case, told=answered_by(case, contact, "passed"), holder="")
    return go_on(noted(case, now, "passed", contact.id), rules, now), "passed"


def wrote(case: Case, contact: Contact, now: float) -> Case:
    """Somebody of the clinic writes to the patient: it is theirs, unless another has it. A closed case is open again."""
    if not case.holder or case.state == "closed":
        case = _held(replace(case, holder="" if case.state == "closed" else case.holder), contact, "wrote", now)
    return noted(replace(case, answered_at=now, last_at=now, promised_at=None, reminded=0), now, "wrote", contact.id)


def patient_wrote(case: Case, now: float) -> Case:
    return replace(case, last_at=now)


def closed(case: Case, by: Contact | None, how: str, now: float) -> Case:
    """``how``: done (by somebody of the clinic) or quiet."""
    if case.state == "closed":
        return case
    holder = case.held_by
    case = replace(case, state="closed", closed_at=now, next_at=None, promised_at=None, holder="")
    case = noted(case, now, "closed", by.id if by else how)
    for contact in [one for one in knowing(case) if by is None or one.id != by.id]:
        other = {"how": how if how == "quiet" else "closed", "by": by.name if by else ""}
        case = say(case, f"closed.{case.said}.{contact.id}", "case_elsewhere", contact, other, now)
    last = by or holder
    facts = {"doctor": last.name if last else "", "how": how, "answered": case.answered_at is not None}
    return say(case, f"over.{case.said}", "case_closed", None, facts, now)


def _held(case: Case, contact: Contact, answer: Answer, now: float) -> Case:
    others = [one for one in knowing(case) if one.id != contact.id]
    if case.contact(contact.id) is None:
        case = replace(case, told=(*case.told, Told(contact, case.round, max(case.rung - 1, 0), now)))
    case = replace(case, told=answered_by(case, contact, answer), holder=contact.id, state="taken", next_at=None, closed_at=None)
    case = noted(case, now, answer, contact.id)
    for other in others:
        case = say(case, f"elsewhere.{case.said}.{other.id}", "case_elsewhere", other, {"how": "taken", "by": contact.name}, now)
    return case
