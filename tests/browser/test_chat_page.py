"""The chat page in a real Chromium: what a person sees and can do."""

from __future__ import annotations

import asyncio

import pytest
from playwright.async_api import Browser, Locator, Page, Route, expect

from tests.browser.chatting import ASHA, FATIMA, MEENA, RAVI, say, shot, theirs
from tests.browser.echo_bot import ATTACK, FORMATTED, HINDI, URDU, EchoBot
from tests.servers.ports import free_port
from webhooks.lookalike import Instance, LookAlike

pytestmark = pytest.mark.browser


def own(page: Page) -> Locator:
    return page.locator('[data-testid="message"][data-mine="true"]')


async def test_a_word_is_answered_and_gets_blue_ticks(page: Page, chat_url: str) -> None:
    await page.goto(f"{chat_url}/#{ASHA}")
    await say(page, "hi")
    await expect(theirs(page).last).to_contain_text("You wrote: hi")
    await expect(own(page).last).to_have_attribute("data-status", "read")
    await expect(page.get_by_test_id("typing")).to_be_hidden()


async def test_words_typed_before_the_patients_are_known_wait_for_them(page: Page, chat_url: str) -> None:
    known = asyncio.Event()

    async def late(route: Route) -> None:
        await known.wait()
        await route.continue_()

    await page.route("**/lookalike/state", late)
    await page.goto(f"{chat_url}/#{RAVI}")
    await expect(page.get_by_test_id("input")).to_be_disabled()
    await expect(page.get_by_test_id("send")).to_be_disabled()
    await expect(page.get_by_test_id("attach")).to_be_disabled()
    writing = asyncio.create_task(say(page, "hi"))
    known.set()
    await writing
    await expect(theirs(page).last).to_contain_text("You wrote: hi")


async def test_reply_buttons_stay_tappable(page: Page, chat_url: str, bot: EchoBot) -> None:
    await page.goto(f"{chat_url}/#{ASHA}")
    await say(page, "buttons")
    await expect(page.get_by_test_id("option")).to_have_count(3)
    await page.get_by_test_id("option").nth(0).click()
    await expect(theirs(page).last).to_contain_text("You wrote: Fasting")
    await page.get_by_test_id("option").nth(2).click()
    await expect(theirs(page).last).to_contain_text("You wrote: Other")
    await expect(own(page).last.get_by_test_id("quote")).to_contain_text("When did you measure 182 mg/dL?")
    tapped = [event["data"] for event in bot.received if event["data"].get("messageType") == "interactiveMessage"]
    assert [data["message"]["conversation"] for data in tapped] == ["Fasting", "Other"]
    await shot(page, "buttons-light")


async def test_a_list_opens_as_a_sheet_and_a_row_is_chosen_by_keyboard(page: Page, chat_url: str) -> None:
    await page.goto(f"{chat_url}/#{ASHA}")
    await say(page, "list")
    await page.get_by_test_id("menu").focus()
    await page.keyboard.press("Enter")
    await expect(page.get_by_test_id("sheet")).to_be_visible()
    await expect(page.get_by_test_id("row")).to_have_count(6)
    await shot(page, "sheet-light")
    await page.keyboard.press("Escape")
    await expect(page.get_by_test_id("sheet")).to_be_hidden()
    await page.get_by_test_id("menu").press("Enter")
    await page.keyboard.press("ArrowDown")
    await page.keyboard.press("Enter")
    await expect(theirs(page).last).to_contain_text("You wrote: Blood pressure")


async def test_a_linked_phone_tells_the_chosen_ids(page: Page, chat_url: str, bot: EchoBot) -> None:
    await page.goto(f"{chat_url}/#{MEENA}")
    await say(page, "list")
    await page.get_by_test_id("menu").click()
    await page.get_by_test_id("row").nth(3).click()
    await expect(theirs(page)).to_have_count(2)
    answer = next(event["data"] for event in bot.received if event["data"] and "listResponseMessage" in str(event["data"]))
    assert answer["message"]["listResponseMessage"]["singleSelectReply"] == {"selectedRowId": "reports"}


