"""The same conversation on RabbitMQ, Redis and MongoDB, every role a process of its own under its own accounts; and what an
account cannot do."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from io import BytesIO
from pathlib import Path

import psutil
import pytest
from pymongo import MongoClient
from pymongo.errors import OperationFailure
from redis import Redis
from redis.exceptions import NoPermissionError

from agents.engagement_engine.agent import EngagementEngine
from agents.registry import NAMES
from bot import queues
from bot.adapters.mongo.store import MongoStore
from bot.adapters.rabbit import RabbitBus
from bot.adapters.redis.aid import RedisAid
from bot.adapters.redis.buckets import RedisBuckets
from bot.adapters.redis.budget import RedisBudget
from bot.adapters.redis.caps import RedisCaps
from bot.adapters.redis.census import RedisCensus
from bot.adapters.redis.coalesce import Coalescing
from bot.adapters.redis.deliveries import RedisDeliveries
from bot.adapters.redis.directory import RedisDirectory
from bot.adapters.redis.footprint import RedisFootprint
from bot.adapters.redis.sessions import RedisSessions
from bot.adapters.redis.timers import RedisTimers
from bot.app.backing_up import back_up, restore
from bot.app.desks import Still, open_bus, open_still
from bot.audit.chain import Note, broken
from bot.errors import BusUnavailable, ConfigError, SessionsUnavailable
from bot.migrations import running as running_migrations
from bot.migrations.keyed_ids import KeyedIds
from bot.model.effects import Outbound, Record, WakeAt
from bot.model.events import ChannelState, Receipt
from bot.model.ids import EffectId, GatewayId, InputId, PersonId, keyed, person_of
from bot.model.session import Asked, Session
from bot.notices.days import day_of
from bot.ports.buckets import Bucket
from bot.ports.bundles import Publication
from bot.ports.bus import Envelope
from bot.ports.documents import Document
from bot.ports.store import DeliveryRecord, JournalEntry, Place, Reading
from config.settings import ROOT, Settings
from tests.deploy.secured import accounts, secured
from tests.e2e.service import Service
from tests.e2e.town import Town, town
from tests.sealed import SEALS
from tests.servers.fixtures import missing

pytestmark = pytest.mark.services

ASHA, RAVI = "919876540001", "919876540002"
REFUSALS = ("redis_ResponseError", "redis_NoPermissionError", "mongo_13", "bus_forbidden")
"""How a role logs that its account may not do something."""
ROLES = {
    "ingress": ("ingress",),
    "worker": ("worker",),
    "agent": ("agent", "clinical_monitor"),
    "eraser": ("agent", EngagementEngine.name),
    "sender": ("sender",),
    "scheduler": ("scheduler",),
}
Addresses = Mapping[str, Mapping[str, str]]


@pytest.fixture(scope="module")
def secrets(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What the script writes."""
    return tmp_path_factory.mktemp("accounts") / "secrets"


@pytest.fixture(scope="module")
def addresses(secrets: Path) -> Iterator[Addresses]:
    """Of each role; as files they are written into ``secrets``."""
    with secured(secrets, missing) as made:
        yield made


@asynccontextmanager
async def running(folder: Path, place: Town, addresses: Addresses) -> AsyncIterator[dict[str, Service]]:
    """Each role reads its addresses from files, as the containers do."""
    roles = {}
    for name, words in ROLES.items():
        settings = dict(place.settings)
        for setting, address in addresses[name].items():
            file = folder / f"{name}_{setting}"
            file.write_text(address + "\n")
            settings[f"{setting}_file"] = file
        roles[name] = Service(folder, settings, *words, name=name)
    try:
        for service in roles.values():
            service.start()
        await asyncio.gather(*(asyncio.to_thread(service.wait_until_ready) for service in roles.values()))
        yield roles
    finally:
        await asyncio.gather(*(asyncio.to_thread(service.close) for service in roles.values()))


