"""People write without a pause while an installation of before moves its ids, on RabbitMQ, Redis and MongoDB: what is forbidden
changes nothing, a killed migration goes on, it goes back, and nobody notices more than a wait. Minutes: ``make migrate-test``."""

from __future__ import annotations

import asyncio
import signal
import subprocess
import time
from collections import Counter
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from bot import queues
from bot.adapters.mongo.store import MongoStore
from bot.app.desks import open_bus, open_store
from bot.model.ids import PersonId, person_of
from config.settings import Settings
from tests.chaos.installation import dialogues
from tests.e2e.service import PROCARE, Service, environment, run
from tests.e2e.town import Town, started, town
from tests.servers.rabbitmq import RabbitmqServer
from tests.servers.redis import RedisServer
from tests.store.made import record

pytestmark = [pytest.mark.services, pytest.mark.long, pytest.mark.timeout(600)]

SENDERS = [f"9198765702{number:02d}" for number in range(6)]
IMPATIENT = "919876570299"  # writes on without waiting for answers
ROLES: dict[str, tuple[str, ...]] = {
    "scheduler": ("scheduler",), "worker": ("worker",), "sender": ("sender",), "agent": ("agent", "clinical_monitor"),
    "eraser": ("agent", "engagement_engine"), "ingress": ("ingress",),
}  # fmt: skip
MOST = 36  # messages of one person: a flow that asks forty times in a row takes its leave
FILLING = 3000  # records of before, so that a migration takes long enough to be killed


class Load:
    def __init__(self, place: Town) -> None:
        self._place, self._enough = place, asyncio.Event()
        self.wrote: dict[str, int] = dict.fromkeys([*SENDERS, IMPATIENT], 0)

    async def run(self) -> None:
        async with asyncio.TaskGroup() as group:
            for number in SENDERS:
                group.create_task(self._live(number))
            group.create_task(self._hurry())

    def end(self) -> None:
        self._enough.set()

    async def more(self, count: int) -> None:
        """Until each has had so many answers from now on."""
        goal = {number: self._answered(number) + count for number in SENDERS}
        async with asyncio.timeout(60):
            while any(self._answered(number) < wanted for number, wanted in goal.items()):  # noqa: ASYNC110 - no event
                await asyncio.sleep(0.1)

    def _answered(self, number: str) -> int:
        return self._place.count(number, "Got parcel")

    async def _live(self, number: str) -> None:
        while not self._enough.is_set():
            value = self.wrote[number] = self.wrote[number] + 1
            self._place.gateway.say(number, f"parcel {value}")
            await self._place.heard(number, f"Got parcel {value}.", seconds=150)
            await asyncio.sleep(2.0)

    async def _hurry(self) -> None:
        while not self._enough.is_set() and self.wrote[IMPATIENT] < MOST:
            value = self.wrote[IMPATIENT] = self.wrote[IMPATIENT] + 1
            self._place.gateway.say(IMPATIENT, f"parcel {value}")
            await asyncio.sleep(4.0)


