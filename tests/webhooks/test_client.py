"""The gateway's client: against recorded answers, and over real sockets where the fault is in the socket."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import httpx
import pytest
import respx
from aiohttp import web
from aiohttp.test_utils import TestServer

from bot.errors import GatewayUnavailable, OutcomeUnknown, Refused
from bot.model.effects import Option
from bot.model.ids import GatewayId
from bot.ports.gateway import Gateway
from tests.webhooks import recordings
from tests.webhooks.gateway import URL, gateway
from tests.webhooks.outbound import outbound
from webhooks.evolution.client import EVENTS, EvolutionGateway


@pytest.fixture
def router() -> respx.MockRouter:
    return respx.MockRouter(assert_all_called=False)


def answering(router: respx.MockRouter, path: str, name: str, method: str = "POST") -> respx.Route:
    response = recordings.recorded(name)["response"]
    return router.request(method, URL + path).respond(response["status"], json=response["body"])


def record(text: str, at: float, identifier: str, **message: Any) -> dict[str, Any]:
    return {"key": {"id": identifier, "fromMe": True}, "message": message or {"conversation": text}, "messageTimestamp": int(at)}


def page(*records: dict[str, Any], pages: int = 1) -> dict[str, Any]:
    return {"messages": {"total": len(records), "pages": pages, "currentPage": 1, "records": list(records)}}


async def test_a_text_is_sent_with_our_key_and_returns_whatsapps_id(router: respx.MockRouter) -> None:
    route = answering(router, "/message/sendText/bot", "cloud-send-sendText")
    async with gateway(router) as client:
        port: Gateway = client
        assert await port.send(outbound("oi")) == "wamid.RIG3B47402C611E5F594EA629CA"
    request = route.calls.last.request
    assert request.headers["apikey"] == "key-1"
    assert json.loads(request.content) == {"number": "5511987654321", "text": "oi", "linkPreview": False}


async def test_the_instances_name_cannot_leave_its_place_in_the_url(router: respx.MockRouter) -> None:
    route = router.route(url__startswith=URL).respond(404)
    async with gateway(router) as client:
        with pytest.raises(GatewayUnavailable):
            await client.ping("a/../b?instanceName=c")
        with pytest.raises(GatewayUnavailable):
            await client.set_webhook("a/../b?instanceName=c", "http://x")
    assert route.calls.last.request.url.raw_path == b"/webhook/set/a%2F..%2Fb%3FinstanceName%3Dc"


async def test_a_refusal_that_comes_as_201_is_a_refusal(router: respx.MockRouter) -> None:
    answering(router, "/message/sendText/bot", "cloud-send-sendText-meta-24h-window")
    async with gateway(router) as client:
        with pytest.raises(Refused) as caught:
            await client.send(outbound())
    assert caught.value.code == "window_closed"


async def test_a_busy_gateway_says_when_to_come_again(router: respx.MockRouter) -> None:
    router.post(URL + "/message/sendText/bot").respond(429, headers={"Retry-After": "17"})
    async with gateway(router) as client:
        with pytest.raises(GatewayUnavailable) as caught:
            await client.send(outbound())
    assert caught.value.retry_after == 17.0


async def test_a_send_is_found_by_what_it_said_and_when(router: respx.MockRouter) -> None:
    found = page(
        record("oi", 1_005, "other"),
        record("oi", 1_003, "theirs"),
        record("oi", 1_001, "ours"),
        record("something else", 1_000, "x"),
        record("oi", 990, "earlier"),
    )
    route = router.post(URL + "/chat/findMessages/bot").respond(200, json=found)
    async with gateway(router) as client:
        message = outbound("oi", integration="cloud")
        assert await client.find(message, since=1_000.6, known=set()) == "ours"
        assert await client.find(message, since=1_000.6, known={GatewayId("ours"), GatewayId("theirs")}) == "other"
        assert await client.find(outbound("never said"), since=1_000.6, known=set()) is None
    assert json.loads(route.calls[0].request.content) == {
        "where": {"key": {"remoteJid": "5511987654321@s.whatsapp.net", "fromMe": True}},
        "page": 1,
        "offset": 50,
    }


async def test_the_history_of_a_rewritten_number_is_asked_under_its_rewriting(router: respx.MockRouter) -> None:
    route = router.post(URL + "/chat/findMessages/bot").respond(200, json=page())
    async with gateway(router) as client:
        for address in ("5531987654321", "123456789012345@lid"):
            message = outbound("oi", integration="cloud" if "@" not in address else "baileys")
            await client.find(type(message)(**{**_fields(message), "address": address}), since=0, known=())
    asked = [json.loads(call.request.content)["where"]["key"]["remoteJid"] for call in route.calls]
    assert asked == ["553187654321@s.whatsapp.net", "123456789012345@lid"]


def _fields(message: Any) -> dict[str, Any]:
    return {name: getattr(message, name) for name in message.__struct_fields__}


async def test_older_pages_are_read_only_as_far_as_needed(router: respx.MockRouter) -> None:
    pages = [page(record("x", 2_000, "a"), pages=9), page(record("oi", 1_990, "b"), pages=9), page(record("x", 10, "c"), pages=9)]
    route = router.post(URL + "/chat/findMessages/bot").mock(side_effect=[httpx.Response(200, json=one) for one in pages])
    async with gateway(router) as client:
        assert await client.find(outbound("oi"), since=1_000, known=()) == "b"
    assert route.call_count == 3


@pytest.mark.parametrize(
    ("name", "integration", "fields"),
    [
        ("cloud-send-sendText", "cloud", {"text": "oi"}),
        ("cloud-send-sendButtons", "cloud", {"text": "T", "options": (Option("sim", "Sim"), Option("nao", "Nao"))}),
        ("baileys-send-sendText", "baileys", {"text": "oi"}),
        ("evochannel-send-sendText", "evolution", {"text": "oi"}),
        ("evochannel-send-sendButtons", "evolution", {"text": "T", "options": (Option("a", "A"),)}),
    ],
)
async def test_what_the_real_gateway_keeps_of_a_send_is_recognised(
    router: respx.MockRouter, name: str, integration: Any, fields: dict[str, Any]
) -> None:
    kept = recordings.recorded(name)["response"]["body"]
    router.post(URL + "/chat/findMessages/bot").respond(200, json=page(kept))
    async with gateway(router) as client:
        found = await client.find(outbound(integration=integration, **fields), since=kept["messageTimestamp"], known=())
    assert found == kept["key"]["id"]


async def test_a_list_is_recognised_as_the_gateway_words_it(router: respx.MockRouter) -> None:
    options = tuple(Option(f"r{number}", f"R{number}") for number in range(1, 5))
    message = outbound("D", options=options, menu_label="Abrir", header="T")
    router.post(URL + "/chat/findMessages/bot").respond(200, json=page(record("T\nT\nR1\nR2\nR3\nR4\n", 1_000, "ours")))
    async with gateway(router) as client:
        assert await client.find(message, since=1_000, known=()) == "ours"


async def test_the_recorded_history_can_be_read(router: respx.MockRouter) -> None:
    answering(router, "/chat/findMessages/bot", "cloud-chat-findMessages")
    async with gateway(router) as client:
        message = outbound("▶️hello_world◀️")
        assert await client.find(message, since=1_795_423_000, known=()) == "wamid.RIGEAAF20CDF1CB8227D628A74A"


@pytest.mark.parametrize(
    "answer", [httpx.Response(500), httpx.Response(200, json={"messages": 5}), httpx.Response(200, text="<html>")]
)
async def test_a_history_that_cannot_be_read_is_an_unavailable_gateway(router: respx.MockRouter, answer: httpx.Response) -> None:
    router.post(URL + "/chat/findMessages/bot").mock(return_value=answer)
    async with gateway(router) as client:
        with pytest.raises(GatewayUnavailable):
            await client.find(outbound(), since=0, known=())


async def test_the_state_of_an_instance_is_asked(router: respx.MockRouter) -> None:
    answering(router, "/instance/connectionState/zap", "baileys-instance-connect", "GET")
    async with gateway(router) as client:
        assert await client.ping("zap") == "open"


@pytest.mark.parametrize("status", [401, 404, 500])
async def test_an_instance_that_cannot_be_asked_is_unavailable(router: respx.MockRouter, status: int) -> None:
    router.get(URL + "/instance/connectionState/zap").respond(status, json={})
    async with gateway(router) as client:
        with pytest.raises(GatewayUnavailable):
            await client.ping("zap")


async def test_the_webhook_is_set_in_the_nested_form_with_named_events(router: respx.MockRouter) -> None:
    route = router.post(URL + "/webhook/set/zap").respond(201, json={})
    async with gateway(router) as client:
        await client.set_webhook("zap", "http://bot/webhooks/evolution", token="s3cret")
    body = json.loads(route.calls.last.request.content)["webhook"]
    assert body["headers"] == {"X-Webhook-Token": "s3cret"}
    assert body["base64"] is True
    assert body["events"] == list(EVENTS)
    (refusal,) = recordings.recorded("baileys-webhook-set-bad-event")["response"]["body"]["response"]["message"][0]
    assert set(EVENTS) <= set(refusal.partition("enum values: ")[2].split(","))  # the names that the real gateway takes


async def test_a_webhook_of_the_wrong_form_is_refused(router: respx.MockRouter) -> None:
    answering(router, "/webhook/set/zap", "baileys-webhook-set-flat")
    async with gateway(router) as client:
        with pytest.raises(Refused):
            await client.set_webhook("zap", "http://x")


async def test_nothing_of_a_message_is_logged(router: respx.MockRouter, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG, logger="webhooks")
    answering(router, "/message/sendText/bot", "cloud-send-sendText-meta-400")
    async with gateway(router) as client:
        with pytest.raises(Refused) as caught:
            await client.send(outbound("my secret"))
    assert not [entry for entry in caplog.records if entry.name.startswith("webhooks")]
    assert "my secret" not in str(caught.value)


Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


@asynccontextmanager
async def real(handler: Handler, **settings: Any) -> AsyncIterator[EvolutionGateway]:
    app = web.Application()
    app.router.add_post("/message/sendText/bot", handler)
    async with TestServer(app) as server, EvolutionGateway(str(server.make_url("")), "key-1", **settings) as client:
        yield client


async def test_a_real_answer_is_read_and_the_connection_kept() -> None:
    seen: set[Any] = set()

    async def handler(request: web.Request) -> web.Response:
        seen.add(request.transport)
        assert request.headers["apikey"] == "key-1"
        assert request.headers["content-type"] == "application/json"
        return web.json_response({"key": {"id": (await request.json())["text"]}}, status=201)

    async with real(handler) as client:
        assert [await client.send(outbound(f"T{number}")) for number in range(5)] == [f"T{number}" for number in range(5)]
    assert len(seen) == 1


async def test_a_gateway_that_is_not_there_surely_sent_nothing() -> None:
    async with EvolutionGateway("http://127.0.0.1:1", "key-1") as client:
        with pytest.raises(GatewayUnavailable) as caught:
            await client.send(outbound())
    assert caught.value.code == "unreachable"


async def test_a_connection_that_is_cut_after_the_request_leaves_the_outcome_unknown() -> None:
    async def handler(request: web.Request) -> web.Response:
        await request.read()
        assert request.transport is not None
        request.transport.abort()
        return web.Response()

    async with real(handler) as client:
        with pytest.raises(OutcomeUnknown):
            await client.send(outbound())


async def test_an_answer_that_does_not_come_leaves_the_outcome_unknown() -> None:
    never = asyncio.Event()

    async def handler(_: web.Request) -> web.Response:
        await never.wait()
        return web.Response()

    async with real(handler, total_seconds=0.1) as client:
        with pytest.raises(OutcomeUnknown):
            await client.send(outbound())
        never.set()


async def test_an_answer_that_breaks_off_leaves_the_outcome_unknown() -> None:
    async def handler(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(status=201, headers={"Content-Length": "100"})
        await response.prepare(request)
        await response.write(b'{"key":')
        assert request.transport is not None
        request.transport.abort()
        return response

    async with real(handler) as client:
        with pytest.raises(OutcomeUnknown):
            await client.send(outbound())


async def test_cancellation_passes_through() -> None:
    started = asyncio.Event()

    async def handler(_: web.Request) -> web.Response:
        started.set()
        await asyncio.Event().wait()
        return web.Response()

    async with real(handler) as client:
        sending = asyncio.create_task(client.send(outbound()))
        await started.wait()
        sending.cancel()
        with pytest.raises(asyncio.CancelledError):
            await sending
