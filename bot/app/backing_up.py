"""Back up every engine while the service runs, and put it back into empty ones. ``docs/why.md`` tells why in this order."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass

from agents.registry import NAMES
from bot import queues
from bot.adapters.media.dump import FolderDump
from bot.adapters.media.tombstones import ROOM as TOMBSTONES
from bot.adapters.mongo.dump import MongoDump
from bot.adapters.rabbit.bus import RabbitBus
from bot.adapters.redis.coalesce import Coalescing
from bot.adapters.redis.directory import RedisDirectory
from bot.adapters.redis.dump import RedisDump, every, is_kept, is_queue
from bot.adapters.sqlite.dump import SqliteDump
from bot.app.connections import open_redis_url
from bot.app.engines import engine_names, open_engines
from bot.app.erasing import erase_again
from bot.audit.chain import Note
from bot.backup.doubt import Restored, keep
from bot.backup.stream import Head, packed, unpacked
from bot.errors import ConfigError, Malformed
from bot.model.ids import PersonId
from bot.ports.dump import LATER, Dump, Frame
from bot.ports.store import JournalEntry, Store, TurnNote
from config.engagement import load_engagement
from config.settings import Settings

BEHIND = 60.0
"""Seconds before now at which the journal of a backup ends: in these, what its turns led to has been handled."""
REMEMBERED = 2 * 86_400.0
"""Seconds of the journal from which ids that were seen are put back: longer than the gateway's history is compared."""
PAGE = 1000


@dataclass(frozen=True)
class _Dumps:
    queues: list[Dump]
    store: Dump
    claims: Dump
    files: list[Dump]
    anything: Dump  # whether there is any key of ours in the session engine
    directory: RedisDirectory

    @property
    def all(self) -> list[Dump]:
        """In the order in which they are read."""
        return [*self.queues, self.store, self.claims, *self.files]


async def back_up(settings: Settings, store: Callable[[AsyncIterator[bytes]], Awaitable[None]], behind: float = BEHIND) -> Head:
    """Hand the bytes of a backup to ``store``, and note at the session engine that there is one. It opens nothing that is sealed,
    so it needs no master key. Raises Unavailable; then there is no backup."""
    async with _dumps(settings) as dumps:
        now = time.time()
        names = engine_names(settings)
        head = Head(now - behind, now, names["store"], names["bus"], waiting=await _waiting(settings))

        async def frames() -> AsyncIterator[Frame]:
            for dump in dumps.all:
                async for frame in dump.frames(head.cut):
                    yield frame

        await store(packed(head, frames()))
        await dumps.directory.backed_up(head.at)
    return head


async def look_through(read: Callable[[int], Awaitable[bytes]]) -> tuple[Head, Counter[str]]:
    """The head of a stored backup, and how many frames of each part and collection are in it. Raises Malformed."""
    head: Head | None = None
    counts: Counter[str] = Counter()
    async for one in unpacked(read):
        if isinstance(one, Head):
            head = one
        else:
            counts[f"{one.part} {one.name}" if one.part == "mongo" else one.part] += 1
    if head is None:
        raise Malformed("The backup is empty.", code="backup_cut_off")
    return head, counts


async def tombstones_of(read: Callable[[int], Awaitable[bytes]], settings: Settings) -> int:
    """Put the tombstones of another, newer backup into the media folder. Returns how many."""
    folder, count = FolderDump(settings.data_dir / "media"), 0
    async for one in unpacked(read):
        if isinstance(one, Frame) and one.part == FolderDump.part and one.name.startswith(TOMBSTONES):
            await folder.load(one)
            count += 1
    return count