async def test_nothing_is_lost_and_it_goes_on_and_back(
    tmp_path: Path,
    new_rabbitmq: Callable[[], RabbitmqServer],
    new_redis: Callable[[], RedisServer],
    mongodb_url: str,
    mongodb_database: str,
) -> None:
    rabbit, redis = await asyncio.gather(asyncio.to_thread(new_rabbitmq), asyncio.to_thread(new_redis))
    urls = {"rabbitmq_url": rabbit.url, "redis_url": redis.url, "mongodb_url": mongodb_url, "mongodb_database": mongodb_database}
    async with MongoStore.open(mongodb_url, mongodb_database) as older:
        before = person_of("phone:919876579999")
        await older.record([record(f"r{number}", before) for number in range(FILLING)])
    async with town([*SENDERS, IMPATIENT]) as place:
        settings: dict[str, object] = {
            **place.settings, **urls, "dialogs_dir": dialogues(tmp_path), "data_dir": tmp_path / "data",
        }  # fmt: skip
        services = {name: Service(tmp_path, settings, *words, name=name) for name, words in ROLES.items()}
        try:
            await up(services, place)
            for number in (*SENDERS, IMPATIENT):
                for text, part in (("hi", "Do you agree?"), ("agree", "Which kind"), ("Parcels", "Ready for parcels")):
                    await place.say(number, text, part)
            assert (await ids(settings)).pop().startswith("p")
            load = Load(place)
            writing = asyncio.create_task(load.run())
            await load.more(3)

            refused = await procare(tmp_path, settings, "migrate", "--wait", "0")
            assert (refused.returncode, "Stop every role first" in refused.stderr) == (2, True), refused.stderr
            await load.more(2)

            await down(services, settings)
            await killed(tmp_path, settings, "migrate", "--wait", "0")
            started_too_soon = await procare(tmp_path, settings, "worker")
            assert (started_too_soon.returncode, "procare migrate" in started_too_soon.stderr) == (2, True)
            ended = await procare(tmp_path, settings, "migrate", "--wait", "0")
            assert ended.returncode == 0, ended.stderr
            assert all(one.startswith("k") for one in await ids(settings))
            await up(services, place)
            await load.more(3)

            await down(services, settings)
            await killed(tmp_path, settings, "migrate", "--back", "--wait", "0")
            ended = await procare(tmp_path, settings, "migrate", "--back", "--wait", "0")
            assert ended.returncode == 0, ended.stderr
            assert all(one.startswith("p") for one in await ids(settings))
            await up(services, place)
            await load.more(3)
            load.end()
            await writing
            last = load.wrote[IMPATIENT]
            await place.heard(IMPATIENT, f"Got parcel {last}.", seconds=60)
            await place.quiet(2.0)
            for number, count in load.wrote.items():
                texts = Counter(one.text for one in place.gateway.ledger.of(number) if "Got parcel" in one.text)
                assert texts == Counter(f"Got parcel {value}." for value in range(1, count + 1)), (number, texts)
            assert place.gateway.undelivered == 0
            parked = await procare(tmp_path, settings, "parked", "list")
            assert "0 parked" in parked.stdout
            print(f"\n{sum(load.wrote.values())} messages of {len(load.wrote)} people, each answered once")
        finally:
            await asyncio.gather(*(asyncio.to_thread(one.close) for one in services.values()))


async def up(services: Mapping[str, Service], place: Town) -> None:
    await asyncio.gather(*(started(one) for one in services.values()))
    place.post_to(services["ingress"])


async def down(services: Mapping[str, Service], settings: dict[str, object]) -> None:
    """As docs/operations.md has it: the ingress, then nothing waits, then the others."""
    assert await asyncio.to_thread(services["ingress"].stop) == 0
    deadline = time.monotonic() + 60
    async with open_bus(of(settings)) as bus:
        topology = queues.topology(of(settings).partitions, ("clinical_monitor", "engagement_engine"))
        while any([(await bus.depth(spec.name)).ready for spec in topology]):
            assert time.monotonic() < deadline, "the queues do not become empty"
            await asyncio.sleep(0.1)
    assert set(await asyncio.gather(*(asyncio.to_thread(one.stop) for one in services.values()))) == {0}


async def procare(folder: Path, settings: dict[str, object], *words: str) -> subprocess.CompletedProcess[str]:
    return await asyncio.to_thread(run, folder, settings, *words)


async def killed(folder: Path, settings: dict[str, object], *words: str) -> None:
    """After the first step that it tells of."""

    def work() -> None:
        words_ = [str(PROCARE), *words]
        with subprocess.Popen(words_, cwd=folder, env=environment(settings), stdout=subprocess.PIPE) as process:
            assert process.stdout is not None
            assert process.stdout.readline()
            process.send_signal(signal.SIGKILL)

    await asyncio.to_thread(work)
    told = await procare(folder, settings, "migrate", "--status")
    assert "not finished" in told.stdout, told.stdout + told.stderr


def of(settings: dict[str, object]) -> Settings:
    named = ("rabbitmq", "redis", "mongodb", "data_dir")
    return Settings.model_validate({name: value for name, value in settings.items() if name.startswith(named)})


async def ids(settings: dict[str, object]) -> set[PersonId]:
    """Of all who have a turn in the journal."""
    async with open_store(of(settings)) as store:
        return {note.person for note in await store.turns(0.0, 1000)}
