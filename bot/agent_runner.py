"""Runs one agent on its queue: intent in, result out as a turn of the same person."""

from __future__ import annotations

from collections.abc import Callable
from time import perf_counter
from typing import Any, Protocol

from bot import queues
from bot.errors import Malformed, Unavailable
from bot.metrics import Metrics
from bot.model.codec import decode_effect, encode
from bot.model.effects import Intent
from bot.model.events import AgentResult
from bot.model.ids import InputId
from bot.ports.bus import Bus, Delivery, Envelope


class Answer(Protocol):
    @property
    def outcome(self) -> str: ...
    @property
    def facts(self) -> dict[str, Any]: ...


class Answers(Protocol):
    """An agent, as the runner sees it."""

    @property
    def name(self) -> str: ...

    async def handle(self, intent: Intent, *, now: float) -> Answer: ...


class AgentRunner:
    """Handles the deliveries of ``agent.NAME``. The agent is idempotent on the intent; the result's id follows from it."""

    def __init__(self, agent: Answers, bus: Bus, metrics: Metrics, clock: Callable[[], float], partitions: int) -> None:
        self._agent, self._bus, self._metrics = agent, bus, metrics
        self._clock, self._partitions = clock, partitions

    async def handle(self, delivery: Delivery) -> None:
        intent = decode_effect(delivery.envelope.body)
        if not isinstance(intent, Intent):
            raise Malformed("an agent queue holds something that is not an intent")
        started = perf_counter()
        try:
            answer = await self._agent.handle(intent, now=self._clock())
        except Unavailable:
            raise  # held and tried again; the flow tells the patient after its own wait
        except Exception:
            # The conversation goes on at once with "failed"; the intent itself is parked by the consumer as evidence.
            await self._answer(intent, "failed", {})
            self._observe("failed", started)
            raise
        await self._answer(intent, answer.outcome, answer.facts)
        self._observe(answer.outcome, started)

    async def _answer(self, intent: Intent, outcome: str, facts: dict[str, Any]) -> None:
        result = AgentResult(
            id=InputId(f"{intent.id}:result"),
            person=intent.person,
            intent=intent.id,
            agent=self._agent.name,
            outcome=outcome,
            at=self._clock(),
            facts=facts,
        )
        queue = queues.turns_of(intent.person, self._partitions)
        await self._bus.publish(queue, Envelope(id=result.id, key=intent.person, body=encode(result), at=result.at))

    def _observe(self, outcome: str, started: float) -> None:
        self._metrics.agents.labels(self._agent.name, outcome).observe(perf_counter() - started)
