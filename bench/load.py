"""The load generator, in its own process: posts webhooks, hears from the fake gateway when the replies arrive.

``python -m bench.load TELL_PORT``, then one order (JSON) a line on standard input and one result a line on standard output.
A latency runs from the POST (closed loop) or from the time it was due (open loop, so that a stall is not hidden by the messages
it kept from being sent) to the arrival of the reply at the gateway.
"""

from __future__ import annotations

import asyncio
import itertools
import sys
import time
from collections import Counter, deque
from typing import Literal

import uvloop
from msgspec import Struct
from msgspec.json import decode, encode

from bench.people import number_of, webhook
from bench.wire import Poster

CONNECTIONS = 32
PATIENCE = 20.0
"""Seconds that the last replies may take."""


class Order(Struct):
    """``do``: ``each`` (every person writes once), ``closed`` (``in_flight`` turns at a time for ``seconds``), ``open`` (``rate``
    a second for ``seconds``), ``fill`` (``count`` webhooks, no reply awaited). ``warm``: seconds before measuring begins.
    ``text`` may hold ``{n}``: a number that changes. ``flood``: messages a second of one person more beside an open loop, whose
    replies are not counted."""

    do: Literal["each", "closed", "open", "fill"]
    port: int
    headers: dict[str, str]
    people: int
    text: str
    in_flight: int = 64
    rate: float = 0.0
    seconds: float = 0.0
    warm: float = 0.0
    count: int = 0
    flood: float = 0.0


class Result(Struct):
    sent: int
    answered: int
    within: int  # replies that came between begin and end
    refused: int
    seconds: float
    rate: float
    p50: float = 0.0  # milliseconds, as the next three
    p95: float = 0.0
    p99: float = 0.0
    worst: float = 0.0


