"""Words for lists and digests: texts of a flow without steps, so that translators see them like all others."""

from __future__ import annotations

from datetime import date
from typing import Any, Final, Protocol

from babel.dates import format_date, get_day_names

from agents.engagement_engine.rule import DAYS
from agents.engagement_engine.schedule import WHATS, Reminder
from bot.model.locales import babel_locale

FLOW: Final = "engagement_words"
LINES: Final = ("daily", "weekly", "monthly", "once")
NAMES: Final = frozenset({*WHATS, *LINES})
"""Of lists of reminders; those of digests are in ``digest_text``."""


class Says(Protocol):
    def say(self, name: str, language: str, /, **values: Any) -> str: ...


class Wordless:
    """Where no texts were given: ids, so that nothing breaks."""

    def say(self, name: str, language: str, /, **values: Any) -> str:
        return " ".join([name, *(str(value) for value in values.values())])


def named(reminder: Reminder, words: Says, language: str) -> str:
    """What it is for: the medicines, the person's own words, or the name of its kind."""
    return ", ".join(reminder.items) or reminder.text or words.say(reminder.what, language)


def line(number: int, reminder: Reminder, words: Says, language: str) -> str:
    """One line of the list of somebody's reminders."""
    rule, what, time = reminder.rule, named(reminder, words, language), reminder.rule.clock
    start = date.fromisoformat(rule.start[:10])
    if rule.text.startswith("FREQ=WEEKLY"):
        told = words.say("weekly", language, time=time, what=what, day=weekday(DAYS.index(rule.text[-2:]), language))
    elif rule.text.startswith("FREQ=MONTHLY"):
        told = words.say("monthly", language, time=time, what=what, day=str(start.day))
    elif rule.text.endswith("COUNT=1"):
        told = words.say("once", language, time=time, what=what, day=day(start, language))
    else:
        told = words.say("daily", language, time=time, what=what)
    return f"{number}. {told}"


def weekday(number: int, language: str) -> str:
    return str(get_day_names("wide", locale=babel_locale(language))[number])


def day(one: date, language: str) -> str:
    return str(format_date(one, "EEEE, d MMMM", locale=babel_locale(language)))
