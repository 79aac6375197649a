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


async def test_what_needs_a_purpose_is_asked_of_agents_that_know_it(tmp_path: Path) -> None:
    """A name that no agent has would guard nothing; the conversation itself: dialogs/tests/partners_taken_back.yaml."""
    content, policy, _ = made()
    steps = [step for flow in content.flows.values() for step in flow.steps.values()]
    async with SqliteStore.open(tmp_path / "store.db") as store:
        known = {f"{name}.{intent}" for name, agent in make_agents(store, policy).items() for intent in agent.intents}
    needs = policy.behaviour.needs_purpose
    assert set(needs) <= {purpose for step in steps if step.consent for purpose in step.consent[1]}
    assert {one for asked in needs.values() for one in asked} <= known
    assert policy.behaviour.purpose_of("care_coordinator", "book_test") == "payments_and_labs"
    assert policy.behaviour.purpose_of("care_coordinator", "cancel_visit") is None
