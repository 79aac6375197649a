"""A network that is cut, and heals, while people write: three machines with addresses of their own, roles on both sides.

The short form is one cut, the hardest. ``make cluster-test`` tells what four kinds of cuts cost in time; in messages none may
cost any.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.chaos.crowd import Person, words_of
from tests.chaos.evidence import drain, leaks_of, stored_readings
from tests.chaos.installation import Roles, dialogues, engines_of, installed, patients_of
from tests.chaos.judge import PROMISES, hold, judge, outstanding, story
from tests.chaos.timeline import Timeline
from tests.cluster.cuts import Cut, Split, deaf, pair, peers, whole
from tests.cluster.network import Network, NoNetwork
from tests.cluster.servers import close
from tests.cluster.writers import ALARM, ALARMS_AFTER, ECHO, HELP, MOST_READINGS, Writers, alarm_waits, counted_wrong, table, told
from tests.servers.fixtures import missing
from tests.servers.process import ServerMissing
from webhooks.lookalike.server import LookAlike

LATEST = 60.0
"""Seconds by which a cut may last longer, on a busy machine, until both sides have done what they are to do and the first who
wrote of danger is answered."""
Processes = tuple[Roles, Roles]
"""On the first of the three machines, and outside of them; ``ingress`` is who hears the gateway."""
ALL_IN_ONE: Processes = ({"few": ("serve",)}, {"ingress": ("serve",)})
APART: Processes = (
    {"worker-1": ("worker",), "sender-1": ("sender",), "scheduler-1": ("scheduler",)},
    {
        "ingress": ("ingress",), "worker-2": ("worker",), "sender-2": ("sender",), "agent": ("agent", "clinical_monitor"),
        "scheduler-2": ("scheduler",),
    },
)  # fmt: skip


@contextmanager
def split() -> Iterator[Split]:
    try:
        with Network(3) as network:
            made = Split(network)
            try:
                made.start()
                yield made
            finally:
                close(made.servers)
    except ServerMissing as reason:
        missing(str(reason))
    except NoNetwork as reason:
        pytest.skip(str(reason))


@pytest.mark.chaos
@pytest.mark.services
@pytest.mark.timeout(500)
async def test_a_cut_network_costs_time_and_no_message(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """One cut: Redis' master, MongoDB's primary, a node of RabbitMQ, and a process of every role on the side of the few."""
    await held(tmp_path, capsys, lambda split: [peers(split, 14.0, 2.0)], ALL_IN_ONE, people=16, measurers=4, pause=1.5)


@pytest.mark.long
@pytest.mark.timeout(900)
async def test_four_kinds_of_cuts_cost_time_and_no_message(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    def cuts(split: Split) -> list[Cut]:
        return [kind(split, 20.0, 20.0) for kind in (peers, whole, deaf, pair)]

    await held(tmp_path, capsys, cuts, APART, people=40, measurers=10, pause=5.0)


async def held(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    cuts_of: Callable[[Split], list[Cut]],
    roles: Processes,
    *,
    people: int,
    measurers: int,
    pause: float,
) -> None:
    """``pause``: seconds between two messages of one person."""
    began = time.monotonic()
    with split() as engines:
        cuts, timeline = cuts_of(engines), Timeline()
        kinds = ["Parcels"] * people + ["Readings"] * measurers
        everybody = [Person(f"9199980{place:05d}", kind) for place, kind in enumerate(kinds)]
        alarmed = [f"9199981{place:05d}" for place in range(len(cuts) * len(ALARMS_AFTER))]
        urls = engines_of(engines.rabbit.url, engines.redis.url, engines.mongo.url, "cut")
        few, rest = roles
        async with installed(
            tmp_path, urls, patients_of((*(one.number for one in everybody), *alarmed)), {**few, **rest},
            content=dialogues(tmp_path, ECHO), address=engines.network.gateway,
            machines=dict.fromkeys(few, engines.network.machines[0]),
        ) as place:  # fmt: skip
            gateway, fleet = place.gateway, place.fleet
            crowd = Writers(gateway, timeline)
            await asyncio.gather(*(crowd.onboard(person) for person in everybody))
            ready = time.monotonic()
            supervision = asyncio.create_task(fleet.supervise())
            await live(crowd, gateway, engines, everybody, alarmed, cuts, pause)
            drained = await drain(gateway, everybody, held_is_enough=True)
            supervision.cancel()
            stored = await stored_readings(engines.mongo.url, "cut", everybody)
            parked = await place.parked()
            leaks = leaks_of(fleet, everybody)
        verdict = judge(gateway, everybody, held_is_enough=True)
        miscounted = counted_wrong(gateway, everybody)
        helped = alarm_waits(gateway, crowd, alarmed)
        with capsys.disabled():
            print(f"\na cut network: started in {ready - began:.0f} s, ran for {time.monotonic() - ready:.0f} s")
            print(table(cuts, gateway, crowd, everybody, helped))
            print(told(verdict, everybody, fleet, parked.stdout))
        assert crowd.given_up == 0, "the gateway gave up events: the test proves nothing"
        assert all(wait is not None for wait in helped.values()), helped
        for number, cut in enumerate(cuts):
            first, wrote = alarmed[number * len(ALARMS_AFTER)], cut.began + ALARMS_AFTER[0]
            assert wrote + (helped[first] or 0.0) < cut.healed, f"{cut.name}: danger waited for the network to heal"
        hold(verdict, timeline, gateway, (*PROMISES, "hidden"))
        assert not miscounted, f"{miscounted[:10]}\n{story(timeline, gateway, miscounted[0][0])}"
        assert set(stored.values()) == {1}, [key for key, count in stored.items() if count != 1]
        assert drained
        assert outstanding(gateway, everybody, held_is_enough=True) == 0
        assert parked.stdout.strip() == "0 parked", parked.stdout + parked.stderr
        assert not leaks, leaks[:5]
        for cut in cuts:
            if cut.both_sides:
                was_split(cut, engines)


async def live(
    crowd: Writers,
    gateway: LookAlike,
    engines: Split,
    everybody: list[Person],
    alarmed: list[str],
    cuts: list[Cut],
    pause: float,
) -> None:
    seconds = sum(cut.seconds + cut.rest for cut in cuts)
    count = round(seconds / pause)
    waiting = iter(alarmed)

    async def alarm(number: str, after: float) -> None:
        await asyncio.sleep(after)
        await crowd.write(Person(number, "Alarm"), ALARM)

    async def trouble() -> None:
        for cut in cuts:
            cut.where = await asyncio.to_thread(cut.machine)
            cut.began = time.time()
            crowd.timeline.note("*", f"the network is cut: {cut.name}")
            await asyncio.to_thread(engines.network.cut, cut.ways(cut.where))
            numbers = [next(waiting) for _ in ALARMS_AFTER]
            alarms = [asyncio.create_task(alarm(number, after)) for number, after in zip(numbers, ALARMS_AFTER, strict=True)]

            def all_seen(cut: Cut = cut, first: str = numbers[0]) -> bool:
                return cut.over and any(HELP in one.text for one in gateway.ledger.of(first))

            while (lasted := time.time() - cut.began) < cut.seconds or (not all_seen() and lasted < cut.seconds + LATEST):
                await asyncio.sleep(1.0)
                if cut.reachable:
                    cut.seen.append(await asyncio.to_thread(engines.seen, cut.where))
            await asyncio.to_thread(engines.network.heal)
            cut.healed = time.time()
            crowd.timeline.note("*", "the network is whole again")
            await asyncio.gather(*alarms)
            await asyncio.sleep(cut.rest)
            cut.ended = time.time()

    writing = [
        crowd.live(person, words_of(person, place, count, min(count, MOST_READINGS)), seconds)
        for place, person in enumerate(everybody)
    ]
    await asyncio.gather(trouble(), *writing)


def was_split(cut: Cut, engines: Split) -> None:
    """Without this the test would prove nothing: both sides lived on and were reached, and the network healed."""
    assert cut.two_masters, "the old master of Redis must not know of the new one, and go on"
    assert cut.stepped_down, "MongoDB's primary must step down on the side of the few"
    assert cut.paused, "RabbitMQ must pause on the side of the few"
    assert len(engines.redis.masters()) == 1
