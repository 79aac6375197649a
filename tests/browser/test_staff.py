"""The staff's pages in a real browser: its own rules for cookies and its policy against scripts hold on loopback."""

from __future__ import annotations

import time

import pytest
from playwright.async_api import Browser

from bot.model.ids import EffectId, person_of
from bot.ports.store import Reading
from tests.browser.conftest import PATIENCE
from tests.staff.site import PASSWORD, open_site

pytestmark = pytest.mark.anyio
ANNA = person_of("phone:919800000001")


async def test_a_clinician_signs_in_looks_at_a_record_and_out_again(browser: Browser) -> None:
    problems: list[str] = []
    context = await browser.new_context(viewport={"width": 390, "height": 800})
    page = await context.new_page()
    page.set_default_timeout(PATIENCE)
    page.on("console", lambda line: problems.append(line.text) if line.type == "error" and "401" not in line.text else None)
    async with open_site() as site:
        site.now = time.time()
        await site.employ("asha", "clinician")
        await site.agreed(ANNA, "care_messages", "share_with_clinic")
        await site.store.add_reading(Reading(EffectId("r1"), ANNA, "glucose", 182.0, site.now, "fasting", grade="high"))
        await page.goto(str(site.url))
        for code in ("000000", site.code("asha")):
            await page.get_by_label("Login").fill("asha")
            await page.get_by_label("Password").fill(PASSWORD)
            await page.get_by_label("Code").fill(code)
            async with page.expect_navigation():  # also to the same page, which says that the code was wrong
                await page.get_by_role("button", name="Sign in").click()
        await page.get_by_role("link", name="People").first.click()
        await page.get_by_label("Phone number or id").fill("+91 98000 00001")
        await page.get_by_role("button", name="Show the record").click()
        await page.get_by_role("cell", name="182.0").wait_for()
        wide = await page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")
        assert not wide, "the page scrolls sideways on a phone"
        await page.get_by_role("button", name="Sign out").click()
        await page.get_by_label("Login").wait_for()
        await page.goto(f"{site.url}staff/people")
        await page.get_by_label("Login").wait_for()
        await context.close()
    assert not problems
