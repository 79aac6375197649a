"""Events are repeated by Evolution's own rules."""

from __future__ import annotations

import asyncio

import pytest

from tests.webhooks_lookalike.bot_side import KEY, TOKEN, BotSide, Held
from tests.webhooks_lookalike.conftest import INSTANCES
from webhooks.evolution.wamid import digits_of
from webhooks.lookalike import LookAlike, Retries

NUMBER = "919876500001"


class Sleeps:
    """A clock's hand that we turn: notes how long somebody wanted to sleep, and lets them go on at once."""

    def __init__(self) -> None:
        self.asked: list[float] = []

    async def __call__(self, seconds: float) -> None:
        self.asked.append(seconds)
        await asyncio.sleep(0)


async def test_the_pauses_double_from_five_seconds_to_five_minutes(bot: BotSide) -> None:
    sleeps = Sleeps()
    bot.answers = [500] * 100
    look = LookAlike(INSTANCES, api_key=KEY, webhook_url=bot.url, webhook_events=["MESSAGES_UPSERT"], sleep=sleeps)
    async with look.listening():
        said = look.say(NUMBER, "hi")
        assert said.delivered is not None
        assert await said.delivered == 500
    assert len(bot.events) == 10
    assert len(sleeps.asked) == 9
    for n, pause in enumerate(sleeps.asked):
        wanted = min(5 * 2**n, 300)
        assert max(5, wanted * 0.8) <= pause <= wanted * 1.2
    assert all(event == bot.events[0] for event in bot.events)


@pytest.mark.parametrize(
    ("status", "attempts"), [(400, 1), (401, 1), (403, 1), (404, 1), (422, 1), (410, 3), (429, 3), (302, 3), (503, 3)]
)
async def test_some_answers_end_it_at_once_and_others_repeat(status: int, attempts: int, bot: BotSide) -> None:
    bot.answers = [status] * 2
    look = LookAlike(INSTANCES, api_key=KEY, webhook_url=bot.url, webhook_events=["MESSAGES_UPSERT"], retries=Retries(base=0.001))
    async with look.listening():
        said = look.say(NUMBER, "hi")
        assert said.delivered is not None
        assert await said.delivered == (status if attempts == 1 else 200)
    assert len(bot.events) == attempts


async def test_a_repeated_event_is_overtaken_by_a_younger_one(bot: BotSide) -> None:
    bot.answers, pause = [500], Held()
    look = LookAlike(INSTANCES, api_key=KEY, webhook_url=bot.url, webhook_events=["MESSAGES_UPSERT"], sleep=pause)
    async with look.listening():
        look.say(NUMBER, "first")
        await bot.until(lambda: len(bot.events) == 1)
        look.say(NUMBER, "second")
        await bot.until(lambda: len(bot.events) == 2)
        pause.over.set()
        await bot.until(lambda: len(bot.events) == 3)
    assert [data["message"]["conversation"] for data in bot.named("messages.upsert")] == ["first", "second", "first"]


async def test_nobody_listening_is_repeated_too() -> None:
    sleeps = Sleeps()
    look = LookAlike(
        INSTANCES, api_key=KEY, webhook_url="http://127.0.0.1:1/nobody", webhook_events=["MESSAGES_UPSERT"], sleep=sleeps
    )
    async with look.listening():
        said = look.say(NUMBER, "hi")
        assert said.delivered is not None
        assert await said.delivered is None
        assert look.undelivered == 0
    assert len(sleeps.asked) == 9


async def test_the_configured_headers_go_with_every_event(bot: BotSide, look: LookAlike) -> None:
    look.say(NUMBER, "hi")
    await bot.until(lambda: len(bot.events) == 2)
    assert {headers["x-webhook-token"] for headers in bot.headers} == {TOKEN}
    assert bot.headers[0]["content-type"] == "application/json"


async def test_the_webhook_can_be_set_by_the_bot(bot: BotSide, look: LookAlike) -> None:
    hook = {"enabled": True, "url": bot.url, "events": ["MESSAGES_UPSERT"], "byEvents": True, "headers": {"x-other": "1"}}
    status, row = await bot.post("/webhook/set/bot", {"webhook": hook})
    assert (status, row["webhookByEvents"]) == (201, True)
    said = look.say(NUMBER, "hi")
    assert said.delivered is not None
    assert await said.delivered == 200
    assert bot.paths == ["/wh/messages-upsert"]
    assert bot.headers[0]["x-other"] == "1"


async def test_ids_prove_their_sender_to_our_own_reader(bot: BotSide, look: LookAlike) -> None:
    for number in ("919876500001", "16503879439", "447700900123", "5531987654321"):
        assert digits_of(look.say(number, "hi").id) == number
        _, sent = await bot.text(number, "hello")
        assert digits_of(sent["key"]["id"]) == number
