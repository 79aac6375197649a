"""Templates of the official channel: given in for review, looked up, and which of them are approved."""

from __future__ import annotations

from typing import Any, Protocol

from msgspec import Struct

from bot.model.effects import TemplateOffer, TemplateWording


class NewTemplate(Struct, frozen=True):
    """One template in one language, as WhatsApp's reviewers get it."""

    name: str
    language: str
    category: str
    components: list[dict[str, Any]]


class RemoteTemplate(Struct, frozen=True):
    """The same as WhatsApp has it. ``status`` is WhatsApp's word, such as PENDING, APPROVED, REJECTED, PAUSED or DISABLED."""

    name: str
    language: str
    status: str
    category: str
    id: str
    components: list[dict[str, Any]] = []
    reason: str | None = None  # of a rejection
    quality: str | None = None  # GREEN, YELLOW or RED


class TemplateDesk(Protocol):
    async def create_template(self, instance: str, template: NewTemplate) -> RemoteTemplate:
        """Give one in for review. Raises GatewayUnavailable, OutcomeUnknown, or Refused with WhatsApp's own words."""

    async def templates(self, instance: str) -> list[RemoteTemplate]:
        """Those that the gateway lists; it may be the first page only. Raises GatewayUnavailable or Refused."""


class Approved(Protocol):
    async def approved(self, offer: TemplateOffer) -> list[TemplateWording]:
        """Those wordings of an offer, the best first, whose very words are approved. Raises StoreUnavailable."""
