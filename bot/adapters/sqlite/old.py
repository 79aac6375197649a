"""Which rows are old, in SQL."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from bot.ports.store import Place


def old_rows(place: Place, kinds: Sequence[str], before: float) -> tuple[str, tuple[Any, ...]]:
    """What stands behind FROM, and its values."""
    match place:
        case "journal":  # heads has the version of each person's newest entry
            return "journal JOIN heads USING (person) WHERE journal.at < ? AND journal.version < heads.version", (before,)
        case "deliveries":
            return "deliveries WHERE at < ?", (before,)
        case "records":
            return f"records WHERE at < ? AND kind IN ({', '.join('?' * len(kinds))})", (before, *kinds)