async def test_a_short_conversation_over_split_roles_on_real_engines(folder: Path, addresses: Addresses) -> None:
    passwords = [address.split("@")[0].rpartition(":")[2] for one in addresses.values() for address in one.values()]
    async with town([ASHA, RAVI]) as place:
        async with running(folder, place, addresses) as roles:
            place.post_to(roles["ingress"])
            place.gateway.say(RAVI, "seene mein dard ho raha hai")
            await place.heard(RAVI, "112")
            await place.say(ASHA, "hi", "ProCare")
            await place.say(ASHA, "English", "Do you agree?")
            await place.say(ASHA, "I agree", "What may I call you?")
            await place.say(ASHA, "cancel", "left")
            await place.say(ASHA, "sugar 182 fasting", "Noted: 182 mg/dL")
            await without_a_worker(place, roles["worker"])
            lines = [line for service in roles.values() for line in command_lines(service)]
            assert not any(word in line for word in passwords for line in lines)
        for service in roles.values():
            assert service.status == 0, f"{service.name}:\n{service.err[-2000:]}"
            assert ASHA not in service.err
            assert "wamid" not in service.err
            assert not any(word in service.err for word in (*passwords, *REFUSALS))
    assert place.count(ASHA, "Noted: 182") == 1
    assert place.gateway.undelivered == 0


async def without_a_worker(place: Town, worker: Service) -> None:
    """Danger is answered by the ingress, in the words that the worker's turn would say afterwards, and once."""
    assert worker.process is not None
    alarm = "Seene ka dard emergency"
    worker.process.send_signal(signal.SIGSTOP)
    try:
        place.gateway.say(RAVI, "seene mein bahut dard ho raha hai")
        await place.heard(RAVI, alarm, times=2)
    finally:
        worker.process.send_signal(signal.SIGCONT)
    await place.say(RAVI, "shukriya", "Koi baat nahi")  # is answered after the turn of the danger
    await place.quiet(0.5)
    assert place.count(RAVI, alarm) == 2


def command_lines(service: Service) -> list[str]:
    """Of a process and all that it started."""
    assert service.process is not None
    process = psutil.Process(service.process.pid)
    return [" ".join(one.cmdline()) for one in (process, *process.children(recursive=True))]


async def test_no_account_can_do_anothers_work_at_the_broker(addresses: Addresses) -> None:
    envelope = Envelope(id="x", key="x", body=b"{}", at=1.0)
    async with RabbitBus.open(addresses["scheduler"]["rabbitmq_url"], deadline=30.0) as bus:
        await bus.declare(queues.topology(Settings().partitions, NAMES))
    for role, reads, writes in [
        ("ingress", "turns.0", "sends.0"),
        ("worker", "sends.0", "gateway"),
        ("agent", "turns.0", "sends.0"),
        ("agent", "parked", "sends.0"),
        ("eraser", "turns.0", "sends.0"),
        ("sender", "turns.0", "urgent.0"),
        ("scheduler", "", "sends.0"),
        ("backup", "parked", "records"),
        ("restore", "", "turns.0"),
    ]:
        async with RabbitBus.open(addresses[role]["rabbitmq_url"], deadline=30.0) as bus:
            if reads:
                with pytest.raises(ConfigError, match="may not"):
                    async with bus.subscribe(reads, prefetch=1):
                        pass
            with pytest.raises((ConfigError, BusUnavailable)):
                await bus.publish(writes, envelope)
    async with RabbitBus.open(addresses["operator"]["rabbitmq_url"], deadline=30.0) as bus:
        assert (await bus.depth("sends.0")).ready == 0  # nothing came through
        assert await bus.parked() == []
    async with RabbitBus.open(addresses["eraser"]["rabbitmq_url"], deadline=30.0) as bus:
        assert await bus.parked() == []  # it forgets people there, too


