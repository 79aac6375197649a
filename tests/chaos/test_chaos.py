"""The promises, held while everything falls over: on real engines, with every role a process of its own.

``pytest -m chaos -s`` prints the table. ``PROCARE_TEST_CHAOS_SECONDS`` changes for how long people write.
"""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from bot.app.desks import open_store
from bot.model.ids import person_of
from config.settings import ROOT, Settings
from tests.chaos.crowd import Crowd, Person
from tests.chaos.fleet import Fleet
from tests.chaos.judge import Verdict, judge, outstanding, story
from tests.chaos.timeline import Timeline
from tests.chaos.weather import bad_weather, kills, upheavals
from tests.e2e.service import run
from tests.servers.ports import free_port
from tests.servers.rabbitmq import RabbitmqServer
from tests.servers.redis import RedisServer
from webhooks.app import PATH
from webhooks.lookalike.delivery import Retries
from webhooks.lookalike.people import Instance, Patient
from webhooks.lookalike.server import LookAlike

pytestmark = [pytest.mark.chaos, pytest.mark.services, pytest.mark.timeout(330)]

PEOPLE, MESSAGES = 200, 15  # 3,000 numbered messages
MEASURERS, READINGS = 40, 5
SECONDS = float(os.environ.get("PROCARE_TEST_CHAOS_SECONDS", "50"))
DRAIN_SECONDS = 75.0
QUIET_SECONDS = 5.0  # nothing comes for so long: then nothing comes any more
CLOUD, BAILEYS = "procare", "procare-baileys"  # one person in four writes to the second
KEY, TOKEN = "key-of-the-chaos-gateway", "token-of-the-chaos-webhook"


async def test_nothing_is_lost_turned_or_doubled_while_everything_falls_over(
    tmp_path: Path,
    new_rabbitmq: Callable[[], RabbitmqServer],
    new_redis: Callable[[], RedisServer],
    mongodb_url: str,
    mongodb_database: str,
    capsys: pytest.CaptureFixture[str],
) -> None:
    rabbit, redis = new_rabbitmq(), new_redis()
    timeline = Timeline()
    everybody = people()
    port = free_port()
    gateway = LookAlike(
        [Instance(CLOUD), Instance(BAILEYS, "baileys")],
        api_key=KEY,
        webhook_url=f"http://127.0.0.1:{port}{PATH}",
        webhook_headers={"X-Webhook-Token": TOKEN},
        patients=[Patient(person.number, "Asha", (CLOUD, BAILEYS)[n % 4 == 3]) for n, person in enumerate(everybody)],
        retries=Retries(base=0.2, most=2.0, attempts=100, timeout=10.0),
        receipts="sent",
    )
    settings: dict[str, object] = {
        "rabbitmq_url": rabbit.url,
        "redis_url": redis.url,
        "mongodb_url": mongodb_url,
        "mongodb_database": mongodb_database,
        "dialogs_dir": dialogues(tmp_path),
        "evolution_api_key": KEY,
        "webhook_token": TOKEN,
        "send_rate": 1000,
    }
    started = time.monotonic()
    async with gateway.listening() as url:
        settings["evolution_url"] = url
        with fleet_of(tmp_path / "fleet", settings, port) as fleet:
            await fleet.start()
            crowd = Crowd(gateway, timeline)
            await asyncio.gather(*(crowd.onboard(person) for person in everybody))
            timeline.note("*", "everybody is ready")
            onboarded = time.monotonic()
            await misfortune(fleet, crowd, everybody, rabbit, redis, gateway, timeline)
            written = time.monotonic()
            drained = await drain(gateway, everybody)
            ended = time.monotonic()
            parked = await asyncio.to_thread(run, tmp_path, settings, "parked", "list")
            verdict = judge(gateway, everybody)
            stored = await stored_readings(mongodb_url, mongodb_database, everybody)
            actions = actions_of(fleet)
            leaks = leaks_of(fleet, everybody)
        times = {"start and onboarding": onboarded - started, "chaos": written - onboarded, "drain": ended - written}
        with capsys.disabled():
            print(table(gateway, fleet, verdict, stored, actions, parked.stdout, times))
        assert crowd.given_up == 0, "the gateway gave up events: the test proves nothing"
        for name in ("lost", "foreign", "out_of_order", "unexplained"):
            offences = getattr(verdict, name)
            assert not offences, f"{name}: {offences[:10]}\n{story(timeline, gateway, offences[0][0])}"
        wrong = {key: count for key, count in stored.items() if count != 1}
        assert not wrong, f"readings not stored exactly once: {list(wrong.items())[:10]}"
        assert drained
        assert parked.stdout.strip() == "0 parked", parked.stdout + parked.stderr
        assert len(verdict.hidden) <= hidden_outcomes(gateway)
        assert not leaks, leaks[:5]


