"""Floods of messages: bounded for a person, an instance and all, and danger is heard."""

from __future__ import annotations

import json
from collections.abc import Sequence

import pytest

from bot.adapters.memory import MemoryBuckets
from bot.errors import SessionsUnavailable, Unavailable
from bot.ingress.flood import READ, Gate, ends_of
from bot.ports.buckets import Bucket
from config.flood import FloodLimits
from tests.webhooks.fakes import NOW, World, upsert
from webhooks.intake import Opened
from webhooks.parsed import Parsed

LIMITS = FloodLimits.model_validate({
    "person": {"burst": 10, "per_second": 0.1}, "danger": {"burst": 2, "per_second": 0.1},
    "instance": {"burst": 30, "per_second": 1}, "all": {"burst": 40, "per_second": 1},
})  # fmt: skip


class Flooded:
    def __init__(self, buckets: MemoryBuckets | None = None) -> None:
        self.now, self.read = NOW, list[str]()
        self.world = World(gate=Gate(buckets or MemoryBuckets(), LIMITS, self._dangerous, lambda: self.now))
        self.written = 0

    def _dangerous(self, inbound: object) -> bool:
        self.read.append(str(getattr(inbound, "text", None)))
        if "unreadable" in self.read[-1]:
            raise KeyError("day")
        return "chest pain" in self.read[-1]

    async def write(self, text: str, who: int = 0, instance: str = "zap") -> None:
        self.written += 1
        key = {"remoteJid": f"55119876543{who:02}@s.whatsapp.net", "id": f"A5B396AD2C4B{self.written:04}"}
        await self.world.take(upsert({"conversation": text}, key=key, instance=instance))

    @property
    def texts(self) -> list[str | None]:
        return [turn.text for turn in self.world.bus.turns]


async def test_a_flooder_is_shed_and_still_heard_in_danger_and_nobody_else_is_touched() -> None:
    here = Flooded()
    for number in range(50):
        await here.write(f"spam {number}")
    assert here.texts == [f"spam {number}" for number in range(10)]
    assert len(here.read) == 40, "who is below the limits is not read twice"
    for _ in range(5):
        await here.write("I have chest pain")
    await here.write("hello", who=1)
    assert here.texts[10:] == ["I have chest pain", "I have chest pain", "hello"], "a flood of alarms is a flood, too"
    assert (here.world.counts.floods.count("shed"), here.world.counts.floods.count("heard")) == (43, 2)
    here.now += 30
    await here.write("unreadable")
    assert here.texts[-1] == "unreadable", "no failure of ours silences anybody"
    await here.write("sorry, that was my child")
    await here.write("chest pain again")
    assert here.texts[-2:] == ["sorry, that was my child", "chest pain again"]


@pytest.mark.parametrize("instances", [["zap"], ["zap", "other"]], ids=["one instance", "the whole internet"])
async def test_what_everybody_brings_is_held_back_and_not_lost_and_danger_goes_through(instances: Sequence[str]) -> None:
    here = Flooded()
    most = 30 if len(instances) == 1 else 40
    held = 0
    for number in range(60):
        try:
            await here.write("hello", who=number, instance=instances[number % len(instances)])
        except Unavailable:  # 503: the gateway comes again
            held += 1
    assert (len(here.texts), held) == (most, 60 - most)
    with pytest.raises(Unavailable) as refused:
        await here.write("chest pain", who=70)
    assert refused.value.code == "flooded"
    assert here.texts[-1] == "chest pain", "it is on its way; that it comes again does no harm"
    here.now += 5
    await here.write("hello", who=71)
    assert here.texts[-1] == "hello"


async def test_a_batch_is_taken_whole_though_it_is_larger_than_what_may_come() -> None:
    here = Flooded()
    parsed: list[Parsed] = []
    for who in range(45):
        key = {"remoteJid": f"5511987654{who:03}@s.whatsapp.net", "id": f"B{who:015}"}
        parsed += (await here.world.intake.open(json.dumps(upsert({"conversation": "x"}, key=key)).encode())).parsed
    await here.world.intake.publish(Opened("meta", parsed))
    assert len(here.texts) == 45
    with pytest.raises(Unavailable):
        await here.write("hello", who=1)


async def test_without_the_buckets_nobody_is_turned_away_and_they_are_asked_again_later() -> None:
    class Away(MemoryBuckets):
        asked = 0

        async def take(self, buckets: Sequence[Bucket], count: int = 1, *, now: float) -> bool:
            self.asked += 1
            raise SessionsUnavailable

    here = Flooded(away := Away())
    for _ in range(20):
        await here.write("hello")
    assert (len(here.texts), away.asked) == (20, 1)
    here.now += 6
    await here.write("hello")
    assert away.asked == 2


def test_of_a_long_message_both_ends_are_read() -> None:
    text = "a" * 50_000 + "b" * 50_000
    assert ends_of(text) == "a" * READ + "\n" + "b" * READ
    assert ends_of("short") == "short"
