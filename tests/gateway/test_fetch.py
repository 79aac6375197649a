"""A file that did not come with its event is asked for at the gateway."""

from __future__ import annotations

import base64
import json

import httpx
import pytest

from bot.errors import GatewayUnavailable
from tests.media import made
from tests.runtime.parts import message
from webhooks.evolution.client import EvolutionGateway

ASKED = message(1, text="")


def gateway(status: int, body: bytes, seen: list[httpx.Request] | None = None) -> EvolutionGateway:
    def answer(request: httpx.Request) -> httpx.Response:
        if seen is not None:
            seen.append(request)
        return httpx.Response(status, content=body)

    return EvolutionGateway("http://gateway", "key", transport=httpx.MockTransport(answer))


async def test_the_bytes_come_from_the_gateways_answer() -> None:
    seen: list[httpx.Request] = []
    body = json.dumps({"mediaType": "imageMessage", "base64": base64.b64encode(made.PNG).decode(), "buffer": None}).encode()
    assert await gateway(201, body, seen).fetch(ASKED, 1_000_000) == made.PNG
    assert seen[0].url.path == "/chat/getBase64FromMediaMessage/test"
    assert json.loads(seen[0].content) == {"message": {"key": {"id": "m1"}}}


@pytest.mark.parametrize(
    ("status", "body"),
    [(400, b'{"status":400,"response":{"message":["Message not found"]}}'), (201, b"{}"), (201, b"[]"), (201, b"")],
)
async def test_what_the_gateway_does_not_have_is_no_file(status: int, body: bytes) -> None:
    assert await gateway(status, body).fetch(ASKED, 1_000_000) is None


async def test_a_gateway_that_fails_or_sends_too_much_is_unavailable() -> None:
    with pytest.raises(GatewayUnavailable):
        await gateway(500, b"").fetch(ASKED, 1000)
    with pytest.raises(GatewayUnavailable) as caught:
        await gateway(201, b'{"base64":"' + b"A" * 100_000 + b'"}').fetch(ASKED, 10)
    assert caught.value.code == "answer_too_large"