async def restore(settings: Settings, read: Callable[[int], Awaitable[bytes]], who: str) -> tuple[Head, int, int]:
    """Put a backup into empty engines; returns its head, how many conversations stand in the session engine again, and how many
    erasures from after the backup were done once more.

    Raises ConfigError when the engines hold something, or are of another kind than those of the backup.
    """
    async with _dumps(settings) as dumps:
        if not (await dumps.store.empty() and await dumps.anything.empty()):
            raise ConfigError(
                "The engines are not empty: stop the service, drop the database (or the SQLite file) and flush Redis first.",
                code="restore_not_empty",
            )
        parts = {dump.part: dump for dump in dumps.all}
        head: Head | None = None
        later: list[PersonId] = []
        async for one in unpacked(read):
            if isinstance(one, Head):
                head = _fitting(one, settings)
            elif one.part in parts:
                await parts[one.part].load(one)
                if one.name == LATER:
                    later.append(PersonId(one.data.decode()))
        for dump in dumps.all:
            await dump.loaded()
    if head is None:
        raise Malformed("The backup is empty.", code="backup_cut_off")
    return (head, *await _rebuild(settings, head, later, who))


def _fitting(head: Head, settings: Settings) -> Head:
    names = engine_names(settings)
    if (head.store, head.bus) != (names["store"], names["bus"]):
        raise ConfigError(f"The backup is of {head.store} and {head.bus}, the settings name {names['store']} and {names['bus']}.")
    return head


async def _rebuild(settings: Settings, head: Head, later: Sequence[PersonId], who: str) -> tuple[int, int]:
    """Conversations of the last days, from the journal; others are rebuilt when they write. And the mark for the senders. Who was
    erased after the backup is erased again, first."""
    async with open_engines(settings) as engines:
        await heads_anew(engines.store, later)
        await engines.bus.declare(queues.topology(settings.partitions, NAMES))  # for what is parked in them
        erased = await erase_again(engines, load_engagement(), time.time())  # before anybody of them has a conversation again
        people: set[PersonId] = set()
        after: TurnNote | None = None
        while notes := await engines.store.turns(head.cut - REMEMBERED, PAGE, after):
            people.update(note.person for note in notes)
            after = notes[-1]
        now = time.time()
        for person in people:
            if snapshot := await engines.store.latest(person):
                await engines.sessions.restore(snapshot.session, snapshot.seen, now=now)
        await keep(engines.store.documents, Restored(head.cut, time.time()))
        await engines.store.audit.enter(Note(now, who, "restore", why=f"backup of {head.at:.0f}, journal to {head.cut:.0f}"))
    return len(people), erased


async def heads_anew(store: Store, people: Sequence[PersonId]) -> None:
    """Of each person's newest turn in the journal, as if it had just been journalled."""
    for person in people:
        if snapshot := await store.latest(person):
            session, last = snapshot.session, snapshot.seen[0]
            await store.append_journal(
                [JournalEntry(person, last, session.version, 0.0, "restored", session, wakes=session.timers)]
            )


async def _waiting(settings: Settings) -> dict[str, int]:
    """Queues of RabbitMQ that hold messages now: they are not in the backup."""
    if settings.rabbitmq_url is None:
        return {}
    async with RabbitBus.open(settings.rabbitmq_url.get_secret_value(), deadline=settings.publish_seconds) as bus:
        await bus.declare(queues.topology(settings.partitions, NAMES))
        depths = {spec.name: (await bus.depth(spec.name)).ready for spec in queues.topology(settings.partitions, NAMES)}
    return {name: ready for name, ready in depths.items() if ready}


@asynccontextmanager
async def _dumps(settings: Settings) -> AsyncIterator[_Dumps]:
    async with AsyncExitStack() as stack:
        url = await stack.enter_async_context(open_redis_url(settings))
        # Few commands at once, for a server that has other work; a long deadline, because nobody waits.
        replicas = settings.replicas_to_hold
        client = await stack.enter_async_context(Coalescing.open(url, connections=1, timeout=30.0, replicas=replicas))
        store: Dump
        if settings.mongodb_url is not None:
            database = settings.mongodb_database
            store = await stack.enter_async_context(MongoDump.open(settings.mongodb_url.get_secret_value(), database))
        else:
            store = SqliteDump(settings.data_dir / "procare.sqlite")
        yield _Dumps(
            queues=[] if settings.rabbitmq_url else [RedisDump(client, "queues", is_queue)],
            store=store,
            claims=RedisDump(client, "redis", is_kept),
            files=[] if settings.s3_url else [FolderDump(settings.data_dir / "media")],
            anything=RedisDump(client, "any", every),
            directory=RedisDirectory(client),
        )
