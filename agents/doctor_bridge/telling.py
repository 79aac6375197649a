"""What patients and the people of their clinic hear of a case: words of the case, with the facts that they need."""

from __future__ import annotations

import asyncio
from typing import Any

from agents.clinical_monitor.case import Contact
from agents.clinical_monitor.person import Known, know
from agents.doctor_bridge import talk
from agents.doctor_bridge.case import Case, Word
from agents.doctor_bridge.duty import Duty
from agents.doctor_bridge.summary import (
    BEFORE,
    KINDS,
    Patient,
    Sugar,
    days_of,
    matter_facts,
    medicine_facts,
    patient_facts,
    reading_facts,
    spread,
    sugar_for,
    when,
)
from agents.result import Tell
from bot.model.ids import PersonId, owner_of
from bot.model.session import Channel
from bot.ports.documents import Document
from bot.ports.store import Store
from config.policy import Policy

A_DAY = 86400.0
SHARE = "share_with_clinic"


class Telling:
    def __init__(self, store: Store, policy: Policy, duty: Duty) -> None:
        self._store, self._policy, self._duty = store, policy, duty

    async def all(self, document: Document, case: Case, now: float, patient: Known | None = None) -> tuple[Tell, ...]:
        """Everything that the case has to say and has not yet. ``patient``: as just read for the same intent."""
        if not case.unsent:
            return ()
        known = patient or await know(self._store, self._policy, document.person)
        return tuple(await asyncio.gather(*[self._word(document, case, word, known, now) for word in case.unsent]))

    async def _word(self, document: Document, case: Case, word: Word, patient: Known, now: float) -> Tell:
        if word.to is None:
            return self.to_patient(document, case, word.key, word.name, word.facts, word.at)
        facts = dict(word.facts)
        if word.name == "case_opened":
            facts |= await self.summary(document, case, patient, now, word.to)
        elif word.name == "case_added" and case.matters:
            place = min(int(facts.get("place", 0)), len(case.matters)) - 1
            facts |= matter_facts(case.matters[place].about, case.matters[place].facts, self._sugar(word.to, patient))
        return self.to_staff(document, case, word.key, word.name, word.to, facts, patient, word.at)

    def to_patient(self, document: Document, case: Case, key: str, name: str, facts: dict[str, Any], at: float) -> Tell:
        every = {"number": case.number, "clinic": self._duty.name(case.clinic), **facts}
        return Tell(f"{document.id}:{key}", document.person, name, every, None, at + 3 * A_DAY)

    def to_staff(
        self, document: Document, case: Case, key: str, name: str, to: Contact, facts: dict[str, Any], patient: Known, at: float
    ) -> Tell:
        """By the number that the patient writes to: whoever is told may never have written to us."""
        every = {"case": document.id, "number": case.number, "patient": patient.called, **facts}
        channel = None
        if to.address and patient.channel:
            channel = Channel(patient.channel.instance, patient.channel.integration, to.address)
        return Tell(f"{document.id}:{key}", PersonId(to.person), name, every, channel, at + A_DAY)

    async def summary(self, document: Document, case: Case, patient: Known, now: float, reader: Contact) -> dict[str, Any]:
        """One screen. Without the patient's consent to share, nothing but who it is and what they asked. ``mine``: the reader has
        the case; ``holder``: somebody else has."""
        zone, matter, sugar = self._duty.zone(case.clinic), case.matters[-1], self._sugar(reader, patient)
        age = patient.age(now)
        shared = SHARE in patient.purposes
        whole = Patient(patient.name, patient.phone, age, tuple(sorted(patient.conditions)), shared)
        day, time = when(matter.at, zone)
        facts = {
            **patient_facts(whole), **matter_facts(matter.about, matter.facts, sugar), "day": day, "time": time,
            "soon": case.severity, "shared": shared, "mine": case.holder == reader.id,
            "holder": case.held_by.name if case.held_by and case.holder != reader.id else "",
        }  # fmt: skip
        lines, shown = await asyncio.gather(
            talk.transcript(self._store, document.person, document.id),
            self._shared(document.person, now, zone, sugar) if shared else _none(),
        )
        facts |= shown
        said = talk.excerpt(lines, patient.called)
        return facts | ({name: part for name, part in spread(said, "talk").items() if part} if said else {})

    def _sugar(self, reader: Contact, patient: Known) -> Sugar:
        return sugar_for(self._duty.unit(reader.id), patient.unit, self._policy.ranges.mg_dl_per_mmol_l)

    async def _shared(self, person: PersonId, now: float, zone: str, sugar: Sugar) -> dict[str, Any]:
        """Readings and medicines. A look for each kind of reading was most of an answer's time, also side by side."""
        since = {kind: now - days_of(kind) * A_DAY for kind in KINDS}
        readings = self._store.newest_readings(person, since, BEFORE + 1)
        kept, found = await asyncio.gather(self._store.documents.of(person, "medicine"), readings)
        medicines = [str(one.data.get("name") or "") for one in reversed(kept) if one.state == "taking"]
        return reading_facts(found, zone, sugar) | medicine_facts(medicines)


async def hears(store: Store, patient: PersonId) -> bool:
    """They have a channel and have not stopped us."""
    session = await store.session(owner_of(patient)[0])
    return session is not None and session.channel is not None and not session.stopped


async def _none() -> dict[str, Any]:
    return {}
