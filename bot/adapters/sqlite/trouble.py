"""What sqlite3 raises, in our words."""

from __future__ import annotations

import sqlite3

from bot.errors import BotError, Malformed, StoreUnavailable

RAISED = (sqlite3.Error, sqlite3.Warning, OverflowError, UnicodeEncodeError)
"""Base classes of all that sqlite3 raises for values of the right type; the last two mean a value that no column can hold."""


def translated(error: BaseException) -> BotError:
    if isinstance(error, OverflowError | UnicodeEncodeError):
        return Malformed("A value does not fit into the store.", code="sqlite_value")
    name = getattr(error, "sqlite_errorname", None) or type(error).__name__
    return StoreUnavailable(code=name.lower())
