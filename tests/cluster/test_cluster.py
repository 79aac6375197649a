"""Three nodes of each engine, several processes of most roles, people who write; a node of each engine is killed and then frozen.

``make cluster-test`` prints what was lost in time. In messages nothing may be lost, turned round or doubled.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path

import pytest
from msgspec import Struct

from tests.chaos.crowd import Crowd, Person
from tests.chaos.fleet import Fleet
from tests.chaos.judge import Verdict, judge, outstanding, story
from tests.chaos.test_chaos import KEY, TOKEN, actions_of, dialogues, drain, stored_readings
from tests.chaos.timeline import Timeline
from tests.cluster.servers import MongoCluster, RabbitmqCluster, RedisCluster, close
from tests.e2e.service import NotReady, run
from tests.servers.fixtures import missing
from tests.servers.ports import free_port
from tests.servers.process import ServerMissing, ServerProcess
from webhooks.app import PATH
from webhooks.lookalike.delivery import Retries
from webhooks.lookalike.people import Instance, Patient
from webhooks.lookalike.server import LookAlike

pytestmark = [pytest.mark.long, pytest.mark.timeout(900)]

PEOPLE, MESSAGES = 40, 25
MEASURERS, READINGS = 10, 6
DOWN, REST = 12.0, 10.0  # seconds for which a node is away, and until the next one goes
ROLES = {
    "worker-1": ("worker",), "sender-1": ("sender",), "ingress": ("ingress",), "worker-2": ("worker",),
    "agent-1": ("agent", "clinical_monitor"), "sender-2": ("sender",), "scheduler-1": ("scheduler",),
    "scheduler-2": ("scheduler",),
}  # fmt: skip


class Trouble(Struct):
    """``node``: asked at the moment when it is to happen."""

    name: str
    node: Callable[[], ServerProcess]
    frozen: bool
    began: float = 0.0
    ended: float = 0.0


class Clusters:
    def __init__(self) -> None:
        self.rabbit, self.redis, self.mongo = RabbitmqCluster(), RedisCluster(), MongoCluster()

    @property
    def servers(self) -> list[ServerProcess]:
        return [*self.rabbit.nodes, *self.redis.nodes, *self.redis.sentinels, *self.mongo.nodes]

    def start(self) -> None:
        self.rabbit.start()
        self.redis.start()
        self.mongo.start()

    def troubles(self) -> list[Trouble]:
        return [
            Trouble("RabbitMQ: the first node is killed", lambda: self.rabbit.nodes[0], False),
            Trouble("Redis: the primary is killed", self.redis.primary, False),
            Trouble("MongoDB: the primary is killed", self.mongo.primary, False),
            Trouble("RabbitMQ: the second node is cut off", lambda: self.rabbit.nodes[1], True),
            Trouble("Redis: the primary is cut off", self.redis.primary, True),
            Trouble("MongoDB: the primary is cut off", self.mongo.primary, True),
            Trouble("Redis: a Sentinel is killed", lambda: self.redis.sentinels[0], False),
        ]


@contextmanager
def clusters() -> Iterator[Clusters]:
    made = Clusters()
    try:
        try:
            made.start()
        except ServerMissing as reason:
            missing(str(reason))
        yield made
    finally:
        close(made.servers)


async def test_a_node_of_each_engine_is_lost_in_time_and_nothing_in_messages(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    began = time.monotonic()
    with clusters() as engines:
        timeline, port = Timeline(), free_port()
        kinds = ["Parcels"] * PEOPLE + ["Readings"] * MEASURERS
        everybody = [Person(f"9199970{place:05d}", kind) for place, kind in enumerate(kinds)]
        gateway = LookAlike(
            [Instance("procare")], api_key=KEY, webhook_url=f"http://127.0.0.1:{port}{PATH}",
            webhook_headers={"X-Webhook-Token": TOKEN}, patients=[Patient(one.number, "Asha", "procare") for one in everybody],
            retries=Retries(base=0.2, most=2.0, attempts=100, timeout=10.0), receipts="sent",
        )  # fmt: skip
        settings: dict[str, object] = {
            "rabbitmq_url": engines.rabbit.url, "redis_url": engines.redis.url, "mongodb_url": engines.mongo.url,
            "mongodb_database": "cluster", "dialogs_dir": dialogues(tmp_path), "evolution_api_key": KEY,
            "webhook_token": TOKEN, "send_rate": 1000,
        }  # fmt: skip
        async with gateway.listening() as url:
            settings["evolution_url"] = url
            fleet = Fleet(tmp_path / "fleet", settings)
            for name, words in ROLES.items():
                service = fleet.add(name, *words)
                if name == "ingress":
                    service.listen_on(port)
            try:
                await started(fleet)
                crowd = Crowd(gateway, timeline)
                await asyncio.gather(*(crowd.onboard(person) for person in everybody))
                ready = time.monotonic()
                troubles = engines.troubles()
                supervision = asyncio.create_task(fleet.supervise())
                await live(crowd, everybody, troubles, timeline)
                drained = await drain(gateway, everybody)
                supervision.cancel()
                stored = await stored_readings(engines.mongo.url, "cluster", everybody)
                parked = await asyncio.to_thread(run, tmp_path, settings, "parked", "list")
            finally:
                fleet.close()
        verdict = judge(gateway, everybody)
        arrived = sorted(accepted.at for accepted in gateway.ledger.all())
        with capsys.disabled():
            print(table(troubles, arrived, verdict, everybody, fleet, parked.stdout, (ready - began, time.monotonic() - ready)))
            print(
                "  readings stored once / otherwise:", sum(c == 1 for c in stored.values()), sum(c != 1 for c in stored.values())
            )
        assert crowd.given_up == 0, "the gateway gave up events: the test proves nothing"
        for name in ("lost", "foreign", "out_of_order", "unexplained", "hidden"):
            offences = getattr(verdict, name)
            assert not offences, f"{name}: {offences[:10]}\n{story(timeline, gateway, offences[0][0])}"
        assert set(stored.values()) == {1}, [key for key, count in stored.items() if count != 1]
        assert drained
        assert outstanding(gateway, everybody) == 0
        assert parked.stdout.strip() == "0 parked", parked.stdout + parked.stderr


async def started(fleet: Fleet) -> None:
    """Patiently: eight processes and twelve servers come up on the same cores."""
    for again in (True, True, False):
        try:
            return await fleet.start()
        except NotReady:
            if not again:
                raise


async def live(crowd: Crowd, everybody: list[Person], troubles: list[Trouble], timeline: Timeline) -> None:
    """All write while one node after the other goes and comes back."""
    seconds = len(troubles) * (DOWN + REST)
    writing = [crowd.live(person, words_of(person, place), seconds) for place, person in enumerate(everybody)]

    async def trouble() -> None:
        for one in troubles:
            node = await asyncio.to_thread(one.node)
            timeline.note("*", one.name)
            one.began = time.time()
            await asyncio.to_thread(node.freeze if one.frozen else node.kill)
            await asyncio.sleep(DOWN)
            await asyncio.to_thread(node.thaw if one.frozen else node.start)
            timeline.note("*", f"{one.name}: it is back")
            await asyncio.sleep(REST)
            one.ended = time.time()

    await asyncio.gather(trouble(), *writing)


def words_of(person: Person, place: int) -> list[str]:
    if person.kind == "Parcels":
        return [f"parcel {place * MESSAGES + number + 1:04d}" for number in range(MESSAGES)]
    return [f"sugar {100 + (place * 7 + number * 11) % 130} fasting" for number in range(READINGS)]


def table(
    troubles: list[Trouble],
    arrived: list[float],
    verdict: Verdict,
    everybody: list[Person],
    fleet: Fleet,
    parked: str,
    seconds: tuple[float, float],
) -> str:
    width = max(len(one.name) for one in troubles)
    lines = [
        f"  {one.name:<{width}}  longest time without any answer: {silence(arrived, one.began, one.ended):5.1f} s"
        for one in troubles
    ]
    lines.append(f"  started in {seconds[0]:.0f} s, ran for {seconds[1]:.0f} s")
    lines.append(f"  messages written {sum(len(one.wrote) for one in everybody)}, processes that ended: {dict(fleet.fell)}")
    lines += [f"  {name}: {len(getattr(verdict, name))}" for name in ("lost", "out_of_order", "hidden", "unexplained", "foreign")]
    lines.append(f"  parked: {parked.strip().splitlines()[-1] if parked.strip() else '?'}")
    lines.append("  log lines by action: " + ", ".join(f"{name} {count}" for name, count in actions_of(fleet).most_common(25)))
    return "\ncluster\n" + "\n".join(lines)


def silence(arrived: list[float], began: float, ended: float) -> float:
    inside = [began, *(at for at in arrived if began <= at <= ended), ended]
    return max(later - earlier for earlier, later in pairwise(inside))
