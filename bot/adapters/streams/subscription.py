"""One consumer of a stream. A single task reads; ``take.lua`` decides what it may have."""

from __future__ import annotations

import asyncio
import logging
import secrets
import time
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from typing import Any, cast

import msgspec
from redis.asyncio import Redis
from redis.exceptions import ResponseError

from bot.adapters.streams.coalescer import Coalescer
from bot.adapters.streams.keys import GROUP, Keys
from bot.adapters.streams.scripts import POSTPONE, RELEASE, SET_ASIDE, TAKE
from bot.adapters.streams.seam import command, redis_call
from bot.errors import BotError, BusUnavailable
from bot.ports.bus import Delivery, Envelope, Parked

log = logging.getLogger(__name__)

IDLE_SECONDS = 0.5  # the longest blocking read, and so how late a delayed message may come
STANDBY_SECONDS = 0.2  # how often a consumer that is not the active one looks
RETRY_SECONDS = 0.2
UNREADABLE = "unreadable"
SAID_AGAIN = 100  # failures after which the log says so once more

_decoder = msgspec.msgpack.Decoder(Envelope)
_encoder = msgspec.msgpack.Encoder()


class StreamsSubscription:
    """In an ordered queue it delivers only while it holds the lease; when it loses it, its deliveries are no longer its own.

    Entries stay pending in the group until they are settled, then they are deleted: streams stay as short as the work to do.
    """

    def __init__(
        self,
        redis: Redis,
        pipeline: Coalescer,
        keys: Keys,
        queue: str,
        *,
        ordered: bool,
        prefetch: int,
        lease_seconds: float,
        deadline: float,
        declare_again: Callable[[], Awaitable[None]],
    ) -> None:
        self.queue = queue
        self._redis = redis
        self._pipeline = pipeline
        self._keys = keys
        self._ordered = ordered
        self._prefetch = prefetch
        self._lease_seconds = lease_seconds
        self._deadline = deadline
        self._declare_again = declare_again
        self._name = secrets.token_hex(8)
        self._take = redis.register_script(TAKE)
        self._cursor = "0-0"  # where to go on among what is pending already; "" when through
        self._lease_until = 0.0  # monotonic seconds
        self._upkeep_at = 0.0  # monotonic seconds
        self._last_tag = 0
        self._unsettled: dict[int, bytes] = {}  # tag -> entry id, in the order of delivery, with those not yet taken by get
        self._held: set[bytes] = set()  # the entry ids of the above
        self._odd: dict[bytes, bytes] = {}  # entries that are no messages, with what they hold; to be parked
        self._arrived: deque[Delivery] = deque()
        self._news = asyncio.Event()
        self._slot = asyncio.Event()
        self._settled: list[bytes] = []
        self._settling: asyncio.Future[Any] | None = None
        self._reader: asyncio.Task[None] | None = None
        self._closing = False

    async def open(self) -> None:
        """The first step is taken here, so that a wrong queue is the caller's error."""
        async with redis_call(self._deadline):
            await self._step()
        self._reader = asyncio.create_task(self._keep_reading(), name=f"bus-read-{self.queue}")
        self._reader.add_done_callback(self._on_reader_end)

    async def close(self) -> None:
        """Send the last acknowledgements, then give up the lease: the next owner finds the rest pending, in order."""
        self._closing = True
        if self._reader is not None:
            self._reader.cancel()
            await asyncio.gather(self._reader, return_exceptions=True)
        with suppress(BotError):
            async with redis_call(self._deadline):
                self._flush()
                if self._settling is not None:
                    await self._settling
                keys = [self._keys.lease(self.queue), self._keys.alive + self._name]
                await self._redis.register_script(RELEASE)(keys=keys, args=[self._name])
        self._forget_all()

    async def get(self) -> Delivery:
        while True:
            if self._reader is None or self._reader.done():
                raise BusUnavailable("the subscription has ended", code="subscription_ended")
            if not self._arrived:
                self._news.clear()
                await self._news.wait()
            elif self._ordered and time.monotonic() > self._lease_until:
                await asyncio.sleep(RETRY_SECONDS)  # we were held up: the reader must first hear that the lease is still ours
            else:
                return self._arrived.popleft()

    async def ack(self, delivery: Delivery) -> None:
        entry = self._settle(delivery)
        if entry is not None:
            if not self._settled:
                asyncio.get_running_loop().call_soon(self._flush)
            self._settled.append(entry)

    async def later(self, delivery: Delivery, seconds: float) -> None:
        entry = self._unsettled.get(delivery.tag)
        if entry is None:
            return
        again = msgspec.structs.replace(delivery.envelope, attempt=delivery.envelope.attempt + 1)
        keys = [self._keys.stream(self.queue), self._keys.later(self.queue)]
        async with redis_call(self._deadline):
            await self._redis.register_script(POSTPONE)(keys, [GROUP, entry, round(seconds * 1000), _encoder.encode(again)])
        self._settle(delivery)

    async def park(self, delivery: Delivery, code: str, detail: str) -> None:
        entry = self._unsettled.get(delivery.tag)
        if entry is None:
            return
        record = Parked(id="", queue=self.queue, code=code, detail=detail, parked_at=time.time(), envelope=delivery.envelope)
        keys = [self._keys.stream(self.queue), self._keys.parked]
        async with redis_call(self._deadline):
            await self._redis.register_script(SET_ASIDE)(keys, [GROUP, entry, _encoder.encode(record)])
        self._settle(delivery)

    def _settle(self, delivery: Delivery) -> bytes | None:
        entry = self._unsettled.pop(delivery.tag, None)
        if entry is not None:
            self._held.discard(entry)
            self._slot.set()
        return entry

    def _flush(self) -> None:
        """Deleted before it is acknowledged: cut off in between, the next claim cleans up; the other way it would stay."""
        settled, self._settled = self._settled, []
        if settled:
            stream = self._keys.stream(self.queue)
            self._pipeline.send("XDEL", stream, *settled).add_done_callback(_take_note)
            self._settling = self._pipeline.send("XACK", stream, GROUP, *settled)
            self._settling.add_done_callback(_take_note)

    async def _keep_reading(self) -> None:
        failures = 0
        while not self._closing:  # the client may swallow the one cancellation we send: asyncio.wait_for does, before Python 3.12
            try:
                async with redis_call(self._deadline):
                    wait_from, seconds = await self._step()
                async with redis_call(self._deadline + seconds):
                    await self._wait(wait_from, seconds)
                failures = 0
            except BotError as error:
                failures += 1
                if failures == 1 or failures % SAID_AGAIN == 0:  # five a second and queue would fill a disk that is full
                    log.warning(
                        "a subscription waits for Redis",
                        extra={"action": "bus_waiting", "queue": self.queue, "error": error.code, "attempt": failures},
                    )
                self._cursor = "0-0"  # a reply may have been lost on the way: look at what is pending with us
                await asyncio.sleep(RETRY_SECONDS)

    async def _step(self) -> tuple[bytes | None, float]:
        """Take what there is. Returns after which entry, and how long, to wait for more; None: it is not our turn."""
        free = max(0, self._prefetch - len(self._unsettled))
        asked_at = time.monotonic()
        upkeep = asked_at >= self._upkeep_at
        keys = [self._keys.stream(self.queue), self._keys.lease(self.queue), self._keys.later(self.queue)]
        lease_ms = round(self._lease_seconds * 1000)
        words = [GROUP, self._name, int(self._ordered), lease_ms, free, self._cursor, int(upkeep), self._keys.alive]
        try:
            reply = await self._take(keys, cast("list[str | int]", words))
        except ResponseError as error:
            if "NOGROUP" not in str(error) and "no such key" not in str(error):
                raise
            await self._declare_again()  # Redis has lost its data
            return b"0-0", 0.0
        if reply[0] == 0:
            if self._lease_until:
                self._lose_the_lease()
            return None, STANDBY_SECONDS
        state, cursor, claimed, fresh, last, due_ms, more = reply
        if state == 2 and self._lease_until:
            self._lose_the_lease()  # it had run out, and nobody else took it
        self._lease_until = asked_at + self._lease_seconds
        self._cursor = cursor.decode()
        if upkeep and not more:
            self._upkeep_at = asked_at + self._lease_seconds / 4
        self._hand_out(claimed, redelivered=True)
        self._hand_out(fresh, redelivered=False)
        await self._set_odd_aside()
        if claimed or fresh or self._cursor or more:
            return b"0-0", 0.0
        return last, IDLE_SECONDS if due_ms < 0 else min(IDLE_SECONDS, due_ms / 1000)

    async def _wait(self, wait_from: bytes | None, seconds: float) -> None:
        seconds = min(seconds, self._lease_seconds / 4)
        if wait_from is None:
            await asyncio.sleep(seconds)
        elif len(self._unsettled) >= self._prefetch:
            self._slot.clear()
            with suppress(TimeoutError):
                async with asyncio.timeout(min(IDLE_SECONDS, self._lease_seconds / 4)):
                    await self._slot.wait()
        elif seconds > 0.0005:  # BLOCK 0 would wait for ever
            stream = self._keys.stream(self.queue)
            await command(self._redis, "XREAD", "COUNT", 1, "BLOCK", max(1, round(seconds * 1000)), "STREAMS", stream, wait_from)

    async def _set_odd_aside(self) -> None:
        """What is no message of ours is evidence, and what stands behind it does not wait for it."""
        keys = [self._keys.stream(self.queue), self._keys.parked]
        while self._odd:
            entry, raw = next(iter(self._odd.items()))
            log.error("delivery parked", extra={"action": "parked", "queue": self.queue, "code": UNREADABLE})
            envelope = Envelope(id=entry.decode(), key="", body=raw, at=time.time())
            record = Parked(id="", queue=self.queue, code=UNREADABLE, detail="", parked_at=time.time(), envelope=envelope)
            await self._redis.register_script(SET_ASIDE)(keys, [GROUP, entry, _encoder.encode(record)])
            del self._odd[entry]

    def _hand_out(self, entries: Sequence[Any], *, redelivered: bool) -> None:
        for entry, fields in entries:
            if entry in self._held:
                continue
            try:
                envelope = _decoder.decode(fields[1])
            except (msgspec.DecodeError, msgspec.ValidationError, UnicodeDecodeError):
                self._odd[entry] = fields[1]
                continue
            self._last_tag += 1
            self._unsettled[self._last_tag] = entry
            self._held.add(entry)
            self._arrived.append(Delivery(envelope=envelope, queue=self.queue, tag=self._last_tag, redelivered=redelivered))
        if entries:
            self._news.set()

    def _lose_the_lease(self) -> None:
        log.warning("another consumer took the queue", extra={"action": "bus_lease_lost", "queue": self.queue})
        self._lease_until = 0.0
        self._forget_all()

    def _forget_all(self) -> None:
        self._unsettled.clear()
        self._held.clear()
        self._odd.clear()
        self._arrived.clear()
        self._settled.clear()

    def _on_reader_end(self, task: asyncio.Task[None]) -> None:
        self._news.set()
        if not task.cancelled():
            log.error("a subscription ended by itself", exc_info=task.exception(), extra={"action": "bus_subscription_dead"})


def _take_note(reply: asyncio.Future[Any]) -> None:
    """A lost acknowledgement is no error: the message comes again. The exception must only be looked at."""
    if not reply.cancelled():
        reply.exception()
