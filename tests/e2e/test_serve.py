"""What a newcomer gets: one command, no servers, a page, and answers through the path of a production install."""

from __future__ import annotations

import json
import re

import httpx
import pytest

from tests.e2e.conftest import TOKEN
from tests.e2e.page import Page
from tests.e2e.service import Service

DEVANAGARI = re.compile(r"[\u0900-\u097f]")
SKIPS = 5  # questions of the profile


def test_from_hi_to_a_graded_reading(page: Page) -> None:
    asha = page.new_patient("Asha", "919876520001")
    assert "ProCare" in asha.say("hi")
    assert "Do you agree?" in asha.tap("English")
    assert "noted your OK" in asha.tap("I agree")
    for _ in range(SKIPS):
        asha.post({"text": "skip"})
    asha.wait_for("your care team sees what you send")
    assert "What would you like to do?" in asha.say("done")
    answer = asha.say("sugar 182 fasting")
    assert "182 mg/dL" in answer
    assert "Your target is 80–130 mg/dL, so this one is outside it" in answer


def test_a_reading_before_consent_is_kept_and_graded_after_it(page: Page) -> None:
    ravi = page.new_patient("Ravi", "919876520002")
    ravi.post({"text": "sugar 110 fasting"})
    ravi.wait_for("ProCare")
    ravi.tap("English")
    ravi.tap("I agree")
    ravi.wait_for("Noted: 110 mg/dL")


def test_the_same_in_hindi(page: Page) -> None:
    meena = page.new_patient("Meena", "919876520003")
    assert DEVANAGARI.search(meena.say("नमस्ते"))
    assert DEVANAGARI.search(meena.tap("हिन्दी"))
    assert DEVANAGARI.search(meena.tap("मैं सहमत हूँ"))
    for _ in range(SKIPS):
        meena.post({"text": "छोड़ें"})
    meena.post({"text": "शुगर 115 खाली पेट"})
    assert DEVANAGARI.search(meena.wait_for("115"))


@pytest.mark.parametrize(
    ("number", "words", "part"),
    [
        ("919876520011", "chest pain", "112"),
        ("919876520012", "seene mein dard ho raha hai", "112"),
        ("919876520013", "मेरे सीने में दर्द हो रहा है", "112"),
        ("447700900555", "my chest hurts badly, chest pain", "999"),
    ],
)
def test_danger_is_answered_before_any_consent(page: Page, number: str, words: str, part: str) -> None:
    assert part in page.new_patient("Stranger", number).say(words)


def test_stop_is_obeyed_and_danger_is_heard_all_the_same(page: Page) -> None:
    devika = page.new_patient("Devika", "919876520004")
    devika.say("hi")
    devika.tap("English")
    devika.tap("I agree")
    devika.post({"text": "STOP"})
    devika.wait_for("no more messages from me")
    assert "Messages are stopped" in devika.say("sugar 120 fasting")
    assert "112" in devika.say("chest pain")


def test_a_button_of_long_ago_still_means_what_it_said(page: Page) -> None:
    joseph = page.new_patient("Joseph", "919876520005")
    joseph.say("hi")
    joseph.tap("English")
    joseph.say("I agree")
    joseph.say("skip")
    assert "closed" in joseph.tap("I agree")


def test_the_operations_pages_tell_how_it_is(service: Service, page: Page) -> None:
    page.new_patient("Fatima", "919876520006").say("hi")
    with httpx.Client(base_url=service.url, timeout=60.0) as client:
        assert client.get("/healthz").text == "ok\n"
        assert all("server" not in client.get(path).headers for path in ("/healthz", "/webhooks/evolution", "/nothing"))
        ready = service.wait_until_ready()  # waited for: an engine that a busy machine holds up is late, and not away
        assert ready.json()["engines"] == {"bus": "ok", "sessions": "ok", "store": "ok"}
        assert ready.json()["stopping"] is False
        metrics = client.get("/metrics").text
    for name in (
        'procare_webhooks_total{event="messages.upsert",outcome="taken"}',
        'procare_turns_total{kind="text"',
        'procare_stage_seconds_bucket{le="0.1",stage="reply"}',
        'procare_sends_total{kind="reply",outcome="sent"}',
        'procare_queue_depth{queue="turns.0"}',
        "procare_parked_now 0.0",
    ):
        assert name in metrics, f"{name} is not among:\n" + "\n".join(x for x in metrics.splitlines() if name[:16] in x)


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"{", 400),
        (b"[" * 100_000, 400),
        (b"null", 400),
        (b'{"event": "no.such", "instance": "x", "data": {}}', 200),
        (b'{"event": "messages.upsert", "instance": "x", "data": {"key": 5}}', 400),
    ],
)
def test_bad_webhooks_get_a_status_and_never_a_stack_trace(service: Service, body: bytes, status: int) -> None:
    url, kind = f"{service.url}/webhooks/evolution", {"content-type": "application/json"}
    answer = httpx.post(url, content=body, headers={**kind, "X-Webhook-Token": TOKEN}, timeout=60.0)
    assert answer.status_code == status, answer.text
    assert "Traceback" not in answer.text
    refused = httpx.post(url, content=body, headers={**kind, "X-Webhook-Token": "x" + TOKEN}, timeout=60.0)
    assert refused.status_code == 401
    assert TOKEN not in refused.text


def test_the_logs_of_all_this_name_nobody_and_quote_nobody(service: Service, page: Page) -> None:
    """With what the other tests of this file made the service write, when they ran in this process before."""
    sita = page.new_patient("Sita", "919876520007")
    sita.say("hi")
    sita.tap("English")
    sita.tap("I agree")
    for words in ("sugar 182 fasting", "seene mein dard", "what?", "menu", "my data"):
        sita.say(words)
    written = service.err + service.out
    for line in service.err.splitlines():
        json.loads(line)
    forbidden = ["wamid.", "98765200", "4477009", "sugar 1", "chest", "seene", "सीने", "शुगर", "Asha", "Meena", "Sita", TOKEN]
    chats = page.client.get("/lookalike/state").json()["chats"]
    forbidden += [chat["number"] for chat in chats]
    forbidden += [message["id"].removeprefix("wamid.")[:24] for chat in chats for message in chat["messages"]]
    assert len(forbidden) > 25
    assert [word for word in forbidden if word in written] == []
