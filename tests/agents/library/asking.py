"""Intents to the library over a real store."""

from __future__ import annotations

from typing import Any

from agents.learning_library.agent import LearningLibrary
from bot.model.effects import Intent
from bot.model.ids import EffectId, PersonId, person_of
from bot.ports.store import Store
from config.library import load_library_policy
from tests.agents.library.shelf import LIBRARY

ASHA = person_of("phone:910000000001")
NINE = 1_764_041_400.0  # 25 November 2025, 9:00 in India
DAY = 86_400.0


def made(store: Store) -> LearningLibrary:
    return LearningLibrary(store, LIBRARY, load_library_policy().courses)


def asked(id_: str, name: str, at: float = NINE, person: PersonId = ASHA, **data: Any) -> Intent:
    return Intent(EffectId(id_), person, "learning_library", name, at, data)
