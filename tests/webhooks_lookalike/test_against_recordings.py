"""The look-alike answers and posts as the real Evolution API did when it was recorded."""

from __future__ import annotations

from typing import Any

import pytest

from tests.webhooks import recordings
from tests.webhooks_lookalike.bot_side import BotSide
from webhooks.lookalike import LookAlike

NUMBER = "5511987654321"
NOT_SPOKEN = ("sendContact", "sendPoll", "sendStatus", "sendSticker")  # the bot does not use them
ON_DEMAND = ("meta-", "timed-out", "not-on-whatsapp")  # faults; tested by themselves
FETCHED = ("sendMedia-url", "sendWhatsAppAudio-url")  # the real one downloads; we never reach out
LOOSE = ("bad-json", "sendText-quoted-delay", "sendText-group")  # a parser's own words; asserted below; never written to
SENDS = [
    name
    for name in recordings.names("cloud-send-*") + recordings.names("baileys-send-*")
    if not any(part in name for part in NOT_SPOKEN + ON_DEMAND + LOOSE)
    and not (any(part in name for part in FETCHED) and "no-tld" not in name)
]
OTHERS = [
    "cloud-chat-findMessages", "cloud-chat-getBase64-missing", "cloud-chat-sendPresence", "cloud-chat-sendPresence-no-delay",
    "baileys-chat-getBase64-missing", "baileys-chat-markMessageAsRead", "baileys-chat-sendPresence-no-delay",
    "cloud-webhook-find", "cloud-webhook-set-bad-event", "cloud-webhook-set-flat", "baileys-webhook-set-no-events",
    "cloud-template-create", "cloud-template-find",
    "cloud-instance-fetchInstances-unknown", "baileys-webhook-find", "baileys-webhook-set-flat",
]  # fmt: skip


