"""Cases as documents: opened, changed and read again, whatever others do to them meanwhile. What people hear is in telling.py."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import msgspec
from msgspec.structs import replace

from agents.doctor_bridge.case import Case
from agents.doctor_bridge.climbing import due_at
from agents.doctor_bridge.numbers import numbers_for
from bot.errors import StoreUnavailable
from bot.model.ids import EffectId, PersonId, person_of
from bot.ports.documents import Document, held_in
from bot.ports.store import Store
from config.doctor_bridge import Bridge

KIND, NUMBER, DESK = "doctor_case", "case_number", "doctor_desk"
EMERGENCY = "emergency_case"  # the clinical monitor's
GRACE = 20.0  # seconds after which a case says again what whoever stored it was to say
RECENT, ON_DESK, TRIES = 20, 40, 6

Change = Callable[[Case], tuple[Case, str, str]]
"""The case as it becomes, the outcome, and a note that a repeat of the intent finds again."""


class Files:
    def __init__(self, store: Store, rules: Bridge) -> None:
        self._documents, self._rules = store.documents, rules

    async def of(self, patient: PersonId) -> list[tuple[Document, Case]]:
        """Newest first."""
        return [(one, read(one)) for one in await self._documents.of(patient, KIND, RECENT)]

    async def get(self, id_: str) -> tuple[Document, Case] | None:
        document = await self._documents.get(KIND, id_)
        return (document, read(document)) if document else None

    async def numbered(self, number: str) -> tuple[Document, Case] | None:
        """The case that has this number now."""
        taken = await self._documents.get(NUMBER, number)
        return await self.get(str(taken.data.get("case"))) if taken else None

    async def desk(self, doctor: PersonId) -> list[tuple[Document, Case]]:
        """Cases that somebody of the clinic was told of, newest first."""
        found = []
        for pointer in await self._documents.of(doctor, DESK, ON_DESK):
            if (one := await self.get(str(pointer.data.get("case")))) and pointer.data.get("member"):
                found.append(one)
        return found

    async def took(self, emergency: str, intent: str) -> bool:
        """Whether somebody answered the clinical monitor's case with this intent."""
        alarm = await self._documents.get(EMERGENCY, emergency)
        return alarm is not None and any(one[0] == intent for one in alarm.data.get("heard", []))

    async def change(self, document: Document, intent: EffectId, change: Change, now: float) -> tuple[str, str, Document, Case]:
        """Change a case once for one intent: the outcome, the note, and what is stored."""
        for _ in range(TRIES):
            case = read(document)
            if known := case.answered(intent):
                return *known, document, case
            case, outcome, note = change(case)
            case = replace(case, heard=(*case.heard, (intent, outcome, note))[-40:])
            if await self.save(document, case, now):
                return outcome, note, document, case
            found = await self._documents.get(KIND, document.id)
            if found is None:
                break
            document = found
        raise StoreUnavailable("a case was changed by others again and again")

    async def begin(self, document: Document, case: Case, now: float) -> Case | None:
        """A new case gets its number and lies on the desks, side by side, and is stored after both; None: it is there already."""
        number, _ = await asyncio.gather(self.number(document.id, document.person, now), self.put_on_desks(document, case))
        case = replace(case, number=number)
        return case if await self._store(document, case, now) else None

    async def save(self, document: Document, case: Case, now: float) -> bool:
        await self.put_on_desks(document, case)
        return await self._store(document, case, now)

    async def _store(self, document: Document, case: Case, now: float) -> bool:
        return await self._documents.save(written(document, case, due_at(case, self._rules, now, GRACE)))

    async def put_on_desks(self, document: Document, case: Case) -> None:
        """Before somebody is told of a case, it is found under their name: whoever is in the stored case was put there before it
        was stored. Repeating is harmless."""
        pointers, there = [], {one.contact.id for one in read(document).told} if document.version else set()
        for contact in {one.contact.id: one.contact for one in case.told if one.contact.id not in there}.values():
            data = {"case": document.id, "member": contact.id}
            doctor = person_of(f"phone:{contact.address}") if contact.address else PersonId(contact.person)
            pointers.append(Document(DESK, f"{contact.id}:{document.id}", doctor, document.at, data=data))
        await asyncio.gather(*[self._documents.save(one) for one in pointers])

    async def number(self, id_: str, patient: PersonId, now: float) -> str:
        """A number that nobody else has; the same one for the same case. Most are free, so the first try does not look."""
        for number in numbers_for(id_):
            if await self._documents.save(Document(NUMBER, number, patient, now, data={"case": id_})):
                return number
            taken = await self._documents.get(NUMBER, number)
            if taken is None:  # given back this moment
                continue
            if taken.data.get("case") == id_:
                return number
            if await self._free(taken, now) and await self._documents.save(
                replace(taken, person=patient, at=now, data={"case": id_})
            ):
                return number
        raise StoreUnavailable("all numbers of cases are taken")

    async def _free(self, taken: Document, now: float) -> bool:
        found = await self.get(str(taken.data.get("case")))
        if found is None:  # its case was never stored: whoever began it is not going on with it any more
            return now - taken.at > 3600.0
        closed_at = found[1].closed_at
        return closed_at is not None and now - closed_at > self._rules.number_days * 86400.0


def read(document: Document) -> Case:
    return held_in(document, Case)


def written(document: Document, case: Case, due: float | None) -> Document:
    return replace(document, data=msgspec.to_builtins(case), state=case.state, due=due)


def new_id(patient: PersonId, recent: list[tuple[Document, Case]]) -> str:
    """Two who open a case at once find the same id, and the second of them the first one's case."""
    numbers = [int(number) for one, _ in recent if (number := one.id.rpartition(":")[2]).isdigit()]
    return f"{patient}:{max(numbers, default=0) + 1}"
