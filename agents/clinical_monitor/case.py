"""An emergency as it is stored: who was told at which step, who answered, and what is still to be said.

Everything that is to be said is first put into the case (``unsent``) and said only after the case was stored with it, so that
whoever answers is known to the case, and a crash loses no word and says none for another step. Ids of words depend on the step
alone: a repeat is heard once.
"""

from __future__ import annotations

from typing import Any, Literal

from msgspec import Struct
from msgspec.structs import replace

from config.escalation import Severity

Role = Literal["caregiver", "doctor", "coordinator"]
State = Literal["climbing", "acknowledged", "closed_by_patient", "exhausted_told"]
ENDS: frozenset[State] = frozenset({"acknowledged", "closed_by_patient", "exhausted_told"})
LOG = 60  # entries that are kept


class Contact(Struct, frozen=True):
    """Somebody who may be told. ``address``: digits of their phone, where they may never have written to us."""

    id: str
    person: str
    role: Role
    name: str
    address: str | None = None


class Reachable(Struct, frozen=True):
    """Who may be told now, in order. Without the patient's consent the part is empty."""

    caregivers: tuple[Contact, ...] = ()
    doctors: tuple[Contact, ...] = ()
    coordinators: tuple[Contact, ...] = ()


class Alarm(Struct, frozen=True):
    """One person who was told, at one step of one round."""

    contact: Contact
    round: int
    rung: int
    at: float
    answer: Literal["", "taken", "cannot"] = ""
    answered_at: float | None = None
    undelivered: bool = False  # it never reached their phone
    again: int = 0  # how often they were told before, because the patient said that nobody came

    @property
    def key(self) -> str:
        return f"{self.round}.{self.rung}.{self.contact.id}{f'.{self.again}' if self.again else ''}"


class Word(Struct, frozen=True):
    """Something to be said, to a contact or (None) to the patient. ``key`` is unique within the case and the same in a repeat."""

    key: str
    name: Literal["alarm", "status", "over"]
    to: Contact | None
    facts: dict[str, Any]
    at: float


class Case(Struct, frozen=True):
    """``rung``: how many steps were climbed in this round. ``heard``: intents and what they were answered, newest last.
    ``about``: what those who are alarmed hear beside the category."""

    category: str
    severity: Severity
    opened_at: float
    state: State = "climbing"
    round: int = 0
    rung: int = 0
    next_at: float = 0.0
    ended_at: float | None = None
    ending: str = ""  # who took it, or how it ended
    repeats: int = 0
    in_vain: bool = False  # the patient has just said that nobody came
    alarms: tuple[Alarm, ...] = ()
    heard: tuple[tuple[str, str], ...] = ()
    unsent: tuple[Word, ...] = ()
    said: int = 0  # words so far
    log: tuple[tuple[float, str, str], ...] = ()  # when, what, who or why; newest last
    about: dict[str, str] = {}

    def answered(self, intent: str) -> str | None:
        """What this intent was answered before."""
        return next((outcome for known, outcome in self.heard if known == intent), None)


def to_patient(case: Case, now: float, **facts: Any) -> Case:
    """How it stands, for the patient. ``facts``: the ``state`` (told, taken, waiting, none_left, nobody), and what is known."""
    every = {"category": case.category, "names": "", "role": "", "before": "", "minutes": 0, **facts}
    return say(case, f"status.{case.said}", "status", None, every, now)


def to_others(case: Case, now: float, *, but: str | None, how: str, by: str) -> Case:
    """Those who were told hear that it is over; not who said that they cannot come."""
    people = {alarm.contact.person: alarm.contact for alarm in case.alarms if alarm.answer != "cannot"}
    for person, contact in people.items():
        if person != but:
            case = say(case, f"over.{case.said}.{contact.id}", "over", contact, {"how": how, "by": by}, now)
    return case


def say(
    case: Case, key: str, name: Literal["alarm", "status", "over"], to: Contact | None, facts: dict[str, Any], at: float
) -> Case:
    """Put words into the case; they are said once it is stored with them."""
    return replace(case, said=case.said + 1, unsent=(*case.unsent, Word(key, name, to, facts, at)))


def noted(case: Case, at: float, what: str, who: str) -> Case:
    """A line more in the case's log, which keeps the newest. ``who``: an id, or a word of ours why."""
    return replace(case, log=(*case.log, (at, what, who[:60]))[-LOG:])
