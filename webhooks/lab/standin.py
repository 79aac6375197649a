"""A stand-in for a partner laboratory: the whole contract of docs/lab-partner.md in memory, for trying things out and for tests.

``python -m webhooks.lab.standin --port 9090 --key KEY --hook URL --secret SECRET`` runs it; ``POST /standin/ORDER/result`` makes
a result come, ``POST /standin/ORDER/correction`` corrects it. Its times are every full hour from 7 to 12 of the next days.
"""

from __future__ import annotations

import hmac
import time
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import aiohttp
import click
import msgspec
from aiohttp import web

from webhooks.lab.events import SIGNATURE
from webhooks.signed import signature_of

PRICES = {"hba1c": 45_000, "fasting_glucose": 12_000, "lipids": 60_000, "kidney": 70_000}
HOURS = range(7, 12)
REPORT = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj 2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\n"
    b"trailer<</Root 1 0 R>>\n%%EOF\n"
)


class LabStandIn:
    """``orders`` by our key: their state and time. ``away``: every call is answered 503. ``prepaid``: it wants money first."""

    def __init__(
        self,
        key: str,
        *,
        hook: str | None = None,
        secret: str = "",
        zone: str = "Asia/Kolkata",
        prepaid: bool = False,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._authorization, self._hook, self._secret = f"Bearer {key}", hook, secret
        self._zone, self._prepaid, self._clock = ZoneInfo(zone), prepaid, clock
        self.orders: dict[str, dict[str, Any]] = {}
        self.results: dict[str, list[dict[str, Any]]] = {}
        self.revisions: dict[str, int] = {}
        self.away = False
        self._events = 0

    def add_to(self, app: web.Application) -> None:
        app.router.add_post("/v1/quotes", self._quote)
        app.router.add_get("/v1/times", self._times)
        app.router.add_put("/v1/orders/{key}", self._reserve)
        app.router.add_delete("/v1/orders/{key}", self._cancel)
        app.router.add_put("/v1/orders/{key}/confirmation", self._confirm)
        app.router.add_get("/v1/orders/{key}/result", self._result)
        app.router.add_get("/v1/orders/{key}/report", self._report)
        app.router.add_post("/standin/{key}/result", self._make_result)
        app.router.add_post("/standin/{key}/correction", self._make_correction)

    async def has_result(self, key: str, values: list[dict[str, Any]] | None = None) -> int:
        """A result has come; returns what our webhook answered to the news of it (0: nobody is told)."""
        at = self._clock()
        self.results[key] = values or [{"kind": "hba1c", "value": 6.8, "unit": "%", "measured_at": at}]
        self.revisions.setdefault(key, 1)
        return await self._tell(key)

    async def corrects(self, key: str, values: list[dict[str, Any]] | None = None) -> int:
        """The result was wrong: there are other values (without any, the same in another report), and our webhook is told."""
        self.results[key] = self.results[key] if values is None else values
        self.revisions[key] += 1
        return await self._tell(key)

    async def _tell(self, key: str) -> int:
        if self._hook is None:
            return 0
        self._events += 1
        body = msgspec.json.encode({"id": f"lab-{self._events}-{key}", "order": key})
        headers = {SIGNATURE: signature_of(self._secret, body), "content-type": "application/json"}
        async with aiohttp.ClientSession() as session, session.post(self._hook, data=body, headers=headers) as response:
            return response.status

    async def _quote(self, request: web.Request) -> web.StreamResponse:
        if (refusal := self._refusal(request)) is not None:
            return refusal
        asked = await request.json()
        test, where = asked["test"], asked.get("where", {})
        if test not in PRICES:
            return _told(422, "unknown_test")
        if asked["place"] == "home" and not ("latitude" in where or "4110" in str(where.get("address", ""))):
            return _told(422, "not_here")  # it comes to addresses with a PIN code of 4110.. only
        fasting = test in ("fasting_glucose", "lipids")
        token = f"{test}.{asked['place']}"
        return web.json_response({"token": token, "price": PRICES[test], "fasting": fasting, "prepaid": self._prepaid})

    async def _times(self, request: web.Request) -> web.StreamResponse:
        if (refusal := self._refusal(request)) is not None:
            return refusal
        day, after = request.query.get("day"), request.query.get("after", "")
        today = datetime.fromtimestamp(self._clock(), self._zone).date()
        days = [date.fromisoformat(day)] if day and not after else [today + timedelta(days=number) for number in range(1, 15)]
        free = [self._time(one, hour) for one in days for hour in HOURS]
        free = [one for one in free if one["id"] > after and one["start"] > self._clock() and not self._holder(one["id"])]
        return web.json_response({"times": free[:2]})

    async def _reserve(self, request: web.Request) -> web.StreamResponse:
        if (refusal := self._refusal(request)) is not None:
            return refusal
        key, asked = request.match_info["key"], await request.json()
        order = self.orders.get(key)
        if order is not None:
            same = order["state"] != "cancelled" and order["time"] == asked["time"]
            return web.json_response({"state": order["state"]}) if same else _told(409, "cancelled")
        if self._holder(asked["time"]):
            return _told(409, "taken")
        self.orders[key] = {"state": "reserved", "time": asked["time"], "patient": asked["patient"]}
        return web.json_response({"state": "reserved"}, status=201)

    async def _confirm(self, request: web.Request) -> web.StreamResponse:
        if (refusal := self._refusal(request)) is not None:
            return refusal
        order = self.orders.get(request.match_info["key"])
        if order is None or order["state"] == "cancelled":
            return _told(409, "gone")
        order["state"] = "confirmed"
        return web.json_response({"state": "confirmed"})

    async def _cancel(self, request: web.Request) -> web.StreamResponse:
        if (refusal := self._refusal(request)) is not None:
            return refusal
        known = self.orders.get(request.match_info["key"], {"time": None, "patient": {}})
        self.orders[request.match_info["key"]] = {**known, "state": "cancelled"}  # also one that never came
        return web.Response(status=204)

    async def _result(self, request: web.Request) -> web.StreamResponse:
        if (refusal := self._refusal(request)) is not None:
            return refusal
        key = request.match_info["key"]
        if (values := self.results.get(key)) is None:
            return _told(404, "not_yet")
        return web.json_response({"values": values, "report": True, "revision": self.revisions[key]})

    async def _report(self, request: web.Request) -> web.StreamResponse:
        if (refusal := self._refusal(request)) is not None:
            return refusal
        key = request.match_info["key"]
        if key not in self.results:
            return _told(404, "not_yet")
        body = REPORT + (b"%% revision %d\n" % self.revisions[key] if self.revisions[key] > 1 else b"")
        return web.Response(body=body, content_type="application/pdf")

    async def _make_result(self, request: web.Request) -> web.StreamResponse:
        return web.json_response({"told": await self.has_result(request.match_info["key"], await _values(request))})

    async def _make_correction(self, request: web.Request) -> web.StreamResponse:
        key, values = request.match_info["key"], await _values(request)
        if key not in self.results:
            return _told(409, "not_yet")
        old = [{**one, "value": round(one["value"] + 1.5, 1)} for one in self.results[key]]
        return web.json_response({"told": await self.corrects(key, values or old)})

    def _time(self, day: date, hour: int) -> dict[str, Any]:
        start = int(datetime(day.year, day.month, day.day, hour, tzinfo=self._zone).timestamp())
        words = {"day": f"{day:%Y-%m-%d}", "time": f"{hour:02d}:00", "who": "City Lab"}
        return {"id": f"{day:%Y%m%d}-{hour:02d}", "start": start, "end": start + 3600, **words}

    def _holder(self, id_: str) -> bool:
        return any(one["time"] == id_ and one["state"] != "cancelled" for one in self.orders.values())

    def _refusal(self, request: web.Request) -> web.Response | None:
        if self.away:
            return web.Response(status=503)
        if not hmac.compare_digest(request.headers.get("Authorization", ""), self._authorization):
            return web.Response(status=401)
        return None


async def _values(request: web.Request) -> list[dict[str, Any]] | None:
    """Those that a body names, if there is one: ``{"values": [...]}``."""
    said = await request.json() if request.can_read_body else {}
    values: list[dict[str, Any]] | None = said.get("values")
    return values


def _told(status: int, code: str) -> web.Response:
    return web.json_response({"code": code}, status=status)


@click.command()
@click.option("--port", default=9090, show_default=True)
@click.option("--key", required=True, help="The key that PROCARE_LAB_KEY holds.")
@click.option("--hook", help="Where to tell of results: .../webhooks/lab.")
@click.option("--secret", default="", help="The secret that PROCARE_LAB_WEBHOOK_SECRET holds.")
def main(port: int, key: str, hook: str | None, secret: str) -> None:
    """Run a stand-in for a partner laboratory on this machine."""
    app = web.Application()
    LabStandIn(key, hook=hook, secret=secret).add_to(app)
    web.run_app(app, host="127.0.0.1", port=port)


if __name__ == "__main__":
    main()
