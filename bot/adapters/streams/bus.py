"""The bus on Redis or Valkey Streams."""

from __future__ import annotations

import re
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

import msgspec
from msgspec.structs import replace
from redis.asyncio import Redis
from redis.exceptions import ResponseError

from bot.adapters.streams.coalescer import Coalescer
from bot.adapters.streams.keys import GROUP, Keys
from bot.adapters.streams.scripts import REPLAY
from bot.adapters.streams.seam import command, no_such_queue, redis_call
from bot.adapters.streams.subscription import StreamsSubscription
from bot.ports.bus import Depth, Envelope, Parked, QueueSpec

_ENTRY_ID = re.compile(r"[0-9]{1,20}-[0-9]{1,20}")
_encoder = msgspec.msgpack.Encoder()
_envelopes = msgspec.msgpack.Decoder(Envelope)
_records = msgspec.msgpack.Decoder(Parked)


class StreamsBus:
    """Durable as far as the engine is: with ``appendfsync everysec`` a crash of the machine may cost the last second.

    The client belongs to the caller and must return bytes (``decode_responses=False``, ``protocol=2``). Give it
    ``socket_timeout=None``: with one, redis-py writes under ``asyncio.wait_for``, which loses cancellations before Python 3.12;
    the deadlines here do not need it. Each subscription keeps one connection of its pool busy with blocking reads.
    """

    def __init__(self, redis: Redis, *, prefix: str = "bus", deadline: float = 5.0, lease_seconds: float = 5.0) -> None:
        """``deadline``: seconds for any one call. ``lease_seconds``: how long a dead consumer's queue stays without one."""
        self._redis = redis
        self._keys = Keys(prefix=prefix)
        self._deadline = deadline
        self._lease_seconds = lease_seconds
        self._pipeline = Coalescer(redis, deadline)
        self._declared: dict[str, QueueSpec] = {}

    async def declare(self, queues: Sequence[QueueSpec]) -> None:
        async with redis_call(self._deadline):
            for spec in queues:
                await self._declare(spec)

    async def publish(self, queue: str, envelope: Envelope) -> None:
        message = _encoder.encode(envelope)
        if await self._add(queue, message):
            return
        if queue not in self._declared:
            raise no_such_queue()
        await self.declare([self._declared[queue]])  # Redis has lost its data
        if not await self._add(queue, message):
            raise no_such_queue()

    @asynccontextmanager
    async def subscribe(self, queue: str, *, prefetch: int) -> AsyncIterator[StreamsSubscription]:
        spec = await self._spec(queue)

        async def declare_again() -> None:
            await self._declare(spec)

        subscription = StreamsSubscription(
            self._redis,
            self._pipeline,
            self._keys,
            queue,
            ordered=spec.ordered,
            prefetch=prefetch,
            lease_seconds=self._lease_seconds,
            deadline=self._deadline,
            declare_again=declare_again,
        )
        try:
            await subscription.open()
            yield subscription
        finally:
            await subscription.close()

    async def depth(self, queue: str) -> Depth:
        """Unsettled with any live consumer counts as such; what a dead one left waits for the next."""
        stream = self._keys.stream(queue)
        async with redis_call(self._deadline):
            try:
                pending = await command(self._redis, "XPENDING", stream, GROUP)
            except ResponseError as error:
                raise no_such_queue() from error
            length = await command(self._redis, "XLEN", stream)
            first = await command(self._redis, "XRANGE", stream, "-", "+", "COUNT", 1)
            unsettled, held = 0, {one["name"]: one["pending"] for one in pending["consumers"]}
            consumers = 0
            for consumer in await self._redis.xinfo_consumers(stream, GROUP):
                if await command(self._redis, "EXISTS", self._keys.alive + consumer["name"].decode()):
                    consumers += 1
                    unsettled += held.get(consumer["name"], 0)
        age = max(0.0, time.time() - _envelopes.decode(first[0][1][b"m"]).at) if first else None
        return Depth(ready=max(0, length - unsettled), unsettled=unsettled, oldest_age=age, consumers=consumers)

    async def delayed(self) -> int:
        async with redis_call(self._deadline):
            queues = await command(self._redis, "HKEYS", self._keys.queues)
            return sum([int(await command(self._redis, "ZCARD", self._keys.later(one.decode()))) for one in queues])

    async def ping(self) -> None:
        async with redis_call(self._deadline):
            await command(self._redis, "PING")

    async def parked(self, limit: int = 100) -> list[Parked]:
        async with redis_call(self._deadline):
            rows = await command(self._redis, "XRANGE", self._keys.parked, "-", "+", "COUNT", limit)
        return [replace(_records.decode(fields[b"m"]), id=entry.decode()) for entry, fields in rows]

    async def replay(self, parked_id: str) -> bool:
        if not _ENTRY_ID.fullmatch(parked_id):
            return False
        async with redis_call(self._deadline):
            rows = await command(self._redis, "XRANGE", self._keys.parked, parked_id, parked_id)
            if not rows:
                return False
            record = _records.decode(rows[0][1][b"m"])
            message = _encoder.encode(replace(record.envelope, attempt=0))
            keys = [self._keys.parked, self._keys.stream(record.queue)]
            outcome = await self._redis.register_script(REPLAY)(keys, [parked_id, message])
        if outcome == -1:
            raise no_such_queue()
        return bool(outcome)

    async def drop(self, parked_id: str) -> bool:
        if not _ENTRY_ID.fullmatch(parked_id):
            return False
        async with redis_call(self._deadline):
            return bool(await self._redis.xdel(self._keys.parked, parked_id))

    async def _add(self, queue: str, message: bytes) -> bool:
        stream = self._keys.stream(queue)
        return await self._pipeline.ask("XADD", stream, "NOMKSTREAM", "*", "m", message) is not None

    async def _declare(self, spec: QueueSpec) -> None:
        try:
            await self._redis.xgroup_create(self._keys.stream(spec.name), GROUP, id="0", mkstream=True)
        except ResponseError as error:
            if "BUSYGROUP" not in str(error):
                raise
        await command(self._redis, "HSET", self._keys.queues, spec.name, int(spec.ordered))
        self._declared[spec.name] = spec

    async def _spec(self, queue: str) -> QueueSpec:
        """How the queue was declared, by us or by another process."""
        if queue in self._declared:
            return self._declared[queue]
        async with redis_call(self._deadline):
            ordered = await command(self._redis, "HGET", self._keys.queues, queue)
        if ordered is None:
            raise no_such_queue()
        return QueueSpec(name=queue, ordered=ordered == b"1")
