"""Razorpay's client against scripted answers, and against the look-alike over real sockets."""

from __future__ import annotations

import base64
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx
import pytest
import respx
from aiohttp import web
from aiohttp.test_utils import TestServer

from bot.errors import Refused, Unavailable
from bot.ports.payments import Link, LinkState, Payment, Payments
from webhooks.razorpay.client import RazorpayPayments
from webhooks.razorpay.lookalike import RazorpayLookAlike

URL = "https://razorpay.test"
NOW = 1_795_413_600.0
REFERENCE = "v0123456789abcdef.1"
LINK = {"id": "plink_1", "short_url": "https://rzp.io/i/x", "status": "created", "reference_id": REFERENCE, "payments": []}
PAID = {**LINK, "status": "paid", "payments": [{"payment_id": "pay_1", "amount": 50_000, "status": "captured"}]}


@pytest.fixture
def router() -> respx.MockRouter:
    return respx.MockRouter(assert_all_called=True)


@asynccontextmanager
async def client(router: respx.MockRouter) -> AsyncIterator[Payments]:
    transport = httpx.MockTransport(router.async_handler)
    async with RazorpayPayments("key", "secret", url=URL, transport=transport, clock=lambda: NOW) as payments:
        yield payments


async def test_a_link_is_asked_for_in_paise_and_without_a_word_about_the_person(router: respx.MockRouter) -> None:
    route = router.post(f"{URL}/v1/payment_links").respond(200, json=LINK)
    async with client(router) as payments:
        link = await payments.make_link(reference=REFERENCE, amount=50_000, expires_at=NOW + 60)
    assert link == Link("plink_1", "https://rzp.io/i/x")
    request = route.calls.last.request
    assert request.headers["authorization"] == "Basic " + base64.b64encode(b"key:secret").decode()
    assert json.loads(request.content) == {
        "amount": 50_000,
        "currency": "INR",
        "accept_partial": False,
        "description": "Booking",
        "reference_id": REFERENCE,
        "expire_by": int(NOW) + 960,  # never less than Razorpay allows
        "notify": {"sms": False, "email": False},
        "reminder_enable": False,
        "notes": {"reference": REFERENCE},
    }


async def test_a_link_that_exists_already_is_found_by_its_reference(router: respx.MockRouter) -> None:
    router.post(f"{URL}/v1/payment_links").respond(400, json={"error": {"code": "BAD_REQUEST_ERROR"}})
    router.get(f"{URL}/v1/payment_links", params={"reference_id": REFERENCE}).respond(
        200, json={"payment_links": [{"id": "plink_0", "reference_id": "v0123456789abcdef.10"}, LINK]}
    )
    router.get(f"{URL}/v1/payment_links/plink_1").respond(200, json=LINK)
    async with client(router) as payments:
        assert (await payments.make_link(reference=REFERENCE, amount=50_000, expires_at=NOW)).id == "plink_1"


@pytest.mark.parametrize(
    ("status", "kind", "code"),
    [
        (400, Refused, "bad_request_error"),
        (401, Unavailable, "razorpay_401"),  # a wrong key is mended, and no booking is undone for it
        (429, Unavailable, "razorpay_busy"),
        (500, Unavailable, "razorpay_broken"),
        (503, Unavailable, "razorpay_broken"),
        (302, Refused, "bad_request_error"),
    ],
)
async def test_what_goes_wrong_is_told_by_who_must_act(status: int, kind: type[Exception], code: str) -> None:
    router = respx.MockRouter(assert_all_called=False)
    router.post(f"{URL}/v1/payment_links").respond(status, json={"error": {"code": "BAD_REQUEST_ERROR"}})
    router.get(f"{URL}/v1/payment_links").respond(200, json={"payment_links": []})
    async with client(router) as payments:
        with pytest.raises(kind) as raised:
            await payments.make_link(reference=REFERENCE, amount=50_000, expires_at=NOW)
    assert getattr(raised.value, "code", "") == code


@pytest.mark.parametrize("error", [httpx.ConnectError("no"), httpx.ReadTimeout("late"), OSError("gone")])
async def test_no_answer_is_unavailable(router: respx.MockRouter, error: Exception) -> None:
    router.get(f"{URL}/v1/payment_links/plink_1").mock(side_effect=error)
    async with client(router) as payments:
        with pytest.raises(Unavailable):
            await payments.look(reference=REFERENCE, link=Link("plink_1", "https://rzp.io/i/x"))


