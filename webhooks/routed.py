"""Several gateways as one: each instance's messages go to the gateway that serves it."""

from __future__ import annotations

from collections.abc import Collection

from bot.errors import GatewayUnavailable
from bot.model.effects import Outbound
from bot.model.ids import GatewayId
from bot.ports.gateway import Gateway
from webhooks.meta.client import MetaGateway


class Routed:
    """Implements ``bot.ports.gateway.Gateway``. What Meta's numbers do not serve is ``other``'s. A person whose number moved to
    another instance is answered there, because a session remembers the instance of their last message."""

    def __init__(self, meta: MetaGateway, other: Gateway | None) -> None:
        self._meta, self._other = meta, other

    def _of(self, instance: str) -> Gateway:
        if self._meta.serves(instance):
            return self._meta
        if self._other is None:
            # An operator may have taken it away by mistake: the message waits.
            raise GatewayUnavailable("No gateway serves this instance.", code="no_instance", retry_after=60.0)
        return self._other

    async def send(self, message: Outbound) -> GatewayId:
        return await self._of(message.instance).send(message)

    async def find(self, message: Outbound, *, since: float, known: Collection[GatewayId]) -> GatewayId | None:
        return await self._of(message.instance).find(message, since=since, known=known)

    async def ping(self, instance: str) -> str:
        return await self._of(instance).ping(instance)
