"""What an agent answers, and what an agent is."""

from __future__ import annotations

from typing import Any, Protocol

from msgspec import Struct

from bot.model.effects import Intent


class Result(Struct, frozen=True):
    """``outcome`` is an id that flows branch on; ``facts`` are values that they may show."""

    outcome: str
    facts: dict[str, Any] = {}


class Agent(Protocol):
    """``name`` is also the name of its queue (``agent.NAME``). ``intents`` are the names it understands."""

    @property
    def name(self) -> str: ...

    @property
    def intents(self) -> tuple[str, ...]: ...

    async def handle(self, intent: Intent, *, now: float) -> Result:
        """Idempotent on ``intent.id``. Raises Malformed for data that no agent of this release understands."""
