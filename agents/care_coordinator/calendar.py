"""The doctors' calendars: free times, and the port ``Calendar`` on one document a doctor and day."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, timedelta
from typing import Any

import msgspec
from msgspec.structs import replace

from agents.care_coordinator.actions import No, Place
from agents.care_coordinator.diary import Diary
from agents.care_coordinator.hours import Slot, days_from, local_day, slot_named, slots_of
from bot.errors import StoreUnavailable
from bot.model.ids import PersonId
from bot.ports.documents import Document, Documents, held_in
from bot.ports.payments import Payment
from config.clinic import Clinic, Doctor

KIND = "diary"
CLINIC = PersonId("clinic")
"""Whose the diaries are: nobody's in particular. Who holds a time stands in it as the key of a booking."""
WEEK = 7
"""So many days are read at once: in a clinic that is booked out, the next free time is weeks away."""
KNOWN_DAYS = 5_000
MOST_READS = 50
"""Everybody who saves has changed something, so with so many tries at once one of us is through."""


class DoctorCalendar:
    """Free times, and holding them."""

    def __init__(self, documents: Documents, clinic: Clinic) -> None:
        self._documents, self._clinic = documents, clinic
        self._known: dict[tuple[str, date], list[Slot]] = {}

    async def free(self, now: float, *, day: date | None, after: Slot | None, most: int, doctors: Sequence[Doctor]) -> list[Slot]:
        """The earliest free times: of a day; or behind a time that did not suit, on whatever day; or of the days to come."""
        rules = self._clinic.booking
        today = local_day(self._clinic, now)
        first = max(day or today, today)
        if after is not None:
            first = max(first, local_day(self._clinic, after.start))
        last = first if day is not None and after is None else today + timedelta(days=rules.horizon_days)
        last = min(last, today + timedelta(days=rules.horizon_days))
        found: list[Slot] = []
        for week in _batched(days_from(first, last), WEEK):
            found_here: list[Slot] = []
            for free in await asyncio.gather(*[self._free_of(doctor, week) for doctor in doctors]):
                found_here += [
                    slot
                    for slot in free
                    if slot.start >= now + rules.earliest_minutes * 60
                    and (after is None or (slot.start, slot.doctor) > (after.start, after.doctor))
                ]
            found += sorted(found_here, key=lambda slot: (slot.start, slot.doctor))
            if len(found) >= most:
                break
        return found[:most]

    async def _free_of(self, doctor: Doctor, days: list[date]) -> list[Slot]:
        """The doctor's free times on days that follow each other: their names are in the order of the days, so one look finds
        all of them."""
        working = [(day, slots) for day in days if (slots := self._slots(doctor, day))]
        if not working:
            return []
        before = _name(doctor.id, working[0][0] - timedelta(days=1))
        kept = await self._documents.listed(KIND, after=before, limit=len(days))
        diaries = {one.id: _read(one) for one in kept}
        nothing = Diary()
        return [
            slot
            for day, slots in working
            for slot in slots
            if diaries.get(_name(doctor.id, day), nothing).free(slot.start, slot.end)
        ]

    def _slots(self, doctor: Doctor, day: date) -> list[Slot]:
        """Worked out once: everybody looks at the same next days."""
        if (known := self._known.get((doctor.id, day))) is not None:
            return known
        if len(self._known) >= KNOWN_DAYS:
            self._known.clear()
        return self._known.setdefault((doctor.id, day), slots_of(self._clinic, doctor, day))

    async def hold(self, key: str, place: Place, about: dict[str, Any], *, firm: bool = False) -> No | None:
        if slot_named(self._clinic, place.slot) is None:
            return No("taken")  # the clinic has changed its hours since
        return await self._change(place, lambda diary: diary.hold(key, place.start, place.end, firm=firm), "taken")

    async def confirm(self, key: str, place: Place, paid: Payment | None) -> No | None:
        return await self._change(place, lambda diary: diary.confirm(key), "gone")

    async def release(self, key: str, place: Place) -> None:
        await self._change(place, lambda diary: diary.give_back(key, place.start, place.end), "gone")

    async def _change(self, place: Place, decide: Callable[[Diary], Diary | None], refusal: str) -> No | None:
        doctor = place.slot.partition("@")[0]
        name = _name(doctor, local_day(self._clinic, place.start))
        for _ in range(MOST_READS):
            document = await self._documents.get(KIND, name) or Document(KIND, name, CLINIC, float(place.start))
            diary = _read(document)
            after = decide(diary)
            if after is None:
                return No(refusal)
            if after == diary and document.version:
                return None
            if await self._documents.save(replace(document, data=msgspec.to_builtins(after))):
                return None
        raise StoreUnavailable("Others keep changing this day.")


def _batched(days: Iterable[date], size: int) -> Iterator[list[date]]:
    rest = list(days)
    for start in range(0, len(rest), size):
        yield rest[start : start + size]


def _name(doctor: str, day: date) -> str:
    return f"{doctor}@{day:%Y%m%d}"


def _read(document: Document | None) -> Diary:
    return held_in(document, Diary) if document else Diary()
