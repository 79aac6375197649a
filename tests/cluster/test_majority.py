"""Two of three nodes of each engine are killed while people write, then two of the three machines: more than a cluster is made to
survive. It has to fail safe: what was answered 200 is neither lost nor doubled nor turned round, danger is answered, and all
goes on by itself when the nodes are back. ``make cluster-test`` prints what it costs in time."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from msgspec import Struct

from tests.chaos.crowd import Person, words_of
from tests.chaos.evidence import drain, stored_readings
from tests.chaos.installation import dialogues, installed, patients_of
from tests.chaos.judge import PROMISES, hold, judge, outstanding, story
from tests.chaos.timeline import Timeline
from tests.cluster.clusters import ROLES, Clusters, clusters, silence
from tests.cluster.servers import together
from tests.cluster.writers import ALARM, ECHO, MOST_READINGS, Writers, alarm_waits, counted_wrong, told
from tests.servers.process import ServerProcess

pytestmark = [pytest.mark.long, pytest.mark.timeout(900)]

PEOPLE, MEASURERS = 30, 8
PAUSE = 6.0  # seconds between two messages of one person
DOWN, REST = 15.0, 25.0  # seconds for which two nodes are away, and until the next two go
ALARM_AFTER = 3.0


class Loss(Struct):
    """``nodes``: asked at the moment when it is to happen."""

    name: str
    nodes: Callable[[], list[ServerProcess]]
    began: float = 0.0
    back: float = 0.0
    ended: float = 0.0


def losses(made: Clusters) -> list[Loss]:
    def redis(primary: bool) -> list[ServerProcess]:
        first = made.redis.primary()
        others: list[ServerProcess] = [one for one in made.redis.nodes if one is not first]
        return [first, others[0]] if primary else others

    def mongo() -> list[ServerProcess]:
        first = made.mongo.primary()
        return [first, next(one for one in made.mongo.nodes if one is not first)]

    def machines() -> list[ServerProcess]:
        return [
            one for nodes in (made.rabbit.nodes, made.redis.nodes, made.redis.sentinels, made.mongo.nodes) for one in nodes[:2]
        ]

    return [
        Loss("RabbitMQ: two nodes", lambda: list(made.rabbit.nodes[:2])),
        Loss("Redis: the primary and a replica", lambda: redis(True)),
        Loss("Redis: both replicas", lambda: redis(False)),
        Loss("MongoDB: the primary and another", mongo),
        Loss("two machines, with all on them", machines),
    ]


async def test_without_a_majority_nothing_is_lost_and_it_comes_back(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with clusters() as engines:
        every, timeline = losses(engines), Timeline()
        kinds = ["Parcels"] * PEOPLE + ["Readings"] * MEASURERS
        everybody = [Person(f"9199960{place:05d}", kind) for place, kind in enumerate(kinds)]
        alarmed = [f"9199961{place:05d}" for place in range(len(every))]
        patients, urls = patients_of((*(one.number for one in everybody), *alarmed)), engines.urls("majority")
        content = dialogues(tmp_path, ECHO)
        async with installed(tmp_path, urls, patients, ROLES, content=content, attempts=200) as place:
            gateway, fleet = place.gateway, place.fleet
            crowd = Writers(gateway, timeline)
            await asyncio.gather(*(crowd.onboard(person) for person in everybody))
            supervision = asyncio.create_task(fleet.supervise())
            await live(crowd, everybody, alarmed, every)
            drained = await drain(gateway, everybody, held_is_enough=True)
            supervision.cancel()
            stored = await stored_readings(engines.mongo.url, "majority", everybody)
            parked = await place.parked()
        verdict = judge(gateway, everybody, held_is_enough=True)
        miscounted, helped = counted_wrong(gateway, everybody), alarm_waits(gateway, crowd, alarmed)
        arrived = sorted(accepted.at for accepted in gateway.ledger.all())
        with capsys.disabled():
            print("\ntwo of three, killed for", DOWN, "s")
            for one, wait in zip(every, helped.values(), strict=True):
                alarm = "never" if wait is None else f"after {wait:.1f} s"
                quiet = silence(arrived, one.began, one.ended)
                print(f"  {one.name}: longest without any answer {quiet:.1f} s; danger answered {alarm}")
            print(f"  counted wrong {len(miscounted)}; readings not stored once {sum(n != 1 for n in stored.values())}")
            print(told(verdict, everybody, fleet, parked.stdout))
        assert crowd.given_up == 0, "the gateway gave up events: the test proves nothing"
        for one, wait in zip(every, helped.values(), strict=True):
            assert wait is not None, f"{one.name}: danger was never answered"
            assert one.began + ALARM_AFTER + wait < one.back, f"{one.name}: danger waited for the nodes"
        hold(verdict, timeline, gateway, (*PROMISES, "hidden"))
        assert not miscounted, f"{miscounted[:10]}\n{story(timeline, gateway, miscounted[0][0])}"
        assert set(stored.values()) == {1}, [key for key, count in stored.items() if count != 1]
        assert drained
        assert outstanding(gateway, everybody, held_is_enough=True) == 0
        assert parked.stdout.strip() == "0 parked", parked.stdout + parked.stderr


async def live(crowd: Writers, everybody: list[Person], alarmed: list[str], every: list[Loss]) -> None:
    async def alarm(number: str) -> None:
        await asyncio.sleep(ALARM_AFTER)
        await crowd.write(Person(number, "Alarm"), ALARM)

    async def trouble() -> None:
        for one, number in zip(every, alarmed, strict=True):
            nodes = await asyncio.to_thread(one.nodes)
            crowd.timeline.note("*", f"killed: {one.name}")
            one.began = time.time()
            await asyncio.to_thread(together, [node.kill for node in nodes])
            danger = asyncio.create_task(alarm(number))
            await asyncio.sleep(DOWN)
            one.back = time.time()
            await asyncio.to_thread(together, [node.start for node in nodes])
            crowd.timeline.note("*", f"back: {one.name}")
            await danger
            await asyncio.sleep(REST)
            one.ended = time.time()

    seconds = len(every) * (DOWN + REST)
    count = round(seconds / PAUSE)
    writing = [
        crowd.live(person, words_of(person, place, count, min(count, MOST_READINGS)), seconds)
        for place, person in enumerate(everybody)
    ]
    await asyncio.gather(trouble(), *writing)
