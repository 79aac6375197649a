"""A sender over real engines, and a gateway that does what a test tells it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Collection
from contextlib import asynccontextmanager
from typing import Any

from bot.app.engines import Engines
from bot.backup.doubt import Restored
from bot.errors import BusUnavailable, OutcomeUnknown, SessionsUnavailable
from bot.metrics import Metrics
from bot.model.effects import Outbound
from bot.model.ids import EffectId, GatewayId
from bot.ports.aid import Aid
from bot.ports.bus import Delivery
from bot.ports.sessions import Deliveries
from bot.ports.store import DeliveryRecord
from bot.running.write_behind import WriteBehind
from bot.sending.circuit import Circuits
from bot.sending.pacing import Pacer
from bot.sending.sender import Sender
from bot.sending.spending import Spending
from tests.runtime.parts import delivery

NOW = 2000.0


class Phone:
    """A gateway that does what it is told: ``plan`` holds what the next sends meet; ``arrived`` is what the person sees."""

    def __init__(self, *plan: Exception | str) -> None:
        self.plan = list(plan)
        self.arrived: list[str] = []
        self.history: dict[EffectId, GatewayId] = {}
        self.looked, self.asked_since = 0, 0.0

    async def send(self, message: Outbound) -> GatewayId:
        meets = self.plan.pop(0) if self.plan else "ok"
        if meets == "hidden":  # it arrives, and we are not told
            self.deliver(message)
            raise OutcomeUnknown
        if isinstance(meets, Exception):
            raise meets
        return self.deliver(message)

    def deliver(self, message: Outbound) -> GatewayId:
        self.arrived.append(message.text)
        self.history[message.id] = GatewayId(f"g-{message.id}-{len(self.arrived)}")
        return self.history[message.id]

    async def find(self, message: Outbound, *, since: float, known: Collection[GatewayId]) -> GatewayId | None:
        self.looked, self.asked_since = self.looked + 1, since
        found = self.history.get(message.id)
        return None if found in known else found

    async def ping(self, instance: str) -> str:
        return "open"


class NoClaims:
    """Claims out of reach."""

    def __getattr__(self, name: str) -> Any:
        async def away(*_: Any, **__: Any) -> None:
            raise SessionsUnavailable

        return away


@asynccontextmanager
async def sending(
    engines: Engines,
    phone: Phone,
    *,
    deliveries: Deliveries | None = None,
    metrics: Metrics | None = None,
    restored: Restored | None = None,
    spending: Spending | None = None,
    aid: Aid | None = None,
    threshold: int = 100,
) -> AsyncIterator[Sender]:
    metrics = metrics or Metrics()

    async def refuse(entries: list[DeliveryRecord]) -> None:
        raise BusUnavailable

    records = WriteBehind(engines.store.save_deliveries, refuse, metrics, delay=0.0)
    async with asyncio.TaskGroup() as group:
        writer = group.create_task(records.run())
        yield Sender(
            phone, deliveries or engines.deliveries, engines.caps, engines.store, records,
            Pacer(1000.0), Circuits(metrics, threshold=threshold), metrics, lambda: NOW, notices_per_day=5, restored=restored,
            spending=spending, aid=aid,
        )  # fmt: skip
        writer.cancel()


def of(message: Outbound, *, redelivered: bool = False) -> Delivery:
    return delivery(message, message.person, message.id, redelivered=redelivered)
