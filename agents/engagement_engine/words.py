"""Words for lists and digests: texts of a flow without steps, so that translators see them like all others."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any, Final, Protocol

from agents.engagement_engine.rule import DAYS
from agents.engagement_engine.schedule import WHATS, Reminder

FLOW: Final = "engagement_words"
LINES: Final = ("daily", "weekly", "monthly", "once")
NAMES: Final = frozenset({*WHATS, *LINES})
"""Of lists of reminders; those of digests are in ``digest_text``."""


class Tongue(Protocol):
    """How a language writes days, clock times and lists."""

    def weekday(self, number: int) -> str: ...

    def day(self, when: date) -> str: ...

    def time(self, hour: int, minute: int) -> str: ...

    def listed(self, items: Sequence[str]) -> str: ...


class Says(Protocol):
    """``spoken``: the language of a whole list; the person's second one, or English, where theirs lacks a text."""

    def spoken(self, language: str, second: str | None = None) -> str: ...

    def say(self, name: str, language: str, /, **values: Any) -> str: ...

    def tongue(self, language: str) -> Tongue: ...


class Wordless:
    """Where no texts were given: ids, so that nothing breaks."""

    def spoken(self, language: str, second: str | None = None) -> str:
        return language

    def say(self, name: str, language: str, /, **values: Any) -> str:
        return " ".join([name, *(str(value) for value in values.values())])

    def tongue(self, language: str) -> Tongue:
        return Figures()


class Figures:
    """A tongue of numbers alone."""

    def weekday(self, number: int) -> str:
        return str(number + 1)

    def day(self, when: date) -> str:
        return when.isoformat()

    def time(self, hour: int, minute: int) -> str:
        return f"{hour:02}:{minute:02}"

    def listed(self, items: Sequence[str]) -> str:
        return ", ".join(items)


def named(reminder: Reminder, words: Says, language: str) -> str:
    """What it is for: the medicines, the person's own words, or the name of its kind."""
    return words.tongue(language).listed(reminder.items) or reminder.text or words.say(reminder.what, language)


def line(number: int, reminder: Reminder, words: Says, language: str) -> str:
    """One line of the list of somebody's reminders."""
    tongue, rule, what = words.tongue(language), reminder.rule, named(reminder, words, language)
    time = clock(rule.clock, tongue)
    start = date.fromisoformat(rule.start[:10])
    if rule.text.startswith("FREQ=WEEKLY"):
        told = words.say("weekly", language, time=time, what=what, day=tongue.weekday(DAYS.index(rule.text[-2:])))
    elif rule.text.startswith("FREQ=MONTHLY"):
        told = words.say("monthly", language, time=time, what=what, day=str(start.day))
    elif rule.text.endswith("COUNT=1"):
        told = words.say("once", language, time=time, what=what, day=tongue.day(start))
    else:
        told = words.say("daily", language, time=time, what=what)
    return f"{number}. {told}"


def clock(written: str, tongue: Tongue) -> str:
    """``सुबह 8:30`` from ``08:30``."""
    hour, colon, minute = written.partition(":")
    return tongue.time(int(hour), int(minute)) if colon else written
