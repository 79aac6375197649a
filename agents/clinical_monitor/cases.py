"""Cases of emergencies as documents: they open, climb, are taken and are closed, whatever crashes in between.

What is to be said is stored in the case before it is said. Whoever decides it in answer to an intent says it at once, and the
case says it again a little later, unless that was already known to have been said: the words' ids make the second time nothing.
"""

from __future__ import annotations

from collections.abc import Callable

import msgspec
from msgspec.structs import replace

from agents.clinical_monitor import ladder
from agents.clinical_monitor.case import Case, Word
from agents.clinical_monitor.contacts import Caregivers, reachable
from agents.clinical_monitor.ladder import A_DAY, NO_HELP
from agents.clinical_monitor.person import Known, know
from agents.result import Tell, Woken
from bot.errors import StoreUnavailable
from bot.model.ids import PersonId
from bot.model.session import Channel
from bot.ports.documents import Document, held_in
from bot.ports.store import Store
from config.escalation import Severity
from config.policy import Policy

KIND = "emergency_case"
GRACE = 20.0  # seconds after which a case says again what whoever stored it was to say
RECENT = 20  # cases of a person that are looked through
TRIES = 6
EVENTS = {"status": "emergency_status", "over": "alarm_over"}

Change = Callable[[Case], tuple[Case, str]]


