"""A look-alike with a bot beside it."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from tests.webhooks_lookalike.bot_side import KEY, TOKEN, BotSide
from webhooks.lookalike import Instance, LookAlike, Retries

INSTANCES = [Instance("bot", token="META-TOKEN-bot"), Instance("zap", "baileys", number="551140000000", token="zap-token")]


@pytest.fixture
async def bot() -> AsyncIterator[BotSide]:
    async with BotSide().listening() as bot:
        yield bot


@pytest.fixture
async def look(bot: BotSide) -> AsyncIterator[LookAlike]:
    look = LookAlike(
        INSTANCES,
        api_key=KEY,
        webhook_url=bot.url,
        webhook_headers={"x-webhook-token": TOKEN},
        receipt_pause=0.01,
        retries=Retries(base=0.01, most=0.05),
    )
    async with look.listening() as bot.gateway:
        yield look
