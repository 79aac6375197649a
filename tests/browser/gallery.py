"""``make gallery``: the main conversations of every language in the chat page, as pictures of a phone in a real Chromium.

The service is the whole one, on its embedded engines, with all wanted languages, offered or not. Nobody can read
fifteen languages, but everybody sees a broken letter, a cut label, or English that was left. What a program can see, it looks for
itself before each picture: a bubble, button or row that is empty, and words that run out of theirs.
"""

from __future__ import annotations

import asyncio
import os
import sys
import tempfile
from pathlib import Path

from playwright.async_api import Browser, Locator, Page, async_playwright, expect

from bot.dialogue.tongues import load_tongues
from bot.i18n.book import languages_of
from tests.browser.conftest import CHROMIUM, FLAGS
from tests.browser.fonts import font_settings
from tests.e2e.service import Service
from tests.transcripts.stage import LOCALES

LANGUAGES = ("en", *languages_of(LOCALES))
PHONE = {"width": 390, "height": 844}
ANSWER = 60_000  # ms
QUIET = 700  # ms without another message: the turn is over
CHEST_PAIN = {
    "en": "I have chest pain", "hi": "सीने में दर्द हो रहा है", "hi_Latn": "seene mein dard ho raha hai", "bn": "বুকে ব্যথা করছে",
    "te": "ఛాతీ నొప్పి వస్తోంది", "mr": "छातीत दुखत आहे", "ta": "நெஞ்சு வலி", "gu": "છાતીમાં દુખે છે", "kn": "ಎದೆ ನೋವು",
    "ml": "നെഞ്ചുവേദന", "pa": "ਛਾਤੀ ਵਿੱਚ ਦਰਦ ਹੈ", "ur": "سینے میں درد ہے", "or": "ଛାତିରେ ଯନ୍ତ୍ରଣା",
    "as": "বুকুৰ বিষ", "de": "Ich habe Brustschmerzen",
}  # fmt: skip

FAULTS = """() => {
  const found = [];
  const tell = (what, element) => found.push(`${what}: ${element.className} ${JSON.stringify(element.textContent.slice(0, 60))}`);
  for (const box of document.querySelectorAll(".message .bubble, .message .option, #sheet[open] .row")) {
    if (!box.getClientRects().length) continue;
    const words = box.cloneNode(true);
    words.querySelectorAll(".hidden, .stamp, .options, .quoted").forEach((one) => one.remove());
    if (!words.textContent.trim() && !words.querySelector("img, .file")) tell("empty", box);
    const { left, right, top, bottom } = box.getBoundingClientRect();
    if (left < -1 || right > innerWidth + 1) tell("beside the screen", box);
    const range = document.createRange();
    const texts = document.createTreeWalker(box, NodeFilter.SHOW_TEXT);
    while (texts.nextNode()) {
      if (!texts.currentNode.data.trim() || texts.currentNode.parentElement.closest(".hidden, .quoted")) continue;
      range.selectNodeContents(texts.currentNode);
      const beside = (line) => line.left < left - 1 || line.right > right + 1 || line.top < top - 6 || line.bottom > bottom + 6;
      const out = [...range.getClientRects()].some((line) => line.width > 1 && beside(line));
      if (out) { tell("out of its place", box); break; }
    }
  }
  return found;
}"""
"""What a phone would not show as it was meant. A quote is cut on purpose; tall scripts may stand a little above their row."""


class Faulty(Exception):
    """A message would look broken on a phone. The text says which, and how."""