async def test_message_text_is_never_markup(page: Page, chat_url: str) -> None:
    await page.goto(f"{chat_url}/#{ASHA}")
    await say(page, "attack")
    await expect(theirs(page).last.get_by_test_id("text")).to_contain_text("<img src=x onerror=")
    await expect(theirs(page).last.locator(".words strong")).to_have_text("<b>bold</b>")
    await say(page, ATTACK)
    await expect(own(page)).to_have_count(2)
    await expect(own(page).last.get_by_test_id("text")).to_contain_text("<script>")
    assert await page.title() == "ProCare: test chat"
    assert await page.locator(".log img, .log script, .log b .words").count() == 0


async def test_whatsapp_marks_are_shown_and_other_stars_are_left(page: Page, chat_url: str) -> None:
    await page.goto(f"{chat_url}/#{ASHA}")
    await say(page, "format")
    text = theirs(page).last.get_by_test_id("text")
    await expect(text.locator("strong")).to_have_text("bold")
    await expect(text.locator("em")).to_have_text("italic")
    await expect(text.locator("s")).to_have_text("gone")
    await expect(text.locator("code")).to_have_text("mono")
    await expect(text).to_contain_text("2*3*4 snake_case_name")
    await expect(text.locator("a")).to_have_attribute("href", "https://example.org/a?b=1&c=")
    assert FORMATTED.startswith("*bold*")


async def test_hindi_and_urdu_are_shown_in_their_direction(page: Page, chat_url: str) -> None:
    await page.goto(f"{chat_url}/#{FATIMA}")
    await say(page, "hindi")
    await expect(theirs(page).last).to_contain_text(HINDI.replace("*", ""))
    await say(page, "urdu")
    last = theirs(page).last.get_by_test_id("text")
    await expect(last).to_have_text(URDU.replace("*", ""))
    assert await last.evaluate("element => getComputedStyle(element).direction") == "rtl"


async def test_unread_messages_are_counted_and_read_when_the_chat_is_opened(page: Page, chat_url: str, look: LookAlike) -> None:
    await page.goto(f"{chat_url}/#{ASHA}")
    await expect(page.get_by_test_id("patient")).to_have_count(4)
    look.say(RAVI, "one")
    look.say(RAVI, "two")
    ravi = page.locator(f'[data-number="{RAVI}"]')
    await expect(ravi.get_by_test_id("unread")).to_have_text("2")
    await page.locator(f'[data-number="{ASHA}"]').focus()
    await page.keyboard.press("ArrowDown")
    await expect(ravi).to_be_focused()
    await page.keyboard.press("Enter")
    await expect(page.get_by_test_id("unread")).to_have_count(0)
    await expect(theirs(page)).to_have_count(2)


async def test_a_reload_shows_the_same_conversation(page: Page, chat_url: str) -> None:
    await page.goto(f"{chat_url}/#{RAVI}")
    await say(page, "buttons")
    await expect(page.get_by_test_id("option")).to_have_count(3)
    await page.reload()
    await expect(page.get_by_test_id("option")).to_have_count(3)
    await expect(page.locator('[aria-current="true"]')).to_have_attribute("data-number", RAVI)


async def test_samples_are_attached_and_messages_quoted(page: Page, chat_url: str, bot: EchoBot) -> None:
    await page.goto(f"{chat_url}/#{ASHA}")
    for number, kind in enumerate(("audio", "image", "document", "location"), start=1):
        await page.get_by_test_id("attach").click()
        await page.get_by_test_id(f"attach-{kind}").click()
        await expect(theirs(page)).to_have_count(number)
    await expect(page.locator(".picture")).to_have_js_property("naturalWidth", 240)
    await theirs(page).first.hover()
    await theirs(page).first.get_by_test_id("tool-reply").click()
    await expect(page.get_by_test_id("quoting")).to_be_visible()
    await say(page, "about this")
    await expect(own(page).last.get_by_test_id("quote")).to_contain_text("Thank you for the audioMessage.")
    await expect(theirs(page).last).to_contain_text("You wrote: about this")
    quoted = next(event for event in bot.received if event["data"].get("message", {}).get("conversation") == "about this")
    assert quoted["data"]["contextInfo"]["stanzaId"]
    await shot(page, "attachments")


