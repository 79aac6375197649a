"""People who write while a network is cut, when each wrote, and what it cost them."""

from __future__ import annotations

import time
from itertools import pairwise
from pathlib import Path

from tests.chaos.crowd import Crowd, Person
from tests.chaos.evidence import actions_of
from tests.chaos.fleet import Fleet
from tests.chaos.judge import Verdict, answered_word
from tests.chaos.timeline import Timeline
from tests.cluster.cuts import Cut, longest
from webhooks.lookalike.server import LookAlike

ECHO = Path(__file__).parent / "flows" / "echo.yaml"
"""A flow that answers each message with its number."""
MOST_READINGS = 5  # of one person
ALARM, HELP = "I have severe chest pain", "112"
ALARMS_AFTER = (1.0, 5.0, 11.0)
"""Seconds into a cut: nobody knows of it yet; Redis has a new master; MongoDB has a new primary."""


class Writers(Crowd):
    """Notes when each message was first offered to the service."""

    def __init__(self, gateway: LookAlike, timeline: Timeline) -> None:
        super().__init__(gateway, timeline)
        self.timeline = timeline
        self.wrote_at: dict[tuple[str, str], float] = {}

    async def write(self, person: Person, text: str) -> None:
        self.wrote_at[person.number, text] = time.time()
        await super().write(person, text)


def counted_wrong(gateway: LookAlike, everybody: list[Person]) -> list[tuple[str, str]]:
    """Answers that tell another number than the message has: state was lost, or a turn counted twice."""
    wrong = []
    for person in everybody:
        if person.kind != "Parcels":
            continue
        numbers = {word: number for number, word in enumerate(person.wrote, 1)}
        for accepted in gateway.ledger.of(person.number):
            word = answered_word(person, accepted.text)
            if word in numbers and not accepted.text.endswith(f" number {numbers[word]}."):
                wrong.append((person.number, accepted.text))
    return wrong


def alarm_waits(gateway: LookAlike, crowd: Writers, alarmed: list[str]) -> dict[str, float | None]:
    return {
        number: min(
            (one.at - crowd.wrote_at[number, ALARM] for one in gateway.ledger.of(number) if HELP in one.text), default=None
        )
        for number in alarmed
    }


def table(cuts: list[Cut], gateway: LookAlike, crowd: Writers, everybody: list[Person], helped: dict[str, float | None]) -> str:
    arrived = sorted(accepted.at for accepted in gateway.ledger.all())
    waits: dict[float, float] = {}
    for person in everybody:
        for accepted in reversed(gateway.ledger.of(person.number)):  # the first answer is the last to be kept
            word = answered_word(person, accepted.text)
            if word is not None and (wrote := crowd.wrote_at.get((person.number, word))):
                waits[wrote] = accepted.at - wrote
    alarms = [helped[number] for number in helped]
    lines = []
    for place, cut in enumerate(cuts):
        inside = [cut.began, *(at for at in arrived if cut.began <= at <= cut.ended), cut.ended]
        silence = max(later - earlier for earlier, later in pairwise(inside))
        few = sorted(wait for wrote, wait in waits.items() if cut.began <= wrote <= cut.healed)
        own = alarms[place * len(ALARMS_AFTER) :][: len(ALARMS_AFTER)]
        lines.append(
            f"  {cut.name}: {cut.healed - cut.began:.1f} s\n"
            f"    longest without any answer {silence:.1f} s; a message waited {few[len(few) // 2]:.2f} s (half), "
            f"{few[len(few) * 9 // 10]:.1f} s (nine of ten), {longest(waits, cut):.1f} s at most\n"
            f"    emergencies waited {', '.join('for ever' if one is None else f'{one:.1f} s' for one in own)}" + cut.told()
        )
    return "\n".join(lines)


def told(verdict: Verdict, everybody: list[Person], fleet: Fleet, parked: str) -> str:
    names = ("lost", "out_of_order", "hidden", "unexplained", "foreign")
    return (
        f"  messages {sum(len(one.wrote) for one in everybody)}, processes that ended {dict(fleet.fell)}, "
        + ", ".join(f"{name} {len(getattr(verdict, name))}" for name in names)
        + f"; {parked.strip()}\n  log lines by action: "
        + ", ".join(f"{name} {count}" for name, count in actions_of(fleet).most_common(25))
    )