class Load:
    def __init__(self) -> None:
        self.waiting: dict[str, deque[float]] = {}
        self.latencies: list[tuple[float, float]] = []  # arrival, latency
        self.statuses: Counter[int] = Counter()
        self.on_reply: asyncio.Queue[str] = asyncio.Queue()
        self._numbers = itertools.count()

    def text(self, order: Order) -> str:
        return order.text.replace("{n}", str(131 + next(self._numbers) % 49))

    async def hear(self, port: int) -> None:
        reader, _ = await asyncio.open_connection("127.0.0.1", port)
        while line := await reader.readline():
            number, arrived = line.split()
            since = self.waiting.get(number.decode())
            if since:
                self.latencies.append((float(arrived), float(arrived) - since.popleft()))
                self.on_reply.put_nowait(number.decode())

    def write(self, poster: Poster, order: Order, number: str, since: float | None) -> None:
        body = webhook(number, self.text(order))
        if since is not None:
            self.waiting.setdefault(number, deque()).append(since)
        poster.post(body)

    async def run(self, order: Order) -> Result:
        self.waiting.clear()
        self.latencies.clear()
        self.statuses.clear()
        self.on_reply = asyncio.Queue()
        task = asyncio.current_task()
        assert task is not None

        def made() -> Poster:
            return Poster("127.0.0.1", order.port, "/webhooks/evolution", order.headers, self._status, task.cancel)

        poster, flooding = made(), made()  # on connections of its own, so that nobody waits for a flood before it is with us
        await poster.open(CONNECTIONS)
        if order.flood:
            await flooding.open(CONNECTIONS)
        try:
            match order.do:
                case "each":
                    return await self._each(poster, order)
                case "closed":
                    return await self._closed(poster, order)
                case "open":
                    return await self._open(poster, order, flooding)
                case _:
                    return await self._fill(poster, order)
        finally:
            poster.close()
            flooding.close()

    def _status(self, status: int) -> None:
        self.statuses[status] += 1

    async def _each(self, poster: Poster, order: Order) -> Result:
        started = time.time()
        to_write = [number_of(person) for person in range(order.people)]
        total = len(to_write)
        for _ in range(min(order.in_flight, total)):
            self.write(poster, order, to_write.pop(), time.time())
        for _ in range(total):
            async with asyncio.timeout(PATIENCE):
                await self.on_reply.get()
            if to_write:
                self.write(poster, order, to_write.pop(), time.time())
        return self._result(total, started, time.time())

    async def _closed(self, poster: Poster, order: Order) -> Result:
        idle = deque(number_of(person) for person in range(order.people))
        started = time.time()
        begin, end = started + order.warm, started + order.warm + order.seconds
        sent = 0
        for _ in range(min(order.in_flight, order.people)):
            self.write(poster, order, idle.popleft(), time.time())
        told = False
        while (now := time.time()) < end:
            if not told and now >= begin:
                told = True
                say("begin")
            async with asyncio.timeout(PATIENCE):
                idle.append(await self.on_reply.get())
            self.write(poster, order, idle.popleft(), time.time())
            sent += 1
        say("end")
        await self._settle()
        return self._result(sent, begin, end)

    async def _open(self, poster: Poster, order: Order, flooding: Poster) -> Result:
        started = time.time() + 0.05
        begin, end = started + order.warm, started + order.warm + order.seconds
        people = itertools.cycle([number_of(person) for person in range(order.people)])
        told, sent, due = False, 0, started
        flooder, flood_due = number_of(order.people), started
        while due < end:
            now = time.time()
            if not told and now >= begin:
                told = True
                say("begin")
            while due <= now and due < end:
                self.write(poster, order, next(people), due)
                sent += due >= begin
                due += 1 / order.rate
            while order.flood and flood_due <= now:
                self.write(flooding, order, flooder, None)
                flood_due += 1 / order.flood
            await asyncio.sleep(max(0.0, min(due - time.time(), 0.05, 0.005 if order.flood else 0.05)))
        say("end")
        await self._settle()
        kept = [(at, latency) for at, latency in self.latencies if at - latency >= begin]
        within = sum(begin <= at <= end for at, _ in self.latencies)
        self.latencies = [(end, latency) for _, latency in kept]  # by the time they were due, however late they came
        result = self._result(sent, begin, end)
        result.within = within
        return result

    async def _fill(self, poster: Poster, order: Order) -> Result:
        people = itertools.cycle([number_of(person) for person in range(order.people)])
        started = time.time()
        sent = 0
        while sent < order.count:
            if sent - self.statuses.total() < CONNECTIONS * 2:
                self.write(poster, order, next(people), None)
                sent += 1
            else:
                await asyncio.sleep(0.001)
        while self.statuses.total() < sent:  # noqa: ASYNC110 - a poll of its own costs less than an event for every answer
            await asyncio.sleep(0.002)
        seconds = time.time() - started
        return Result(sent, 0, 0, sent - self.statuses[200], seconds, sent / seconds)

    async def _settle(self) -> None:
        deadline = time.time() + PATIENCE
        while time.time() < deadline and any(self.waiting.values()):  # noqa: ASYNC110
            await asyncio.sleep(0.02)

    def _result(self, sent: int, begin: float, end: float) -> Result:
        counted = sorted(latency * 1000 for at, latency in self.latencies if begin <= at <= end)
        refused = self.statuses.total() - self.statuses[200]
        if not counted:
            return Result(sent, 0, 0, refused, end - begin, 0.0)

        def at(share: float) -> float:
            return round(counted[min(len(counted) - 1, int(len(counted) * share))], 2)

        rate = len(counted) / (end - begin)
        return Result(
            sent, len(counted), len(counted), refused, end - begin, rate, at(0.5), at(0.95), at(0.99), round(counted[-1], 2)
        )


def say(word: str) -> None:
    print(word, flush=True)


async def main() -> None:
    load = Load()
    loop = asyncio.get_running_loop()
    hearing = asyncio.create_task(load.hear(int(sys.argv[1])))
    orders = asyncio.StreamReader()
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(orders), sys.stdin)
    say("ready")
    while line := await orders.readline():
        result = await load.run(decode(line, type=Order))  # cancelled when the ingress hangs up
        say(encode(result).decode())
    hearing.cancel()


if __name__ == "__main__":
    uvloop.run(main())
