"""What the health insights make pictures with: the content's words, a process that draws, the media store."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime

from agents.health_insights.agent import Pictures
from agents.health_insights.painter import PaintProcess
from agents.health_insights.picture.order import Order
from agents.health_insights.plan import Frame, glucose_chart
from agents.health_insights.sample import Sample
from agents.health_insights.words import NAMES, Words
from bot.dialogue.agent_texts import load_agent_texts, uncounted
from bot.ports.media import MediaStore
from config.clinical import Band
from config.insights import load_insights
from config.policy import Policy
from config.settings import Settings

FLOW = "pictures"


def first_order(words: Words, languages: Sequence[str]) -> Order:
    """A chart of nobody. Planning one in each language also reads how each writes its dates and numbers."""
    sample = Sample(120.0, datetime(2026, 1, 1, 8, tzinfo=UTC))
    frames = [Frame(sample.day, 7, language, "mg/dL", words) for language in languages]
    charts = [glucose_chart([sample], Band(low=70, high=180), frame, load_insights()) for frame in frames]
    return Order(chart=charts[0])


@asynccontextmanager
async def open_pictures(
    settings: Settings, policy: Policy, media: MediaStore, missed: Callable[[str], None] = uncounted
) -> AsyncIterator[Pictures]:
    """The process that draws starts beside us and ends with us. Raises Unreadable for texts that are wrong."""
    languages = policy.behaviour.languages
    words = load_agent_texts(settings.dialogs_dir, settings.locales_dir, FLOW, NAMES, languages=languages, missed=missed)
    painter = PaintProcess()
    warming = asyncio.create_task(painter.warm(first_order(words, policy.behaviour.languages)), name="first picture")
    try:
        yield Pictures(words, painter, media)
    finally:
        warming.cancel()
        await asyncio.wait({warming})
        await painter.aclose()
