"""What the contract does not say of Meta's Graph API: forms, files, refusals, and that only Meta is asked for files."""

from __future__ import annotations

import json
import time
from collections.abc import AsyncIterator
from typing import Any

import pytest

from bot.errors import BotError, GatewayUnavailable, OutcomeUnknown, Refused
from bot.model.effects import Attached, Option, Outbound, TemplateOffer, TemplateWording
from bot.model.ids import EffectId, GatewayId, person_of
from tests.gateway.graph import NUMBER_ID, Graph, graph
from webhooks.meta.answers import failure
from webhooks.meta.client import MetaGateway
from webhooks.meta.payloads import body_for
from webhooks.routed import Routed

NUMBER = "919876500001"
PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 64


@pytest.fixture
async def world() -> AsyncIterator[Graph]:
    async with graph() as world:
        yield world


@pytest.fixture
async def gateway(world: Graph) -> AsyncIterator[MetaGateway]:
    async with world.client() as client:
        yield client


def message(text: str = "hello", **more: Any) -> Outbound:
    return Outbound(
        id=EffectId("in#0"), person=person_of("phone:" + NUMBER), instance=more.pop("instance", "one"), integration="cloud",
        address=more.pop("address", NUMBER), kind="reply", text=text, at=time.time(), **more,
    )  # fmt: skip


def options(count: int, label: str = "One") -> tuple[Option, ...]:
    return tuple(Option(f"o{number}", f"{label} {number}") for number in range(count))


def test_up_to_three_short_options_are_buttons_with_their_ids() -> None:
    body = body_for(message("Agree?", options=options(3), header="Head", footer="Foot", quoted_id=GatewayId("wamid.A")))
    shown = body["interactive"]
    assert (body["type"], shown["type"], body["context"]) == ("interactive", "button", {"message_id": "wamid.A"})
    assert [one["reply"] for one in shown["action"]["buttons"]] == [{"id": f"o{n}", "title": f"One {n}"} for n in range(3)]
    assert (shown["body"], shown["header"], shown["footer"]) == (
        {"text": "Agree?"},
        {"type": "text", "text": "Head"},
        {"text": "Foot"},
    )


def test_more_are_a_list_and_what_no_list_can_hold_is_numbered() -> None:
    described = tuple(Option(one.id, one.label, "d" * 80) for one in options(10))
    rows = body_for(message("Which?", options=described, menu_label="Choose"))["interactive"]["action"]["sections"][0]["rows"]
    assert [row["id"] for row in rows] == [f"o{n}" for n in range(10)]
    assert all(len(row["description"]) == 72 for row in rows)
    for question in (
        message("Which?", options=options(11), menu_label="Choose"),
        message("Which?", options=options(4)),
        message("Which?", options=options(2, "A label that is far too long for it")),
        message("Which?", options=(Option("a", "Same"), Option("b", "Same"))),
        message("x" * 1025, options=options(2)),
    ):
        body = body_for(question)
        assert body["type"] == "text"
        assert "2. " in body["text"]["body"]


def test_what_must_not_be_sent_is_refused() -> None:
    for bad, code in ((message(" "), "empty"), (message("x" * 4097), "too_long"), (message(address="a@lid"), "bad_address")):
        with pytest.raises(Refused) as refused:
            body_for(bad)
        assert refused.value.code == code


def test_the_callback_names_neither_the_person_nor_the_message() -> None:
    token = body_for(message())["biz_opaque_callback_data"]
    assert len(token) == 32
    assert NUMBER not in token
    offer = TemplateOffer("t", (TemplateWording("en", "form"),))
    assert body_for(message(template=offer, as_template=True))["biz_opaque_callback_data"] != token


async def test_a_picture_is_uploaded_once_and_sent_with_its_caption(world: Graph, gateway: MetaGateway) -> None:
    world.files["ref"] = PNG
    await gateway.send(message("Your chart", media=Attached("image", "ref")))
    [sent] = world.sent
    assert sent["type"] == "image"
    assert sent["image"]["caption"] == "Your chart"
    assert world.files[sent["image"]["id"]] == PNG


