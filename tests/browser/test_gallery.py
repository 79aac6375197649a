"""The gallery: made for one language and looked through; its words of danger are heard, and Urdu lines have one font."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest
from PIL import Image
from playwright.async_api import Browser, Page

from bot.understanding.meaning import Context
from tests.browser.chatting import ASHA
from tests.browser.fonts import font_settings
from tests.browser.gallery import CHEST_PAIN, LANGUAGES, Visit, gallery
from tests.reading import our_reader
from tests.transcripts.stage import stage_in_all


def test_the_words_of_danger_are_heard_in_every_language_that_has_a_catalogue() -> None:
    assert set(CHEST_PAIN) == set(LANGUAGES)
    tongues = stage_in_all().content.tongues
    calm = [
        language
        for language, words in CHEST_PAIN.items()
        if our_reader().understand(words, Context(language=tongues[language].base)).urgency != "emergency"
    ]
    assert calm == []


@pytest.mark.skipif(shutil.which("fc-match") is None, reason="no fontconfig (Debian: apt-get install fontconfig)")
def test_a_browser_gets_our_fonts(tmp_path: Path) -> None:
    env = {**os.environ, **{name: str(value) for name, value in font_settings(tmp_path).items()}}
    for wanted, font in (("system-ui", "NotoSans-Regular.ttf"), (":lang=or", "NotoSansOriya-Regular.ttf")):
        assert font in subprocess.run(["fc-match", wanted], env=env, capture_output=True, text=True, check=True).stdout


SHOTS = ("consent", "list", "questions", "allowed", "menu", "reading", "low", "emergency")


def pictures(folder: Path) -> dict[str, tuple[int, int]]:
    """Those with something on them, and their sizes."""
    found = {}
    for path in folder.glob("*.png"):
        with Image.open(path) as picture:
            if len(picture.convert("RGB").getcolors(1_000_000) or ()) > 20:
                found[path.name] = picture.size
    return found


@pytest.mark.browser
async def test_the_gallery_of_a_language_is_made_and_nothing_on_it_is_empty_or_out_of_its_place(
    browser: Browser, tmp_path: Path
) -> None:
    """Tamil has the longest labels. ``browser`` only tells whether there is one; the gallery has its own, with our fonts."""
    await gallery(tmp_path, ("ta",))
    made = {f"ta-{number}-{name}.png" for number, name in enumerate(SHOTS, 1)}
    assert pictures(tmp_path) == dict.fromkeys(made, (390, 844))


WORDS, OPTION = "document.querySelector('[data-mine=false] .words')", "document.querySelector('.option')"


@pytest.mark.browser
@pytest.mark.parametrize(
    ("spoil", "told"),
    [
        ("document.querySelector('[data-mine=false] .words').textContent = ''", "empty: bubble"),
        ("document.querySelector('.option span').textContent = ' '", "empty: option"),
        (
            f"Object.assign({WORDS}, {{textContent: 'x'.repeat(300), style: 'white-space:pre'}})",
            "out of its place: bubble",
        ),
        (
            "Object.assign(document.querySelector('.option').style, {height: '2px', minHeight: 0, padding: 0})",
            "out of its place: option",
        ),
        ("Object.assign(document.querySelector('.option').style, {marginLeft: '2000px'})", "beside the screen: option"),
    ],
)
async def test_what_a_phone_would_not_show_as_it_was_meant_is_told(
    page: Page, chat_url: str, tmp_path: Path, spoil: str, told: str
) -> None:
    one = Visit(page, "en", tmp_path)
    await page.goto(f"{chat_url}/#{ASHA}")
    await one.say("buttons")
    await one.say("list")
    await one.open_list()
    assert await one.faults() == []
    await page.keyboard.press("Escape")
    await page.evaluate(spoil)
    assert [fault for fault in await one.faults() if fault.startswith(told)]
