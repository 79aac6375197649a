"""The whole service on Meta's own API: a signed webhook comes in, and the Graph API (a look-alike) gets the answers."""

from __future__ import annotations

import hmac
import json
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from hashlib import sha256
from typing import Any

import httpx
import pytest
from aiohttp import web

from tests.e2e.page import Page
from tests.e2e.service import Service, serving
from tests.gateway.graph import NUMBER_ID, TOKEN, Graph
from tests.servers.ports import free_port
from tests.webhooks.fakes import wamid

SECRET = "secret-of-the-app"
NUMBER = "919876540001"


@pytest.fixture(scope="module")
def graph() -> Iterator[Graph]:
    """In a thread of its own, because the tests here wait without an event loop."""
    import asyncio

    world, started, loop = Graph(), threading.Event(), asyncio.new_event_loop()
    port = free_port()
    world.url = f"http://127.0.0.1:{port}"

    async def begin() -> web.AppRunner:
        app = web.Application()
        world.add_to(app)
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", port).start()
        return runner

    def work() -> None:
        runner = loop.run_until_complete(begin())
        started.set()
        loop.run_forever()
        loop.run_until_complete(runner.cleanup())
        loop.close()

    thread = threading.Thread(target=work)
    thread.start()
    assert started.wait(60)
    yield world
    loop.call_soon_threadsafe(loop.stop)
    thread.join(60)


@pytest.fixture(scope="module")
def service(graph: Graph, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    settings = {
        "meta_numbers": f"clinic={NUMBER_ID}", "meta_token": TOKEN, "meta_app_secret": SECRET, "meta_verify_token": "verify",
        "meta_url": graph.url,
    }  # fmt: skip
    with serving(tmp_path_factory.mktemp("meta"), settings) as running:
        yield running


class Patient:
    """``user``: what Meta calls them besides; without a ``number`` it is all that Meta tells."""

    def __init__(self, service: Service, graph: Graph, number: str = "", user: str = "") -> None:
        self.service, self.graph, self.number, self.user, self.count = service, graph, number, user, 0

    def says(self, **content: Any) -> list[dict[str, Any]]:
        """What they write, and what the Graph API is given for them within a minute."""
        self.count += 1
        before = len(self.mine())
        message = {
            **({"from": self.number} if self.number else {}),
            **({"from_user_id": self.user} if self.user else {}),
            "id": wamid(self.number or "919876549999", f"IN{self.user[-4:]}{self.count:014d}"),
            "timestamp": str(int(time.time())),
            **content,
        }
        value = {
            "messaging_product": "whatsapp",
            "metadata": {"phone_number_id": NUMBER_ID},
            "contacts": [{**({"wa_id": self.number} if self.number else {}), "profile": {"name": "Asha"}}],
            "messages": [message],
        }
        event = {
            "object": "whatsapp_business_account",
            "entry": [{"id": "1", "changes": [{"field": "messages", "value": value}]}],
        }
        body = json.dumps(event).encode()
        signature = "sha256=" + hmac.new(SECRET.encode(), body, sha256).hexdigest()
        headers = {"X-Hub-Signature-256": signature}
        answer = httpx.post(f"{self.service.url}/webhooks/meta", content=body, headers=headers, timeout=60.0)
        assert answer.status_code == 200
        deadline = time.monotonic() + 60
        while len(self.mine()) == before:
            assert time.monotonic() < deadline, self.service.err[-2000:]
            time.sleep(0.02)  # the answer comes through another process
        return self.mine()[before:]

    def mine(self) -> list[dict[str, Any]]:
        return [one for one in self.graph.sent if (one.get("to") or one["recipient"]) in (self.number, self.user)]


def test_a_stranger_is_greeted_with_real_buttons_and_a_tap_goes_on(service: Service, graph: Graph) -> None:
    asha = Patient(service, graph, NUMBER)
    [greeting] = asha.says(type="text", text={"body": "hi"})
    assert greeting["type"] == "interactive"
    asked = greeting["interactive"]["action"]
    replies = [one["reply"] for one in asked["buttons"]] if "buttons" in asked else asked["sections"][0]["rows"]
    english = next(one for one in replies if one["title"] == "English")
    kind = "button_reply" if "buttons" in asked else "list_reply"
    [consent] = asha.says(type="interactive", interactive={"type": kind, kind: {"id": english["id"], "title": "English"}})
    assert "Do you agree?" in json.dumps(consent)


def test_a_number_that_moves_between_the_adapters_keeps_its_conversations(service: Service, graph: Graph) -> None:
    """The open question is answered on the other one, both ways, and what is said goes where the person last wrote."""
    number = "919876540004"
    on_meta = Patient(service, graph, number)
    with closing(Page(service.url)) as page:
        on_evolution = page.new_patient("Asha", number)
        on_evolution.post({"text": "hi"})
        on_evolution.wait_for("ProCare")
        on_evolution.post({"text": "English"})
        on_evolution.wait_for("Do you agree?")
        [name] = on_meta.says(type="text", text={"body": "I agree"})[:1]
        assert "What may I call you?" in json.dumps(name)
        heard = len(on_meta.mine())
        on_evolution.post({"text": "Asha"})
        on_evolution.wait_for("In which year were you born?")
        assert len(on_meta.mine()) == heard


def test_danger_is_answered_at_once(service: Service, graph: Graph) -> None:
    [answer] = Patient(service, graph, "919876540002").says(type="text", text={"body": "chest pain"})[:1]
    assert "112" in json.dumps(answer)


def test_who_shows_no_number_is_answered_and_is_who_they_were(service: Service, graph: Graph) -> None:
    """First with the number, then, with a username, without it: the open question is theirs, and danger is heard."""
    number, user = "919876540005", "IN.16487380430440005"
    shown, hidden = Patient(service, graph, number, user), Patient(service, graph, "", user)
    shown.says(type="text", text={"body": "hi"})
    assert "Do you agree?" in json.dumps(shown.says(type="text", text={"body": "English"}))
    [name] = hidden.says(type="text", text={"body": "I agree"})[:1]
    assert "What may I call you?" in json.dumps(name)
    assert (name.get("to"), name["recipient"]) == (None, user)
    [danger] = hidden.says(type="text", text={"body": "chest pain"})[:1]
    assert "112" in json.dumps(danger)
    [stranger] = Patient(service, graph, "", "IN.999").says(type="text", text={"body": "chest pain"})[:1]
    assert "112" in json.dumps(stranger)


def test_nothing_of_it_stands_in_the_logs(service: Service, graph: Graph) -> None:
    Patient(service, graph, "919876540003").says(type="text", text={"body": "sugar 38 haath kaanp rahe"})
    for forbidden in (NUMBER, "9198765400", "IN.1648", TOKEN, SECRET, "chest", "kaanp", "Asha"):
        assert forbidden not in service.err + service.out
