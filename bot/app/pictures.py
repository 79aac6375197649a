"""What the health insights make pictures with: the content's words, a process that draws, the media store."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from agents.health_insights.agent import Pictures
from agents.health_insights.painter import PaintProcess
from agents.health_insights.words import NAMES
from bot.dialogue.agent_texts import load_agent_texts
from bot.ports.media import MediaStore
from config.policy import Policy
from config.settings import Settings

FLOW = "pictures"


@asynccontextmanager
async def open_pictures(settings: Settings, policy: Policy, media: MediaStore) -> AsyncIterator[Pictures]:
    """The process starts with the first picture and ends with us. Raises Unreadable for texts that are wrong."""
    languages = policy.behaviour.languages
    words = load_agent_texts(settings.dialogs_dir, settings.locales_dir, FLOW, NAMES, languages=languages)
    painter = PaintProcess()
    try:
        yield Pictures(words, painter, media)
    finally:
        await painter.aclose()
