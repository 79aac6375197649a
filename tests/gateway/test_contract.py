"""One contract for the gateway port: our client of Evolution against the look-alike (both kinds of instance) and against what a
real Evolution API 2.3.6 answered, replayed by a server that knows nothing but the recordings; and our client of Meta's Graph API
against a look-alike of it."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from typing import Any, Literal, Protocol

import pytest
from aiohttp import web

from bot.errors import GatewayUnavailable, OutcomeUnknown, Refused
from bot.model.effects import Option, Outbound, TemplateOffer, TemplateWording
from bot.model.ids import EffectId, person_of
from bot.model.inbound import Integration
from bot.ports.gateway import Gateway
from bot.ports.templates import NewTemplate, TemplateDesk
from tests.gateway.graph import graph
from tests.servers.site import listening
from tests.webhooks.recordings import recorded
from webhooks.evolution.client import EvolutionGateway
from webhooks.lookalike.people import Instance
from webhooks.lookalike.server import LookAlike

NUMBER = "5511987654321"
Meets = Literal["window_closed", "too_fast", "timed_out", "hidden_success"]


class World(Protocol):
    """A gateway of some kind behind an address."""

    integration: Integration
    url: str

    def next(self, meets: Meets) -> None:
        """What the next send meets."""

    def client(self, url: str | None = None, *, patience: float = 60.0) -> AbstractAsyncContextManager[Gateway]:
        """Our client of it. ``patience``: seconds for a call."""


class OverEvolution:
    url: str

    def client(self, url: str | None = None, *, patience: float = 60.0) -> EvolutionGateway:
        return EvolutionGateway(url or self.url, "key", total_seconds=patience)


class Alike(OverEvolution):
    def __init__(self, look_alike: LookAlike, url: str, integration: Integration) -> None:
        self.integration, self.url = integration, url
        self._faults = look_alike.faults

    def next(self, meets: Meets) -> None:
        match meets:
            case "window_closed":
                self._faults.add("refused", code=131047)
            case "too_fast":
                self._faults.add("refused", code=130429)
            case "timed_out":
                self._faults.add("hang", seconds=60.0)
            case "hidden_success":
                self._faults.add("reset_after")


class Recorded(OverEvolution):
    """Answers as the real server did, in the order of the plan; ``timed_out`` is Baileys' own word for it."""

    integration: Integration = "cloud"
    url = ""

    def __init__(self) -> None:
        self._plan: list[Meets] = []
        self._sent: list[tuple[str, str, int]] = []

    def next(self, meets: Meets) -> None:
        self._plan.append(meets)

    async def send(self, request: web.Request) -> web.StreamResponse:
        body = await request.json()
        meets = self._plan.pop(0) if self._plan else None
        if meets == "timed_out":
            return self._answer(recorded("baileys-send-sendText-timed-out"))
        if meets in ("window_closed", "too_fast"):
            name = "24h-window" if meets == "window_closed" else "429"
            return self._answer(recorded(f"cloud-send-sendText-meta-{name}"))
        template = request.match_info["kind"] == "sendTemplate"
        answer = recorded(
            "cloud-send-sendTemplate" if template else "cloud-send-sendButtons" if "buttons" in body else "cloud-send-sendText"
        )
        said = answer["response"]["body"]["message"]["conversation"]
        self._sent.append((answer["response"]["body"]["key"]["id"], body.get("text", said), int(time.time())))
        if meets == "hidden_success":
            assert request.transport is not None
            request.transport.close()
            return web.Response()
        return self._answer(answer)

    async def find(self, _: web.Request) -> web.StreamResponse:
        answer = recorded("cloud-chat-findMessages")
        page = answer["response"]["body"]["messages"]
        pattern = page["records"][0]
        page["records"] = [
            {**pattern, "key": {**pattern["key"], "id": name}, "message": {"conversation": text}, "messageTimestamp": at}
            for name, text, at in self._sent
        ]
        page["pages"] = 1
        return self._answer(answer)

    async def state(self, _: web.Request) -> web.StreamResponse:
        return web.json_response({"instance": {"instanceName": "one", "state": "open"}})

    async def create(self, request: web.Request) -> web.Response:
        asked = recorded("cloud-template-create")["request"]["body"]
        assert {"allowCategoryChange"} ^ (await request.json()).keys() == asked.keys() - {"webhookUrl"}
        return self._answer(recorded("cloud-template-create"))

    async def listed(self, _: web.Request) -> web.Response:
        return self._answer(recorded("cloud-template-find"))

    def _answer(self, recording: Any) -> web.Response:
        answer = recording["response"]
        return web.json_response(answer["body"], status=answer["status"])


@asynccontextmanager
async def look_alike(integration: Literal["cloud", "baileys"]) -> AsyncIterator[World]:
    alike = LookAlike([Instance("one", integration)], api_key="key", seed=1)
    async with alike.listening() as url:
        yield Alike(alike, url, integration)


@asynccontextmanager
async def recordings() -> AsyncIterator[World]:
    world = Recorded()
    app = web.Application()
    app.router.add_post("/message/{kind}/one", world.send)
    app.router.add_post("/chat/findMessages/one", world.find)
    app.router.add_get("/instance/connectionState/one", world.state)
    app.router.add_post("/template/create/one", world.create)
    app.router.add_get("/template/find/one", world.listed)
    async with listening(app) as world.url:
        yield world


