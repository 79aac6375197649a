"""Evolution's template routes, against recorded answers; and a message that goes out as its template."""

from __future__ import annotations

import json
from typing import Any

import httpx
import pytest
import respx

from bot.errors import GatewayUnavailable, OutcomeUnknown, Refused
from bot.model.effects import Option, TemplateOffer, TemplateWording
from bot.ports.templates import NewTemplate
from tests.webhooks import recordings
from tests.webhooks.gateway import URL, gateway
from tests.webhooks.outbound import outbound
from webhooks.meta.payloads import body_for

NEW = NewTemplate("t1", "pt_BR", "UTILITY", [{"type": "BODY", "text": "Oi"}])


@pytest.fixture
def router() -> respx.MockRouter:
    return respx.MockRouter()


def schema(name: str, body: dict[str, Any]) -> None:
    """The recorded schema's required fields and types."""
    required = {"sendTemplate": {"name", "language"}, "create": {"name", "category", "language", "components"}}[name]
    assert required <= body.keys()
    assert all(isinstance(body[field], list if field == "components" else str) for field in required)


async def test_a_template_is_sent_as_it_was_recorded(router: respx.MockRouter) -> None:
    recording = recordings.recorded("cloud-send-sendTemplate")
    answer = recording["response"]
    route = router.post(f"{URL}/message/sendTemplate/bot").mock(httpx.Response(answer["status"], json=answer["body"]))
    offer = TemplateOffer("hello_world", (TemplateWording("pt_BR", "f", ("Maria",)),))
    message = outbound(text="hello", template=offer, as_template=True)
    async with gateway(router) as client:
        assert await client.send(message) == answer["body"]["key"]["id"]
    body = json.loads(route.calls.last.request.content)
    assert body == recording["request"]["body"]
    schema("sendTemplate", body)


async def test_its_buttons_carry_the_ids_of_the_options(router: respx.MockRouter) -> None:
    answer = recordings.recorded("cloud-send-sendTemplate")["response"]
    route = router.post(f"{URL}/message/sendTemplate/bot").mock(httpx.Response(201, json=answer["body"]))
    options = (Option("visit.ask:yes", "Yes"), Option("visit.ask:no", "No"))
    offer = TemplateOffer("visit", (TemplateWording("en", "f", (), options),))
    async with gateway(router) as client:
        await client.send(outbound(text="hello", template=offer, as_template=True))
    buttons = json.loads(route.calls.last.request.content)["components"]
    assert [(one["type"], one["sub_type"], one["index"]) for one in buttons] == [
        ("button", "quick_reply", "0"),
        ("button", "quick_reply", "1"),
    ]
    assert [one["parameters"] for one in buttons] == [
        [{"type": "payload", "payload": "visit.ask:yes"}],
        [{"type": "payload", "payload": "visit.ask:no"}],
    ]


async def test_a_template_is_given_in_as_it_was_recorded(router: respx.MockRouter) -> None:
    recording = recordings.recorded("cloud-template-create")
    answer = recording["response"]
    route = router.post(f"{URL}/template/create/main").mock(httpx.Response(answer["status"], json=answer["body"]))
    async with gateway(router) as client:
        made = await client.create_template("main", NEW)
    assert (made.id, made.status, made.category, made.language) == ("222", "PENDING", "UTILITY", "pt_BR")
    body = json.loads(route.calls.last.request.content)
    schema("create", body)
    expected = {key: value for key, value in recording["request"]["body"].items() if key != "webhookUrl"}
    assert body == {**expected, "allowCategoryChange": False}


async def test_what_meta_says_of_a_template_reaches_its_author(router: respx.MockRouter) -> None:
    details = {"whatsapp_error": "There is already content\nin this language", "whatsapp_code": 2388024}
    body = {"status": 400, "error": "Bad Request", "message": "no", "details": details, "timestamp": "x"}
    router.post(f"{URL}/template/create/main").mock(httpx.Response(400, json=body))
    async with gateway(router) as client:
        with pytest.raises(Refused, match="There is already content in this language") as refused:
            await client.create_template("main", NEW)
    assert refused.value.code == "meta_2388024"


async def test_an_answer_that_says_nothing_is_no_success(router: respx.MockRouter) -> None:
    router.post(f"{URL}/template/create/main").mock(httpx.Response(201, json={"templateId": None}))
    router.get(f"{URL}/template/find/main").mock(httpx.Response(500, json={"status": 500}))
    async with gateway(router) as client:
        with pytest.raises(OutcomeUnknown):
            await client.create_template("main", NEW)
        with pytest.raises(GatewayUnavailable):
            await client.templates("main")


async def test_the_listing_tells_reason_and_quality_where_it_has_them_and_skips_what_is_no_template(
    router: respx.MockRouter,
) -> None:
    row = {
        "name": "a",
        "language": "hi",
        "status": "rejected",
        "category": "UTILITY",
        "id": "1",
        "rejected_reason": "PROMOTIONAL",
    }
    rows = [row | {"quality_score": {"score": "YELLOW"}}, {"name": "b"}, "x", row | {"name": "c", "rejected_reason": "NONE"}]
    router.get(f"{URL}/template/find/main").mock(httpx.Response(200, json=rows))
    async with gateway(router) as client:
        found = await client.templates("main")
    assert [(one.name, one.status, one.reason, one.quality) for one in found] == [
        ("a", "REJECTED", "PROMOTIONAL", "YELLOW"),
        ("c", "REJECTED", None, None),
    ]


@pytest.mark.parametrize(("code", "name"), [(132001, "template_unknown"), (132015, "template_paused")])
async def test_a_template_that_meta_does_not_know_is_a_refusal(router: respx.MockRouter, code: int, name: str) -> None:
    router.post(f"{URL}/message/sendTemplate/bot").mock(httpx.Response(201, json={"message": "x", "code": code}))
    offer = TemplateOffer("a", (TemplateWording("en", "f"),))
    async with gateway(router) as client:
        with pytest.raises(Refused) as refused:
            await client.send(outbound(text="hello", template=offer, as_template=True))
    assert refused.value.code == name


@pytest.mark.parametrize(
    ("language", "name", "code"),
    [("hi", "a", "hi"), ("hi_Latn", "a__hi_latn", "hi"), ("as", "a__as", "bn"), ("or", "a__or", "en"), ("de", "a", "de")],
)
async def test_a_language_that_meta_does_not_list_has_a_name_of_its_own(
    router: respx.MockRouter, language: str, name: str, code: str
) -> None:
    row = {"name": name, "language": code, "status": "APPROVED", "category": "UTILITY", "id": "1"}
    create = router.post(f"{URL}/template/create/main").mock(
        httpx.Response(201, json={"template": {"id": "1", "status": "PENDING"}})
    )
    send = router.post(f"{URL}/message/sendTemplate/bot").mock(
        httpx.Response(201, json=recordings.recorded("cloud-send-sendTemplate")["response"]["body"])
    )
    router.get(f"{URL}/template/find/main").mock(httpx.Response(200, json=[row]))
    message = outbound(text="hello", template=TemplateOffer("a", (TemplateWording(language, "f"),)), as_template=True)
    async with gateway(router) as client:
        made = await client.create_template("main", NewTemplate("a", language, "UTILITY", NEW.components))
        await client.send(message)
        [listed] = await client.templates("main")
    assert [(one.name, one.language) for one in (made, listed)] == [("a", language)] * 2
    for route in (create, send):
        asked = json.loads(route.calls.last.request.content)
        assert (asked["name"], asked["language"]) == (name, code)
    graph = body_for(message)["template"]
    assert (graph["name"], graph["language"]) == (name, {"code": code})