async def test_each_account_can_do_its_work_at_the_session_engine(addresses: Addresses) -> None:
    """All that the roles ask of it, also what the conversation did not need."""
    person, effect, gateway_id, now = person_of("phone:919876540003"), EffectId("e"), GatewayId("g"), 1000.0
    async with AsyncExitStack() as stack:
        at = {role: await stack.enter_async_context(Coalescing.open(one["redis_url"])) for role, one in addresses.items()}
        for client in at.values():  # what goes with each pipeline where there are replicas
            assert await client.calls(("PUBLISH", "pc:held", ""), ("WAIT", 0, 1)) == [0, 0]
            with pytest.raises(SessionsUnavailable) as no_cluster:  # it may ask, and there is none
                await client.call("CLUSTER", "INFO")
            assert no_cluster.value.code == "redis_ResponseError"
        for role in ("ingress", "worker", "sender"):
            directory = RedisDirectory(at[role], seals=SEALS)
            await directory.heartbeat(role, "m", now=now, ttl=5.0)
            await directory.members(role, now=now)
            await directory.leave(role, "m")
        assert await RedisBuckets(at["ingress"]).take([Bucket("b", 5, 1.0), Bucket("b", 5, 1.0, person)], now=now)
        assert await RedisSessions(at["ingress"], seals=SEALS).seen([(person, InputId("i"))]) == set()
        aid, gave = RedisAid(at["ingress"], seals=SEALS), RedisAid(at["sender"], seals=SEALS)
        assert await aid.answered([(person, InputId("i"))]) == ["no"]
        assert await aid.begin(person, effect)
        await aid.given(person, effect, gateway_id)
        assert await gave.gave(person, effect) == gateway_id
        sessions, timers = RedisSessions(at["worker"], seals=SEALS), RedisTimers(at["worker"], seals=SEALS)
        await sessions.commit(Session(person=person, version=1), InputId("i"), [], now=now)
        assert (await sessions.load(person, InputId("i"), gateway_id)).seen
        await sessions.published(person, InputId("i"))
        assert not await sessions.restore(Session(person=person, version=1), [InputId("i")], now=now)
        await RedisDirectory(at["worker"], seals=SEALS).link("1@lid", "919876540003")
        assert await RedisDirectory(at["ingress"], seals=SEALS).phone_of("1@lid") == "919876540003"
        wakes = [WakeAt(EffectId(f"w{number}"), person, now) for number in range(2)]
        for wake in wakes:
            await timers.set(wake)
        await timers.cancel(person, wakes[0].id)
        due = RedisTimers(at["scheduler"], seals=SEALS)
        assert await due.claim_due(now, 10, 5.0) == wakes[1:]
        await due.done(wakes[1])
        await due.mark_intact()
        assert await due.intact()
        assert [page async for page in RedisCensus(at["scheduler"], seals=SEALS).pages(10)]
        for role in ("worker", "agent", "eraser"):
            budget = RedisBudget(at[role])
            assert await budget.reserve(person, "2026-01-01", 5, person_limit=100, all_limit=100)
            await budget.settle(person, "2026-01-01", -1)
        deliveries, caps = RedisDeliveries(at["sender"], seals=SEALS), RedisCaps(at["sender"])
        for name in ("a", "b", "c"):
            await deliveries.claim(person, EffectId(name), now=now)
        await deliveries.sent(person, EffectId("a"), gateway_id, now=now, asked=Asked(id=EffectId("a"), flow="f", step="s"))
        await deliveries.failed(person, EffectId("b"), "refused", now=now)
        await deliveries.release(person, EffectId("c"))
        assert await deliveries.known_ids(person) == {gateway_id}
        words = Outbound(EffectId("a"), person, "procare", "cloud", "919876540003", "reply", "words", now)
        assert await deliveries.hold(gateway_id, words) is None
        assert await deliveries.words(gateway_id) == words
        await deliveries.receipt(Receipt(gateway_id, "delivered", "procare", now, token="t"))
        assert await deliveries.words(gateway_id) is None
        assert await deliveries.status(gateway_id) == "delivered"
        assert await deliveries.carrier("t")
        assert await caps.take(person, effect, 5, day=day_of(now, "UTC"), now=now)
        await caps.give_back(person, effect)
        await RedisDirectory(at["sender"], seals=SEALS).set_channel(ChannelState("procare", "open", now))
        for role in addresses.keys() - {"backup"}:
            assert await RedisDirectory(at[role], seals=SEALS).channels()
        await RedisDirectory(at["backup"]).backed_up(now)
        assert await RedisDirectory(at["scheduler"]).last_backup() == now
        assert (await sessions.load(person, InputId("i2"), gateway_id)).asked  # a tap on what the sender sent
        for role in ("eraser", "operator"):
            footprint = RedisFootprint(at[role], seals=SEALS)
            assert await footprint.remains([person])
            await footprint.forget([person], now + 1)
            assert await footprint.remains([person]) == []
            await sessions.commit(Session(person=person, version=1), InputId("again"), [], now=now)  # they begin anew


