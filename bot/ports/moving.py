"""Ids of people put into other words wherever an engine holds them, in names of rows, in texts and in what is sealed."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Protocol

from bot.ports.resealing import Step


class Names(Protocol):
    """Old ids in other words. Both are equally long, so that the form of what they stand in stays."""

    def raw(self, value: bytes) -> bytes:
        """The same bytes with the other ids."""

    def text(self, value: str) -> str:
        """The same text with the other ids."""

    async def settle(self) -> None:
        """Called before what was put into other words is written: from then on there is a way back for it."""


class Moving(Protocol):
    @property
    def place(self) -> str:
        """For people."""

    def steps(self, names: Names, *, write: bool) -> AsyncIterator[Step]:
        """In small batches; ``done`` counts what changed, or, without ``write``, what would. It may be broken off and begun
        again: what is done is passed over. Nothing else may run meanwhile. Raises Unavailable."""
