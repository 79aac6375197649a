"""A channel that stays broken raises one alarm, and an operator hears of it where another instance works."""

from __future__ import annotations

import logging

import pytest

from bot import queues
from bot.app.engines import Engines
from bot.metrics import Metrics
from bot.model.codec import decode_effect
from bot.model.effects import Outbound
from bot.model.events import ChannelState
from bot.model.ids import partition_of, person_of
from bot.sending.channel_watch import ChannelWatch
from config.watch import load_watch_policy
from tests.runtime.conftest import PARTITIONS
from tests.runtime.parts import taken

RULES = load_watch_policy().channels
OPERATOR = "919800000099"


def urgent() -> str:
    """The operator's queue in the installation that is open: each makes its own ids."""
    return queues.urgent(partition_of(person_of(f"phone:{OPERATOR}"), PARTITIONS))


class Watched:
    """One scheduler's watch; ``now`` is moved by the tests."""

    def __init__(self, engines: Engines, *, own: str = "official", operator: str | None = OPERATOR, now: float = 1000.0) -> None:
        self.engines, self.metrics, self.now = engines, Metrics(), now
        self.watch = ChannelWatch(
            engines.directory, engines.bus, RULES, self.metrics, lambda: self.now,
            partitions=PARTITIONS, own=own, operator=operator,
        )  # fmt: skip

    async def says(self, instance: str, state: str) -> None:
        await self.engines.directory.set_channel(ChannelState(instance, state, self.now, "401"))
        await self.watch.look()

    async def pass_time(self, seconds: float) -> None:
        self.now += seconds
        await self.watch.look()

    async def notices(self, count: int) -> list[Outbound]:
        found = [decode_effect(one.body) for one in await taken(self.engines.bus, urgent(), count)]
        return [one for one in found if isinstance(one, Outbound)]

    def broken(self, instance: str) -> float | None:
        return self.metrics.registry.get_sample_value("procare_channel_broken", {"instance": instance})


@pytest.mark.parametrize("state", ["close", "refused", "logged_out", "qrcode", "connecting"])
async def test_an_instance_that_stays_broken_is_told_once_through_another(
    engines: Engines, caplog: pytest.LogCaptureFixture, state: str
) -> None:
    watched = Watched(engines)
    await watched.says("zap", state)
    await watched.pass_time(RULES.broken_after - 1)
    assert (watched.broken("zap"), await watched.notices(0)) == (None, [])
    with caplog.at_level(logging.ERROR):
        for _ in range(3):
            await watched.pass_time(1)
    [notice] = await watched.notices(1)
    assert (notice.instance, notice.integration, notice.address, notice.kind) == ("official", "cloud", OPERATOR, "emergency")
    assert "zap" in notice.text
    assert state in notice.text
    assert "for 2 minutes" in notice.text
    assert watched.broken("zap") == 1
    [record] = [one for one in caplog.records if one.__dict__.get("action") == "channel_broken"]
    assert (record.__dict__["outcome"], OPERATOR in caplog.text) == ("told", False)


async def test_words_of_trouble_that_follow_each_other_are_one_trouble(engines: Engines) -> None:
    watched = Watched(engines)
    for state in ("close", "connecting", "qrcode", "connecting", "qrcode"):
        await watched.says("zap", state)
        watched.now += 30
    await watched.pass_time(0)
    assert watched.broken("zap") == 1
    assert len(await watched.notices(1)) == 1


async def test_a_dropped_line_that_is_back_in_time_is_none_and_a_new_trouble_is_a_new_alarm(engines: Engines) -> None:
    watched = Watched(engines)
    await watched.says("zap", "connecting")
    watched.now += RULES.broken_after - 1
    await watched.says("zap", "open")
    await watched.pass_time(1000)
    assert await watched.notices(0) == []
    first = None
    for _ in range(2):
        await watched.says("zap", "close")
        await watched.pass_time(RULES.broken_after)
        [notice] = await watched.notices(1)
        assert notice.id != first
        first = notice.id
        watched.now += 1
        await watched.says("zap", "open")
        assert watched.broken("zap") == 0
        watched.now += 1


async def test_two_schedulers_say_it_under_one_id(engines: Engines) -> None:
    both = [Watched(engines), Watched(engines)]
    await both[0].says("zap", "logged_out")
    for one in both:
        await one.watch.look()
        await one.pass_time(RULES.broken_after + 7)
    notices = await both[0].notices(2)
    assert len({notice.id for notice in notices}) == 1


async def test_without_another_instance_or_an_operator_there_is_the_alarm_alone(engines: Engines) -> None:
    alone, unnamed = Watched(engines, own="zap"), Watched(engines, operator=None)
    for one in (alone, unnamed):
        await one.says("zap", "close")
        await one.pass_time(RULES.broken_after)
        assert one.broken("zap") == 1
        assert await one.notices(0) == []
    await engines.directory.set_channel(ChannelState("second", "open", 5000.0))
    helped = Watched(engines, own="zap", now=5000.0)
    await helped.watch.look()
    await helped.pass_time(RULES.broken_after)
    [notice] = await helped.notices(1)
    assert (notice.instance, notice.integration) == ("second", "baileys")
