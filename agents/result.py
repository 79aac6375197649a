"""What an agent answers, and what an agent is."""

from __future__ import annotations

from typing import Any, Protocol

from msgspec import Struct

from bot.model.effects import Intent
from bot.model.telling import Ask, Tell
from bot.ports.documents import Document

__all__ = ["Agent", "Ask", "Result", "Tell", "Woken"]


class Result(Struct, frozen=True):
    """``outcome`` is an id that flows branch on; ``facts`` are values that they may show.

    ``untranslated``: the person's language, where what is told is not in it; that is counted.
    """

    outcome: str
    facts: dict[str, Any] = {}
    tells: tuple[Tell, ...] = ()
    asks: tuple[Ask, ...] = ()
    untranslated: str | None = None


class Agent(Protocol):
    """``name`` is also the name of its queue (``agent.NAME``). ``intents`` are the names it understands."""

    @property
    def name(self) -> str: ...

    @property
    def intents(self) -> tuple[str, ...]: ...

    async def handle(self, intent: Intent, *, now: float) -> Result:
        """Idempotent on ``intent.id``: a repeat leaves the same record and gives the same result. Raises Malformed for data
        that no agent of this release understands."""


class Woken(Struct, frozen=True):
    """The document as it is to be saved. What is told and asked goes out before that, so a crash between the two repeats the
    wake: the ids must be the same again."""

    document: Document
    tells: tuple[Tell, ...] = ()
    asks: tuple[Ask, ...] = ()
