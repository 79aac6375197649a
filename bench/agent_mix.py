"""What the agents are asked in ``bench.agents``: made-up people with a past, and intents in about the mix of a day."""

from __future__ import annotations

import itertools
import random
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from agents.care_coordinator.given import made_of
from agents.care_coordinator.hours import days_from, local_day, slots_of
from bot.model.effects import Intent
from bot.model.ids import EffectId, PersonId, person_of
from bot.model.session import Channel, Session
from bot.ports.store import JournalEntry, Reading, Store
from config.care_team import DAYS, CareTeam
from config.clinic import Clinic
from config.policy import Policy

DAY = 86_400.0
PEOPLE, BUSY = 80, 8
"""The first ``BUSY`` of them measure far more than others."""
PAST, BUSY_PAST = 60, 500
"""Sugar readings of their last 90 days."""
WEIGHTS: dict[tuple[str, str], int] = {
    ("clinical_monitor", "record_glucose"): 30,
    ("clinical_monitor", "record_blood_pressure"): 8,
    ("clinical_monitor", "record_weight"): 4,
    ("clinical_monitor", "record_medicine"): 8,
    ("lifestyle_coach", "record_meal"): 14,
    ("lifestyle_coach", "record_activity"): 5,
    ("health_insights", "summarize"): 7,
    ("learning_library", "find"): 8,
    ("care_coordinator", "find_times"): 5,
    ("care_coordinator", "book_visit"): 4,
    ("care_coordinator", "next_visits"): 2,
    ("care_coordinator", "cancel_visit"): 2,
    ("doctor_bridge", "tell_care_team"): 3,
    ("engagement_engine", "set_reminder"): 3,
    ("engagement_engine", "list_reminders"): 3,
}
MEALS = ("2 roti, dal, ek katori chawal", "idli 3 sambar", "rice and fish curry", "poha aur chai", "दो रोटी और सब्ज़ी")
QUESTIONS = ("how do I look after my feet", "can I eat mango", "pair me ghav", "what is HbA1c", "शुगर कम हो जाए तो क्या करें")


def person(number: int) -> PersonId:
    return person_of(f"phone:9199000{number:05}")


def with_somebody(policy: Policy) -> Policy:
    """One doctor who is always at work: what people pass on to nobody would cost nothing."""
    hours = {day: ["00:00-23:59"] for day in DAYS}
    doctor = {"id": "rao", "role": "doctor", "name": "Dr Rao", "phone": "+919100000001", "clinic": "main", "hours": hours}
    team = {"clinics": {"main": {"name": "A clinic", "zone": "Asia/Kolkata"}}, "members": [doctor]}
    return policy.model_copy(update={"care_team": CareTeam.model_validate(team)})


async def settle(store: Store, policy: Policy, now: float, dice: random.Random) -> None:
    """Everybody agreed, and measured for some weeks."""
    consent = {
        "version": policy.behaviour.consent_version,
        "purposes": ["care_messages", "share_with_clinic", "caregiver", "payments_and_labs"],
    }
    profile = {"name": "Asha", "birth_year": 1965, "condition": "type_2", "unit": "mg/dL", "zone": "Asia/Kolkata"}
    for number in range(PEOPLE):
        who = person(number)
        channel = Channel("main", "cloud", f"9199000{number:05}")
        session = Session(who, version=1, channel=channel, profile={**profile, "language": "en"}, consent=consent)
        await store.append_journal([JournalEntry(who, f"past:{number}", 1, now - DAY, "text", session)])  # type: ignore[arg-type]
        for one in range(BUSY_PAST if number < BUSY else PAST):
            id_, at = EffectId(f"past:{number}:{one}"), now - dice.random() * 90 * DAY
            value, context = dice.gauss(150, 35), dice.choice(("fasting", "after_meal", None))
            await store.add_reading(Reading(id_, who, "glucose", round(value), at, context, grade="in_range"))


class Mix:
    """Intents one after the other, each of somebody by chance; who measures much also writes much."""

    def __init__(self, clinic: Clinic, now: float, dice: random.Random) -> None:
        self._dice, self._count = dice, itertools.count()
        today = local_day(clinic, now)
        ahead = days_from(today + timedelta(days=1), today + timedelta(days=clinic.booking.horizon_days))
        slots = [slot.id for day in ahead for doctor in clinic.doctors for slot in slots_of(clinic, doctor, day)]
        dice.shuffle(slots)
        self._slots = iter(slots)
        self._booked: list[tuple[PersonId, str]] = []

    def intents(self, now: float) -> Iterator[Intent]:
        names, weights = list(WEIGHTS), list(WEIGHTS.values())
        while True:
            agent, name = self._dice.choices(names, weights)[0]
            who = person(self._dice.randrange(BUSY if self._dice.random() < 0.3 else PEOPLE))
            id_ = EffectId(f"bench:{next(self._count)}:{now:.0f}")
            yield self._made(id_, who, agent, name, now)

    def _made(self, id_: EffectId, who: PersonId, agent: str, name: str, now: float) -> Intent:
        if name == "book_visit":
            self._booked.append((who, made_of("v", id_)))
        if name == "cancel_visit":
            if len(self._booked) < PEOPLE // 10:  # the youngest of these may be under way
                name = "next_visits"
            else:
                who, visit = self._booked.pop(0)
                return Intent(id_, who, agent, name, now, {"visit": visit})
        return Intent(id_, who, agent, name, now, self._data(name))

    def _data(self, name: str) -> dict[str, Any]:
        dice = self._dice
        match name:
            case "record_glucose":
                return {"value": round(dice.gauss(150, 35)), "context": dice.choice(("fasting", "after_meal"))}
            case "record_blood_pressure":
                return {"systolic": round(dice.gauss(132, 10)), "diastolic": round(dice.gauss(84, 6))}
            case "record_weight":
                return {"value": round(dice.gauss(72, 6), 1)}
            case "record_medicine":
                return {"status": "taken", "text": "metformin"}
            case "record_meal":
                return {"text": dice.choice(MEALS), "language": "en"}
            case "record_activity":
                return {"kind": "walk", "minutes": dice.randrange(10, 60)}
            case "summarize":
                return {"what": "glucose", "days": dice.choice((7, 30, 90)), "language": "en"}
            case "find":
                return {"question": dice.choice(QUESTIONS), "language": "en"}
            case "find_times":
                return {"service": "visit"}
            case "book_visit":
                return {"slot": next(self._slots)}
            case "set_reminder":
                return {"what": "glucose", "time": dice.choice(("07:30", "21:00")), "often": "daily", "zone": "Asia/Kolkata"}
            case "list_reminders":
                return {"language": "en"}
            case "tell_care_team":
                return {"about": "question", "text": "May I walk in the evening?"}
            case _:
                return {}
