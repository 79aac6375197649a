"""A town whose journal is kept, with a bank and a laboratory."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from agents.care_coordinator.agent import CareCoordinator
from agents.clinical_monitor.agent import ClinicalMonitor
from bot.adapters.sqlite import SqliteStore
from bot.model.effects import Outbound
from bot.model.ids import InputId, PersonId, person_of
from bot.ports.store import JournalEntry
from config.clinic import load_clinic
from tests.agents.care_coordinator.lab import FolderOfFiles, MemoryLaboratory
from tests.agents.care_coordinator.world import POLICY, Bank, Gates
from tests.agents.town import Town

ASHA, RAVI, DR_RAO = "919800000001", "919812300001", "910000000099"


class Place(Town):
    """A town whose journal is kept, with a bank and a laboratory."""

    bank: Bank
    laboratory: MemoryLaboratory
    files: FolderOfFiles

    async def write(self, phone: str, text: str, **fields: Any) -> list[Outbound]:
        said = await super().write(phone, text, **fields)
        await self.journal(person_of(f"phone:{phone}"))
        return said

    async def tap(self, phone: str, option: str) -> list[Outbound]:
        said = await super().tap(phone, option)
        await self.journal(person_of(f"phone:{phone}"))
        return said

    async def journal(self, person: PersonId) -> None:
        session = self.sessions[person]
        entry = JournalEntry(person, InputId(f"{person}:{len(self.turns)}"), len(self.turns), self.now, "text", session)
        await self.store.append_journal([entry])

    def texts(self, phone: str) -> list[str]:
        return [one.text for one in self.said if one.person == person_of(f"phone:{phone}")]


@asynccontextmanager
async def town(tmp_path: Path, *, prepaid: bool = False, lab: bool = False) -> AsyncIterator[Place]:
    clinic = load_clinic()
    clinic = clinic.model_copy(update={"doctors": tuple(one.model_copy(update={"member": "rao"}) for one in clinic.doctors)})
    async with SqliteStore.open(tmp_path / "store.db") as store:
        bank, laboratory, files = Bank(Gates()), MemoryLaboratory(), FolderOfFiles()
        coordinator = CareCoordinator(
            store, POLICY, clinic, media=files, number="911140000000",
            payments=bank if prepaid else None, laboratory=laboratory if lab else None,
        )  # fmt: skip
        place = Place(store, {coordinator.name: coordinator, "clinical_monitor": ClinicalMonitor(store, POLICY)})
        place.bank, place.laboratory, place.files = bank, laboratory, files
        await place.journal(place.settle_in(ASHA))
        place.settle_in(DR_RAO)
        yield place
