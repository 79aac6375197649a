"""Translators get a picture of each text, as a phone shows it."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image
from playwright.async_api import Browser

from tests.browser.entries import SCALE, entries
from tests.i18n.desk import Desk

pytestmark = pytest.mark.anyio


async def test_each_text_of_a_page_is_a_picture_that_is_named_by_its_key(browser: Browser, tmp_path: Path) -> None:
    page = tmp_path / "hi.html"
    assert Desk(tmp_path).run("preview", "hi", "thanks", "--to", str(page)).exit_code == 0
    keys = [part.split('"')[0] for part in page.read_text(encoding="utf-8").split('<article id="')[1:]]
    made = await entries(browser, page, tmp_path / "made")
    assert [path.name for path in made] == [f"{key}.png" for key in keys]
    with Image.open(made[0]) as picture:
        assert picture.width > 300 * SCALE
        assert len(picture.convert("RGB").getcolors(1_000_000) or ()) > 10  # letters, on a bubble, on the phone's ground
