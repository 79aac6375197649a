"""What the official channel costs: notices stop at the day's limit, answers and emergencies never, refusals cost nothing."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from bot.app.engines import Engines
from bot.errors import GatewayUnavailable, Refused
from bot.metrics import Metrics
from bot.model.effects import NoticeClass, Outbound
from bot.model.ids import EffectId
from bot.sending.spending import Spending
from config.costs import load_costs
from tests.runtime.parts import outbound
from tests.runtime.sending import NOW, Phone, of, sending

pytestmark = pytest.mark.anyio
COSTS = load_costs()
TWO = 2.5 * COSTS.utility


def notice(name: str, notice_class: NoticeClass = "reminder", *, window_until: float | None = NOW + 60.0) -> Outbound:
    return outbound(
        name, kind="notice", notice_class=notice_class, topic=name, day="2025-11-24", zone="UTC", window_until=window_until
    )


async def state(engines: Engines, name: str) -> str:
    record = await engines.store.delivery(EffectId(name))
    assert record is not None
    return f"{record.state} {record.code or ''}".strip()


async def test_notices_stop_at_the_days_limit_and_nothing_else_does(engines: Engines) -> None:
    assert COSTS.reply == COSTS.utility
    metrics = Metrics()
    spending = Spending(engines.channel_budget, COSTS, TWO, metrics)
    async with sending(engines, Phone(), metrics=metrics, spending=spending) as sender:
        for name in "abc":
            await sender.handle(of(notice(name)))
        await sender.handle(of(replace(outbound("reply"), integration="cloud")))
        await sender.handle(of(replace(outbound("help"), integration="cloud", kind="emergency")))
        await sender.handle(of(replace(notice("baileys"), integration="baileys", window_until=None)))
    assert [await state(engines, name) for name in "abc"] == ["sent", "sent", "withheld cost"]
    assert [await state(engines, name) for name in ("reply", "help", "baileys")] == ["sent"] * 3
    told = metrics.render().decode()
    assert f'procare_channel_cost_total{{category="reply",instance="test"}} {4 * COSTS.reply}' in told
    assert 'category="free"' in told


async def test_what_did_not_go_out_costs_nothing(engines: Engines) -> None:
    spending = Spending(engines.channel_budget, COSTS, 1.5 * COSTS.utility, Metrics())
    phone = Phone(Refused(code="bad_address"), GatewayUnavailable())
    async with sending(engines, phone, spending=spending) as sender:
        await sender.handle(of(notice("a")))
        with pytest.raises(GatewayUnavailable):
            await sender.handle(of(notice("b")))
        await sender.handle(of(notice("b")))
        await sender.handle(of(notice("c")))
    assert [await state(engines, name) for name in "abc"] == ["failed bad_address", "sent", "withheld cost"]
    assert phone.arrived == ["text of b"]


async def test_a_withheld_notice_takes_no_place_of_the_days_five(engines: Engines) -> None:
    spending = Spending(engines.channel_budget, COSTS, 0.0, Metrics())
    async with sending(engines, Phone(), spending=spending) as sender:
        for number in range(6):
            await sender.handle(of(notice(f"n{number}")))
    async with sending(engines, Phone()) as sender:
        await sender.handle(of(notice("later")))
    assert await state(engines, "later") == "sent"


def test_the_price_goes_by_the_window_and_the_class() -> None:
    spending = Spending(None, COSTS, None, Metrics())  # type: ignore[arg-type]
    shut = NOW - 1.0
    for message, category in (
        (notice("a"), "reply"), (notice("a", window_until=shut), "utility"),
        (notice("a", "coaching", window_until=shut), "marketing"), (replace(notice("a"), as_template=True), "utility"),
        (replace(outbound("a"), integration="baileys"), ""),
    ):  # fmt: skip
        assert spending.category(message, NOW) == category
