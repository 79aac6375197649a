"""A laboratory and a place for files, in memory."""

from __future__ import annotations

from typing import Any, Literal

from bot.model.ids import PersonId
from bot.ports.laboratory import LabResult, LabTime, LabValue, Quote
from bot.ports.media import StoredFile
from bot.ports.payments import Payment

FIRST = 1_764_120_600  # 26 November 2025, 7:00 in India
FOUND = (LabValue("hba1c", 6.8, "%", FIRST), LabValue("creatinine", 0.9, "mg/dL", FIRST))


class MemoryLaboratory:
    """Two times, one of each in an hour. ``price`` is paid at the laboratory unless ``prepaid``."""

    def __init__(self, *, prepaid: bool = False) -> None:
        self.prepaid = prepaid
        self.orders: dict[str, str] = {}
        self.slots: dict[str, str] = {}
        self.results: dict[str, LabResult] = {}

    def has_result(self, key: str, *values: LabValue) -> None:
        """The result has come; if one was there before, it is corrected."""
        revision = self.results[key].revision + 1 if key in self.results else 1
        self.results[key] = LabResult(values or FOUND, has_report=True, revision=revision)

    async def quote(self, *, test: str, place: str, where: dict[str, Any]) -> Quote | Literal["unknown_test", "not_here"]:
        if test == "ordered":
            return "unknown_test"
        if place == "home" and not where:
            return "not_here"
        return Quote(f"q-{test}", 45_000, fasting=test == "fasting_glucose", prepaid=self.prepaid)

    async def times(self, *, quote: str, day: str | None, after: str | None) -> list[LabTime]:
        every = [_time(number) for number in range(3)]
        return [one for one in every if one.id > (after or "") and one.id not in self.slots]

    async def reserve(self, *, key: str, quote: str, slot: str, about: dict[str, Any]) -> bool:
        if self.orders.get(key) == "cancelled" or self.slots.get(slot, key) != key:
            return False
        self.slots[slot] = key
        self.orders.setdefault(key, "reserved")
        return True

    async def confirm(self, *, key: str, paid: Payment | None) -> bool:
        if self.orders.get(key) not in ("reserved", "confirmed"):
            return False
        self.orders[key] = "confirmed"
        return True

    async def cancel(self, *, key: str) -> None:
        self.orders[key] = "cancelled"
        self.slots = {slot: holder for slot, holder in self.slots.items() if holder != key}

    async def result(self, *, key: str) -> LabResult | None:
        return self.results.get(key)

    async def report(self, *, key: str) -> bytes | None:
        return b"%PDF-1.7 a report"


class FolderOfFiles:
    """References without bytes."""

    def __init__(self) -> None:
        self.held: set[str] = set()

    async def put(self, data: bytes, *, mime: str, person: PersonId | None, now: float, keep_seconds: float | None) -> str:
        self.held.add(f"ref-{len(self.held)}")
        return f"ref-{len(self.held) - 1}"

    async def get(self, ref: str) -> bytes | None:
        return b"" if ref in self.held else None

    async def about(self, ref: str) -> StoredFile | None:
        return None

    async def keep(self, ref: str, *, now: float, keep_seconds: float | None) -> bool:
        return ref in self.held

    async def delete(self, ref: str) -> bool:
        if ref not in self.held:
            return False
        self.held.remove(ref)
        return True

    async def names_of(self, person: PersonId) -> list[str]:
        return await self.of(person)

    async def of(self, person: PersonId) -> list[str]:
        return []

    async def expired(self, now: float, limit: int = 1000) -> list[str]:
        return []

    async def ping(self) -> None: ...


def _time(number: int) -> LabTime:
    start = FIRST + number * 3600
    return LabTime(f"t{number}", start, start + 900, "2025-11-26", f"{7 + number:02d}:00", "City Lab")