def people() -> list[Person]:
    """Numbers that cannot be anybody's: a made-up range of India's."""
    kinds = ["Parcels"] * PEOPLE + ["Readings"] * MEASURERS
    return [Person(f"9199990{n:05d}", kind) for n, kind in enumerate(kinds)]


def words_of(person: Person, place: int) -> list[str]:
    """Numbered over all people; a person's readings differ from each other, so that each answer names its own."""
    if person.kind == "Parcels":
        return [f"parcel {place * MESSAGES + n + 1:04d}" for n in range(MESSAGES)]
    return [f"sugar {100 + (place * 7 + n * 11) % 130} fasting" for n in range(READINGS)]


def dialogues(folder: Path) -> Path:
    """The real content with a shorter welcome and one flow that says every message back."""
    copied = folder / "dialogs"
    shutil.copytree(ROOT / "dialogs", copied)
    for path in (Path(__file__).parent / "flows").glob("*.yaml"):
        shutil.copy(path, copied / "flows" / path.name)
    return copied


@contextmanager
def fleet_of(folder: Path, settings: dict[str, object], port: int) -> Iterator[Fleet]:
    fleet = Fleet(folder, settings)
    for name, words in {
        "worker-1": ("worker",),
        "sender-1": ("sender",),
        "ingress": ("ingress",),
        "worker-2": ("worker",),
        "agent": ("agent", "clinical_monitor"),
        "sender-2": ("sender",),
        "scheduler": ("scheduler",),
    }.items():
        service = fleet.add(name, *words)
        if name == "ingress":
            service.listen_on(port)
    try:
        yield fleet
    finally:
        fleet.close()


async def misfortune(
    fleet: Fleet,
    crowd: Crowd,
    everybody: list[Person],
    rabbit: RabbitmqServer,
    redis: RedisServer,
    gateway: LookAlike,
    timeline: Timeline,
) -> None:
    """People write while everything falls over; returns when all have written and nothing falls any more."""
    bad_weather(gateway)
    enough = asyncio.Event()
    async with asyncio.TaskGroup() as group:
        supervision = group.create_task(fleet.supervise(), name="supervisor")
        trouble = [
            group.create_task(kills(fleet, timeline, enough), name="kills"),
            group.create_task(upheavals(rabbit, redis, gateway, timeline, SECONDS), name="upheavals"),
        ]
        await asyncio.gather(*(crowd.live(p, words_of(p, n), SECONDS * 0.9) for n, p in enumerate(everybody)))
        await trouble[1]
        enough.set()
        await asyncio.wait(trouble)
        timeline.note("*", "quiet again")
        gateway.faults.clear()
        supervision.cancel()


async def drain(gateway: LookAlike, everybody: list[Person], *, held_is_enough: bool = False) -> bool:
    """Wait until every message has its answer, and a little longer for answers that come twice."""
    deadline = time.monotonic() + DRAIN_SECONDS
    answered, quiet_since = gateway.ledger.total, time.monotonic()
    while True:
        now = time.monotonic()
        if gateway.ledger.total != answered:
            answered, quiet_since = gateway.ledger.total, now
        done = not outstanding(gateway, everybody, held_is_enough=held_is_enough)
        if now > deadline or (done and now - quiet_since > QUIET_SECONDS):
            return done
        await asyncio.sleep(0.25)


