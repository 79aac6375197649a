"""Why a model gave no answer that can be used."""

from __future__ import annotations

from typing import Final, Literal

Why = Literal[
    "off", "no_consent", "over_budget", "circuit_open", "shut", "timeout", "down", "busy", "credits", "key", "moderated",
    "no_provider", "bad_request", "malformed", "refused", "no_files",
]  # fmt: skip
"""``shut``: the key or the credits failed a short while ago. ``malformed``: no answer of the agreed form, also after the repair.
``refused``: the checker did not let it pass."""

OURS: Final = frozenset({"key", "credits"})
"""Somebody has to act before the next call can work."""
COUNTING: Final = frozenset({"timeout", "down", "busy", "no_provider"})
"""What says something about the provider and not about the question."""


class ModelFailed(Exception):
    """``retry_after``: seconds, where the other side told us."""

    def __init__(self, why: Why, *, retry_after: float | None = None) -> None:
        super().__init__(why)
        self.why: Why = why
        self.retry_after = retry_after
