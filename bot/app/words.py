"""Texts that agents put together themselves, read from the content."""

from __future__ import annotations

from collections.abc import Callable

from agents.engagement_engine import digest_text
from agents.engagement_engine.words import FLOW, NAMES
from bot.dialogue.agent_texts import AgentTexts, load_agent_texts, uncounted
from config.policy import Policy
from config.settings import Settings


def load_engagement_words(settings: Settings, policy: Policy, missed: Callable[[str], None] = uncounted) -> AgentTexts:
    """Of lists and digests. Raises Unreadable for texts that are wrong or missing."""
    names, languages = NAMES | digest_text.NAMES, policy.behaviour.languages
    return load_agent_texts(settings.dialogs_dir, settings.locales_dir, FLOW, names, languages=languages, missed=missed)
