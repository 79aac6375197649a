"""The bus and the gateway with tracing around them; used only where tracing is on."""

from __future__ import annotations

from collections.abc import Collection

from msgspec.structs import replace

from bot.around_bus import AroundBus
from bot.model.effects import Outbound
from bot.model.ids import GatewayId
from bot.ports.bus import Bus, Envelope
from bot.ports.gateway import Gateway
from bot.queues import family
from bot.tracing import Tracing


class TracedBus(AroundBus):
    """What is published carries the span that it is published in. What nobody asked for (a timer, work that came due) begins a
    trace of its own."""

    def __init__(self, bus: Bus, tracing: Tracing) -> None:
        super().__init__(bus)
        self._tracing = tracing

    async def publish(self, queue: str, envelope: Envelope) -> None:
        if envelope.trace:  # a replay goes on where it was
            return await self._bus.publish(queue, envelope)
        if carried := self._tracing.carried():
            return await self._bus.publish(queue, replace(envelope, trace=carried))
        with self._tracing.begun(f"publish {family(queue)}", queue=queue):
            await self._bus.publish(queue, replace(envelope, trace=self._tracing.carried()))


class TracedGateway:
    """One span for each call that sends."""

    def __init__(self, gateway: Gateway, tracing: Tracing) -> None:
        self._gateway, self._tracing = gateway, tracing

    async def send(self, message: Outbound) -> GatewayId:
        with self._tracing.begun("gateway", kind=message.kind):
            return await self._gateway.send(message)

    async def find(self, message: Outbound, *, since: float, known: Collection[GatewayId]) -> GatewayId | None:
        with self._tracing.begun("gateway history", kind=message.kind):
            return await self._gateway.find(message, since=since, known=known)

    async def ping(self, instance: str) -> str:
        return await self._gateway.ping(instance)
