"""The agents of this release: an explicit list, made in the composition root."""

from __future__ import annotations

from pathlib import Path

from agents.clinical_monitor.agent import ClinicalMonitor
from agents.lifestyle_coach.agent import LifestyleCoach
from agents.lifestyle_coach.content import load_food
from agents.result import Agent
from bot.ports.store import Store
from bot.understanding.festivals import Calendar
from config.lifestyle import load_lifestyle
from config.policy import Policy

NAMES: tuple[str, ...] = (ClinicalMonitor.name, LifestyleCoach.name)


def make_agents(store: Store, policy: Policy, dialogs: Path = Path("dialogs")) -> dict[str, Agent]:
    """Every agent by its name. ``dialogs``: the folder of what some of them know. Raises ConfigError with the mistakes in it."""
    calendar = Calendar.load(dialogs / "lexicon/rules/festivals.yaml")
    coach = LifestyleCoach(store, load_food(dialogs / "food"), load_lifestyle(), policy.clinical.glucose, calendar)
    agents: tuple[Agent, ...] = (ClinicalMonitor(store, policy), coach)
    return {agent.name: agent for agent in agents}
