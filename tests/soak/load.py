"""Generations of people who write at a steady rate, and how long each of them waited."""

from __future__ import annotations

import asyncio
import itertools
import time
from collections.abc import Iterator

from tests.chaos.crowd import Crowd, Person
from tests.chaos.judge import answered_word
from webhooks.lookalike.server import LookAlike

MOST_EACH = 30  # a flow that asks 40 times in a row takes its leave
IN_BURST, BURST = 150, 10  # people, and messages of each, in the burst that shows the capacity
WRITERS = 4.0  # for each message a second: more than half of them are being welcomed, or wait until theirs was taken


class Pace:
    """Moments at which somebody writes, ``rate`` a second for ``seconds``. One that nobody took is not made up for."""

    def __init__(self, rate: float, seconds: float) -> None:
        self._gap = 1.0 / rate
        self._next = time.monotonic()
        self._until = self._next + seconds

    async def turn(self) -> None:
        self._next = max(self._next + self._gap, time.monotonic())
        await asyncio.sleep(self._next - time.monotonic())

    def over(self) -> bool:
        return time.monotonic() > self._until


class Load:
    """``people`` come one after the other, many at a time; each writes its messages and goes."""

    def __init__(self, crowd: Crowd, gateway: LookAlike, people: list[Person]) -> None:
        self._crowd, self._gateway = crowd, gateway
        self._waiting: Iterator[Person] = iter(people)
        self._numbers = itertools.count(1)
        self.came: list[Person] = []
        self.wrote_at: dict[tuple[str, str], float] = {}

    async def burst(self) -> float:
        """Messages a second that go through, from the first word to the last answer, when nobody waits and nothing fails."""
        first = await self._generation(IN_BURST)
        began = time.monotonic()
        await asyncio.gather(*(self._write(person, BURST) for person in first))
        async with asyncio.timeout(120):
            while self._unanswered(first):  # noqa: ASYNC110 - a look-alike has no event for it
                await asyncio.sleep(0.05)
        return IN_BURST * BURST / (time.monotonic() - began)

    async def steady(self, rate: float, seconds: float) -> None:
        """``rate`` messages a second of all people together, as long as the service takes them."""
        pace = Pace(rate, seconds)

        async def one_after_the_other() -> None:
            while not pace.over():
                (person,) = await self._generation(1)
                await self._write(person, MOST_EACH, pace)

        await asyncio.gather(*(one_after_the_other() for _ in range(round(rate * WRITERS))))

    def waits(self) -> list[float]:
        """Seconds from each message to its first answer, sorted."""
        found: dict[tuple[str, str], float] = {}
        for person in self.came:
            for accepted in self._gateway.ledger.of(person.number):
                word = answered_word(person, accepted.text)
                if word is not None:
                    found.setdefault((person.number, word), accepted.at)
        return sorted(at - self.wrote_at[key] for key, at in found.items() if key in self.wrote_at)

    async def _generation(self, count: int) -> list[Person]:
        people = list(itertools.islice(self._waiting, count))
        self.came += people
        await asyncio.gather(*(self._crowd.onboard(person) for person in people))
        return people

    async def _write(self, person: Person, count: int, pace: Pace | None = None) -> None:
        for _ in range(count):
            if pace is not None:
                await pace.turn()
                if pace.over():
                    return
            word = f"parcel {next(self._numbers):06d}"
            self.wrote_at[person.number, word] = time.time()
            await self._crowd.write(person, word)
            person.wrote.append(word)

    def _unanswered(self, people: list[Person]) -> bool:
        return any(
            len(person.wrote) > sum(answered_word(person, one.text) is not None for one in self._gateway.ledger.of(person.number))
            for person in people
        )
