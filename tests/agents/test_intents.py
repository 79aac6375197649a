"""What flows ask of agents, those agents know."""

from __future__ import annotations

from pathlib import Path

from agents.registry import make_agents
from bot.adapters.sqlite import SqliteStore
from tests.agents.town import made


async def test_every_intent_that_a_flow_asks_is_known_to_its_agent(tmp_path: Path) -> None:
    content, policy, _ = made()
    async with SqliteStore.open(tmp_path / "store.db") as store:
        known = {(name, intent) for name, agent in make_agents(store, policy).items() for intent in agent.intents}
    asked = {(step.agent.agent, step.agent.name) for flow in content.flows.values() for step in flow.steps.values() if step.agent}
    assert asked - known == set()
