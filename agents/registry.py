"""The agents of this release: an explicit list, made in the composition root."""

from __future__ import annotations

from agents.care_coordinator.agent import CareCoordinator
from agents.clinical_monitor.agent import ClinicalMonitor
from agents.health_insights.agent import HealthInsights, Pictures
from agents.result import Agent
from bot.ports.laboratory import Laboratory
from bot.ports.media import MediaStore
from bot.ports.payments import Payments
from bot.ports.store import Store
from config.clinic import load_clinic
from config.insights import load_insights
from config.policy import Policy

NAMES: tuple[str, ...] = (ClinicalMonitor.name, CareCoordinator.name, HealthInsights.name)


def make_agents(
    store: Store,
    policy: Policy,
    *,
    media: MediaStore | None = None,
    payments: Payments | None = None,
    laboratory: Laboratory | None = None,
    number: str | None = None,
    pictures: Pictures | None = None,
) -> dict[str, Agent]:
    """Every agent by its name. ``number``: our own on WhatsApp. What is not there, an agent does without and says so: without
    ``pictures`` the health insights tell numbers only."""
    agents: tuple[Agent, ...] = (
        ClinicalMonitor(store, policy),
        CareCoordinator(store, policy, load_clinic(), media=media, payments=payments, laboratory=laboratory, number=number),
        HealthInsights(store, policy, load_insights(), pictures),
    )
    return {agent.name: agent for agent in agents}