async def test_a_file_that_is_gone_costs_the_file_and_not_the_words(world: Graph, gateway: MetaGateway) -> None:
    await gateway.send(message("Your chart", media=Attached("image", "ref")))
    assert world.sent[0]["text"]["body"] == "Your chart"


async def test_a_file_that_is_refused_costs_the_file_and_not_the_words(world: Graph, gateway: MetaGateway) -> None:
    world.files["ref"], world.takes_files = PNG, False
    await gateway.send(message("Your chart", media=Attached("image", "ref")))
    assert world.sent[0]["text"]["body"] == "Your chart"
    with pytest.raises(Refused):
        await gateway.send(message("", media=Attached("image", "ref")))


async def test_a_persons_file_is_fetched_by_its_id(world: Graph, gateway: MetaGateway) -> None:
    world.files["77"] = b"x" * 5000
    assert await gateway.fetch("77", 5000) == b"x" * 5000
    assert await gateway.fetch("77", 4999) is None
    assert await gateway.fetch("78", 5000) is None
    assert await gateway.fetch("../me", 5000) is None


@pytest.mark.parametrize(
    "address",
    [
        "http://169.254.169.254/latest/meta-data", "https://169.254.169.254/x", "http://lookaside.fbsbx.com/x",
        "https://lookaside.fbsbx.com.evil.example/x", "https://lookaside.fbsbx.com:8443/x", "file:///etc/passwd",
        "https://evil.example/?a=.whatsapp.net", "https://user@evil.example\\.whatsapp.net/x",
    ],
)  # fmt: skip
async def test_no_address_but_metas_is_asked_for_a_file(world: Graph, gateway: MetaGateway, address: str) -> None:
    world.files["77"] = b"x"
    world.elsewhere = address
    try:
        assert await gateway.fetch("77", 5000) is None
    except GatewayUnavailable as error:
        pytest.fail(f"it was asked: {error.code}")


@pytest.mark.parametrize(
    ("status", "body", "wanted"),
    [
        (400, {"error": {"code": 131026}}, Refused),
        (400, {"error": {"code": 100}}, Refused),
        (401, {"error": {"code": 190}}, GatewayUnavailable),
        (400, {"error": {"code": 131056}}, GatewayUnavailable),
        (500, {"error": {"code": 131000}}, OutcomeUnknown),
        (500, {"error": {"code": 1}}, OutcomeUnknown),
        (503, {}, OutcomeUnknown),
        (200, {"messages": []}, OutcomeUnknown),
        (200, {"messages": [{"id": "with space"}]}, OutcomeUnknown),
        (404, {}, GatewayUnavailable),
        (413, {}, Refused),
    ],
)
async def test_what_metas_answers_mean(
    world: Graph, gateway: MetaGateway, status: int, body: dict[str, Any], wanted: type[BotError]
) -> None:
    world.refused.append((status, body))
    with pytest.raises(wanted):
        await gateway.send(message())


async def test_each_instance_goes_to_its_own_gateway(world: Graph, gateway: MetaGateway) -> None:
    both = Routed(gateway, None)
    assert await both.send(message())
    with pytest.raises(GatewayUnavailable):
        await both.send(message(instance="elsewhere"))
    assert NUMBER_ID not in str(world.sent)
    assert await both.ping("one") == "open"


@pytest.mark.parametrize(
    ("status", "error", "expected"),
    [
        (400, {"code": 99_001}, Refused),
        (400, {"code": 99_001, "is_transient": False}, Refused),
        (400, {"code": 99_001, "is_transient": True}, GatewayUnavailable),
        (400, {"code": 131026, "is_transient": True}, Refused),  # what we know counts
        (429, {"code": 613}, GatewayUnavailable),
        (500, {"code": 99_001}, OutcomeUnknown),
        (503, {"code": 131047}, Refused),
    ],
)
def test_a_number_that_nobody_knows_yet_ends_no_message_that_meta_wants_again(
    status: int, error: dict[str, Any], expected: type[BotError]
) -> None:
    assert type(failure(status, json.dumps({"error": error}).encode())) is expected
