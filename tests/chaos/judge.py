"""What is true at the end: who was answered, in which order, how often, and why."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from itertools import pairwise

from msgspec import Struct, field

from tests.chaos.crowd import Person
from tests.chaos.timeline import Moment, Timeline
from webhooks.lookalike.ledger import Accepted
from webhooks.lookalike.server import LookAlike

NOTED = re.compile(r"Noted: (\d+) mg/dL")
HELD = re.compile(r"I have your reading (\d+) mg/dL")
"""What is said when the monitor takes too long. Its answer comes later then, as a notice, and of those five a day at most."""

PROMISES = ("lost", "foreign", "out_of_order", "unexplained")


class Verdict(Struct):
    """``hidden``: second copies of a message whose first one the gateway took without a word. ``unexplained``: other ones."""

    lost: list[tuple[str, str]] = field(default_factory=list)
    out_of_order: list[tuple[str, str]] = field(default_factory=list)
    hidden: list[tuple[str, str]] = field(default_factory=list)
    unexplained: list[tuple[str, str]] = field(default_factory=list)
    foreign: list[tuple[str, str]] = field(default_factory=list)


def answered_word(person: Person, text: str) -> str | None:
    """Which of the person's messages this answers; None for what is no answer to a numbered message."""
    if person.kind == "Parcels":
        return text.removeprefix("Got ").partition(".")[0] if text.startswith("Got ") else None
    found = NOTED.match(text)
    return f"sugar {found[1]} fasting" if found else None


def held_words(gateway: LookAlike, person: Person) -> set[str]:
    """Readings of which the person was told that they are there and take longer."""
    said = (HELD.match(accepted.text) for accepted in gateway.ledger.of(person.number))
    return {f"sugar {found[1]} fasting" for found in said if found}


def outstanding(gateway: LookAlike, people: Iterable[Person], *, held_is_enough: bool = False) -> int:
    """How many messages have no answer yet."""
    missing = 0
    for person in people:
        answered = {answered_word(person, accepted.text) for accepted in gateway.ledger.of(person.number)}
        if held_is_enough:
            answered |= held_words(gateway, person)
        missing += sum(word not in answered for word in person.wrote)
    return missing


def judge(gateway: LookAlike, people: Iterable[Person], *, held_is_enough: bool = False) -> Verdict:
    verdict = Verdict()
    for person in people:
        answers: dict[str, list[Accepted]] = defaultdict(list)
        for accepted in gateway.ledger.of(person.number):
            word = answered_word(person, accepted.text)
            if word is not None:
                answers[word].append(accepted)
        held = held_words(gateway, person) if held_is_enough else set()
        verdict.lost += [(person.number, word) for word in person.wrote if word not in answers and word not in held]
        verdict.foreign += [(person.number, word) for word in answers if word not in person.wrote]
        if person.kind == "Parcels":
            verdict.out_of_order += [(person.number, word) for word in _turned(person.wrote, answers)]
        for word, copies in answers.items():
            for earlier in copies[:-1]:
                (verdict.unexplained if earlier.told else verdict.hidden).append((person.number, word))
    return verdict


def _turned(wrote: Sequence[str], answers: dict[str, list[Accepted]]) -> list[str]:
    """Words whose first answer came before the first answer of an earlier word."""
    firsts = [(answers[word][0].seq, word) for word in wrote if word in answers]
    return [word for (before, _), (seq, word) in pairwise(firsts) if seq < before]


def story(timeline: Timeline, gateway: LookAlike, number: str) -> str:
    """The timeline of one person, with what reached the phone."""
    heard = [
        Moment(accepted.at, number, f"hears {accepted.text[:60]!r}" + ("" if accepted.told else "  (the service was not told)"))
        for accepted in gateway.ledger.of(number)
    ]
    return timeline.of(number, heard)


def hold(verdict: Verdict, timeline: Timeline, gateway: LookAlike, promises: Sequence[str] = PROMISES) -> None:
    """Fail with the story of the first person to whom a promise was not kept."""
    for name in promises:
        offences = getattr(verdict, name)
        assert not offences, f"{name}: {offences[:10]}\n{story(timeline, gateway, offences[0][0])}"
