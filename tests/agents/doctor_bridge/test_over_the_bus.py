"""The bridge as a consumer of its queue: answers, whom it tells, repeats, and what nobody can understand."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from agents.doctor_bridge.agent import DoctorBridge
from agents.registry import NAMES
from bot import queues
from bot.app.engines import open_engines
from bot.errors import Malformed
from bot.metrics import Metrics
from bot.model.codec import decode_turn_event
from bot.model.events import AgentResult, Told
from bot.model.ids import person_of
from bot.running.agent_runner import AgentRunner
from config.settings import Settings
from tests.agents.doctor_bridge.clinic import ASHA, MEHTAS, POLICY, asked, known
from tests.agents.town import NOON
from tests.runtime.parts import delivery, taken


async def test_a_repeated_delivery_answers_and_tells_the_same_and_bad_data_is_refused(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path, port=0, partitions=1)
    async with open_engines(settings) as engines:
        await engines.bus.declare(queues.topology(1, NAMES))
        await known(engines.store)
        bridge = DoctorBridge(engines.store, POLICY)
        runner = AgentRunner(bridge, engines.bus, engines.store.documents, Metrics(), lambda: NOON, 1, NAMES)

        async def heard(name: str, id_: str, count: int, **data: Any) -> list[tuple[str, str, str]]:
            intent = asked(name, id_, **data)
            await runner.handle(delivery(intent, intent.person, id_))
            events = [decode_turn_event(one.body) for one in await taken(engines.bus, queues.turns_of(ASHA, 1), count)]
            return [
                (event.person, event.id, event.outcome if isinstance(event, AgentResult) else event.name)
                for event in events
                if isinstance(event, AgentResult | Told)
            ]

        first = await heard("contact_today", "high", 2, reason="high_sugar", value=310)
        mehta = person_of(f"phone:{MEHTAS}")  # as this installation names her
        assert {(person, name) for person, _, name in first} == {(mehta, "case_opened"), (ASHA, "told")}
        assert await heard("contact_today", "high", 2, reason="high_sugar", value=310) == first
        words: dict[str, Any] = {"person": mehta, "words": "Drink water.", "kind": "text"}
        said = await heard("doctor_says", "says", 3, **words)
        again = [one for one in first if one[2] == "case_opened"]  # told again until the case knows that it was: the same id
        assert {(person, name) for person, _, name in said if name != "case_opened"} == {
            (ASHA, "doctor_says"), (mehta, "passed_on"),
        }  # fmt: skip
        assert [one for one in said if one[2] == "case_opened"] == again
        assert await heard("doctor_says", "says", 3, **words) == said
        bad: list[tuple[str, dict[str, Any]]] = [("make_tea", {}), ("contact_today", {"reason": 5})]
        for name, data in bad:
            with pytest.raises(Malformed):
                await runner.handle(delivery(asked(name, "bad", **data), ASHA, "bad"))
            [failed] = await taken(engines.bus, queues.turns_of(ASHA, 1), 1)
            event = decode_turn_event(failed.body)
            assert isinstance(event, AgentResult)
            assert event.outcome == "failed"
