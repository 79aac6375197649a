"""Kinds of documents that migrations keep for themselves."""

from __future__ import annotations

from typing import Final

from bot.audit.end import KIND as AUDIT_END

RAN: Final = "migration"
"""What ran, when, by whom, and how far; one document for each migration."""
FORMER: Final = "former_id"
"""The id that somebody had before: the way back. It goes when the person is erased, or when all went back."""
OURS = frozenset({RAN, FORMER, AUDIT_END})
"""What a migration passes over: its own, and the mark at the end of the audit log, which names nobody and moves on meanwhile."""
