"""The texts of pictures, in every language that has a catalogue."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from agents.health_insights.words import NAMES
from bot.dialogue.agent_texts import AgentTexts, load_agent_texts
from bot.i18n.book import languages_of

ROOT = Path(__file__).parents[3]
LANGUAGES = ("en", *languages_of(ROOT / "locales"))


@cache
def our_own() -> AgentTexts:
    return load_agent_texts(ROOT / "dialogs", ROOT / "locales", "pictures", NAMES, languages=LANGUAGES)
