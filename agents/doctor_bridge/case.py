"""A case between a patient and their clinic as a pure state machine: who is told of it, who has it, what is still to be said.

It climbs from doctor to doctor of one clinic to the coordinator while the clinic is at work, until somebody takes it. What is to
be said is first put into the case (``unsent``) and said only after the case was stored with it; ids of words depend on the step
alone, so a repeat is heard once. An emergency does not climb here: its ladder is the clinical monitor's, and the case is opened
for whoever took it there.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Literal

from msgspec import Struct
from msgspec.structs import replace

from agents.clinical_monitor.case import Contact
from bot.model.several import several
from config.doctor_bridge import Bridge, Soon

State = Literal["asking", "waiting", "later", "taken", "unanswered", "closed"]
Answer = Literal["", "taken", "later", "passed", "wrote"]
Severity = Literal["emergency", "today", "normal"]
ENDS: frozenset[State] = frozenset({"unanswered", "closed", "taken"})
HEARD, LOG, MATTERS = 40, 60, 6


class Told(Struct, frozen=True):
    """One person of the clinic who was told of the case, in one round of the ladder."""

    contact: Contact
    round: int
    rung: int
    at: float
    answer: Answer = ""


class Matter(Struct, frozen=True):
    """Something that the case is about: what a flow passed on, in ids, numbers and the patient's own words."""

    about: str
    facts: dict[str, Any]
    at: float


class Word(Struct, frozen=True):
    """Something to be said, to a contact or (None) to the patient. ``key`` is unique within the case and the same in a repeat."""

    key: str
    name: str
    to: Contact | None
    facts: dict[str, Any]
    at: float


class Case(Struct, frozen=True):
    """``rung``: how many steps were climbed in this round. ``holder``: id of who has it. ``promised_at``: when the patient hears
    that nobody has written, unless somebody has. ``heard``: intents, what they were answered and a note, newest last."""

    number: str
    severity: Severity
    clinic: str
    opened_at: float
    state: State = "asking"
    matters: tuple[Matter, ...] = ()
    prefers: str = ""
    round: int = 0
    rung: int = 0
    next_at: float | None = None
    promised_at: float | None = None
    reminded: int = 0
    holder: str = ""
    answered_at: float | None = None  # when somebody of the clinic wrote last
    last_at: float = 0.0  # the last word of anybody
    closed_at: float | None = None
    emergency: str = ""  # id of the clinical monitor's case
    told: tuple[Told, ...] = ()
    heard: tuple[tuple[str, str, str], ...] = ()
    unsent: tuple[Word, ...] = ()
    said: int = 0
    log: tuple[tuple[float, str, str], ...] = ()

    @property
    def soon(self) -> Soon:
        return "normal" if self.severity == "normal" else "today"

    def answered(self, intent: str) -> tuple[str, str] | None:
        """What this intent was answered before, and the note with it."""
        return next(((outcome, note) for known, outcome, note in self.heard if known == intent), None)

    def contact(self, id_: str) -> Contact | None:
        return next((one.contact for one in reversed(self.told) if one.contact.id == id_), None)

    @property
    def held_by(self) -> Contact | None:
        return self.contact(self.holder) if self.holder else None


class Clock(Struct, frozen=True):
    """The clinic's hours, seen from now: when so many minutes of its work have passed, and when it opens next."""

    after: Callable[[float], float | None]
    next_opening: float | None
    open: bool


class Reach(Struct, frozen=True):
    """Who of the case's clinic is at work now, in the order in which they are told."""

    doctors: tuple[Contact, ...] = ()
    coordinators: tuple[Contact, ...] = ()


def opened(number: str, severity: Severity, clinic: str, matter: Matter, now: float, *, prefers: str = "") -> Case:
    case = Case(number, severity, clinic, now, matters=(matter,), prefers=prefers, next_at=now, last_at=now)
    return noted(case, now, "opened", matter.about)


def added(case: Case, severity: Severity, matter: Matter, now: float, *, but: str = "") -> Case:
    """The patient asks for more while the case is open: those who know of it hear that, and nobody else. ``but``: who gets
    the whole screen anyway."""
    case = noted(replace(case, matters=(*case.matters, matter)[-MATTERS:], last_at=now), now, "added", matter.about)
    if severity == "today" and case.severity == "normal":
        case = replace(case, severity=severity)
        if case.state in ("asking", "later"):
            case = replace(case, state="asking", next_at=min(case.next_at or now, now))
    for contact in [one for one in knowing(case) if one.id != but]:
        facts = {"about": matter.about, "place": len(case.matters)}
        case = say(case, f"added.{case.said}.{contact.id}", "case_added", contact, facts, now)
    return case


def heard(case: Case, intent: str, outcome: str, note: str = "") -> Case:
    return replace(case, heard=(*case.heard, (intent, outcome, note))[-HEARD:])


def knowing(case: Case) -> list[Contact]:
    """Whoever has the case; where nobody has, those who were told and have not given it away."""
    if holder := case.held_by:
        return [holder]
    last = {one.contact.id: one for one in case.told}
    return [one.contact for one in last.values() if one.answer != "passed"]


def names(case: Case) -> str:
    """Who was told in this round and has not answered."""
    silent = [one.contact.name for one in case.told if one.round == case.round and one.answer in ("", "later")]
    return several(dict.fromkeys(silent), 200)


def tell(case: Case, contact: Contact, place: int, now: float) -> Case:
    """Somebody hears of the case, with all that is known of it."""
    case = replace(case, told=(*case.told, Told(contact, case.round, place, now)))
    case = noted(case, now, "told", contact.id)
    return say(case, f"told.{case.said}.{contact.id}", "case_opened", contact, {}, now)


def say(case: Case, key: str, name: str, to: Contact | None, facts: dict[str, Any], at: float) -> Case:
    return replace(case, said=case.said + 1, unsent=(*case.unsent, Word(key, name, to, facts, at)))


def noted(case: Case, at: float, what: str, who: str) -> Case:
    return replace(case, log=(*case.log, (at, what, who[:60]))[-LOG:])


def answered_by(case: Case, contact: Contact, answer: Answer) -> tuple[Told, ...]:
    return tuple(replace(one, answer=answer) if one.contact.id == contact.id else one for one in case.told)


def go_on(case: Case, rules: Bridge, now: float) -> Case:
    """To the next of the clinic at once, also to a doctor whom the ladder has left behind."""
    steps = [rung.to for rung in rules.ladders[case.soon]]
    place = steps.index("next_doctor") if "next_doctor" in steps else 0
    return replace(case, state="asking", rung=min(case.rung, place), next_at=now)
