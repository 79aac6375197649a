"""What people of the clinic write and tap: relayed word for word, or done with the case."""

from __future__ import annotations

from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from agents.clinical_monitor.contacts import member_contact
from agents.clinical_monitor.given import needed, one_of, text
from agents.clinical_monitor.person import Known, know
from agents.doctor_bridge import answering, climbing, talk
from agents.doctor_bridge.addressing import read_message
from agents.doctor_bridge.asking import Asking
from agents.doctor_bridge.case import Case
from agents.doctor_bridge.duty import Duty
from agents.doctor_bridge.files import EMERGENCY, Files
from agents.doctor_bridge.finding_case import Found, Meant, find_case
from agents.doctor_bridge.summary import WORDS, spread
from agents.doctor_bridge.target_orders import TargetOrders
from agents.doctor_bridge.telling import Telling, hears
from agents.result import Ask, Result
from bot.model.effects import Intent
from bot.model.ids import EffectId
from bot.ports.documents import Document
from bot.ports.store import Store
from config.care_team import Member
from config.doctor_bridge import Verb
from config.policy import Policy

HELD = "doctor_words"
FILES = ("image", "audio", "document")
LISTED, LABEL = 9, 24


class Said(Struct, frozen=True):
    """One message: its words as written, its kind and file, its id in WhatsApp, the id of the message that it changes."""

    words: str
    kind: str = "text"
    ref: str = ""
    message: str = ""
    changes: str = ""