async def test_no_account_can_do_anothers_work_at_the_session_engine(addresses: Addresses) -> None:
    for role, command in [
        ("ingress", ("HGETALL", "pc:{p1}:s")),  # conversations
        ("ingress", ("SET", "pc:lid:1", "2")),  # who is who
        ("ingress", ("SET", "pc:{p1}:d", "x")),  # claims of sends
        ("sender", ("SET", "pc:{p1}:a:x", "y")),
        ("sender", ("HGETALL", "pc:{p1}:s")),
        ("agent", ("HGETALL", "pc:{p1}:s")),
        ("agent", ("SCAN", "0")),
        ("eraser", ("SET", "pc:{p1}:s", "x")),
        ("eraser", ("HSET", "pc:{p1}:d", "x", "y")),
        ("eraser", ("DEL", "pc:intact")),
        ("worker", ("HSET", "pc:{p1}:d", "x", "y")),  # claims of sends
        ("worker", ("KEYS", "*")),
        ("scheduler", ("HSET", "pc:{p1}:s", "x", "y")),
        *((role, ("PUBLISH", "pc:another", "")) for role in addresses),
        ("backup", ("SET", "pc:intact", "x")),
        ("backup", ("DEL", "pc:backup")),
        ("backup", ("RESTORE", "pc:backup", "0", "x")),
        ("operator", ("RESTORE", "pc:backup", "0", "x")),
        *((role, ("FLUSHALL",)) for role in addresses),
        *((role, ("CONFIG", "GET", "*")) for role in addresses),
        *((role, ("ACL", "LIST")) for role in addresses),
    ]:
        with Redis.from_url(addresses[role]["redis_url"], protocol=2) as client, pytest.raises(NoPermissionError):
            client.execute_command(*command)
    _, host = addresses["worker"]["redis_url"].split("@")
    with Redis.from_url(f"redis://{host}", protocol=2) as client:
        assert client.ping()  # a health check needs no account
        with pytest.raises(NoPermissionError):
            client.get("pc:intact")


async def test_no_account_can_do_anothers_work_at_the_store(addresses: Addresses) -> None:
    """Needs the collections that the conversation before has left."""
    for role, collection, command in [
        ("ingress", "journal", "find"),
        ("ingress", "records", "find"),
        ("sender", "journal", "find"),
        ("sender", "readings", "find"),
        ("worker", "journal", "delete"),
        ("worker", "audit", "find"),
        ("agent", "records", "delete"),
        ("agent", "links", "find"),
        ("scheduler", "readings", "find"),
        ("backup", "journal", "delete"),
        ("backup", "about", "delete"),
        *((role, "audit", "delete") for role in addresses),  # only ever added to
    ]:
        with MongoClient[dict[str, object]](addresses[role]["mongodb_url"]) as client:
            words = {"find": collection} if command == "find" else {"delete": collection, "deletes": [{"q": {}, "limit": 0}]}
            with pytest.raises(OperationFailure) as refused:
                client["procare"].command(words)
            assert refused.value.code == 13, (role, collection, command)


