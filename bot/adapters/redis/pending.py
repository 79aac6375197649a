"""What waits in a link or in the queue: packed commands and who waits for their replies."""

from __future__ import annotations

import asyncio
from typing import Any

from bot.errors import SessionsUnavailable


class Pending:
    """``count`` commands packed in one string; the future gets their replies as a list."""

    __slots__ = ("count", "deadline", "future", "packed")

    def __init__(self, packed: bytes, count: int, future: asyncio.Future[list[Any]], deadline: float) -> None:
        self.packed = packed
        self.count = count
        self.future = future
        self.deadline = deadline  # by the event loop's clock

    def fail(self, code: str) -> None:
        if not self.future.done():
            self.future.set_exception(SessionsUnavailable(code=code))
