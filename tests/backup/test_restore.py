"""The rehearsal: back up under load, lose everything, restore. Conversations go on where they stood, every message is answered
once, also one that came between the backup and the loss."""

from __future__ import annotations

import asyncio
import os
import shutil
import signal
import time
from collections import Counter
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from bot.app.backing_up import restore
from bot.app.desks import open_store
from bot.backup.restic import Restic
from bot.errors import ConfigError
from bot.model.ids import person_of
from config.settings import Settings
from tests.chaos.installation import dialogues
from tests.e2e.service import Service, run
from tests.e2e.town import Town, started, town
from tests.servers.mongod import drop_database
from tests.servers.rabbitmq import RabbitmqServer
from tests.servers.redis import RedisServer

pytestmark = [pytest.mark.services, pytest.mark.timeout(400)]

BEHIND = 1.0  # seconds; long enough here for what a turn led to
RAVI, MEENA, NEW = "919876570002", "919876570003", "919876570004"
SENDERS = [f"9198765701{number:02d}" for number in range(3)]
OLD = 200.0  # seconds that messages are old: the loss detector leaves younger ones to their webhooks
MOST = 36  # messages of one person: a flow that asks 40 times in a row takes its leave
Lose = Callable[[], Awaitable[None]]


class Load:
    """People who send one parcel after the other until they are told to stop, and one who sends readings."""

    def __init__(self, place: Town) -> None:
        self._place, self._enough = place, asyncio.Event()
        self.wrote: dict[str, list[int]] = {number: [] for number in (*SENDERS, MEENA)}

    async def until(self, done: Awaitable[object]) -> None:
        """Write until that is over, and until each has had some answers more."""
        async with asyncio.TaskGroup() as group:
            for number in self.wrote:
                group.create_task(self._live(number))
            await done
            counts = {number: len(wrote) for number, wrote in self.wrote.items()}
            while any(len(self.wrote[number]) < count + 2 for number, count in counts.items()):  # noqa: ASYNC110 - no event
                await asyncio.sleep(0.05)
            self._enough.set()

    async def _live(self, number: str) -> None:
        for value in range(100, 100 + MOST):
            if self._enough.is_set():
                return
            self._place.gateway.say(number, word(number, value), at=time.time() - OLD)
            await self._place.heard(number, answer(number, value))
            self.wrote[number].append(value)
            await asyncio.sleep(0.4 + 0.1 * (value - 100))  # ever slower: a backup may take a minute on a machine that is busy
        raise AssertionError("the backup takes longer than there is to write")


def word(number: str, value: int) -> str:
    return f"sugar {value} fasting" if number == MEENA else f"parcel {value}"


def answer(number: str, value: int) -> str:
    return f"Noted: {value} mg/dL" if number == MEENA else f"Got parcel {value}."