@asynccontextmanager
async def at_rest(folder: Path, addresses: Addresses) -> AsyncIterator[Still]:
    """The stores as the operator opens them while nothing runs, with the installation's own keys."""
    of = {role: Settings.model_validate({"data_dir": folder, **addresses[role]}) for role in ("scheduler", "operator")}
    async with open_bus(of["scheduler"]) as bus:
        await bus.declare(queues.topology(of["scheduler"].partitions, NAMES))  # and it makes the store
    async with open_still(of["operator"]) as still:
        yield still


async def test_each_account_can_do_its_work_at_the_store(tmp_path: Path, addresses: Addresses) -> None:
    """All that the roles ask of it, also what the conversation did not need."""
    person, formerly, now = person_of("phone:919876540004"), person_of("lid:4@lid"), 1000.0
    async with AsyncExitStack() as stack:
        still = await stack.enter_async_context(at_rest(tmp_path, addresses))
        at = {
            role: await stack.enter_async_context(MongoStore.open(one["mongodb_url"], "procare", seals=still.keys))
            for role, one in addresses.items()
        }
        entry = JournalEntry(formerly, InputId("i"), 1, now, "text", Session(person=formerly, version=1), [], [])
        await at["worker"].append_journal([entry])
        await at["worker"].record([Record(EffectId("r"), formerly, "profile", now)])
        await at["worker"].save_deliveries([DeliveryRecord(EffectId("d"), formerly, "sent", now)])
        await at["worker"].link("4@lid", "919876540004")
        assert await at["ingress"].phone_of("4@lid") == "919876540004"
        for role in ("agent", "eraser"):
            assert await at[role].add_reading(Reading(EffectId(f"m-{role}"), formerly, "glucose", 100.0, now))
            assert await at[role].documents.save(Document("visit", role, formerly, now, due=now, state="open"))
            assert await at[role].latest(formerly)
            await at[role].record([Record(EffectId(f"r-{role}"), formerly, "meal", now)])
        assert await at["agent"].documents.claim_due(["visit"], now, 10, 5.0)
        await at["worker"].merge(formerly, person)
        assert len(await at["agent"].readings(person, "glucose")) == 2
        await at["sender"].save_deliveries([DeliveryRecord(EffectId("d2"), person, "sent", now)])
        await at["sender"].record([Record(EffectId("r-s"), person, "notice", now)])
        await at["sender"].documents.save(Document("reach", "1", person, now))
        assert await at["sender"].delivery(EffectId("d2"))
        for version in ("v1", "v2", "v3"):
            await at["worker"].bundles.keep(version, b"packed", at=now)
        for number, version in enumerate(("v2", "v3"), 1):
            await at["operator"].bundles.publish(Publication(number, version, now, "tests"))
        assert (await at["worker"].bundles.history())[0].version == "v3"
        assert await at["scheduler"].bundles.forget("v1")
        places: list[Place] = ["journal", "deliveries", "records"]
        for place in places:
            await at["scheduler"].count_old(place, ("meal",), now + 1)
            await at["scheduler"].drop_old(place, ("meal",), now + 1, 10)
        assert await at["scheduler"].open_wakes(10, PersonId("q")) == []  # those of the conversation are sealed with other keys
        assert await at["scheduler"].documents.listed("visit", state="open")
        for role in ("eraser", "operator"):
            await at[role].audit.enter(Note(now, role, "tested"))
        await at["eraser"].held(person, 10)
        await at["eraser"].erase(person, now + 1)
        await at["eraser"].erase(formerly, now + 1)
        await at["eraser"].unlink(person)
        assert await at["operator"].remains(person) == []
        assert await at["operator"].remains(formerly) == []


