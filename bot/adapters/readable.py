"""What concerns everybody does not stop at one row that nobody can read."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from typing import TypeVar

from bot.errors import Malformed

log = logging.getLogger(__name__)

Row = TypeVar("Row")
Value = TypeVar("Value")


def readable(rows: Iterable[Row], read: Callable[[Row], Value], what: str) -> list[Value]:
    """Those of ``rows`` that ``read`` can read. The others stay where they are, as evidence; ``what`` they are is logged."""
    found: list[Value] = []
    for row in rows:
        try:
            found.append(read(row))
        except Malformed as error:
            log.error("a stored row is unreadable", extra={"action": "row_unreadable", "kind": what, "code": error.code})
    return found