async def rehearse(folder: Path, urls: dict[str, object], lose: Lose) -> None:
    """One life of an installation. ``lose`` takes everything from the engines that the settings name."""
    async with town([RAVI, MEENA, NEW, *SENDERS]) as place:
        settings = {**place.settings, **urls, "dialogs_dir": dialogues(folder), "data_dir": folder / "data"}
        service = Service(folder, settings, "serve")
        place.post_to(service)
        try:
            await started(service)
            await asyncio.gather(*(agree(place, number) for number in (MEENA, *SENDERS)))
            await place.say(RAVI, "hi", "Do you agree?")
            await asyncio.sleep(BEHIND + 0.1)  # RAVI's question has to be in the backup
            load = Load(place)
            await Restic(folder / "cache").init()

            async def backed_up() -> None:
                status, out = await command(folder, settings, "backup", "run", "--behind", str(BEHIND))
                assert status == 0, out

            await load.until(backed_up())
            async with Restic(folder / "cache").stored("latest") as read:
                with pytest.raises(ConfigError, match="not empty"):
                    await restore(engines_of(settings), read, "test")
            await agree(place, NEW)
            await asyncio.to_thread(service.kill)
            await lose()
            shutil.rmtree(folder / "data", ignore_errors=True)
            status, out = await command(folder, settings, "restore")
            assert status == 0, out
            status, out = await command(folder, settings, "catch-up")
            assert (status, out.endswith("in the order in which they were written\n")) == (0, True), out
            missed = int(out.split()[0])
            place.gateway.say(NEW, "parcel 998")  # comes as soon as anybody listens, and must not run before what was missed
            await started(service)
            await place.heard(NEW, "Got parcel 998.", seconds=60)  # behind all that was missed
            await place.say(RAVI, "agree", "Which kind", seconds=60)
            for number in SENDERS:
                await place.say(number, "parcel 999", "Got parcel 999.", seconds=60)
            await stored(settings, load.wrote[MEENA])
            await place.quiet(2.0)
        finally:
            await asyncio.to_thread(service.close)
        assert missed > 3, "nothing was lost between the backup and the end: this proves nothing"
        for number in SENDERS:
            texts = [accepted.text for accepted in place.gateway.ledger.of(number)]
            assert Counter(texts) == Counter(set(texts)), (number, texts[3:])
            assert {answer(number, value) for value in load.wrote[number]} <= set(texts)


async def agree(place: Town, number: str) -> None:
    kind = ("Readings", "Ready for readings") if number == MEENA else ("Parcels", "Ready for parcels")
    for text, part in (("hi", "Do you agree?"), ("agree", "Which kind"), kind):
        place.gateway.say(number, text, at=time.time() - OLD)
        await place.heard(number, part)


async def command(folder: Path, settings: dict[str, object], *words: str) -> tuple[int, str]:
    ended = await asyncio.to_thread(run, folder, settings, *words)
    return ended.returncode, ended.stdout + ended.stderr


def engines_of(settings: dict[str, object]) -> Settings:
    named = ("rabbitmq", "redis", "mongodb", "data_dir")
    return Settings.model_validate({name: value for name, value in settings.items() if name.startswith(named)})


async def stored(settings: dict[str, object], wanted: list[int]) -> None:
    """Wait until each of MEENA's readings is in the store; none may be there twice."""
    async with open_store(engines_of(settings)) as store, asyncio.timeout(60):
        while True:
            readings = await store.readings(person_of(f"phone:{MEENA}"), "glucose", limit=1000)
            found = Counter(round(reading.value) for reading in readings)
            assert max(found.values()) == 1, found.most_common(3)
            if set(found) == set(wanted):
                return
            await asyncio.sleep(0.2)


async def test_the_embedded_form_goes_on_where_it_stood(tmp_path: Path, repository: str) -> None:
    async def lose() -> None:
        # Its engines lie in the data folder; the killed service's Valkey lives on, for the next start to take over.
        os.kill(int(await asyncio.to_thread((tmp_path / "data" / "valkey" / "valkey.pid").read_text)), signal.SIGKILL)

    await rehearse(tmp_path, {}, lose)


@pytest.mark.long
async def test_real_engines_go_on_where_they_stood(
    tmp_path: Path,
    repository: str,
    new_rabbitmq: Callable[[], RabbitmqServer],
    new_redis: Callable[[], RedisServer],
    mongodb_url: str,
    mongodb_database: str,
) -> None:
    rabbit, redis = await asyncio.gather(asyncio.to_thread(new_rabbitmq), asyncio.to_thread(new_redis))
    urls: dict[str, object] = {
        "rabbitmq_url": rabbit.url, "redis_url": redis.url, "mongodb_url": mongodb_url, "mongodb_database": mongodb_database,
    }  # fmt: skip

    async def lose() -> None:
        await asyncio.to_thread(redis.wipe)
        await asyncio.to_thread(drop_database, mongodb_url, mongodb_database)
        await asyncio.to_thread(rabbit.wipe)

    await rehearse(tmp_path, urls, lose)