class Cases:
    def __init__(self, store: Store, policy: Policy, caregivers: Caregivers) -> None:
        self._store, self._policy, self._caregivers = store, policy, caregivers

    async def open(
        self,
        person: PersonId,
        intent: str,
        category: str,
        severity: Severity,
        reason: str,
        now: float,
        *,
        said_at: float | None = None,
        asked: bool = False,
        about: dict[str, str] | None = None,
    ) -> tuple[str, tuple[Tell, ...]]:
        """An emergency: ``opened``, or ``grouped`` with the same one that is known (of the same category, ``about`` the
        same). The first who can be are told at once."""
        rules, patient = self._policy.escalation, await know(self._store, self._policy, person)
        within = rules.same_within * 60.0
        for _ in range(TRIES):
            recent = await self._store.documents.of(person, KIND, RECENT)
            for document in recent:
                if outcome := _case(document).answered(intent):
                    return outcome, self._tells(document, _case(document), patient)
            alike = [one for one in recent if _case(one).category == category]
            same = [one for one in alike if _case(one).about == (about or {})]
            if same and ladder.groups(_case(same[0]), now, within, reason):
                document, outcome = same[0], "grouped"
                case = ladder.repeated(_case(document), severity, reason, rules.ladders, now, asked=asked)
            else:
                id_ = f"{person}:{category}:{_next_number(alike)}"
                document, outcome = Document(KIND, id_, person, now), "opened"
                case = ladder.opened(category, severity, reason, now, said_at, about)
            case = await self._climbed(case, patient, now)
            case = ladder.heard(case, intent, outcome)
            if await self._save(document, case, now):
                return outcome, self._tells(document, case, patient)
        raise StoreUnavailable("an emergency case was changed by others again and again")

    async def in_vain(self, person: PersonId, intent: str, now: float) -> tuple[str, tuple[Tell, ...]]:
        """The patient says that nobody has come, in words of their own: for the newest case that they have not closed."""
        for document in await self._store.documents.of(person, KIND, RECENT):
            case = _case(document)
            if case.answered(intent) or (case.state != "closed_by_patient" and now - (case.ended_at or now) < A_DAY):
                return await self.open(person, intent, case.category, "emergency", NO_HELP, now, asked=True, about=case.about)
        return "nothing_open", ()

    async def answer(
        self, id_: str, person: PersonId, intent: str, taken: bool, now: float
    ) -> tuple[str, PersonId | None, Case, tuple[Tell, ...]]:
        """Somebody who was told takes it, or cannot; of whom it is. ``unknown`` for everybody else: a case says nothing to a
        stranger."""

        def change(case: Case) -> tuple[Case, str]:
            return ladder.answered(case, person, "taken" if taken else "cannot", now)

        document = await self._store.documents.get(KIND, id_)
        if document is None:
            return "unknown", None, ladder.opened("", "emergency", "", now), ()
        outcome, document, case = await self._change(document, intent, change, now)
        patient = await know(self._store, self._policy, document.person)
        return outcome, document.person, case, self._tells(document, case, patient)

    async def undelivered(self, message: str, intent: str, now: float) -> tuple[str, tuple[Tell, ...]]:
        """One of our messages did not reach its phone; ``message`` is its id. ``unknown`` when it is no alarm of a case."""
        told = message.partition(":")[2].rpartition("#")[0].split(":", 3)  # agent:PERSON:CATEGORY:NUMBER:KEY#PART
        document = await self._store.documents.get(KIND, ":".join(told[:3])) if len(told) == 4 else None
        if document is None:
            return "unknown", ()
        outcome, document, case = await self._change(document, intent, lambda case: ladder.undelivered(case, told[3], now), now)
        return outcome, self._tells(document, case, await know(self._store, self._policy, document.person))

    async def close(
        self,
        person: PersonId,
        intent: str,
        how: str,
        now: float,
        *,
        wanted: Callable[[Case], bool] = lambda case: case.severity != "result",
        within: float = A_DAY,
    ) -> tuple[str, tuple[Tell, ...]]:
        """The patient's word that it is over ends all their cases (those that are ``wanted``), but a laboratory's result,
        which no word of theirs makes better. ``within``: seconds after the end of a case in which there is something to close."""
        tells: tuple[Tell, ...] = ()
        outcome, patient = "nothing_open", None
        for document in await self._store.documents.of(person, KIND, RECENT):
            case = _case(document)
            if case.answered(intent) is None and (case.state == "closed_by_patient" or not wanted(case)):
                continue
            if now - (case.ended_at or now) > within:
                continue
            patient = patient or await know(self._store, self._policy, person)
            _, document, case = await self._change(document, intent, lambda case: (ladder.closed(case, how, now), "closed"), now)
            outcome, tells = "closed", (*tells, *self._tells(document, case, patient))
        return outcome, tells

    async def wake(self, document: Document, now: float) -> Woken:
        """Say what is unsent; else climb when it is time, and come again at once to say it."""
        case = _case(document)
        patient = await know(self._store, self._policy, document.person)
        if case.unsent:
            done = replace(case, unsent=())
            return Woken(_document(document, done, ladder.due_at(done, now)), self._tells(document, case, patient))
        case = await self._climbed(case, patient, now)
        return Woken(_document(document, case, ladder.due_at(case, now)))

    async def _climbed(self, case: Case, patient: Known, now: float) -> Case:
        rules = self._policy.escalation
        reach = await reachable(patient, self._caregivers, self._policy.care_team, now)
        if case.category in rules.without_caregivers:
            reach = replace(reach, caregivers=())
        return ladder.climbed(case, reach, rules.ladders[case.severity], now, rules.again.get(case.severity))

    async def _change(self, document: Document, intent: str, change: Change, now: float) -> tuple[str, Document, Case]:
        """Change a case once for one intent, against whatever others do to it meanwhile."""
        for _ in range(TRIES):
            case = _case(document)
            if outcome := case.answered(intent):
                return outcome, document, case
            case, outcome = change(case)
            if outcome == "unknown":
                return outcome, document, replace(case, unsent=())
            case = ladder.heard(case, intent, outcome)
            if await self._save(document, case, now):
                return outcome, document, case
            found = await self._store.documents.get(KIND, document.id)
            if found is None:
                break
            document = found
        raise StoreUnavailable("an emergency case was changed by others again and again")

    async def _save(self, document: Document, case: Case, now: float) -> bool:
        return await self._store.documents.save(_document(document, case, ladder.due_at(case, now, GRACE)))

    def _tells(self, document: Document, case: Case, patient: Known) -> tuple[Tell, ...]:
        life = self._policy.escalation.alarm_life * 60.0
        return tuple(_tell(document, word, patient, life) for word in case.unsent)


def _tell(document: Document, word: Word, patient: Known, life: float) -> Tell:
    facts = {"case": document.id, **word.facts}
    channel, to = None, word.to
    if to is None:
        person, name = document.person, EVENTS["status"]
    else:
        person, name = PersonId(to.person), EVENTS.get(word.name, "caregiver_alarm" if to.role == "caregiver" else "doctor_alarm")
        facts["patient"] = patient.name
        if word.name == "alarm" and to.role != "caregiver":
            facts["phone"] = f"+{patient.phone}" if patient.phone else ""
        if to.address and patient.channel:  # by the number that the patient writes to; they may never have written to us
            channel = Channel(patient.channel.instance, patient.channel.integration, to.address)
    return Tell(f"{document.id}:{word.key}", person, name, facts, channel, word.at + life)


def _case(document: Document) -> Case:
    return held_in(document, Case)


def _document(document: Document, case: Case, due: float | None) -> Document:
    return replace(document, data=msgspec.to_builtins(case), state=case.state, due=due)


def _next_number(same: list[Document]) -> int:
    """Two who open a case at once find the same number, and the second of them the first one's case."""
    numbers = [int(number) for one in same if (number := one.id.rpartition(":")[2]).isdigit()]
    return max(numbers, default=0) + 1