async def test_shift_enter_makes_a_line_and_the_silent_bot_is_shown_as_typing(page: Page, chat_url: str, bot: EchoBot) -> None:
    bot.silent = True
    await page.goto(f"{chat_url}/#{ASHA}")
    box = page.get_by_test_id("input")
    await box.fill("one")
    await box.press("Shift+Enter")
    await box.type("two")
    await box.press("Enter")
    await expect(own(page).last.get_by_test_id("text")).to_have_text("one\ntwo")
    await expect(page.get_by_test_id("typing")).to_be_visible()
    await expect(page.get_by_test_id("presence")).to_have_text("typing…")
    await expect(own(page).last).to_have_attribute("data-status", "delivered")


async def test_the_drawer_shows_events_and_meaning(page: Page, chat_url: str) -> None:
    await page.goto(f"{chat_url}/#{ASHA}")
    for number in range(1, 8):
        await say(page, "a long line that needs more than one row as soon as there is less room for it " * 3)
        await expect(theirs(page)).to_have_count(number)
    await say(page, "sugar 182 fasting")
    await expect(theirs(page)).to_have_count(8)
    await own(page).last.hover()
    await own(page).last.get_by_test_id("tool-details").click()
    await expect(page.get_by_test_id("drawer-events")).to_contain_text("messages.upsert")
    await expect(page.get_by_test_id("drawer-meaning")).to_contain_text("sugar 182 fasting")
    await shot(page, "drawer-light")
    last = await theirs(page).last.bounding_box()
    assert last is not None
    assert last["y"] + last["height"] < 740, "the newest message stays in view"
    await page.get_by_test_id("drawer-close").click()
    await expect(page.get_by_test_id("drawer")).to_be_hidden()


async def test_it_works_on_a_narrow_screen_and_in_the_dark(page: Page, chat_url: str) -> None:
    await page.set_viewport_size({"width": 320, "height": 640})
    await page.emulate_media(color_scheme="dark")
    await page.goto(chat_url)
    await expect(page.get_by_test_id("patient").first).to_be_visible()
    await shot(page, "people-320-dark")
    await page.get_by_test_id("patient").first.click()
    await say(page, "list")
    await say(page, "buttons")
    await expect(page.get_by_test_id("option")).to_have_count(3)
    await shot(page, "chat-320-dark")
    assert await page.evaluate("document.documentElement.scrollWidth") <= 320
    await page.get_by_test_id("menu").click()
    await expect(page.get_by_test_id("sheet")).to_be_visible()
    await shot(page, "sheet-320-dark")
    await page.keyboard.press("Escape")
    await page.get_by_test_id("back").click()
    await expect(page.get_by_test_id("patient").first).to_be_visible()


async def test_the_theme_is_switched_and_kept(page: Page, chat_url: str) -> None:
    await page.goto(chat_url)
    await page.get_by_test_id("theme").click()
    await expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    await page.reload()
    await expect(page.locator("html")).to_have_attribute("data-theme", "dark")


async def test_a_new_patient_starts_with_an_empty_chat(page: Page, chat_url: str) -> None:
    await page.goto(chat_url)
    await page.get_by_test_id("add-patient").click()
    await page.get_by_test_id("newcomer-name").fill("<i>Zoya</i>")
    await page.get_by_test_id("newcomer-add").click()
    await expect(page.get_by_test_id("patient")).to_have_count(5)
    await expect(page.locator('[aria-current="true"]')).to_have_attribute("data-name", "<i>Zoya</i>")
    await say(page, "hi")
    await expect(theirs(page)).to_have_count(1)


async def test_the_page_says_when_the_service_is_gone_and_comes_back_by_itself(browser: Browser) -> None:
    context = await browser.new_context()
    page = await context.new_page()
    port = free_port()
    async with LookAlike([Instance("cloud")], api_key="k").listening(port=port) as url:
        await page.goto(f"{url}/#{ASHA}")
        await expect(page.get_by_test_id("patient")).to_have_count(3)
        await expect(page.get_by_test_id("trouble")).to_be_hidden()
    await expect(page.get_by_test_id("trouble")).to_be_visible()
    await say(page, "not lost")
    await expect(page.get_by_test_id("input")).to_have_value("not lost")
    again = LookAlike([Instance("cloud")], api_key="k")
    async with again.listening(port=port):
        await expect(page.get_by_test_id("trouble")).to_be_hidden()
        await page.get_by_test_id("input").press("Enter")
        await expect(own(page)).to_have_count(1)
        await context.close()