async def stored_readings(url: str, database: str, everybody: list[Person]) -> Counter[tuple[str, str]]:
    """How often each reading that was written stands in the store, as the store itself reads it: they are sealed there."""
    counts: Counter[tuple[str, str]] = Counter()
    settings = {"mongodb_url": url, "mongodb_database": database}
    async with open_store(Settings.model_validate(settings)) as store:
        for person in everybody:
            if person.kind != "Readings":
                continue
            readings = await store.readings(person_of(f"phone:{person.number}"), "glucose", limit=1000)
            found = Counter(f"sugar {reading.value:.0f} fasting" for reading in readings)
            for word in {*person.wrote, *found}:
                counts[person.number, word] = found[word] if word in person.wrote else -1
    return counts


def hidden_outcomes(gateway: LookAlike) -> int:
    """Messages that reached a phone without the service being told."""
    return sum(not accepted.told for accepted in gateway.ledger.all())


def actions_of(fleet: Fleet) -> Counter[str]:
    """What the processes logged, by action: their metrics die with them, their logs do not."""
    actions: Counter[str] = Counter()
    for _, line in fleet.log_lines():
        if line.startswith("{"):
            entry = json.loads(line)
            detail = entry.get("outcome") or (entry.get("code") if entry.get("action") in ("retry", "parked") else None)
            actions[entry.get("action", "none") + (f" {detail}" if detail else "")] += 1
        else:
            actions["not a log line"] += 1
    return actions


def leaks_of(fleet: Fleet, everybody: list[Person]) -> list[str]:
    """Log lines that hold a number, a word of a person, or a secret."""
    forbidden = [KEY, TOKEN, "parcel", "fasting", "wamid.", "9199990"]
    return [f"{name}: {line[:300]}" for name, line in fleet.log_lines() if any(word in line for word in forbidden)]


def table(
    gateway: LookAlike,
    fleet: Fleet,
    verdict: Verdict,
    stored: Counter[tuple[str, str]],
    actions: Counter[str],
    parked: str,
    times: dict[str, float],
) -> str:
    killed = ", ".join(f"{name} {count}" for name, count in sorted(fleet.killed.items()))
    rows: list[tuple[str, object]] = [
        *((f"seconds: {name}", f"{seconds:.1f}") for name, seconds in times.items()),
        ("numbered messages", PEOPLE * MESSAGES),
        ("readings", MEASURERS * READINGS),
        ("processes killed (SIGKILL)", f"{sum(fleet.killed.values())}: {killed}"),
        ("processes that ended by themselves", f"{sum(fleet.fell.values())}: {dict(fleet.fell)}"),
        ("gateway faults", ", ".join(f"{name} {count}" for name, count in sorted(gateway.faults.fired.items()))),
        ("messages that reached a phone", gateway.ledger.total),
        ("... without the service being told", hidden_outcomes(gateway)),
        ("... then found in the gateway's history", actions["unknown_outcome found"]),
        ("... or not found, and sent again", actions["unknown_outcome repeated"]),
        ("sessions rebuilt from the journal", actions["session_rebuilt"]),
        ("lost", len(verdict.lost)),
        ("out of order", len(verdict.out_of_order)),
        ("sent twice, the gateway hid the first", len(verdict.hidden)),
        ("sent twice, unexplained", len(verdict.unexplained)),
        ("readings stored once / otherwise", f"{sum(c == 1 for c in stored.values())} / {sum(c != 1 for c in stored.values())}"),
        ("parked", parked.strip().splitlines()[-1] if parked.strip() else "?"),
    ]
    width = max(len(name) for name, _ in rows)
    lines = [f"  {name:<{width}}  {value}" for name, value in rows]
    lines.append("  log lines by action: " + ", ".join(f"{name} {count}" for name, count in actions.most_common(40)))
    return "\nchaos\n" + "\n".join(lines) + "\n"
