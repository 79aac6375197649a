"""A person's message is found again in the gateway's history by its id alone."""

from __future__ import annotations

import json

import httpx
import pytest

from bot.errors import GatewayUnavailable, Refused
from bot.model.ids import GatewayId
from webhooks.evolution.client import EvolutionGateway
from webhooks.evolution.messages import Reading
from webhooks.evolution.parsing import parse
from webhooks.parsed import Arrived

NOW = 1_795_500_000.0
ZAP = [{"name": "zap", "integration": "WHATSAPP-BAILEYS", "ownerJid": "551140000000@s.whatsapp.net", "token": "secret"}]


def row(from_me: bool) -> dict[str, object]:
    key = {"id": "A5", "fromMe": from_me, "remoteJid": "919812345678@s.whatsapp.net"}
    return {
        "id": "c1",
        "key": key,
        "message": {"conversation": "sugar 380"},
        "messageTimestamp": int(NOW) - 60,
        "messageType": "conversation",
    }


def gateway(records: object, asked: list[object] | None = None, status: int = 200) -> EvolutionGateway:
    def answer(request: httpx.Request) -> httpx.Response:
        if request.url.path == "/instance/fetchInstances":
            return httpx.Response(200, json=ZAP)
        assert request.url.path == "/chat/findMessages/zap"
        if asked is not None:
            asked.append(json.loads(request.content)["where"])
        return httpx.Response(status, json={"messages": {"total": 1, "pages": 1, "currentPage": 1, "records": records}})

    return EvolutionGateway("http://gateway", "key", transport=httpx.MockTransport(answer))


async def test_it_comes_as_the_event_that_brought_it() -> None:
    asked: list[object] = []
    event = await gateway([row(from_me=False)], asked).written("zap", GatewayId("A5"))
    assert asked == [{"key": {"id": "A5"}}]
    assert event is not None
    [arrived] = parse(event, Reading(), NOW)
    assert isinstance(arrived, Arrived)
    assert (arrived.inbound.address, arrived.inbound.message_id) == ("919812345678@s.whatsapp.net", "A5")


async def test_ours_and_nobodys_are_none() -> None:
    assert await gateway([row(from_me=True)]).written("zap", GatewayId("A5")) is None
    assert await gateway([]).written("zap", GatewayId("A5")) is None


async def test_what_went_wrong_is_told() -> None:
    with pytest.raises(GatewayUnavailable):
        await gateway([], status=500).written("zap", GatewayId("A5"))
    with pytest.raises(Refused):
        await gateway([]).written("other", GatewayId("A5"))
