"""What the gallery needs: words of danger in every language, that are heard, and one font for all of an Urdu line."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from bot.understanding.meaning import Context
from tests.browser.fonts import font_settings
from tests.browser.gallery import CHEST_PAIN, LANGUAGES
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
