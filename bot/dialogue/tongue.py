"""How a language is written: its names, its script, its days, clock times and lists. Read from ``locales/CODE/language.yaml``."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable, Mapping, Sequence
from functools import cache

from msgspec import Struct
from pydantic import Field, ValidationError

from bot.dialogue.folding import fold
from bot.dialogue.form import in_words
from bot.dialogue.shapes import Authored
from bot.handwritten.source import Path_, Source
from bot.model.locales import babel_locale

NAME = 24  # characters of a row of a list
_FIELD = re.compile(r"\{(\w+)\}")
FIELDS: Mapping[str, frozenset[str]] = {
    "day": frozenset({"weekday", "day", "month"}),
    "date": frozenset({"day", "month"}),
    "moment": frozenset({"date", "time"}),
    "time": frozenset({"clock", "part"}),
}


class Joining(Authored):
    """How a list is said: of two, and of more the commas and the end."""

    two: str = "{0}, {1}"
    between: str = "{0}, {1}"
    last: str = "{0}, {1}"


class TongueFile(Authored):
    """One language's page. Everything but the name has a plain default."""

    name: str = Field(max_length=NAME)
    also: tuple[str, ...] = ()
    script: str = Field("Latn", pattern=r"^[A-Z][a-z]{3}$")
    reads_as: str | None = None
    day: str = "{weekday}, {day} {month}"
    date: str = "{day} {month}"
    moment: str = "{date}, {time}"
    time: str = "{clock}"
    hours: int = 24
    parts: dict[int, str] = Field(default_factory=dict)
    weekdays: tuple[str, ...] = Field((), max_length=7)
    months: tuple[str, ...] = Field((), max_length=12)
    short_weekdays: tuple[str, ...] = Field((), max_length=7)
    short_months: tuple[str, ...] = Field((), max_length=12)
    lists: Joining = Joining()
    people: Joining | None = None
    rude: tuple[str, ...] = ()
    gendered: tuple[str, ...] = ()
    private: tuple[str, ...] = ()
    endings: tuple[str, ...] = ()


class Tongue(Struct, frozen=True):
    """``code`` names the folder and stands in sessions; ``tag`` is for the world outside (BCP 47).

    ``base`` is the language of the lexicon; weekdays begin with Monday; short names are for charts. The page's ``rude`` words are
    no polite "you"; its ``gendered`` endings tell man from woman; its ``private`` words, or beginnings ("word-"), no others may
    read on a locked phone; ``endings`` are written onto a name for "and", "also" or "of", in its own and in Latin letters.
    """

    code: str
    tag: str
    base: str
    name: str
    names: frozenset[str]  # folded: everything that means this language when typed
    script: str
    rtl: bool
    weekdays: tuple[str, ...]
    months: tuple[str, ...]
    short_weekdays: tuple[str, ...]
    short_months: tuple[str, ...]
    file: TongueFile

    def weekday(self, number: int) -> str:
        return self.weekdays[number]

    def day(self, when: datetime.date) -> str:
        """``Monday, 23 November``."""
        return self.file.day.format(weekday=self.weekdays[when.weekday()], day=when.day, month=self.months[when.month - 1])

    def date(self, when: datetime.date) -> str:
        """``23 November``."""
        return self.file.date.format(day=when.day, month=self.months[when.month - 1])

    def short_date(self, when: datetime.date) -> str:
        """``23 Nov``: below a chart."""
        return self.file.date.format(day=when.day, month=self.short_months[when.month - 1])

    def short_weekday(self, when: datetime.date) -> str:
        """``Mon``."""
        return self.short_weekdays[when.weekday()]

    def time(self, hour: int, minute: int) -> str:
        """``8:00 am``, ``सुबह 8:00``: as people say the hour, with the part of the day where the language counts to twelve."""
        shown = hour if self.file.hours == 24 else (hour + 11) % 12 + 1
        part = max(((since, word) for since, word in self.file.parts.items() if since <= hour), default=(0, ""))[1]
        return " ".join(self.file.time.format(clock=f"{shown}:{minute:02}", part=part).split())

    def moment(self, when: datetime.date, hour: int, minute: int) -> str:
        """``23 November, 2:05 pm``."""
        return self.file.moment.format(date=self.date(when), time=self.time(hour, minute))

    def listed(self, items: Sequence[str], *, people: bool = False) -> str:
        """``a, b and c``. Some languages list people in other words than things."""
        joining = self.file.people if people and self.file.people else self.file.lists
        if len(items) < 2:
            return "".join(items)
        if len(items) == 2:
            return joining.two.format(*items)
        said = items[0]
        for item in items[1:-1]:
            said = joining.between.format(said, item)
        return joining.last.format(said, items[-1])


@cache
def is_rtl(code: str) -> bool:
    """The language runs from right to left."""
    return babel_locale(code).text_direction == "rtl"


def tongue_of(code: str, file: TongueFile | None = None) -> Tongue:
    """A language by its page; without one, by what CLDR knows of it: ISO order of nothing, months as words."""
    locale = babel_locale(code)
    page = file or TongueFile(name=(locale.display_name or code)[:NAME])
    return Tongue(
        code=code,
        tag=code.replace("_", "-"),
        base=page.reads_as or code,
        name=page.name,
        names=frozenset(fold(name) for name in (page.name, *page.also)),
        script=page.script,
        rtl=is_rtl(code),
        weekdays=_names(page.weekdays, locale.days["format"]["wide"], range(7)),
        months=_names(page.months, locale.months["format"]["wide"], range(1, 13)),
        short_weekdays=_names(page.short_weekdays, locale.days["format"]["abbreviated"], range(7)),
        short_months=_names(page.short_months, locale.months["format"]["abbreviated"], range(1, 13)),
        file=page,
    )


def _names(own: Sequence[str], usual: Mapping[int, str], numbers: range) -> tuple[str, ...]:
    return tuple(own) if len(own) == len(numbers) else tuple(usual[number] for number in numbers)


def read_tongue(source: Source) -> tuple[TongueFile | None, Iterable[tuple[Path_, str, str]]]:
    """The page in a file, and what is wrong with it: place, what, remedy."""
    try:
        page = TongueFile.model_validate(source.data)
    except ValidationError as error:
        return None, [(_place(source, one["loc"]), *in_words(one)) for one in error.errors()]
    wrong: list[tuple[Path_, str, str]] = []
    for field, known in FIELDS.items():
        for name in _FIELD.findall(getattr(page, field)):
            if name not in known:
                wrong.append(((field,), f"{field}: there is no {{{name}}}", f"use {', '.join(sorted(known))}"))
    if page.hours not in (12, 24):
        wrong.append((("hours",), "hours: a clock counts to 12 or to 24", "write 12 or 24"))
    if page.hours == 12 and len(page.parts) < 2:
        wrong.append((("parts",), "parts: 8:00 could be morning or evening", "name the parts of the day by their first hour"))
    return (None if wrong else page), wrong


def _place(source: Source, loc: tuple[object, ...]) -> Path_:
    path: Path_ = ()
    for part in loc:
        if isinstance(part, str | int) and (*path, part) in source.places:
            path = (*path, part)
    return path
