"""One event with many messages, as Meta brings them after it could not reach us: nobody stands behind anybody else's files."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import pytest
from msgspec.structs import replace

from bot.adapters.memory import MemoryBuckets
from bot.errors import BusUnavailable
from bot.ingress import flood
from bot.ingress.flood import Gate
from bot.model.events import Receipt
from bot.model.ids import GatewayId, InputId, person_of
from bot.model.inbound import Inbound, Media
from bot.ports.buckets import Bucket
from config.flood import Rate, load_flood_limits
from config.policy import FOLDER
from tests.webhooks.fakes import NOW, World
from webhooks.intake import FILES, Opened
from webhooks.parsed import Arrived, Attachment, Parsed, Remote


class SlowFiles:
    """Gives no file back before it is told to."""

    def __init__(self) -> None:
        self.there, self.begun = asyncio.Event(), 0

    async def completed(self, inbound: Inbound, attachment: Attachment | Remote | None) -> Inbound:
        if inbound.media is None:
            return inbound
        self.begun += 1
        await self.there.wait()
        return replace(inbound, media=replace(inbound.media, ref="file"))


def wrote(who: int, number: int, text: str | None, *, photo: bool = False) -> Arrived:
    digits = f"91980000{who:04}"
    inbound = Inbound(
        id=InputId(f"in:clinic:{who}.{number}"), person=person_of(f"phone:{digits}"), instance="clinic", integration="cloud",
        address=digits, message_id=GatewayId(f"{who}.{number}"), kind="image" if photo else "text", sent_at=NOW, received_at=NOW,
        text=text, media=Media(mime="image/jpeg") if photo else None,
    )  # fmt: skip
    return Arrived(inbound, remote=Remote(f"f{who}{number}") if photo else None, phone=digits)


async def settled() -> None:
    """Everything has gone on as far as it can."""
    for _ in range(50):
        await asyncio.sleep(0)


async def test_words_do_not_wait_for_other_peoples_pictures_and_a_persons_own_order_is_kept() -> None:
    files = SlowFiles()
    world = World(files=files)
    batch: list[Parsed] = [wrote(1, 1, "my report", photo=True), wrote(1, 2, "what is it?"), wrote(2, 1, "chest pain")]
    publishing = asyncio.create_task(world.intake.publish(Opened("meta", batch)))
    await settled()
    assert [turn.text for turn in world.bus.turns] == ["chest pain"]
    files.there.set()
    assert await publishing is True
    assert [turn.text for turn in world.bus.turns] == ["chest pain", "my report", "what is it?"]


async def test_the_files_of_one_event_are_fetched_together_and_not_all_at_once() -> None:
    files = SlowFiles()
    world = World(files=files)
    many: list[Parsed] = [wrote(1, number, None, photo=True) for number in range(5)]
    many += [wrote(who, 1, None, photo=True) for who in range(2, 40)]
    publishing = asyncio.create_task(world.intake.publish(Opened("meta", many)))
    await settled()
    assert files.begun == FILES
    files.there.set()
    await publishing
    assert [turn.message_id for turn in world.bus.turns if turn.person == person_of("phone:919800000001")] == [
        f"1.{number}" for number in range(5)
    ]
    assert len(world.bus.turns) == len(many)


async def test_the_confirmations_of_different_people_are_waited_for_together() -> None:
    """A thousand times a few milliseconds is longer than the answer may take, and would be on every repeat again."""
    world, asked, all_asked = World(), 0, asyncio.Event()

    async def confirm() -> None:
        nonlocal asked
        asked += 1
        if asked == 300:
            all_asked.set()
        await all_asked.wait()

    world.bus.before = confirm
    async with asyncio.timeout(60):
        await world.intake.publish(Opened("meta", [wrote(who, 1, "hello") for who in range(300)]))
    assert len(world.bus.turns) == 300


async def test_what_the_bus_does_not_take_of_a_batch_is_brought_again_and_the_rest_is_on_it() -> None:
    world = World()
    world.bus.away = 1
    receipt = Receipt(GatewayId("out"), "read", "clinic", NOW)
    batch: list[Parsed] = [wrote(1, 1, "one"), wrote(2, 1, "two"), receipt]
    with pytest.raises(BusUnavailable):
        await world.intake.publish(Opened("meta", batch))
    assert len(world.bus.turns) + len(world.bus.events) == 2
    await world.intake.publish(Opened("meta", batch))
    assert {turn.text for turn in world.bus.turns} == {"one", "two"}
    assert world.bus.events[-1] == receipt


class SlowBuckets(MemoryBuckets):
    """Answers for one person when it was asked for all of them."""

    def __init__(self, people: int) -> None:
        super().__init__()
        self.people, self.asked, self.all_asked = people, 0, asyncio.Event()

    async def take(self, buckets: Sequence[Bucket], count: int = 1, *, now: float) -> bool:
        self.asked += 1
        if self.asked == self.people:
            self.all_asked.set()
            await asyncio.sleep(0)  # behind those that wait
        await self.all_asked.wait()
        return await super().take(buckets, count, now=now)


async def test_all_of_a_batch_are_weighed_against_the_flood_together_and_the_first_of_each_comes_first(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(flood, "WAIT", 60.0)
    limits = load_flood_limits(FOLDER / "flood.yaml").model_copy(update={"person": Rate(burst=2, per_second=0.1)})
    batch: list[Parsed] = [wrote(who, 1, "hello") for who in range(300)]
    batch += [wrote(7, 2, "again"), wrote(7, 3, "too much")]
    world = World(gate=Gate(SlowBuckets(len(batch)), limits, lambda _: False, lambda: NOW))
    async with asyncio.timeout(60):
        await world.intake.publish(Opened("meta", batch))
    assert [turn.text for turn in world.bus.turns if turn.person == person_of("phone:919800000007")] == ["hello", "again"]
    assert world.counts.floods == ["shed"]
