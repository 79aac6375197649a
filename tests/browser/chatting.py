"""What people do and see on the chat page."""

from __future__ import annotations

import os
from pathlib import Path

from playwright.async_api import Locator, Page

ASHA, RAVI, FATIMA, MEENA = "919876500001", "919876500002", "447700900123", "919876500100"


async def say(page: Page, text: str) -> None:
    await page.get_by_test_id("input").fill(text)
    await page.get_by_test_id("input").press("Enter")


def theirs(page: Page) -> Locator:
    return page.locator('[data-testid="message"][data-mine="false"]')


async def shot(page: Page, name: str) -> None:
    if folder := os.environ.get("PROCARE_TEST_SHOTS"):
        await page.screenshot(path=str(Path(folder) / f"{name}.png"))
