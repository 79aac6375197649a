"""Checks of the content. ``at_load`` is what the service refuses to start with; the rest is for authors, in ``check``."""

from __future__ import annotations

from bot.dialogue.lint.at_load import lint_flow
from bot.dialogue.lint.emergency import lint_emergency
from bot.dialogue.lint.experiments import lint_experiments
from bot.dialogue.lint.media import lint_media
from bot.dialogue.lint.together import lint_together

__all__ = ["lint_emergency", "lint_experiments", "lint_flow", "lint_media", "lint_together"]
