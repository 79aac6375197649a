"""The agents of this release: an explicit list, made in the composition root."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from agents.care_coordinator.agent import CareCoordinator
from agents.clinical_monitor.agent import ClinicalMonitor
from agents.doctor_bridge.agent import DoctorBridge
from agents.doctor_bridge.fhir.gathering import gather
from agents.doctor_bridge.fhir.resources import bundle
from agents.engagement_engine.agent import EngagementEngine
from agents.engagement_engine.copies import Elsewhere
from agents.engagement_engine.words import Says
from agents.health_insights.agent import HealthInsights, Pictures
from agents.learning_library.agent import LearningLibrary
from agents.learning_library.search import Library
from agents.learning_library.shelf import read_shelf
from agents.lifestyle_coach.agent import LifestyleCoach
from agents.lifestyle_coach.content import load_food
from agents.lifestyle_coach.meal import MealReader
from agents.result import Agent
from bot.model.ids import PersonId
from bot.ports.advice import AnswersFromPassages, ReadsMeals
from bot.ports.laboratory import Laboratory
from bot.ports.media import MediaStore
from bot.ports.payments import Payments
from bot.ports.store import Store
from bot.ports.tombstones import Tombstones
from bot.understanding.festivals import Calendar
from config.clinic import load_clinic
from config.engagement import load_engagement
from config.fhir import load_fhir
from config.insights import load_insights
from config.library import load_library_policy
from config.lifestyle import load_lifestyle
from config.policy import Policy

NAMES: tuple[str, ...] = (
    ClinicalMonitor.name,
    LifestyleCoach.name,
    CareCoordinator.name,
    HealthInsights.name,
    LearningLibrary.name,
    DoctorBridge.name,
    EngagementEngine.name,
)


def make_agents(
    store: Store,
    policy: Policy,
    dialogs: Path = Path("dialogs"),
    *,
    media: MediaStore | None = None,
    payments: Payments | None = None,
    laboratory: Laboratory | None = None,
    number: str | None = None,
    pictures: Pictures | None = None,
    meals: ReadsMeals | None = None,
    answers: AnswersFromPassages | None = None,
    words: Says | None = None,
    behind: Elsewhere | None = None,
    tombstones: Tombstones | None = None,
) -> dict[str, Agent]:
    """Every agent by its name. ``dialogs``: the folder of what some of them know; ``number``: our own on WhatsApp. What is not
    there, an agent does without and says so: without ``pictures`` the health insights tell numbers only, without
    ``words`` lists are made of ids. Raises ConfigError with
    the mistakes in the content."""
    calendar = Calendar.load(dialogs / "lexicon/rules/festivals.yaml")
    learning = load_library_policy()
    reader = MealReader(load_food(dialogs / "food"))
    insights = HealthInsights(store, policy, load_insights(), pictures)
    agents: tuple[Agent, ...] = (
        ClinicalMonitor(store, policy),
        LifestyleCoach(store, reader, load_lifestyle(), policy, calendar, meals),
        CareCoordinator(store, policy, load_clinic(), media=media, payments=payments, laboratory=laboratory, number=number),
        insights,
        LearningLibrary(store, Library(read_shelf(dialogs), learning.search), learning.courses, answers),
        DoctorBridge(store, policy),
        EngagementEngine(
            store,
            policy,
            load_engagement(),
            words,
            insights,
            media=media,
            bundle=_bundles(store, policy),
            behind=behind,
            tombstones=tombstones,
        ),
    )
    return {agent.name: agent for agent in agents}


def _bundles(store: Store, policy: Policy) -> Callable[[PersonId, float], Awaitable[dict[str, Any]]]:
    names = load_fhir()

    async def made(person: PersonId, now: float) -> dict[str, Any]:
        return bundle(await gather(store, policy, names, person), names, now)

    return made
