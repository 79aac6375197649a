"""A clinic with two doctors and a desk, a second clinic, and a patient."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from agents.clinical_monitor.agent import ClinicalMonitor
from agents.doctor_bridge.agent import DoctorBridge
from agents.result import Agent
from bot.model.effects import Intent, Outbound
from bot.model.ids import EffectId, InputId, PersonId, person_of
from bot.model.session import Channel, Session
from bot.ports.store import JournalEntry, Store
from config.care_team import CareTeam
from config.policy import Policy, load_policy
from tests.agents.town import NOON, Town

ASHAS, BINAS = "919800000001", "919800000003"
MEHTAS, RAOS, DESKS, FARS = "919800000011", "919800000012", "919800000013", "919800000021"
ASHA, BINA = person_of(f"phone:{ASHAS}"), person_of(f"phone:{BINAS}")
MEHTA, RAO, DESK, FAR = (person_of(f"phone:{phone}") for phone in (MEHTAS, RAOS, DESKS, FARS))
NAMES: dict[PersonId, str] = {ASHA: "Asha", BINA: "Bina", MEHTA: "Dr Mehta", RAO: "Dr Rao", DESK: "Meena", FAR: "Dr Far"}
DAY = {day: ["09:00-13:00", "14:00-18:00"] for day in ("mon", "tue", "wed", "thu", "fri", "sat")}


def member(id_: str, role: str, name: str, phone: str, clinic: str = "main", **more: Any) -> dict[str, Any]:
    return {"id": id_, "role": role, "name": name, "phone": f"+{phone}", "clinic": clinic, "hours": DAY, **more}


TEAM = CareTeam.model_validate(
    {
        "clinics": {
            "main": {"name": "Asha Clinic", "zone": "Asia/Kolkata"},
            "far": {"name": "Far Clinic", "zone": "Asia/Kolkata"},
        },
        "members": [
            member("mehta", "doctor", "Dr Mehta", MEHTAS),
            member("rao", "doctor", "Dr Rao", RAOS),
            member("desk", "coordinator", "Meena", DESKS),
            member("far", "doctor", "Dr Far", FARS, "far", hours={"mon": ["10:00-11:00"]}),
        ],
    }
)
POLICY: Policy = load_policy().model_copy(update={"care_team": TEAM})


def town_of(store: Store, now: float = NOON) -> Town:
    agents: dict[str, Agent] = {"clinical_monitor": ClinicalMonitor(store, POLICY), "doctor_bridge": DoctorBridge(store, POLICY)}
    return Town(store, agents, now, team=TEAM)


def to(messages: Sequence[Outbound]) -> list[str]:
    return [NAMES[message.person] for message in messages]


def of(messages: Sequence[Outbound], person: PersonId) -> str:
    return "\n---\n".join(message.text for message in messages if message.person == person)


def last(messages: Sequence[Outbound], person: PersonId) -> Outbound:
    return [message for message in messages if message.person == person][-1]


def asked(what: str, id_: str, *, person: PersonId = ASHA, at: float = NOON, **data: Any) -> Intent:
    return Intent(EffectId(id_), person, "doctor_bridge", what, at, data)


PURPOSES = ("care_messages", "share_with_clinic")


async def known(store: Store, person: Any = ASHA, purposes: tuple[str, ...] = PURPOSES, *, stopped: bool = False) -> None:
    consent = {"version": POLICY.behaviour.consent_version, "purposes": list(purposes)}
    channel = Channel("main", "cloud", "919800000001")
    session = Session(person, version=1, channel=channel, consent=consent, profile={"name": "Asha"}, stopped=stopped)
    await store.append_journal([JournalEntry(person, InputId(f"in:{person}"), 1, NOON, "answer", session)])
