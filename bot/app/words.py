"""Texts that agents put together themselves, read from the content."""

from __future__ import annotations

from agents.engagement_engine import digest_text
from agents.engagement_engine.words import FLOW, NAMES
from bot.dialogue.agent_texts import AgentTexts, load_agent_texts
from config.policy import Policy
from config.settings import Settings


def load_engagement_words(settings: Settings, policy: Policy) -> AgentTexts:
    """Of lists and digests. Raises Unreadable for texts that are wrong or missing."""
    languages = policy.behaviour.languages
    return load_agent_texts(settings.dialogs_dir, settings.locales_dir, FLOW, NAMES | digest_text.NAMES, languages=languages)
