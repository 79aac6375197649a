"""The people: each writes one message after the other, the next only when the service has answered 200 for the one before."""

from __future__ import annotations

import asyncio
import random

from msgspec import Struct, field

from tests.chaos.timeline import Timeline
from webhooks.lookalike.server import LookAlike

ONBOARD_SECONDS = 150.0


class Person(Struct):
    """``wrote``: what is to be answered, in the order in which the service accepted it."""

    number: str
    kind: str  # Parcels or Readings
    wrote: list[str] = field(default_factory=list)


class Crowd:
    def __init__(self, gateway: LookAlike, timeline: Timeline) -> None:
        self._gateway, self._timeline = gateway, timeline
        self.given_up = 0  # events that the gateway itself dropped: then the test proves nothing

    async def write(self, person: Person, text: str) -> None:
        """Returns when the service has answered 200 for it."""
        self._timeline.note(person.number, f"writes {text!r}")
        said = self._gateway.say(person.number, text)
        status = await said.delivered if said.delivered is not None else None
        self._timeline.note(person.number, f"{text!r} was answered {status}")
        if status != 200:
            self.given_up += 1

    async def onboard(self, person: Person) -> None:
        """Through the short welcome to the place where the person's kind of message is answered."""
        for text, answer in (("hi", "Do you agree?"), ("agree", "Which kind"), (person.kind, "Ready for")):
            await self.write(person, text)
            await self.heard(person.number, answer)

    async def heard(self, number: str, part: str) -> None:
        async with asyncio.timeout(ONBOARD_SECONDS):
            while True:
                if any(part in accepted.text for accepted in self._gateway.ledger.of(number)):
                    return
                await asyncio.sleep(0.1)

    async def live(self, person: Person, words: list[str], seconds: float) -> None:
        """Write all ``words`` over about ``seconds``."""
        for word in words:
            await asyncio.sleep(random.uniform(0.2, 1.8) * seconds / len(words))
            await self.write(person, word)
            person.wrote.append(word)


def words_of(person: Person, place: int, parcels: int, readings: int) -> list[str]:
    """What one writes, numbered over all people; a person's readings differ, so that each answer names its own."""
    if person.kind == "Parcels":
        return [f"parcel {place * parcels + number + 1:04d}" for number in range(parcels)]
    return [f"sugar {100 + (place * 7 + number * 11) % 130} fasting" for number in range(readings)]
