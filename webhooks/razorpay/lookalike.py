"""A local look-alike of Razorpay's payment links: enough of its HTTP for trying things out and for tests. No money moves.

``GET /pay/ID`` is the page behind a link's short address; it pays at once. With ``?late`` it pays also a link that has ended, as
a payment does that was under way. Events go to ``webhook_url``, signed. It runs alone:
``python -m webhooks.razorpay.lookalike --key-id ID --key-secret SECRET --hook URL --secret SECRET``.
"""

from __future__ import annotations

import asyncio
import base64
import hmac
import time
from collections.abc import Callable
from typing import Any

import aiohttp
import click
import msgspec
from aiohttp import web

from webhooks.signed import signature_of

SHORTEST = 15 * 60


class RazorpayLookAlike:
    """``address`` is where people reach it, for the short links: https, as Razorpay's are, or 127.0.0.1."""

    def __init__(
        self,
        key_id: str,
        key_secret: str,
        *,
        address: str,
        webhook_url: str | None = None,
        webhook_secret: str = "",
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._authorization = "Basic " + base64.b64encode(f"{key_id}:{key_secret}".encode()).decode()
        self._address, self._hook, self._secret, self._clock = address, webhook_url, webhook_secret, clock
        self.links: dict[str, dict[str, Any]] = {}
        self.payments: dict[str, dict[str, Any]] = {}
        self.refunds: dict[str, dict[str, Any]] = {}
        self.away = False  # every call is answered 503
        self.silent = False  # the next change is made, and its answer lost
        self._events = 0

    def add_to(self, app: web.Application) -> None:
        app.router.add_post("/v1/payment_links", self._create)
        app.router.add_get("/v1/payment_links", self._list)
        app.router.add_get("/v1/payment_links/{id}", self._fetch)
        app.router.add_post("/v1/payment_links/{id}/cancel", self._cancel)
        app.router.add_get("/v1/payments/{id}", self._payment)
        app.router.add_post("/v1/payments/{id}/refund", self._refund)
        app.router.add_get("/pay/{id}", self._page)

    def pay(self, id_: str) -> dict[str, Any]:
        """Somebody pays a link. Returns the event's body as it would be sent."""
        link = self.links[id_]
        payment = {
            "id": f"pay_{len(self.payments) + 1:014d}",
            "entity": "payment",
            "amount": link["amount"],
            "currency": "INR",
            "status": "captured",
            "amount_refunded": 0,
            "notes": link["notes"],
        }
        self.payments[payment["id"]] = payment
        part = {"payment_id": payment["id"], "amount": link["amount"], "status": "captured", "plink_id": id_, "method": "upi"}
        link["payments"].append(part)
        link |= {"status": "paid", "amount_paid": link["amount"]}
        return self.event("payment_link.paid", link, payment)

    def event(self, name: str, link: dict[str, Any], payment: dict[str, Any]) -> dict[str, Any]:
        payload = {"payment_link": {"entity": dict(link)}, "payment": {"entity": dict(payment)}}
        return {"entity": "event", "event": name, "contains": list(payload), "payload": payload, "created_at": int(self._clock())}

    async def tell(self, event: dict[str, Any], *, event_id: str | None = None) -> int:
        """Deliver an event; returns the status that came back."""
        if self._hook is None:
            return 0
        body = msgspec.json.encode(event)
        self._events += 1
        headers = {
            "X-Razorpay-Signature": signature_of(self._secret, body),
            "X-Razorpay-Event-Id": event_id or f"evt_{self._events:014d}",
            "content-type": "application/json",
        }
        async with aiohttp.ClientSession() as session, session.post(self._hook, data=body, headers=headers) as response:
            return response.status

    async def _create(self, request: web.Request) -> web.StreamResponse:
        if (refusal := self._refusal(request)) is not None:
            return refusal
        asked = await request.json()
        amount, reference = asked.get("amount"), asked.get("reference_id")
        if isinstance(amount, bool) or not isinstance(amount, int) or amount < 100:
            return _bad("The amount must be at least INR 1.00")
        if asked.get("expire_by") is not None and asked["expire_by"] < self._clock() + SHORTEST:
            return _bad("expire_by should be at least 15 minutes after current time")
        if reference and any(link["reference_id"] == reference for link in self.links.values()):
            return _bad(f"payment link with given reference_id ({reference}) already exists")
        id_ = f"plink_{len(self.links) + 1:014d}"
        self.links[id_] = {
            "id": id_,
            "amount": amount,
            "amount_paid": 0,
            "currency": asked.get("currency"),
            "description": asked.get("description"),
            "expire_by": asked.get("expire_by", 0),
            "notes": asked.get("notes", {}),
            "payments": [],
            "reference_id": reference,
            "short_url": f"{self._address}/pay/{id_}",
            "status": "created",
        }
        return self._answer(self.links[id_])

    async def _list(self, request: web.Request) -> web.StreamResponse:
        if (refusal := self._refusal(request)) is not None:
            return refusal
        wanted = request.query.get("reference_id")
        found = [self._now(link) for link in self.links.values() if wanted in (None, link["reference_id"])]
        return web.json_response({"payment_links": [{**link, "payments": []} for link in found]})  # as in their documentation

    async def _fetch(self, request: web.Request) -> web.StreamResponse:
        if (refusal := self._refusal(request)) is not None:
            return refusal
        link = self.links.get(request.match_info["id"])
        return web.json_response(self._now(link)) if link else _bad("The id provided does not exist")

    async def _cancel(self, request: web.Request) -> web.StreamResponse:
        if (refusal := self._refusal(request)) is not None:
            return refusal
        link = self.links.get(request.match_info["id"])
        if link is None:
            return _bad("The id provided does not exist")
        if self._now(link)["status"] != "created":
            return _bad("Payment Link cannot be cancelled in its state")
        link["status"] = "cancelled"
        return self._answer(link)

    async def _payment(self, request: web.Request) -> web.StreamResponse:
        if (refusal := self._refusal(request)) is not None:
            return refusal
        payment = self.payments.get(request.match_info["id"])
        return web.json_response(payment) if payment else _bad("The id provided does not exist")

    async def _refund(self, request: web.Request) -> web.StreamResponse:
        if (refusal := self._refusal(request)) is not None:
            return refusal
        asked, key = await request.json(), request.headers.get("X-Refund-Idempotency", "")
        payment = self.payments.get(request.match_info["id"])
        if payment is None:
            return _bad("The id provided does not exist")
        if key and key in self.refunds:
            same = self.refunds[key]["amount"] == asked["amount"]
            return self._answer(self.refunds[key]) if same else _bad("Different request with the same idempotency key")
        if payment["amount_refunded"] + asked["amount"] > payment["amount"]:
            return _bad("The total refund amount is greater than the refund payment amount")
        payment["amount_refunded"] += asked["amount"]
        refund = {"id": f"rfnd_{len(self.refunds) + 1:014d}", "amount": asked["amount"], "payment_id": payment["id"]}
        self.refunds[key or refund["id"]] = refund
        return self._answer(refund)

    async def _page(self, request: web.Request) -> web.StreamResponse:
        link = self.links.get(request.match_info["id"])
        late = "late" in request.query and not (link and link["payments"])
        if link is None or not (late or self._now(link)["status"] == "created"):
            return web.Response(text="This link cannot be paid.", status=410)
        await self.tell(self.pay(link["id"]))
        return web.Response(text="Paid. (This is a look-alike; no money has moved.)")

    def _now(self, link: dict[str, Any]) -> dict[str, Any]:
        if link["status"] == "created" and link["expire_by"] and self._clock() >= link["expire_by"]:
            link["status"] = "expired"
        return link

    def _refusal(self, request: web.Request) -> web.Response | None:
        if self.away:
            return web.Response(status=503)
        if not hmac.compare_digest(request.headers.get("Authorization", ""), self._authorization):
            return web.json_response({"error": {"code": "BAD_REQUEST_ERROR", "description": "Authentication failed"}}, status=401)
        return None

    def _answer(self, entity: dict[str, Any]) -> web.Response:
        if self.silent:
            self.silent = False
            raise asyncio.CancelledError  # the connection breaks off
        return web.json_response(entity)


def _bad(description: str) -> web.Response:
    return web.json_response({"error": {"code": "BAD_REQUEST_ERROR", "description": description}}, status=400)


@click.command()
@click.option("--port", default=9091, show_default=True)
@click.option("--key-id", required=True, help="What PROCARE_RAZORPAY_KEY_ID holds.")
@click.option("--key-secret", required=True, help="What PROCARE_RAZORPAY_KEY_SECRET holds.")
@click.option("--hook", help="Where to tell of payments: .../webhooks/razorpay.")
@click.option("--secret", default="", help="What PROCARE_RAZORPAY_WEBHOOK_SECRET holds.")
def main(port: int, key_id: str, key_secret: str, hook: str | None, secret: str) -> None:
    """Run a look-alike of Razorpay on this machine; then set PROCARE_RAZORPAY_URL=http://127.0.0.1:9091."""
    app = web.Application()
    address = f"http://127.0.0.1:{port}"
    RazorpayLookAlike(key_id, key_secret, address=address, webhook_url=hook, webhook_secret=secret).add_to(app)
    web.run_app(app, host="127.0.0.1", port=port)


if __name__ == "__main__":
    main()