WORLDS: dict[str, Callable[[], Any]] = {
    "look-alike, official API": lambda: look_alike("cloud"),
    "look-alike, Baileys": lambda: look_alike("baileys"),
    "recordings of the real server": recordings,
    "Meta's Graph API": graph,
}


@pytest.fixture(params=WORLDS)
async def world(request: pytest.FixtureRequest) -> AsyncIterator[World]:
    async with AsyncExitStack() as stack:
        yield await stack.enter_async_context(WORLDS[request.param]())


@pytest.fixture
async def gateway(world: World) -> AsyncIterator[Gateway]:
    async with world.client() as client:
        yield client


def message(world: World, text: str, **more: Any) -> Outbound:
    return Outbound(
        id=EffectId(text), person=person_of("phone:" + NUMBER), instance="one", integration=world.integration, address=NUMBER,
        kind="reply", text=text, at=time.time(), **more,
    )  # fmt: skip


async def test_a_send_gives_whatsapps_id(world: World, gateway: Gateway) -> None:
    assert await gateway.send(message(world, "hello"))


async def test_a_question_is_sent_with_its_options(world: World, gateway: Gateway) -> None:
    question = message(world, "Agree?", options=(Option("y", "Yes"), Option("n", "No")), numbered="Agree?\n1. Yes\n2. No")
    assert await gateway.send(question)


async def test_a_closed_window_is_a_refusal(world: World, gateway: Gateway) -> None:
    if world.integration == "baileys":
        pytest.skip("only the official API has a window")
    world.next("window_closed")
    with pytest.raises(Refused):
        await gateway.send(message(world, "hello"))


async def test_too_fast_is_surely_not_sent(world: World, gateway: Gateway) -> None:
    if world.integration == "baileys":
        pytest.skip("only Meta answers in this way")
    world.next("too_fast")
    with pytest.raises(GatewayUnavailable):
        await gateway.send(message(world, "hello"))


async def test_no_answer_in_time_is_an_unknown_outcome_and_the_history_does_not_show_it(world: World, gateway: Gateway) -> None:
    world.next("timed_out")
    asked = message(world, "hello")
    async with world.client(patience=5.0) as impatient:
        with pytest.raises(OutcomeUnknown):
            await impatient.send(asked)
    assert await gateway.find(asked, since=asked.at, known=set()) is None


async def test_a_hidden_success_is_found_in_the_history(world: World, gateway: Gateway) -> None:
    world.next("hidden_success")
    asked = message(world, "hello")
    with pytest.raises(OutcomeUnknown):
        await gateway.send(asked)
    found = await gateway.find(asked, since=asked.at, known=set())
    assert found
    assert await gateway.find(asked, since=asked.at, known={found}) is None
    assert await gateway.find(message(world, "something else"), since=asked.at, known=set()) is None
    assert await gateway.find(asked, since=asked.at + 3600, known=set()) is None


async def test_the_state_of_an_instance_is_told(gateway: Gateway) -> None:
    assert await gateway.ping("one") == "open"


def as_template(world: World) -> Outbound:
    offer = TemplateOffer("hello_world", (TemplateWording("pt_BR", "form", ("Maria",)),))
    return message(world, "hello", template=offer, as_template=True)


async def test_a_message_goes_out_as_its_template(world: World, gateway: Gateway) -> None:
    if world.integration == "baileys":
        with pytest.raises(Refused) as refused:
            await gateway.send(as_template(world))
        assert refused.value.code == "not_available"
    else:
        assert await gateway.send(as_template(world))


async def test_a_template_that_went_out_unheard_is_found_in_the_history(world: World, gateway: Gateway) -> None:
    if world.integration == "baileys":
        pytest.skip("only the official API has templates")
    world.next("hidden_success")
    asked = as_template(world)
    with pytest.raises(OutcomeUnknown):
        await gateway.send(asked)
    assert await gateway.find(asked, since=asked.at, known=set())
    assert await gateway.find(message(world, "hello"), since=asked.at, known=set()) is None


async def test_templates_are_given_in_and_listed(world: World, gateway: Gateway) -> None:
    if world.integration == "baileys":
        pytest.skip("only the official API has templates")
    if not isinstance(gateway, EvolutionGateway):
        pytest.skip("templates are managed through Evolution, or in Meta's own pages")
    desk: TemplateDesk = gateway
    body = [{"type": "BODY", "text": "Oi"}]
    made = await desk.create_template("one", NewTemplate("t1", "pt_BR", "UTILITY", body))
    assert (made.name, made.language, made.status, made.category) == ("t1", "pt_BR", "PENDING", "UTILITY")
    listed = {(one.name, one.language): one for one in await desk.templates("one")}
    known = listed["hello_world", "pt_BR"]
    assert (known.status, known.category, known.id) == ("APPROVED", "UTILITY", "111")
    assert known.components == [{"type": "BODY", "text": "Oi {{1}}"}]


async def test_nobody_listening_is_surely_not_sent(world: World) -> None:
    async with world.client("http://127.0.0.1:1") as gone:
        with pytest.raises(GatewayUnavailable):
            await gone.send(message(world, "hello"))
