"""The WhatsApp gateway, as the sender needs it."""

from __future__ import annotations

from collections.abc import Collection
from typing import Protocol

from bot.model.effects import Outbound
from bot.model.ids import GatewayId


class Gateway(Protocol):
    async def send(self, message: Outbound) -> GatewayId:
        """Send one message with one call and return WhatsApp's id of it.

        Raises GatewayUnavailable (surely not sent, may work later), OutcomeUnknown (may have been sent),
        Refused (never will be; ``code`` says why).
        """

    async def find(self, message: Outbound, *, since: float, known: Collection[GatewayId]) -> GatewayId | None:
        """Look in the gateway's history for this message, sent at ``since`` (Unix seconds) or later.

        Ids in ``known`` are others'. None when it is not there. Raises GatewayUnavailable."""

    async def ping(self, instance: str) -> str:
        """State of an instance as the gateway tells it, for example ``open``. Raises GatewayUnavailable or Refused."""
