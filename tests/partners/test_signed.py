"""Partners' webhooks: nothing is read before its signature was right, and a repeat says the same under the same id."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest
from aiohttp import ClientSession, web
from aiohttp.test_utils import TestServer
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.errors import BusUnavailable, Malformed
from bot.model.effects import Intent
from webhooks.calling import Answer
from webhooks.lab import events as lab
from webhooks.razorpay import events as razorpay
from webhooks.signed import SignedWebhook, signature_of

NOW = 1_795_413_600.0
SECRET, OLD = "current-secret", "old-secret"
REFERENCE = "v0123456789abcdef.1"
PAYMENT = {"id": "pay_1", "amount": 50_000, "currency": "INR", "status": "captured", "notes": {"reference": REFERENCE}}
PAID = {
    "event": "payment_link.paid",
    "payload": {"payment_link": {"entity": {"id": "plink_1", "reference_id": REFERENCE}}, "payment": {"entity": PAYMENT}},
}


class Door:
    def __init__(self, url: str) -> None:
        self.url, self.published, self.away = url, list[Intent](), False

    async def publish(self, intent: Intent) -> None:
        if self.away:
            raise BusUnavailable
        self.published.append(intent)

    async def post(self, body: bytes, signature: str | None, **headers: str) -> int:
        signed = {} if signature is None else {razorpay.SIGNATURE: signature}
        async with ClientSession() as session, session.post(self.url, data=body, headers={**signed, **headers}) as response:
            return response.status


@pytest.fixture
async def door() -> AsyncIterator[Door]:
    made = Door("")
    hook = SignedWebhook("razorpay", razorpay.SIGNATURE, (SECRET, OLD), razorpay.read_event(lambda: NOW), made.publish)
    app = web.Application()
    app.router.add_post("/hook", hook.handle)
    async with TestServer(app) as server:
        made.url = str(server.make_url("/hook"))
        yield made


def raw(event: Any) -> bytes:
    return json.dumps(event, indent=1).encode()  # spaces that a second encoding would not have


async def test_a_paid_link_becomes_one_intent_that_nobody_waits_for(door: Door) -> None:
    body = raw(PAID)
    assert await door.post(body, signature_of(SECRET, body), **{"X-Razorpay-Event-Id": "evt_1"}) == 200
    [intent] = door.published
    assert (intent.id, intent.agent, intent.name, intent.unanswered) == (
        "razorpay:evt_1",
        "care_coordinator",
        "payment_event",
        True,
    )
    assert intent.data == {"reference": REFERENCE, "what": "paid", "payment": "pay_1", "amount": 50_000}
    assert await door.post(body, signature_of(OLD, body), **{"X-Razorpay-Event-Id": "evt_1"}) == 200  # signed before a change
    assert door.published[1] == intent


@pytest.mark.parametrize("signature", [None, "", "0" * 64, signature_of("guess", raw(PAID)), "ü", signature_of(SECRET, b"other")])
async def test_without_the_right_signature_nothing_is_read(door: Door, signature: str | None) -> None:
    assert await door.post(raw(PAID), signature) == 401
    assert await door.post(b"not json", signature) == 401
    assert door.published == []


async def test_other_bytes_of_the_same_json_are_not_what_was_signed(door: Door) -> None:
    assert await door.post(json.dumps(PAID).encode(), signature_of(SECRET, raw(PAID))) == 401


async def test_what_cannot_be_handed_on_is_asked_for_again(door: Door) -> None:
    door.away = True
    assert await door.post(raw(PAID), signature_of(SECRET, raw(PAID))) == 503


@pytest.mark.parametrize("event", ["junk", 5, [], {"event": "payment_link.paid"}, {"event": "payment.failed", "payload": {}}])
async def test_what_has_another_form_is_refused(door: Door, event: Any) -> None:
    assert await door.post(raw(event), signature_of(SECRET, raw(event))) == 400
    assert door.published == []


@pytest.mark.parametrize(
    "body", [b'{"event": "\xff"}', b'{"a": ' + b"[" * 100_000, b'{"event": "\\ud800"}'], ids=["utf-8", "deep", "half a pair"]
)
async def test_what_is_no_text_at_all_is_refused_and_breaks_nothing(door: Door, body: bytes) -> None:
    assert await door.post(body, signature_of(SECRET, body)) == 400
    for read in (razorpay.read_event(lambda: NOW), lab.read_event(lambda: NOW)):
        with pytest.raises(Malformed):
            read(body, {})
    assert Answer(200, body).json() == {}


async def test_a_payment_with_an_id_or_amount_that_none_has_is_refused(door: Door) -> None:
    for wrong in ({"id": "x" * 81}, {"id": "a b"}, {"amount": 10**13}):
        event = json.loads(json.dumps(PAID))
        event["payload"]["payment"]["entity"].update(wrong)
        assert await door.post(raw(event), signature_of(SECRET, raw(event))) == 400
    assert door.published == []


async def test_events_of_others_on_the_same_account_are_taken_and_left(door: Door) -> None:
    foreign = json.loads(json.dumps(PAID))
    foreign["payload"]["payment_link"]["entity"]["reference_id"] = "SHOP-17"
    for event in ({"event": "payment_link.expired"}, {"event": "order.paid"}, foreign):
        assert await door.post(raw(event), signature_of(SECRET, raw(event))) == 200
    assert door.published == []


async def test_a_body_that_is_too_large_is_not_read(door: Door) -> None:
    body = b" " * 300_000
    assert await door.post(body, signature_of(SECRET, body)) == 413


async def test_a_failed_payment_is_told_with_our_reference(door: Door) -> None:
    body = raw({"event": "payment.failed", "payload": {"payment": {"entity": {**PAYMENT, "status": "failed"}}}})
    assert await door.post(body, signature_of(SECRET, body)) == 200
    assert door.published[0].id == "razorpay:payment.failed.pay_1"  # without an event's id, what it says is its id
    assert door.published[0].data["what"] == "failed"


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=12), inner, max_size=4),
    max_leaves=12,
)
EVENTS = JSON | st.fixed_dictionaries(
    {"event": st.sampled_from(["payment_link.paid", "payment.failed", "x"]), "payload": JSON, "id": JSON, "order": JSON}
)


@settings(max_examples=300, deadline=None, suppress_health_check=list(HealthCheck))
@given(EVENTS, st.sampled_from([razorpay.read_event, lab.read_event]), st.text(max_size=10))
def test_whatever_is_signed_is_taken_left_or_malformed(event: Any, reader: Callable[..., Any], told: str) -> None:
    read = reader(lambda: NOW)
    try:
        intents = read(json.dumps(event).encode(), {"X-Razorpay-Event-Id": told})
    except Malformed:
        return
    assert len(intents) <= 1


def test_the_laboratorys_event_names_an_order_and_nothing_else() -> None:
    body = json.dumps({"id": "e1", "order": "t0123456789abcdef.0", "values": [1]}).encode()
    [intent] = lab.read_event(lambda: NOW)(body, {})
    assert (intent.id, intent.data) == ("lab:e1", {"order": "t0123456789abcdef.0"})
    assert lab.read_event(lambda: NOW)(json.dumps({"id": "e1", "order": "77"}).encode(), {}) == []
