"""The laboratory's client with the stand-in over real sockets, as docs/lab-partner.md says; and answers of another form."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx
import pytest
import respx
from aiohttp import web
from aiohttp.test_utils import TestServer

from bot.errors import Refused, Unavailable
from bot.ports.laboratory import Laboratory, LabResult, LabTime, Quote
from bot.ports.payments import Payment
from webhooks.lab.client import HttpLaboratory
from webhooks.lab.standin import LabStandIn

NOW = 1_795_413_600.0  # 23 November 2026, 11:30 in India
KEY, OTHER = "t0123456789abcdef.0", "t1123456789abcdef.0"
URL = "https://lab.test"


@asynccontextmanager
async def local(**more: Any) -> AsyncIterator[tuple[LabStandIn, Laboratory]]:
    lab = LabStandIn("key", clock=lambda: NOW, **more)
    app = web.Application()
    lab.add_to(app)
    async with TestServer(app) as server, HttpLaboratory(str(server.make_url("/")), "key", total_seconds=60.0) as laboratory:
        yield lab, laboratory


async def test_a_test_is_quoted_where_the_laboratory_does_it() -> None:
    async with local(prepaid=True) as (_, lab):
        assert await lab.quote(test="lipids", place="lab", where={}) == Quote("lipids.lab", 60_000, fasting=True, prepaid=True)
        assert await lab.quote(test="ordered", place="lab", where={}) == "unknown_test"
        assert await lab.quote(test="hba1c", place="home", where={"address": "12 MG Road, 560001"}) == "not_here"
        found = await lab.quote(test="hba1c", place="home", where={"latitude": 18.5, "longitude": 73.8})
        assert isinstance(found, Quote)


async def test_times_are_offered_reserved_confirmed_and_given_back_each_safe_to_repeat() -> None:
    async with local() as (stand_in, lab):
        first, second = await lab.times(quote="hba1c.lab", day=None, after=None)
        assert first == LabTime("20261124-07", 1_795_483_800, 1_795_487_400, "2026-11-24", "07:00", "City Lab")
        assert [one.id for one in await lab.times(quote="hba1c.lab", day="2026-11-28", after=None)] == [
            "20261128-07",
            "20261128-08",
        ]
        for _ in range(2):
            assert await lab.reserve(key=KEY, quote="hba1c.lab", slot=first.id, about={"patient": "Asha"})
            assert not await lab.reserve(key=OTHER, quote="hba1c.lab", slot=first.id, about={})
        assert (await lab.times(quote="hba1c.lab", day=None, after=None))[0] == second
        for _ in range(2):
            assert await lab.confirm(key=KEY, paid=Payment("pay_1", 45_000))
            assert not await lab.confirm(key=OTHER, paid=None)
        for _ in range(2):
            await lab.cancel(key=KEY)
        assert not await lab.reserve(key=KEY, quote="hba1c.lab", slot=first.id, about={})
        assert not await lab.confirm(key=KEY, paid=None)
        await lab.cancel(key="t9999999999999999.0")
        assert not await lab.reserve(key="t9999999999999999.0", quote="hba1c.lab", slot=first.id, about={})
        assert stand_in.orders[KEY]["state"] == "cancelled"


async def test_a_result_comes_with_its_report() -> None:
    async with local() as (stand_in, lab):
        assert await lab.result(key=KEY) is None
        assert await lab.report(key=KEY) is None
        assert await stand_in.has_result(KEY) == 0
        result = await lab.result(key=KEY)
        assert isinstance(result, LabResult)
        assert [(one.kind, one.value, one.unit) for one in result.values] == [("hba1c", 6.8, "%")]
        report = await lab.report(key=KEY)
        assert report is not None
        assert report.startswith(b"%PDF-")
        stand_in.away = True
        with pytest.raises(Unavailable):
            await lab.result(key=KEY)


@pytest.mark.parametrize("body", [{}, {"times": 5}, {"times": [{"id": 1}]}, {"times": [{"id": "a", "start": "x"}]}])
async def test_times_in_another_form_are_no_times(body: dict[str, Any]) -> None:
    router = respx.MockRouter()
    router.get(f"{URL}/v1/times").respond(200, json=body)
    async with HttpLaboratory(URL, "key", transport=httpx.MockTransport(router.async_handler)) as lab:
        with pytest.raises(Unavailable):
            await lab.times(quote="q", day=None, after=None)


@pytest.mark.parametrize(("status", "kind"), [(400, Refused), (401, Unavailable), (404, Unavailable), (500, Unavailable)])
async def test_a_refusal_is_for_good_and_a_wrong_key_is_not(status: int, kind: type[Exception]) -> None:
    router = respx.MockRouter()
    router.put(f"{URL}/v1/orders/{KEY}").respond(status, json={})
    async with HttpLaboratory(URL, "key", transport=httpx.MockTransport(router.async_handler)) as lab:
        with pytest.raises(kind):
            await lab.reserve(key=KEY, quote="q", slot="s", about={})


async def test_a_report_that_is_no_pdf_is_none() -> None:
    router = respx.MockRouter()
    router.get(f"{URL}/v1/orders/{KEY}/report").respond(200, content=b"<html>")
    async with HttpLaboratory(URL, "key", transport=httpx.MockTransport(router.async_handler)) as lab:
        assert await lab.report(key=KEY) is None
