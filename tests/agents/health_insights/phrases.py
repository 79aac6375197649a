"""The texts of pictures: our own in English and Hindi, and machine-written ones to look at the letters of other languages."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import yaml

from agents.health_insights.words import NAMES
from bot.dialogue.agent_texts import AgentTexts, load_agent_texts
from config.policy import load_policy

ROOT = Path(__file__).parents[3]
LANGUAGES = ("en", "hi", "bn", "te", "mr", "ta", "gu", "kn", "ml", "pa", "ur", "or", "as", "de")


class Phrases:
    def say(self, name: str, language: str, /, **values: Any) -> str:
        other = _others().get(language, {}).get(name)
        return other.format(**values) if other else our_own().say(name, language, **values)


@cache
def our_own() -> AgentTexts:
    return load_agent_texts(ROOT / "dialogs", ROOT / "locales", "pictures", NAMES, languages=load_policy().behaviour.languages)


@cache
def _others() -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = yaml.safe_load((Path(__file__).parent / "phrases.yaml").read_text(encoding="utf-8"))
    return found