async def test_what_the_account_for_backups_copied_another_puts_back(
    tmp_path: Path, addresses: Addresses, secrets: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The copy is made without the master key, and with an account that can change nothing."""
    person, now, copied = person_of("phone:919876540006"), 1_790_000_000.0, BytesIO()
    async with at_rest(tmp_path, addresses) as still:
        await still.store.add_reading(Reading(EffectId("kept"), person, "glucose", 117.0, now))
        await still.store.audit.enter(Note(now, "staff tester", "tested"))

    async def store(chunks: AsyncIterator[bytes]) -> None:
        async for chunk in chunks:
            copied.write(chunk)

    async def read(count: int) -> bytes:
        return copied.read(count)

    with monkeypatch.context() as without:
        without.delenv("PROCARE_MASTER_KEY")
        await back_up(Settings.model_validate({"data_dir": tmp_path, **addresses["backup"]}), store, behind=0.0)
    _, host = addresses["backup"]["mongodb_url"].split("@")
    with MongoClient[dict[str, object]](f"mongodb://root:{(secrets / 'mongo_root').read_text()}@{host}") as client:
        client.drop_database("procare")
    with Redis.from_url(addresses["restore"]["redis_url"], protocol=2) as redis:
        redis.delete(*redis.scan_iter("pc:*", count=1000))
    copied.seek(0)
    await restore(Settings.model_validate({"data_dir": tmp_path, **addresses["restore"]}), read, "staff tester")
    async with at_rest(tmp_path, addresses) as still:
        assert [one.value for one in await still.store.readings(person, "glucose")] == [117.0]
        entries = await still.store.audit.entries()
        assert broken(entries) is None
        assert [one.note.what for one in entries[-2:]] == ["tested", "restore"]


def test_the_script_keeps_the_passwords_it_made(tmp_path: Path) -> None:
    made, folder = accounts(), tmp_path / "s"
    made.write(folder, {"rabbitmq": "r:1", "redis": "s:2", "mongo": "m:3"})
    first = (folder / "worker_redis_url").read_text()
    with (folder / "worker_mongodb_url").open() as held:  # as a running container does
        made.write(folder, {"rabbitmq": "r:1", "redis": "s:2", "mongo": "m:4"})
        assert "@m:4/" in held.read()
    assert first == (folder / "worker_redis_url").read_text()
    assert (tmp_path / "s").stat().st_mode & 0o077 == 0
    assert "deploy/secrets/" in (ROOT / ".gitignore").read_text().splitlines()


async def test_the_operators_account_can_migrate(tmp_path: Path, addresses: Addresses) -> None:
    """What is stored under an older id goes to the new one, in every collection and key; nothing of it was forbidden."""
    older, at = person_of("phone:919876540005"), 1_790_000_000.0

    async def nothing_runs() -> None:
        """In this test."""

    async with at_rest(tmp_path, addresses) as still:
        try:
            await running_migrations.quiet(still.bus, queues.topology(Settings().partitions, NAMES))
        except ConfigError as waiting:  # what another test left there: the account could look, and that is asked here
            if waiting.code != "migration_not_quiet":
                raise
        await still.store.record([Record(EffectId(f"r{older}"), older, "consent", at)])
        await still.store.add_reading(Reading(EffectId(f"g{older}"), older, "glucose", 126.0, at))
        await still.store.documents.save(Document("reminder", f"m{older}", older, at))
        await still.store.save_deliveries([DeliveryRecord(EffectId(f"d{older}"), older, "sent", at)])
        client = next(one for one in still.moving if one.place == "sessions")._client  # type: ignore[attr-defined]
        await RedisSessions(client, seals=still.keys).commit(Session(older, version=1), InputId("i"), [], now=at)
        migration = KeyedIds(still.keys, still.place, still.store, still.moving, nothing_runs)
        await running_migrations.forward(migration, still.store, "staff tester", lambda: at, lambda *_: None)
        newer = keyed(older, still.keys.people)
        held, left = await still.store.held(newer, 10), await still.store.held(older, 10)
        assert (len(held.readings), len(held.records), len(left.readings), len(left.records)) == (1, 1, 0, 0)
        assert (await RedisSessions(client, seals=still.keys).load(newer, InputId("x"))).session is not None