def shape(value: Any) -> Any:
    """Keys and types. A list of records is judged by its first; a byte object by being one."""
    if isinstance(value, dict):
        if len(value) > 12 and all(name.isdigit() for name in value):
            return "bytes"
        return {name: shape(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [shape(value[0])] if value else []
    return "number" if isinstance(value, int | float) and not isinstance(value, bool) else type(value).__name__


async def replay(bot: BotSide, name: str) -> tuple[tuple[int, Any], tuple[int, Any]]:
    recording = recordings.recorded(name)
    asked, answered = recording["request"], recording["response"]
    got = await bot.call(asked["method"], asked["path"], asked["body"], asked["apikey"])
    return got, (answered["status"], answered["body"])


@pytest.mark.parametrize("name", SENDS)
async def test_sends_are_answered_as_recorded(name: str, bot: BotSide, look: LookAlike) -> None:
    (status, body), (expected_status, expected) = await replay(bot, name)
    assert status == expected_status
    if status >= 400:
        assert body == expected
        assert look.ledger.total == 0
    else:
        assert shape(body) == shape(expected)
        assert body["key"]["remoteJid"] == expected["key"]["remoteJid"]
        assert body["messageType"] == expected["messageType"]
        await bot.until(lambda: bool(bot.named("send.message")))
        assert bot.named("send.message")[0] == body


@pytest.mark.parametrize("name", OTHERS)
async def test_other_calls_are_answered_as_recorded(name: str, bot: BotSide, look: LookAlike) -> None:
    if name == "cloud-chat-findMessages":
        await bot.text(NUMBER, "one")
        await bot.text(NUMBER, "two")
    (status, body), (expected_status, expected) = await replay(bot, name)
    assert status == expected_status
    if status >= 400:
        assert body == expected
    else:
        if name == "cloud-chat-findMessages":
            body["messages"]["records"][0]["MessageUpdate"] = []  # a receipt may have come before the listing
        dropped = {"headers"}  # the recorded listing leaves it out
        if isinstance(expected, list):
            assert shape(body) == shape(expected)
            return
        assert shape({key: value for key, value in body.items() if key not in dropped}) == shape(
            {key: value for key, value in expected.items() if key not in dropped}
        )


async def test_a_baileys_delay_holds_the_answer(bot: BotSide, look: LookAlike) -> None:
    (status, body), (_, expected) = await replay(bot, "baileys-send-sendText-quoted-delay")
    assert (status, shape(body)) == (201, shape(expected))
    (status, body), (_, expected) = await replay(bot, "cloud-send-sendText-quoted-delay")
    assert (status, shape(body)) == (201, shape(expected))


@pytest.mark.parametrize(
    ("name", "instance"), [("cloud-in-text", "bot"), ("baileys-in-text", "zap"), ("baileys-in-text-no-pushname", "zap")]
)
async def test_a_text_arrives_as_recorded(name: str, instance: str, bot: BotSide, look: LookAlike) -> None:
    expected = recordings.deliveries(name)
    look.say(NUMBER, "oi, tudo bem?", instance=instance, name=None if "no-pushname" in name else "Maria")
    await bot.until(lambda: len(bot.events) >= len(expected))
    assert {body["event"] for body in expected} <= {body["event"] for body in bot.events}
    ours = next(body for body in bot.events if body["event"] == "messages.upsert")
    theirs = next(body for body in expected if body["event"] == "messages.upsert")
    theirs["data"].setdefault("contextInfo", None) if instance == "zap" else None
    assert shape(ours) == shape(theirs)


@pytest.mark.parametrize(
    ("name", "option", "endpoint"),
    [("cloud-in-button-reply", "btn-confirmar", "sendButtons"), ("cloud-in-list-reply", "row-2", "sendList")],
)
async def test_the_official_api_loses_the_tapped_id(name: str, option: str, endpoint: str, bot: BotSide, look: LookAlike) -> None:
    expected = recordings.delivery(name, "messages.upsert")["data"]
    label = expected["message"]["conversation"]
    rows = [{"title": label, "description": "", "rowId": option}]
    buttons = {"title": "T", "buttons": [{"type": "reply", "displayText": label, "id": option}]}
    menu = {"title": "T", "description": "D", "footerText": "", "buttonText": "B", "sections": [{"title": "", "rows": rows}]}
    _, sent = await bot.post(f"/message/{endpoint}/bot", {"number": NUMBER} | (buttons if endpoint == "sendButtons" else menu))
    look.tap(NUMBER, sent["key"]["id"], option)
    await bot.until(lambda: bool(bot.named("messages.upsert")))
    ours = bot.named("messages.upsert")[0] | {"pushName": "Maria"}
    assert shape(ours) == shape(expected)
    assert ours["contextInfo"] == ours["message"]["contextInfo"] == {"stanzaId": sent["key"]["id"]}
    assert option not in str(ours)


async def test_baileys_keeps_the_tapped_id(bot: BotSide, look: LookAlike) -> None:
    expected = recordings.delivery("baileys-in-interactive-response-quick-reply", "messages.upsert")["data"]
    buttons = [{"type": "reply", "displayText": "Confirmar", "id": "btn-confirmar"}]
    _, sent = await bot.post("/message/sendButtons/zap", {"number": NUMBER, "title": "T", "buttons": buttons})
    look.tap(NUMBER, sent["key"]["id"], "btn-confirmar", instance="zap")
    await bot.until(lambda: bool(bot.named("messages.upsert")))
    ours = bot.named("messages.upsert")[0]
    assert shape(ours | {"pushName": "Maria"}) == shape(expected)
    inner, recorded = ours["message"]["interactiveResponseMessage"], expected["message"]["interactiveResponseMessage"]
    assert inner["nativeFlowResponseMessage"] == recorded["nativeFlowResponseMessage"]


@pytest.mark.parametrize(("name", "instance"), [("cloud-in-status-delivered", "bot"), ("baileys-sendText-and-acks", "zap")])
async def test_receipts_come_as_recorded(name: str, instance: str, bot: BotSide, look: LookAlike) -> None:
    expected = recordings.delivery(name, "messages.update")
    _, sent = await bot.text(NUMBER, "oi", instance)
    await bot.until(lambda: len(bot.named("messages.update")) == 2)
    assert all(update["keyId"] == sent["key"]["id"] for update in bot.named("messages.update"))
    ours = next(body for body in bot.events if body["event"] == "messages.update")
    assert shape(ours) == shape(expected)
    words = ("SENT", "DELIVERED") if instance == "bot" else ("SERVER_ACK", "DELIVERY_ACK")
    assert sorted(update["status"] for update in bot.named("messages.update")) == sorted(words)
