"""The agents of this release: an explicit list, made in the composition root."""

from __future__ import annotations

from agents.clinical_monitor.agent import ClinicalMonitor
from agents.result import Agent
from bot.ports.store import Store
from config.policy import Policy

NAMES: tuple[str, ...] = (ClinicalMonitor.name,)


def make_agents(store: Store, policy: Policy) -> dict[str, Agent]:
    """Every agent by its name."""
    agents: tuple[Agent, ...] = (ClinicalMonitor(store, policy),)
    return {agent.name: agent for agent in agents}
