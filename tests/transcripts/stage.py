"""The stage of the product's own conversation tests, built once: the real content, the real reader."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from pathlib import Path

from bot.dialogue.transcript.conversation import Stage
from bot.dialogue.transcript.library import load_stage
from bot.i18n.book import languages_of
from config.policy import Policy, load_policy
from tests.reading import our_reader

ROOT = Path(__file__).parents[2]
DIALOGS, LOCALES = ROOT / "dialogs", ROOT / "locales"
LANGUAGES = ("en", "hi")
"""Enough to try the player itself."""
TRANSLATED = ("en", *languages_of(LOCALES))
"""Those in which the conversations are played, also such that are not offered yet."""


@cache
def policy() -> Policy:
    return load_policy()


@cache
def stage() -> Stage:
    return stage_of(DIALOGS)


@cache
def stage_in_all() -> Stage:
    """The same in every language that has a catalogue."""
    return load_stage(DIALOGS, LOCALES, TRANSLATED, policy(), our_reader().understand)


def stage_of(dialogs: Path, languages: Sequence[str] = LANGUAGES) -> Stage:
    """A stage with other dialogues and everything else as in the product."""
    return load_stage(dialogs, LOCALES, languages, policy(), our_reader().understand)
