"""Publish what a turn decided. Every effect is idempotent on its id, so publishing twice is harmless; not publishing is not."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Collection, Sequence
from typing import assert_never

from bot import queues
from bot.model.codec import encode
from bot.model.effects import CancelWake, Effect, Intent, Outbound, Record, WakeAt
from bot.model.events import AgentResult
from bot.model.ids import InputId, partition_of
from bot.ports.bus import Bus, Envelope
from bot.ports.sessions import Timers


class Outbox:
    """Sends each kind of effect where it belongs. Messages of one turn keep their order; the waits for confirms overlap.

    ``agents``: those of this release. For any other we answer ourselves, at once, that it is unavailable: its queue does not
    exist, and a publish that can never succeed would hold up all turns of the partition.
    """

    def __init__(self, bus: Bus, timers: Timers, partitions: int, agents: Collection[str]) -> None:
        self._bus, self._timers, self._partitions, self._agents = bus, timers, partitions, frozenset(agents)

    async def publish(self, effects: Sequence[Effect], *, now: float) -> None:
        """Returns when all are safe. Raises BusUnavailable or SessionsUnavailable; then publish all of them again."""
        if len(effects) == 1:
            await self._one(effects[0], now)
        elif effects:
            # gather starts the publishes in this order, and the bus keeps the order of calls.
            await asyncio.gather(*(self._one(effect, now) for effect in effects))

    def _one(self, effect: Effect, now: float) -> Awaitable[None]:
        match effect:
            case Outbound(kind=kind, person=person):
                family = queues.urgent if kind == "emergency" else queues.sends
                return self._send(family(partition_of(person, self._partitions)), effect, now)
            case Intent(agent=agent):
                return self._send(queues.agent(agent), effect, now) if agent in self._agents else self._nobody(effect, now)
            case Record():
                return self._send(queues.RECORDS, effect, now)
            case WakeAt():
                return self._timers.set(effect)
            case CancelWake(person=person, timer=timer):
                return self._timers.cancel(person, timer)
            case _:
                assert_never(effect)

    def _nobody(self, intent: Intent, now: float) -> Awaitable[None]:
        id_ = InputId(f"{intent.id}:result")
        result = AgentResult(id_, intent.person, intent.id, intent.agent, "unavailable", now)
        queue = queues.turns_of(intent.person, self._partitions)
        return self._bus.publish(queue, Envelope(id=id_, key=intent.person, body=encode(result), at=now))

    def _send(self, queue: str, effect: Effect, now: float) -> Awaitable[None]:
        return self._bus.publish(queue, Envelope(id=effect.id, key=effect.person, body=encode(effect), at=now))
