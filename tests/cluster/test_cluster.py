"""Three nodes of each engine, several processes of most roles, people who write; a node of each engine is killed and then frozen.

``make cluster-test`` prints what was lost in time. In messages nothing may be lost, turned round or doubled.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from msgspec import Struct

from tests.chaos.crowd import Crowd, Person, words_of
from tests.chaos.evidence import actions_of, drain, stored_readings
from tests.chaos.fleet import Fleet
from tests.chaos.installation import dialogues, installed, patients_of
from tests.chaos.judge import PROMISES, Verdict, hold, judge, outstanding
from tests.chaos.timeline import Timeline
from tests.cluster.clusters import ROLES, Clusters, clusters, silence
from tests.servers.process import ServerProcess

pytestmark = [pytest.mark.long, pytest.mark.timeout(900)]

PEOPLE, MESSAGES = 40, 25
MEASURERS, READINGS = 10, 6
DOWN, REST = 12.0, 10.0  # seconds for which a node is away, and until the next one goes


class Trouble(Struct):
    """``node``: asked at the moment when it is to happen."""

    name: str
    node: Callable[[], ServerProcess]
    frozen: bool
    began: float = 0.0
    ended: float = 0.0


def troubles_of(made: Clusters) -> list[Trouble]:
    return [
        Trouble("RabbitMQ: the first node is killed", lambda: made.rabbit.nodes[0], False),
        Trouble("Redis: the primary is killed", made.redis.primary, False),
        Trouble("MongoDB: the primary is killed", made.mongo.primary, False),
        Trouble("RabbitMQ: the second node is cut off", lambda: made.rabbit.nodes[1], True),
        Trouble("Redis: the primary is cut off", made.redis.primary, True),
        Trouble("MongoDB: the primary is cut off", made.mongo.primary, True),
        Trouble("Redis: a Sentinel is killed", lambda: made.redis.sentinels[0], False),
    ]


async def test_a_node_of_each_engine_is_lost_in_time_and_nothing_in_messages(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    began = time.monotonic()
    with clusters() as engines:
        timeline, troubles = Timeline(), troubles_of(engines)
        kinds = ["Parcels"] * PEOPLE + ["Readings"] * MEASURERS
        everybody = [Person(f"9199970{place:05d}", kind) for place, kind in enumerate(kinds)]
        patients, urls = patients_of(one.number for one in everybody), engines.urls("cluster")
        async with installed(tmp_path, urls, patients, ROLES, content=dialogues(tmp_path)) as place:
            gateway, fleet = place.gateway, place.fleet
            crowd = Crowd(gateway, timeline)
            await asyncio.gather(*(crowd.onboard(person) for person in everybody))
            ready = time.monotonic()
            supervision = asyncio.create_task(fleet.supervise())
            await live(crowd, everybody, troubles, timeline)
            drained = await drain(gateway, everybody)
            supervision.cancel()
            stored = await stored_readings(engines.mongo.url, "cluster", everybody)
            parked = await place.parked()
        verdict = judge(gateway, everybody)
        arrived = sorted(accepted.at for accepted in gateway.ledger.all())
        with capsys.disabled():
            print(table(troubles, arrived, verdict, everybody, fleet, parked.stdout, (ready - began, time.monotonic() - ready)))
            print(
                "  readings stored once / otherwise:", sum(c == 1 for c in stored.values()), sum(c != 1 for c in stored.values())
            )
        assert crowd.given_up == 0, "the gateway gave up events: the test proves nothing"
        hold(verdict, timeline, gateway, (*PROMISES, "hidden"))
        assert set(stored.values()) == {1}, [key for key, count in stored.items() if count != 1]
        assert drained
        assert outstanding(gateway, everybody) == 0
        assert parked.stdout.strip() == "0 parked", parked.stdout + parked.stderr


async def live(crowd: Crowd, everybody: list[Person], troubles: list[Trouble], timeline: Timeline) -> None:
    """All write while one node after the other goes and comes back."""
    seconds = len(troubles) * (DOWN + REST)
    writing = [crowd.live(person, words_of(person, place, MESSAGES, READINGS), seconds) for place, person in enumerate(everybody)]

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
