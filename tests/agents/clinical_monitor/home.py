"""Small parts of these tests: a patient who is known, people who may be told, intents."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import count
from typing import Any

from agents.clinical_monitor.agent import ClinicalMonitor
from agents.clinical_monitor.case import Contact
from agents.clinical_monitor.cases import KIND
from agents.result import Result
from bot.adapters.sqlite import SqliteStore
from bot.model.effects import Intent
from bot.model.ids import EffectId, InputId, PersonId, owner_of, person_of
from bot.model.session import Channel, Member, Session
from bot.ports.store import JournalEntry, Store
from config.care_team import CareTeam
from config.policy import Policy, load_policy

ASHA = person_of("phone:919800000001")
PRIYA = person_of("phone:919800000002")
MEHTA = person_of("phone:919800000011")
RAO = person_of("phone:919800000012")
DESK = person_of("phone:919800000013")
NOON = 1_764_050_400.0  # a Tuesday, 11:30 in India
PURPOSES = ("care_messages", "share_with_clinic", "caregiver")
ALL_DAY = {"tue": ["00:00-23:59"], "wed": ["00:00-23:59"]}
TEAM = CareTeam.model_validate(
    {
        "clinics": {"main": {"name": "Test clinic", "zone": "Asia/Kolkata"}},
        "members": [
            {"id": "mehta", "role": "doctor", "name": "Dr Mehta", "phone": "+919800000011", "clinic": "main", "hours": ALL_DAY},
            {"id": "rao", "role": "doctor", "name": "Dr Rao", "phone": "+919800000012", "clinic": "main", "hours": ALL_DAY},
            {
                "id": "desk", "role": "coordinator", "name": "Meena", "phone": "+919800000013", "clinic": "main",
                "hours": ALL_DAY, "emergencies": "always",
            },
        ],
    }
)  # fmt: skip
POLICY: Policy = load_policy().model_copy(update={"care_team": TEAM})


_versions = count(1)


class Family:
    """Caregivers by patient, without the coordinator's documents."""

    def __init__(self, *people: Contact) -> None:
        self.people = people

    async def of(self, patient: PersonId) -> tuple[Contact, ...]:
        return self.people if owner_of(patient)[0] == ASHA else ()


FAMILY = Family(Contact("priya", PRIYA, "caregiver", "Priya"))


async def known(
    store: Store,
    person: PersonId = ASHA,
    purposes: tuple[str, ...] = PURPOSES,
    household: Sequence[Member] = (),
    **profile: Any,
) -> None:
    """Journal somebody who agreed to these purposes."""
    consent = {"version": POLICY.behaviour.consent_version, "purposes": list(purposes)} if purposes else {}
    session = Session(
        person, version=next(_versions), channel=Channel("main", "cloud", "919800000001"), consent=consent,
        household=list(household),
        profile={"name": "Asha", "birth_year": 1975, "condition": "type_2", **profile},
    )  # fmt: skip
    await store.append_journal(
        [JournalEntry(person, InputId(f"in:known:{session.version}"), session.version, NOON, "answer", session)]
    )


def asked(what: str, id_: str, *, person: PersonId = ASHA, at: float = NOON, **data: Any) -> Intent:
    return Intent(EffectId(id_), person, "clinical_monitor", what, at, data)


class Home:
    def __init__(self, store: SqliteStore) -> None:
        self.store, self.monitor, self._count = store, ClinicalMonitor(store, POLICY, FAMILY), 0

    async def ask(self, what: str, id_: str = "", at: float = NOON, **data: Any) -> Result:
        self._count += 1
        return await self.monitor.handle(asked(what, id_ or f"{what}{self._count}", at=at, **data), now=at)

    async def kept(self, kind: str) -> list[tuple[float, str | None]]:
        return [(one.value, one.grade) for one in await self.store.readings(ASHA, kind)]

    async def cases(self) -> list[tuple[str, str]]:
        return [(one.data["category"], one.state) for one in await self.store.documents.of(ASHA, KIND)]
