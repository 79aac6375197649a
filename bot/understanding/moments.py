"""Dates and times as people say them."""

from __future__ import annotations

from typing import Any

from bot.understanding.amounts import Amount
from bot.understanding.meaning import Context
from bot.understanding.said import Said


def find_moments(said: Said, amounts: list[Amount], context: Context) -> tuple[dict[str, Any], ...]:
    """Mentions of days and clock times, in order."""
    return ()
