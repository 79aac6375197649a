"""A real Chromium, and the chat page against a scripted bot."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import Browser, Page, async_playwright, expect

from tests.browser.echo_bot import KEY, TOKEN, EchoBot
from webhooks.lookalike import Instance, LookAlike

CHROMIUM = "/usr/bin/chromium"
FOUND = Path(CHROMIUM).exists()
PATIENCE = 60_000
"""Milliseconds: how long a page may take on a machine that runs other tests too. Passing waits end at once."""
expect.set_options(timeout=PATIENCE)
FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="module")
def anyio_backend() -> str:
    """One loop for a whole module, so that it shares one browser."""
    return "asyncio"


@pytest.fixture(scope="module")
async def browser() -> AsyncIterator[Browser]:
    if not FOUND:
        if os.environ.get("CI"):
            pytest.fail(f"no Chromium at {CHROMIUM}")
        pytest.skip(f"no Chromium at {CHROMIUM} (Debian: apt-get install chromium)")
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        await browser.close()


@pytest.fixture
async def page(browser: Browser, chat_url: str) -> AsyncIterator[Page]:
    """A page that fails the test when a script fails, or when the page's own security policy stops something.

    It wants ``chat_url``, so that it is closed before the service behind it stops.
    """
    problems: list[str] = []
    context = await browser.new_context(viewport={"width": 1200, "height": 800}, locale="en-GB", reduced_motion="reduce")
    page = await context.new_page()
    page.set_default_timeout(PATIENCE)
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.on("console", lambda line: problems.append(line.text) if line.type == "error" else None)
    yield page
    await context.close()
    assert problems == []


@pytest.fixture
def bot() -> EchoBot:
    return EchoBot()


@pytest.fixture
async def look(bot: EchoBot) -> AsyncIterator[LookAlike]:
    """The look-alike, listening, with the scripted bot behind it."""
    look = LookAlike(
        [Instance("cloud"), Instance("phone", "baileys")],
        api_key=KEY,
        webhook_headers={"x-webhook-token": TOKEN},
        receipt_pause=0.02,
        meaning=lambda text, language: {"urgency": "none", "readings": [], "heard": text, "language": language or "en"},
    )
    async with bot.listening() as hook, look.listening() as bot.gateway:
        look.post_to(hook)
        yield look


@pytest.fixture
def chat_url(bot: EchoBot, look: LookAlike) -> str:
    return bot.gateway
