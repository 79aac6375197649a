"""What a model may contribute, as the rest of the service sees it.

Every method answers None when there is nothing to use: then the deterministic way is taken, and with no model configured there is
nobody behind these ports at all. None of them raises."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from msgspec import Struct

from bot.model.effects import Outbound
from bot.model.hint import Hint
from bot.model.ids import PersonId
from bot.model.inbound import Inbound
from bot.model.session import Session


class Opinions(Protocol):
    """Asked by the worker when a turn did not understand a message."""

    def wanted(self, event: Inbound, session: Session, kind: str, after: Session) -> bool:
        """``session``: before the turn; ``kind`` and ``after``: what it came to without us."""

    async def of(self, event: Inbound, session: Session) -> Hint | None:
        """What the message may have meant. It may take seconds; whoever asks sets the limit."""

    async def kinder(self, session: Session, said: Outbound) -> str | None:
        """The same facts in warmer words, for whoever agreed to it; None: as they stand."""


class Portion(Struct, frozen=True):
    """``food``: one of the ids that were offered; ``words``: where the person said it."""

    food: str
    amount: float
    words: str


class ReadsMeals(Protocol):
    async def meal(self, person: PersonId, cause: str, text: str, foods: Sequence[str]) -> tuple[Portion, ...] | None:
        """Foods in a description that our own table could not read. ``foods``: ids that may be answered."""


class Passage(Struct, frozen=True):
    id: str
    text: str


class Grounded(Struct, frozen=True):
    text: str
    citations: tuple[str, ...]


class AnswersFromPassages(Protocol):
    async def answered(
        self, person: PersonId, cause: str, question: str, passages: Sequence[Passage], language: str, *, longest: int = 700
    ) -> Grounded | None:
        """An answer out of reviewed passages and nothing else."""
