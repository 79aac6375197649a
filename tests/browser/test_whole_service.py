"""The whole service behind the chat page, in a real Chromium: consent, a reading, an emergency, and the same in Hindi."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.async_api import Page, expect

from tests.browser.chatting import say, shot, theirs
from tests.e2e.service import Service, serving

pytestmark = pytest.mark.browser
ASHA, RAVI, FATIMA = "919876500001", "919876500002", "447700900123"
"""Each of a test of its own, which needs nothing of another."""


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """``procare serve`` on the embedded engines, as ``make run`` starts it."""
    with serving(tmp_path_factory.mktemp("browser"), {}) as running:
        yield running


@pytest.fixture
def chat_url(service: Service) -> str:
    return service.url


async def choose_language(page: Page, name: str) -> None:
    await page.get_by_test_id("menu").last.click()
    await page.get_by_test_id("row").filter(has_text=name).click()


async def agree(page: Page, chat_url: str, number: str) -> None:
    await page.goto(f"{chat_url}/#{number}")
    await say(page, "hi")
    await expect(theirs(page).last).to_contain_text("automated assistant")
    await choose_language(page, "English")
    await expect(theirs(page).last).to_contain_text("Do you agree?")
    await page.get_by_test_id("option").filter(has_text="I agree").last.click()
    await expect(theirs(page).last).to_contain_text("What may I call you?")


async def test_consent_a_reading_and_an_emergency(page: Page, chat_url: str) -> None:
    await agree(page, chat_url, ASHA)
    await say(page, "sugar 182 fasting")
    await expect(theirs(page).filter(has_text="Noted: 182 mg/dL")).to_be_visible()
    await say(page, "I have chest pain")
    # The first: soon after, the ladder says that nobody is there who could be told, and names the number again.
    await expect(theirs(page).filter(has_text="112 / 108").first).to_be_visible()
    await shot(page, "whole-english")


async def test_the_menu_is_a_list_whose_rows_lead_on_and_the_drawer_shows_what_was_understood(page: Page, chat_url: str) -> None:
    await agree(page, chat_url, FATIMA)
    await say(page, "menu")
    await expect(theirs(page).last).to_contain_text("What would you like to do?")  # not the list of languages, above it
    await page.get_by_test_id("menu").last.click()
    await page.get_by_test_id("row").filter(has_text="Log a sugar reading").click()
    await expect(theirs(page).last).to_contain_text("What was your sugar reading?")
    await say(page, "sugar 145 after food")
    await expect(theirs(page).filter(has_text="145 mg/dL")).to_be_visible()
    await page.get_by_test_id("developer").click()
    await page.locator('[data-testid="message"][data-mine="true"]').last.get_by_test_id("tool-details").click(force=True)
    await expect(page.get_by_test_id("drawer-meaning")).to_contain_text("glucose")


async def test_the_same_in_hindi(page: Page, chat_url: str) -> None:
    await page.goto(f"{chat_url}/#{RAVI}")
    await say(page, "नमस्ते")
    await page.get_by_test_id("menu").last.click()
    await expect(page.get_by_test_id("row").first).to_contain_text("हिन्दी")  # the language of the first words
    await page.keyboard.press("Escape")
    await choose_language(page, "हिन्दी")
    await expect(theirs(page).last).to_contain_text("क्या आप सहमत हैं?")
    await page.get_by_test_id("option").filter(has_text="मैं सहमत हूँ").last.click()
    await expect(theirs(page).last).to_contain_text("किस नाम से")
    await say(page, "१८२ खाली पेट")
    await expect(theirs(page).filter(has_text="182 mg/dL")).to_be_visible()
    await say(page, "seene mein dard ho raha hai")
    danger = theirs(page).filter(has_text="112 / 108").first
    await expect(danger).to_be_visible()
    await expect(danger).to_contain_text("Emergency: call")
    await shot(page, "whole-hindi")
