"""``make screenshots CODE=ta``: a picture of each text of a language as a phone shows it, named by its key.

For translators whose tool shows pictures beside texts; the page that they are taken from is that of ``procare i18n preview``.
"""

from __future__ import annotations

import asyncio
import os
import sys
import tempfile
from pathlib import Path

from playwright.async_api import Browser, async_playwright

from tests.browser.conftest import CHROMIUM, FLAGS
from tests.browser.fonts import font_settings

SCALE = 2  # pixels of the picture for one of the page


async def entries(browser: Browser, page_file: Path, folder: Path) -> list[Path]:
    """Take the pictures of all texts on a page of ``procare i18n preview``; both paths are absolute."""
    context = await browser.new_context(viewport={"width": 1000, "height": 1200}, device_scale_factor=SCALE, color_scheme="light")
    page = await context.new_page()
    await page.goto(page_file.as_uri())
    made = []
    for article in await page.locator("article").all():
        made.append(folder / f"{await article.get_attribute('id')}.png")
        await article.locator(".phone").screenshot(path=made[-1])
    await context.close()
    return made


async def main(page_file: Path, folder: Path) -> None:
    with tempfile.TemporaryDirectory() as made:
        async with async_playwright() as playwright:
            env = {**os.environ, **font_settings(Path(made))}
            browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS, env=env)
            pictures = await entries(browser, page_file, folder)
            await browser.close()
    print(f"{folder}: {len(pictures)} pictures, named by the keys of their texts")


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1]).resolve(), Path(sys.argv[2]).resolve()))
