"""What patients and other agents ask of the clinic: a case is opened, or the one that is open hears of it."""

from __future__ import annotations

import asyncio
from typing import Any

from msgspec.structs import replace

from agents.clinical_monitor.cases import KIND as EMERGENCY
from agents.clinical_monitor.contacts import member_contact
from agents.clinical_monitor.given import needed, text
from agents.clinical_monitor.person import know
from agents.doctor_bridge import answering, climbing, talk
from agents.doctor_bridge import case as cases
from agents.doctor_bridge.case import Case, Matter, Severity
from agents.doctor_bridge.duty import Duty
from agents.doctor_bridge.files import KIND, Files, new_id
from agents.doctor_bridge.summary import spread, when
from agents.doctor_bridge.telling import SHARE, Telling
from agents.result import Result, Tell
from bot.errors import Malformed, StoreUnavailable
from bot.model.effects import Intent
from bot.model.ids import EffectId, PersonId, owner_of
from bot.ports.documents import Document
from bot.ports.store import Store
from config.policy import Policy

TRIES, FACTS = 6, 16
OWN = frozenset({"asked", "question", "medicine_list", "symptom"})
"""What the patient themselves says to their clinic, with which no other data go; all else needs their consent to share."""


class Asking:
    def __init__(self, store: Store, policy: Policy, files: Files, telling: Telling, duty: Duty) -> None:
        self._store, self._policy = store, policy
        self._files, self._telling, self._duty = files, telling, duty

    async def request_human(self, intent: Intent, now: float) -> Result:
        """``queued`` while the clinic is at work, ``nobody`` while it is not, both with when an answer can be expected."""
        urgent = text(intent, "urgency", 20) == "today" or text(intent, "topic", 20) == "ill"
        return await self._ask(intent, "asked", "today" if urgent else "normal", now)

    async def tell_care_team(self, intent: Intent, now: float) -> Result:
        about = needed(intent, "about", 40)
        return _as(await self._ask(intent, about, self._soon(about), now), "passed_on")

    async def ask_for_contact(self, intent: Intent, now: float) -> Result:
        about = needed(intent, "about", 40)
        return _as(await self._ask(intent, about, self._soon(about), now), "passed_on")

    async def contact_today(self, intent: Intent, now: float) -> Result:
        about = needed(intent, "reason", 40)
        return _as(await self._ask(intent, about, "today", now), "told")

    async def escalate(self, intent: Intent, now: float) -> Result:
        """Somebody of the clinic took an emergency: they get its case, and the talk with the patient is theirs."""
        member = self._duty.named(needed(intent, "member", 40))
        emergency, category = needed(intent, "case", 200), needed(intent, "category", 40)
        if member is None:
            return Result("failed")
        outcome, _, tells = await self.taken_over(intent.id, intent.person, emergency, category, member.id, now)
        return Result(outcome, {}, tells)

    async def taken_over(
        self, intent: EffectId, patient: PersonId, emergency: str, category: str, member: str, now: float
    ) -> tuple[str, Document | None, tuple[Tell, ...]]:
        found = self._duty.named(member)
        if found is None or SHARE not in (await know(self._store, self._policy, patient)).purposes:
            return "failed", None, ()
        contact = member_contact(found)

        def begin(case: Case) -> Case:
            case = replace(case, severity="emergency", emergency=emergency, promised_at=None, clinic=found.clinic)
            case = cases.tell(case, contact, max(case.rung - 1, 0), now)
            return answering.taken(replace(case, holder="", next_at=None), contact, now)[0]

        alarm = await self._store.documents.get(EMERGENCY, emergency)
        about = alarm.data.get("about") if alarm else None
        detail = about.get("detail") if isinstance(about, dict) else None
        matter = Matter("emergency", {"category": category, **({"detail": detail} if detail else {})}, now)
        outcome, _, document, case = await self._join(
            intent, patient, "emergency", found.clinic, matter, begin, now, but=contact.id
        )
        return outcome, document, await self._telling.all(document, case, now)

    async def patient_says(self, intent: Intent, now: float) -> Result:
        """While somebody of the clinic talks with the patient: word for word to whoever has the case."""
        known = await know(self._store, self._policy, owner_of(intent.person)[0])
        every = [one for person in (known.person, *known.household) for one in await self._files.of(person)]
        talking = [one for one in every if one[1].answered_at is not None]
        open_ = [one for one in talking if one[1].state != "closed" or one[1].answered(intent.id)]
        if not open_:
            newest = max(talking, key=lambda one: one[1].last_at, default=None)
            number = newest[1].number if newest else ""
            return Result("nobody", {}, (Tell(f"{intent.id}:nobody", known.person, "nobody_listens", {"number": number}),))
        document, _ = max(open_, key=lambda one: one[1].last_at)
        words = text(intent, "text", talk.LONGEST) or ""
        line = talk.Line(
            "patient", known.name, "", text(intent, "kind", 20) or "text", words, text(intent, "ref", 200) or "",
            text(intent, "message_id", 200) or "", "", min(intent.at, now),
        )  # fmt: skip
        await talk.keep(self._store, intent, document.person, document.id, line)
        outcome, _, document, case = await self._files.change(
            document, intent.id, lambda case: (answering.patient_wrote(case, now), "passed_on", ""), now
        )
        patient = await know(self._store, self._policy, document.person)
        if not cases.knowing(case):  # it was passed on, and nobody else was there
            return Result("nobody", {}, (Tell(f"{intent.id}:nobody", known.person, "nobody_listens", {"number": case.number}),))
        facts = {"kind": line.kind, "ref": line.ref, **spread(words)}
        tells = [
            self._telling.to_staff(document, case, f"patient.{intent.id}.{to.id}", "patient_writes", to, facts, patient, now)
            for to in cases.knowing(case)
        ]
        return Result(outcome, {}, (*tells, *await self._telling.all(document, case, now)))

    def _soon(self, about: str) -> Severity:
        return self._policy.bridge.soon.get(about, "normal")

    async def _ask(self, intent: Intent, about: str, severity: Severity, now: float) -> Result:
        patient, recent = await asyncio.gather(know(self._store, self._policy, intent.person), self._files.of(intent.person))
        if about not in OWN and SHARE not in patient.purposes:
            return Result("failed")
        before = recent[0][1] if recent else None
        instance = patient.channel.instance if patient.channel else None
        clinic = self._duty.clinic(now, instance, before.clinic if before else "")
        if clinic is None:  # nobody works anywhere: nothing must be promised
            return Result("failed")
        matter = Matter(about, _facts(intent), min(intent.at, now))

        def begin(case: Case) -> Case:
            clock, reach = self._duty.clock(case.clinic, now), self._duty.reach(case.clinic, now)
            return climbing.climbed(climbing.promised(case, self._policy.bridge, clock), reach, self._policy.bridge, clock, now)

        outcome, note, document, case = await self._join(intent.id, intent.person, severity, clinic, matter, begin, now)
        day, _, time = note.partition(" ")
        facts = {"answer_day": day, "answer_time": time, "number": case.number}
        return Result(outcome, facts, await self._telling.all(document, case, now, patient))

    async def _join(
        self,
        intent: EffectId,
        patient: PersonId,
        severity: Severity,
        clinic: str,
        matter: Matter,
        begin: Any,
        now: float,
        *,
        but: str = "",
    ) -> tuple[str, str, Document, Case]:
        """Put it into the open case of this patient, or into a new one."""
        for _ in range(TRIES):
            recent = await self._files.of(patient)
            for document, case in recent:
                if known := case.answered(intent):
                    return *known, document, case
            if open_ := next((one for one in recent if one[1].state != "closed"), None):
                document, case = open_
                case = cases.added(case, severity, matter, now, but=but)
                if case.state == "unanswered":
                    case = replace(case, state="asking", rung=0, round=case.round + 1, next_at=now)
            else:
                document = Document(KIND, new_id(patient, recent), patient, now)
                case = cases.opened("", severity, clinic, matter, now, prefers=_their_doctor(recent))
            case = begin(case)
            outcome, note = self._expect(case, now)
            case = cases.heard(case, intent, outcome, note)
            if document.version == 0:
                begun = await self._files.begin(document, case, now)
                if begun is not None:
                    return outcome, note, document, begun
            elif await self._files.save(document, case, now):
                return outcome, note, document, case
        raise StoreUnavailable("a case was changed by others again and again")

    def _expect(self, case: Case, now: float) -> tuple[str, str]:
        """Whether somebody is at work, and when the patient may expect an answer: day and time on the clinic's clock."""
        clock = self._duty.clock(case.clinic, now)
        at = case.promised_at if clock.open else clock.next_opening
        return "queued" if clock.open else "nobody", " ".join(when(at, self._duty.zone(case.clinic))) if at else ""


def _as(result: Result, outcome: str) -> Result:
    """A flow that only wants to know whether it was passed on."""
    return replace(result, outcome=outcome if result.outcome in ("queued", "nobody") else result.outcome)


def _their_doctor(recent: list[tuple[Document, Case]]) -> str:
    """Who answered this patient last."""
    for _, case in recent:
        wrote = [one for one in case.told if one.answer == "wrote"]
        if wrote:
            return wrote[-1].contact.id
    return ""


def _facts(intent: Intent) -> dict[str, Any]:
    """What a flow passes on, bounded: numbers and short words."""
    facts: dict[str, Any] = {}
    for name, value in list(intent.data.items())[:FACTS]:
        if isinstance(value, str):
            facts[name[:30]] = value[:700]
        elif isinstance(value, int | float) and not isinstance(value, bool):
            facts[name[:30]] = value
        elif value is not None and not isinstance(value, bool):
            raise Malformed(f"{intent.name}: {name[:30]} is neither words nor a number")
    return facts