class Staff:
    def __init__(self, store: Store, policy: Policy, files: Files, telling: Telling, duty: Duty, asking: Asking) -> None:
        self._store, self._policy, self._files = store, policy, files
        self._telling, self._duty, self._asking = telling, duty, asking
        self._targets = TargetOrders(store, policy, files, duty)

    async def doctor_says(self, intent: Intent, now: float) -> Result:
        member = self._duty.member(intent.person)
        if member is None:
            return Result("not_of_the_team")
        kind = text(intent, "kind", 20) or "text"
        if kind == "deletion":
            return Result("not_taken_back")
        written = "".join(str(intent.data.get(name) or "") for name in WORDS)[: talk.LONGEST]
        quoted = text(intent, "quoted", 300) or ""
        # Below a message of the patient "done" may be the answer to it.
        read = read_message(written, self._policy.bridge.words, () if quoted else self._policy.bridge.alone)
        said = Said(
            read.words, "text" if kind == "edit" else kind, text(intent, "ref", 200) or "", text(intent, "message", 200) or "",
            (text(intent, "target", 200) or "") if kind == "edit" else "",
        )  # fmt: skip
        if held := await self._store.documents.get(HELD, intent.id):  # it was asked back, and is asked again
            open_ = tuple([one for one in await self._files.desk(intent.person) if one[1].state != "closed"])
            return Result(str(held.state), {"cases": await self._named(open_), "held": intent.id})
        meant = await find_case(
            self._files, member, intent,
            number=read.number, quoted=quoted, target=said.changes,
        )  # fmt: skip
        if read.listed and meant.outcome in ("found", "which"):
            open_ = tuple(one for one in meant.open if one[1].state != "closed") or ((meant.found,) if meant.found else ())
            return Result("cases", {"cases": await self._named(open_)})
        if meant.outcome == "emergency":
            return await self._emergency(intent, member, meant, said, now)
        if meant.found is None:
            return await self._which(intent, meant, said, read.verb, now)
        return await self._do(intent, member, meant.found, said, read.verb, now)

    async def send_to(self, intent: Intent, now: float) -> Result:
        """The words that were held while somebody was asked which case they meant."""
        member, held = self._duty.member(intent.person), await self._store.documents.get(HELD, needed(intent, "held", 200))
        found = await self._files.numbered(needed(intent, "number", 10).upper())
        if member is None or held is None or held.person != intent.person or found is None or found[1].clinic != member.clinic:
            return Result("unknown_case")
        fields = {name: str(held.data.get(name) or "") for name in ("words", "kind", "ref", "message", "changes")}
        verb: Any = held.data.get("verb") or None
        return await self._do(intent, member, found, Said(**fields), verb, now)

    async def answer_case(self, intent: Intent, now: float) -> Result:
        """A button below a case."""
        member, found = self._duty.member(intent.person), await self._files.get(needed(intent, "case", 200))
        verb: Any = one_of(intent, "answer", "take", "later", "pass", "done", "show")
        if member is None or found is None or found[1].clinic != member.clinic:
            return Result("unknown_case")
        return await self._verb(intent, member, found, verb, now)

    async def show_case(self, intent: Intent, now: float) -> Result:
        member, found = self._duty.member(intent.person), await self._files.numbered(needed(intent, "number", 10).upper())
        if member is None or found is None or found[1].clinic != member.clinic:
            return Result("unknown_case")
        return await self._verb(intent, member, found, "show", now)

    async def _do(self, intent: Intent, member: Member, found: Found, said: Said, verb: Verb | None, now: float) -> Result:
        if verb:
            return await self._verb(intent, member, found, verb, now)
        if said.kind == "text" and (order := self._targets.read(said.words, member)):
            return await self._targets.carry_out(intent, member, found[0].person, found, order, now)
        return await self._relay(intent, member, found, said, now)

    async def _verb(self, intent: Intent, member: Member, found: Found, verb: Verb, now: float) -> Result:
        contact, rules = member_contact(member), self._policy.bridge
        clock = self._duty.clock(found[1].clinic, now)

        def change(case: Case) -> tuple[Case, str, str]:
            match verb:
                case "take":
                    case, outcome = answering.taken(case, contact, now)
                case "later":
                    case, outcome = answering.put_off(case, contact, rules, clock, now)
                case "pass":
                    case, outcome = answering.passed(case, contact, rules, now)
                    case = climbing.climbed(case, self._duty.reach(case.clinic, now), rules, clock, now)
                    if outcome == "passed" and case.state != "asking":
                        outcome = "alone"
                case "done":
                    case, outcome = answering.closed(case, contact, "done", now), "closed"
                case _:
                    outcome = "shown"
            by = case.held_by
            return case, outcome, by.name if outcome == "over" and by else ""

        outcome, by, document, case = await self._files.change(found[0], intent.id, change, now)
        patient = await know(self._store, self._policy, document.person)
        tells = await self._telling.all(document, case, now)
        if outcome == "shown":
            facts = await self._telling.summary(document, case, patient, now, contact)
            tells += (self._telling.to_staff(document, case, f"show.{intent.id}", "case_shown", contact, facts, patient, now),)
        return Result(outcome, {"number": case.number, "patient": patient.called, "by": by}, tells)

    async def _relay(self, intent: Intent, member: Member, found: Found, said: Said, now: float) -> Result:
        """Their own words to the patient, unchanged. The truth comes back where they cannot arrive."""
        document, case = found
        patient = await know(self._store, self._policy, document.person)
        facts: dict[str, Any] = {
            "number": case.number,
            "patient": patient.called,
            "phone": f"+{patient.phone}" if patient.phone else "",
        }
        if said.kind != "text" and (said.kind not in FILES or not said.ref):
            return Result("file_not_passed", facts)
        if not said.words and not said.ref:
            return Result("nothing_to_pass", facts)
        if case.answered(intent.id) is None and not await hears(self._store, document.person):
            return Result("not_reachable", facts)
        contact = member_contact(member)

        def change(case: Case) -> tuple[Case, str, str]:
            first = case.answered_at is None or case.state == "closed"
            return answering.wrote(case, contact, now), "first" if first else "passed_on", said.message

        outcome, _, document, case = await self._files.change(document, intent.id, change, now)
        line = talk.Line(
            "clinic", member.name, member.id, said.kind, said.words, said.ref, said.message, said.changes, min(intent.at, now)
        )
        await talk.keep(self._store, intent, document.person, document.id, line)
        own = {
            "doctor": member.name, "role": member.role, "kind": said.kind, "ref": said.ref, "first": outcome == "first",
            "changed": bool(said.changes), **spread(said.words),
        }  # fmt: skip
        tells = [self._telling.to_patient(document, case, f"says.{intent.id}", "doctor_says", own, now)]
        holder = case.held_by
        if holder and holder.id != member.id:
            key = f"colleague.{intent.id}"
            tells.append(self._telling.to_staff(document, case, key, "colleague_writes", holder, own, patient, now))
        facts["first"] = own["first"]
        facts["held_by"] = holder.name if holder and holder.id != member.id else ""
        return Result("passed_on", facts, (*tells, *await self._telling.all(document, case, now)))

    async def _emergency(self, intent: Intent, member: Member, meant: Meant, said: Said, now: float) -> Result:
        """They answer an alarm by writing to the patient: that takes it, and opens their case of it."""
        alarm = await self._store.documents.get(EMERGENCY, meant.emergency)
        told = [one.get("contact", {}).get("id") for one in alarm.data.get("alarms", [])] if alarm else []
        if alarm is None or member.id not in told:
            return await self._which(intent, Meant("which" if meant.open else "no_case", open=meant.open), said, None, now)
        order = self._targets.read(said.words, member) if said.kind == "text" else None
        if order:  # for us, and no word to the patient: it takes nothing
            return await self._targets.carry_out(intent, member, alarm.person, None, order, now)
        category = str(alarm.data.get("category") or "general")
        opening = EffectId(f"{intent.id}:case")
        _, document, tells = await self._asking.taken_over(opening, alarm.person, alarm.id, category, member.id, now)
        found = await self._files.get(document.id) if document else None
        if found is None:
            return Result("unknown_case")
        result = await self._relay(intent, member, found, said, now)
        data = {"case": alarm.id, "answer": "taken"}
        taken = Ask(f"{intent.id}:taken", intent.person, "clinical_monitor", "answer_alarm", data)
        return replace(result, tells=(*tells, *result.tells), asks=(taken,))

    async def _which(self, intent: Intent, meant: Meant, said: Said, verb: Verb | None, now: float) -> Result:
        """Ask back, and hold the words meanwhile."""
        if meant.outcome not in ("which", "unknown_case") or not meant.open:
            return Result(meant.outcome if meant.outcome == "unknown_case" else "no_case")
        data = {
            "words": said.words, "kind": said.kind, "ref": said.ref, "message": said.message, "changes": said.changes,
            "verb": verb or "",
        }  # fmt: skip
        await self._store.documents.save(Document(HELD, intent.id, intent.person, now, state=meant.outcome, data=data))
        return Result(meant.outcome, {"cases": await self._named(meant.open), "held": intent.id})

    async def _named(self, open_: tuple[Found, ...]) -> list[dict[str, str]]:
        options = []
        for document, case in open_[:LISTED]:
            known: Known = await know(self._store, self._policy, document.person)
            options.append({"id": case.number.lower(), "label": f"#{case.number} {known.name}".strip()[:LABEL]})
        return options
