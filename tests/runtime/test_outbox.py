"""Effects go where they belong; for an agent that this release does not have, the outbox answers itself."""

from __future__ import annotations

from bot import queues
from bot.app.engines import Engines
from bot.model.codec import decode_effect, decode_turn_event
from bot.model.effects import Intent
from bot.model.events import AgentResult
from bot.model.ids import EffectId
from bot.turns.outbox import Outbox
from tests.runtime.conftest import PARTITIONS
from tests.runtime.parts import ASHA, taken


def asked(agent: str) -> Intent:
    return Intent(EffectId(f"ask:{agent}"), ASHA, agent, "do_something", 1000.0, {}, 2000.0)


async def test_an_agent_of_this_release_is_asked(engines: Engines) -> None:
    await Outbox(engines.bus, engines.timers, PARTITIONS, ["clinical_monitor"]).publish([asked("clinical_monitor")], now=1000.0)
    (sent,) = await taken(engines.bus, queues.agent("clinical_monitor"), 1)
    assert decode_effect(sent.body) == asked("clinical_monitor")


async def test_an_agent_that_is_not_there_is_unavailable_at_once_and_holds_nobody_up(engines: Engines) -> None:
    await Outbox(engines.bus, engines.timers, PARTITIONS, ["clinical_monitor"]).publish([asked("tea_maker")], now=1000.0)
    (sent,) = await taken(engines.bus, queues.turns_of(ASHA, PARTITIONS), 1)
    result = decode_turn_event(sent.body)
    assert isinstance(result, AgentResult)
    assert (result.intent, result.agent, result.outcome) == ("ask:tea_maker", "tea_maker", "unavailable")
