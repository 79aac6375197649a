"""Confirmed publishes on one channel, many under way together, in the order of the calls."""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import Mapping
from functools import partial
from typing import NamedTuple

from aiormq import Channel
from aiormq.abc import ChannelFrame

from bot.adapters.rabbit.link import Link, close_quietly
from bot.adapters.rabbit.message import new_message_id
from bot.adapters.rabbit.seam import broker_call
from bot.adapters.rabbit.wire import publish_frames
from bot.errors import BotError, BusUnavailable, Malformed

log = logging.getLogger(__name__)

BATCH = 100  # publishes in one write
SILENT_SECONDS = 2.5  # without a confirmation; the channel is given up then
AGAIN_SECONDS = 1.0  # and looked at once more before: we may ourselves have stood still


class Outgoing(NamedTuple):
    exchange: str
    routing_key: str
    headers: Mapping[str, str | int]
    body: bytes
    confirmed: asyncio.Future[object]


class Publisher:
    """Callers line up; one task writes whoever stands there in one go and enters them into the channel's list of awaited
    confirmations, where the library finds them. What was not yet written waits for the next channel when this one dies; what
    was written and not confirmed fails, because nobody knows."""

    def __init__(self, link: Link, deadline: float) -> None:
        self._link = link
        self._deadline = deadline
        self._channel: Channel | None = None
        self._waiting: deque[Outgoing] = deque()
        self._writing: asyncio.Task[None] | None = None
        self._closing: asyncio.Task[None] | None = None

    async def publish(self, exchange: str, routing_key: str, headers: Mapping[str, str | int], body: bytes) -> None:
        """Returns when the broker has confirmed it. BusUnavailable means: not confirmed, it may or may not be held."""
        confirmed: asyncio.Future[object] = asyncio.get_running_loop().create_future()
        self._waiting.append(Outgoing(exchange, routing_key, headers, body, confirmed))
        if self._writing is None:
            self._writing = asyncio.create_task(self._write(), name="bus-publish")
        async with broker_call(self._deadline):
            await confirmed

    async def close(self) -> None:
        if self._writing is not None:
            self._writing.cancel()
            await asyncio.gather(self._writing, return_exceptions=True)
        while self._waiting:
            _fail(self._waiting.popleft().confirmed, BusUnavailable("the bus is closed", code="bus_closed"))
        if self._closing is not None:
            await self._closing
        if self._channel is not None:
            await close_quietly(self._channel)

    async def _write(self) -> None:
        try:
            while self._waiting:
                try:
                    async with broker_call(self._deadline):
                        channel = await self._opened()
                        await self._write_batch(channel)
                except BotError as error:
                    self._give_up(error)
        finally:
            self._writing = None

    async def _write_batch(self, channel: Channel) -> None:
        """Take the batch from the line, enter it and hand it to the writer without a pause: after that it counts as written."""
        payload: list[bytes] = []
        while self._waiting and len(payload) < BATCH:
            outgoing = self._waiting.popleft()
            if outgoing.confirmed.done():
                continue  # its caller has given up
            message_id = new_message_id()
            exchange, routing_key, headers, body, confirmed = outgoing
            limit = channel.max_content_size
            try:
                frames = publish_frames(channel.number, exchange, routing_key, headers, message_id, body, limit)
            except ValueError:  # one that has no bytes (half an emoji in a name) must not shift the count of all others
                _fail(confirmed, Malformed("A name or a header of an envelope cannot be written.", code="bus_value"))
                continue
            payload.append(frames)
            channel.delivery_tag += 1
            channel.confirmations[channel.delivery_tag] = confirmed
            channel.message_id_delivery_tag[message_id] = channel.delivery_tag
            confirmed.add_done_callback(partial(_forget, channel, message_id))
        if not payload:
            return
        try:
            await channel.write_queue.put(ChannelFrame(payload=b"".join(payload), should_close=False))
        except BaseException:  # the broker does not read: what we entered was not written, so our count is no longer its count
            self._channel = None
            _fail_all(channel)
            await close_quietly(channel)
            raise
        look = partial(self._look, channel, channel.delivery_tag, AGAIN_SECONDS)
        asyncio.get_running_loop().call_later(SILENT_SECONDS, look)

    def _look(self, channel: Channel, tag: int, again: float = 0.0) -> None:
        """A channel whose first publish went to a queue's leader that was just lost is never told who is the new one, and
        RabbitMQ holds back all that follows on it. Another channel finds the leader, if there is one by now."""
        if tag not in channel.confirmations or channel is not self._channel:
            return
        if again:
            asyncio.get_running_loop().call_later(again, self._look, channel, tag)
            return
        log.warning("gave up a channel that confirms nothing", extra={"action": "bus_channel_left"})
        self._channel = None
        _fail_all(channel)
        self._closing = asyncio.create_task(close_quietly(channel), name="bus-leave")

    async def _opened(self) -> Channel:
        if self._channel is None or self._channel.is_closed:
            self._channel = channel = await self._link.channel(confirms=True)
            channel.closing.add_done_callback(lambda _: _fail_all(channel))
        return self._channel

    def _give_up(self, error: BotError) -> None:
        """No channel within the deadline: those who wait have had theirs, or will have it with the next attempt."""
        retryable = isinstance(error, BusUnavailable) and error.code == "bus_timeout"
        while self._waiting and (not retryable or self._waiting[0].confirmed.done()):
            _fail(self._waiting.popleft().confirmed, error)


def _forget(channel: Channel, message_id: str, _: asyncio.Future[object]) -> None:
    channel.message_id_delivery_tag.pop(message_id, None)


def _fail_all(channel: Channel) -> None:
    for confirmed in list(channel.confirmations.values()):
        _fail(confirmed, BusUnavailable("the channel was closed before the confirmation", code="bus_lost"))


def _fail(confirmed: asyncio.Future[object], error: BotError) -> None:
    if not confirmed.done():
        confirmed.set_exception(error)