async def test_only_captured_rupees_count_as_paid(router: respx.MockRouter) -> None:
    listed = [
        {"payment_id": "pay_1", "amount": 50_000, "status": "authorized"},
        {"payment_id": "pay_2", "amount": 50_000, "status": "failed"},
        {"payment_id": "pay_3", "amount": "50000", "status": "captured"},
        {"payment_id": "pay_4", "amount": 50_000, "status": "captured", "currency": "USD"},
        {"payment_id": "pay_5", "amount": 50_000, "status": "captured"},
        "junk",
    ]
    router.get(f"{URL}/v1/payment_links/plink_1").respond(200, json={**LINK, "payments": listed})
    async with client(router) as payments:
        state = await payments.look(reference=REFERENCE, link=Link("plink_1", "https://rzp.io/i/x"))
    assert state == LinkState(open=True, payments=(Payment("pay_5", 50_000),), underway=True)


async def test_a_link_that_is_paid_in_the_moment_of_closing_stays_paid(router: respx.MockRouter) -> None:
    router.get(f"{URL}/v1/payment_links/plink_1").mock(
        side_effect=[httpx.Response(200, json=LINK), httpx.Response(200, json=PAID)]
    )
    router.post(f"{URL}/v1/payment_links/plink_1/cancel").respond(400, json={"error": {"code": "BAD_REQUEST_ERROR"}})
    async with client(router) as payments:
        state = await payments.close(reference=REFERENCE, link=Link("plink_1", "https://rzp.io/i/x"))
    assert state == LinkState(open=False, payments=(Payment("pay_1", 50_000),))


async def test_a_link_that_does_not_close_is_tried_again(router: respx.MockRouter) -> None:
    router.get(f"{URL}/v1/payment_links/plink_1").respond(200, json=LINK)
    router.post(f"{URL}/v1/payment_links/plink_1/cancel").respond(400, json={})
    async with client(router) as payments:
        with pytest.raises(Unavailable):
            await payments.close(reference=REFERENCE, link=Link("plink_1", "https://rzp.io/i/x"))


async def test_a_refund_carries_its_key_and_one_that_was_made_before_is_no_failure(router: respx.MockRouter) -> None:
    route = router.post(f"{URL}/v1/payments/pay_1/refund")
    route.side_effect = [httpx.Response(200, json={"id": "rfnd_1"}), httpx.Response(400, json={}), httpx.Response(409, json={})]
    router.get(f"{URL}/v1/payments/pay_1").respond(200, json={"id": "pay_1", "amount": 50_000, "amount_refunded": 50_000})
    async with client(router) as payments:
        await payments.refund(payment="pay_1", amount=50_000, key="v0123456789abcdef-pay_1")
        await payments.refund(payment="pay_1", amount=50_000, key="v0123456789abcdef-pay_1")
        with pytest.raises(Unavailable):
            await payments.refund(payment="pay_1", amount=50_000, key="v0123456789abcdef-pay_1")
    assert route.calls[0].request.headers["x-refund-idempotency"] == "v0123456789abcdef-pay_1"


@asynccontextmanager
async def local() -> AsyncIterator[tuple[RazorpayLookAlike, Payments]]:
    like = RazorpayLookAlike("key", "secret", address="https://pay.test", clock=lambda: NOW)
    app = web.Application()
    like.add_to(app)
    async with (
        TestServer(app) as server,
        RazorpayPayments("key", "secret", url=str(server.make_url("/")), total_seconds=60.0, clock=lambda: NOW) as payments,
    ):
        yield like, payments


async def test_the_whole_life_of_a_link_with_the_look_alike() -> None:
    async with local() as (like, payments):
        link = await payments.make_link(reference=REFERENCE, amount=50_000, expires_at=NOW + 1800)
        assert await payments.make_link(reference=REFERENCE, amount=50_000, expires_at=NOW + 1800) == link
        assert await payments.look(reference=REFERENCE, link=None) == LinkState(open=True)
        like.pay(link.id)
        state = await payments.close(reference=REFERENCE, link=None)
        assert state is not None
        [payment] = state.payments
        assert (state.open, payment.amount) == (False, 50_000)
        await payments.refund(payment=payment.id, amount=50_000, key="v0123456789abcdef-pay")
        await payments.refund(payment=payment.id, amount=50_000, key="v0123456789abcdef-pay")
        await payments.refund(payment=payment.id, amount=50_000, key="another-key-of-a-person")
        assert len(like.refunds) == 1
        assert await payments.look(reference="v0000000000000000.1", link=None) is None
        other = await payments.make_link(reference="v0123456789abcdef.2", amount=50_000, expires_at=NOW)
        assert await payments.close(reference="v0123456789abcdef.2", link=other) == LinkState(open=False)
        like.away = True
        with pytest.raises(Unavailable):
            await payments.look(reference=REFERENCE, link=None)
