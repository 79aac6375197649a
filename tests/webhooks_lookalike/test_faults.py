"""Faults on demand, and the ledger that tells what reached a phone all the same."""

from __future__ import annotations

import asyncio

import aiohttp
import pytest

from tests.webhooks_lookalike.bot_side import KEY, BotSide, Held
from tests.webhooks_lookalike.conftest import INSTANCES
from webhooks.lookalike import LookAlike

NUMBER, OTHER = "919876500001", "919876500002"


@pytest.mark.parametrize(
    ("kind", "status", "message"),
    [
        ("http_500", 500, "Internal server error"),
        ("http_429", 429, "Too Many Requests"),
        ("timed_out", 400, ["Error: Timed Out"]),
        ("unreadable", 400, ["TypeError: Cannot read properties of undefined (reading 'message')"]),
    ],
)
async def test_an_error_answer_sends_nothing(kind: str, status: int, message: object, bot: BotSide, look: LookAlike) -> None:
    look.faults.add(kind, count=2)  # type: ignore[arg-type]  # one of the kinds
    for _ in range(2):
        answered, body = await bot.text(NUMBER, "hi")
        assert (answered, body["response"]["message"]) == (status, message)
    assert look.ledger.total == 0
    assert (await bot.text(NUMBER, "hi"))[0] == 201
    assert look.faults.fired == {kind: 2}


async def test_meta_refuses_inside_a_201(bot: BotSide, look: LookAlike) -> None:
    look.faults.add("refused", code=131047)
    status, body = await bot.text(NUMBER, "hi")
    assert (status, body["code"], "key" in body) == (201, 131047, False)
    assert look.ledger.total == 0


async def test_a_reset_before_and_after_look_alike_but_only_one_was_sent(bot: BotSide, look: LookAlike) -> None:
    look.faults.add("reset_before")
    with pytest.raises(aiohttp.ClientError):
        await bot.text(NUMBER, "lost")
    assert look.ledger.of(NUMBER) == []
    look.faults.add("reset_after")
    with pytest.raises(aiohttp.ClientError):
        await bot.text(NUMBER, "kept")
    (accepted,) = look.ledger.of(NUMBER)
    assert (accepted.text, accepted.told) == ("kept", False)
    _, found = await bot.post("/chat/findMessages/bot", {"where": {"key": {"remoteJid": f"{NUMBER}@s.whatsapp.net"}}})
    (record,) = found["messages"]["records"]
    assert (record["key"]["id"], record["message"]) == (accepted.id, {"conversation": "kept"})


@pytest.mark.parametrize("kind", ["timed_out", "unreadable", "hang"])
async def test_a_hidden_outcome_can_be_a_sent_message(kind: str, bot: BotSide, look: LookAlike) -> None:
    look.faults.add(kind, accepted=True, seconds=0.05)  # type: ignore[arg-type]  # one of the kinds
    try:
        assert (await bot.text(NUMBER, "hi", "zap"))[0] == 400
    except aiohttp.ClientError:
        assert kind == "hang"
    (accepted,) = look.ledger.of(NUMBER)
    assert not accepted.told


async def test_a_caller_that_gave_up_was_not_told(bot: BotSide, look: LookAlike) -> None:
    look.faults.add("delay", seconds=5.0)
    asking = asyncio.create_task(bot.text(NUMBER, "hi"))
    async with asyncio.timeout(30):
        while not look.ledger.of(NUMBER):  # noqa: ASYNC110  the ledger has no event for it
            await asyncio.sleep(0.005)
    asking.cancel()
    async with asyncio.timeout(30):
        while look.ledger.of(NUMBER)[0].told:  # noqa: ASYNC110  the server tells nobody when a caller has gone
            await asyncio.sleep(0.02)


async def test_faults_can_be_limited_to_one_person_and_cleared(bot: BotSide, look: LookAlike) -> None:
    look.faults.add("http_500", count=None, number=OTHER)
    assert (await bot.text(NUMBER, "hi"))[0] == 201
    assert (await bot.text(OTHER, "hi"))[0] == 500
    look.faults.clear()
    assert (await bot.text(OTHER, "hi"))[0] == 201


async def test_a_probability_hits_some(bot: BotSide, look: LookAlike) -> None:
    look.faults.add("http_500", count=None, probability=0.5)
    statuses = [(await bot.text(NUMBER, str(n)))[0] for n in range(40)]
    assert {201, 500} == set(statuses)
    assert [accepted.text for accepted in look.ledger.of(NUMBER)] == [str(n) for n, s in enumerate(statuses) if s == 201]