class Visit:
    """One person's talk in one language, and the pictures of it."""

    def __init__(self, page: Page, language: str, folder: Path) -> None:
        self.page = page
        self.language = language
        self.folder = folder
        self.count = 0

    @property
    def theirs(self) -> Locator:
        return self.page.locator('[data-testid="message"][data-mine="false"]')

    async def answer(self, before: int) -> None:
        """Wait until the turn's last message is there."""
        await expect(self.theirs).not_to_have_count(before, timeout=ANSWER)
        while True:
            seen = await self.theirs.count()
            await self.page.wait_for_timeout(QUIET)
            if await self.theirs.count() == seen and await self.page.get_by_test_id("typing").is_hidden():
                return

    async def say(self, text: str) -> None:
        before = await self.theirs.count()
        await self.page.get_by_test_id("input").fill(text)
        await self.page.get_by_test_id("input").press("Enter")
        await self.answer(before)

    async def tap(self, option: str) -> None:
        """A button, or a row of the list that is open."""
        before = await self.theirs.count()
        shown = self.page.locator(f'[data-option="{option}"]')
        if await self.page.get_by_test_id("sheet").is_visible():
            shown = self.page.locator(f'[data-testid="row"][data-option="{option}"]')
        await shown.last.click()
        await self.answer(before)

    async def open_list(self) -> None:
        await self.page.get_by_test_id("menu").last.click()
        await expect(self.page.get_by_test_id("sheet")).to_be_visible()

    async def faults(self) -> list[str]:
        found: list[str] = await self.page.evaluate(FAULTS)
        return found

    async def shot(self, name: str) -> None:
        """A picture of the phone. Raises Faulty."""
        self.count += 1
        await self.page.mouse.move(1, 1)  # no tools that only show under a pointer
        await self.page.screenshot(path=str(self.folder / f"{self.language}-{self.count}-{name}.png"))
        if faults := await self.faults():
            raise Faulty(f"{self.language}-{self.count}-{name}.png: {'; '.join(faults)}")


async def visit(browser: Browser, url: str, language: str, own_name: str, folder: Path) -> None:
    context = await browser.new_context(viewport=PHONE, locale="en-GB", reduced_motion="reduce", color_scheme="light")  # type: ignore[arg-type]  # a dict with these two keys
    page = await context.new_page()
    await page.goto(url)
    await page.get_by_test_id("add-patient").click()
    await page.get_by_test_id("newcomer-name").fill(f"Asha ({own_name})")
    await page.get_by_test_id("newcomer-add").click()
    one = Visit(page, language, folder)
    try:
        await talk(one, language, own_name)
    except Faulty:
        raise
    except Exception:
        await one.shot("failed")
        raise
    await context.close()


async def talk(one: Visit, language: str, own_name: str) -> None:
    await one.say("hi")
    await one.say(own_name)
    await one.shot("consent")
    await one.tap("welcome.ask_consent:agree")
    await one.say("Asha")
    await one.say("1965")
    await one.open_list()
    await one.shot("list")
    await one.tap("profile.ask_condition:type_2")
    await one.open_list()
    await one.tap("more_conditions.ask:no")
    await one.tap("profile.ask_unit:mg_dl")
    await one.shot("questions")
    await one.tap("profile.ask_zone:yes")
    await one.shot("allowed")
    await one.say("menu")
    await one.open_list()
    await one.shot("menu")
    await one.tap("menu.choose:log")
    await one.say("182")
    await one.open_list()
    await one.tap("log_glucose.ask_context:fasting")
    await one.shot("reading")
    await one.say("52")
    await one.shot("low")
    await one.say(CHEST_PAIN[language])
    await one.shot("emergency")


async def gallery(folder: Path, wanted: tuple[str, ...]) -> None:
    tongues = load_tongues(LOCALES, LANGUAGES)
    with tempfile.TemporaryDirectory() as made:
        service = Service(Path(made) / "service", {"languages": ",".join(dict.fromkeys(("en", *wanted)))}, "serve")
        service.start()
        try:
            service.wait_until_ready()
            async with async_playwright() as playwright:
                env = {**os.environ, **font_settings(Path(made))}
                browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS, env=env)
                for language in wanted:
                    await visit(browser, service.url, language, tongues[language].name, folder)
                    print(f"{folder}/{language}-*.png", flush=True)
                await browser.close()
        finally:
            service.close()


if __name__ == "__main__":
    pictures = Path(sys.argv[1])
    pictures.mkdir(parents=True, exist_ok=True)
    asyncio.run(gallery(pictures, tuple(sys.argv[2:]) or LANGUAGES))
