"""Ids of people in other words: found by their form, because they stand in many places and nobody else has it."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Mapping

Remember = Callable[[Mapping[str, str]], Awaitable[None]]
"""Keep new ids with the old ones that they stand for."""


class Renames:
    """Implements ``bot.ports.moving.Names``. ``mark``: the letter that the old ids begin with; ``new``: what stands for one of
    them, None for what only looks like one."""

    def __init__(self, mark: str, new: Callable[[str], str | None], remember: Remember | None = None) -> None:
        self._pattern = re.compile(f"{mark}[0-9a-f]{{24}}".encode())
        self._new, self._remember = new, remember
        self._found: dict[str, str] = {}
        self._known: set[str] = set()

    def raw(self, value: bytes) -> bytes:
        return self._pattern.sub(self._one, value)

    def text(self, value: str) -> str:
        return self.raw(value.encode("utf-8", "surrogatepass")).decode("utf-8", "surrogatepass")

    async def settle(self) -> None:
        if self._found and self._remember is not None:
            await self._remember(self._found)
        self._known |= self._found.keys()
        self._found = {}

    def _one(self, match: re.Match[bytes]) -> bytes:
        old = match[0].decode()
        new = self._new(old)
        if new is None:
            return match[0]
        if new not in self._known:
            self._found[new] = old
        return new.encode()