async def test_the_official_api_can_name_another_customer(bot: BotSide, look: LookAlike) -> None:
    look.say(OTHER, "I am other")
    look.faults.add("wrong_sender")
    said = look.say(NUMBER, "I am myself")
    await bot.until(lambda: len(bot.named("messages.upsert")) == 2)
    wrong = next(data for data in bot.named("messages.upsert") if data["key"]["id"] == said.id)
    assert wrong["key"]["remoteJid"] == f"{OTHER}@s.whatsapp.net"
    assert wrong["message"]["conversation"] == "I am myself"


async def test_an_event_can_come_twice_or_late(bot: BotSide) -> None:
    pause = Held()
    look = LookAlike(INSTANCES, api_key=KEY, webhook_url=bot.url, sleep=pause)
    async with look.listening() as bot.gateway:
        look.faults.add("duplicate")
        look.say(NUMBER, "twice")
        await bot.until(lambda: len(bot.named("messages.upsert")) == 2)
        assert bot.named("messages.upsert")[0] == bot.named("messages.upsert")[1]
        look.faults.add("late", seconds=0.5)
        look.say(NUMBER, "late")
        look.say(NUMBER, "soon")
        await bot.until(lambda: len(bot.named("messages.upsert")) == 3)
        pause.over.set()
        await bot.until(lambda: len(bot.named("messages.upsert")) == 4)
    assert [data["message"]["conversation"] for data in bot.named("messages.upsert")][2:] == ["soon", "late"]


async def test_the_first_receipt_can_precede_the_answer(bot: BotSide, look: LookAlike) -> None:
    look.faults.add("early_receipt")
    _, sent = await bot.text(NUMBER, "hi")
    assert [update["keyId"] for update in bot.named("messages.update")] == [sent["key"]["id"]]


async def test_a_closed_phone_refuses_and_says_so(bot: BotSide, look: LookAlike) -> None:
    look.set_state("zap", "close")
    status, body = await bot.text(NUMBER, "hi", "zap")
    assert (status, body["response"]["message"]) == (400, ["Error: Connection Closed"])
    assert (await bot.call("GET", "/instance/connectionState/zap"))[1]["instance"]["state"] == "close"
    await bot.until(lambda: bool(bot.named("connection.update")))


async def test_the_24_hour_window_is_held_when_asked_for(bot: BotSide) -> None:
    now = [1_795_000_000.0]
    look = LookAlike(INSTANCES, api_key=KEY, window=True, clock=lambda: now[0])
    async with look.listening() as bot.gateway:
        assert (await bot.text(NUMBER, "hi"))[1]["code"] == 131047
        look.say(NUMBER, "hello")
        assert "key" in (await bot.text(NUMBER, "hi"))[1]
        now[0] += 86_401
        assert (await bot.text(NUMBER, "hi"))[1]["code"] == 131047


async def test_without_history_it_still_counts_and_speaks(bot: BotSide) -> None:
    look = LookAlike(INSTANCES, api_key=KEY, webhook_url=bot.url, page=False, history=0, receipts="none")
    async with look.listening() as bot.gateway:
        said = look.say(NUMBER, "hi")
        assert said.delivered is not None
        assert await said.delivered == 200
        assert (await bot.text(NUMBER, "hello"))[0] == 201
        assert (await bot.post("/chat/findMessages/bot", {}))[1]["messages"]["total"] == 0
        assert look.ledger.total == 1


async def test_memory_is_bounded(bot: BotSide) -> None:
    look = LookAlike(INSTANCES, api_key=KEY, history=5, chats=6, ledger=10, receipts="none")
    async with look.listening() as bot.gateway:
        for n in range(20):
            await bot.text(f"4477009000{n:02}", "hi")
            await bot.text(NUMBER, str(n))
        _, own = await bot.post("/chat/findMessages/bot", {"where": {"key": {"remoteJid": f"{NUMBER}@s.whatsapp.net"}}})
        _, every = await bot.post("/chat/findMessages/bot", {"where": {}})
    assert [record["message"]["conversation"] for record in own["messages"]["records"]] == ["19", "18", "17", "16", "15"]
    assert every["messages"]["total"] <= 5 * 6
    assert (look.ledger.total, len(look.ledger.all())) == (40, 10)
