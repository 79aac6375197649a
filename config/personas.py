"""Made-up people for rehearsals: the schema of config/personas.yaml."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import time
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, model_validator

from bot.handwritten.model import read_model
from config.care_team import CareTeam
from config.frozen import Frozen

FILE = Path(__file__).parent / "personas.yaml"
Language = Literal["en", "hi"]
Chance = Annotated[float, Field(ge=0, le=1)]
Words = dict[Language, Annotated[tuple[str, ...], Field(min_length=1)]]
Choice = str | dict[str, Annotated[float, Field(gt=0)]]
PLACES = frozenset({"name", "relative", "phone", "language", "year", "value", "systolic", "diastolic", "weight", "code"})
"""What phrases and answers may hold in braces; ``code`` only in invitations."""
_PLACE = re.compile(r"\{([^{}]*)\}")
_HOUR = re.compile(r"([01]\d|2[0-3]):[0-5]\d")


def _clock(value: object) -> object:
    if not isinstance(value, str) or not _HOUR.fullmatch(value):
        raise ValueError(f'{value!r} is not a time of the day: write it like "07:30", in quotes')
    return value


class Answers(Frozen):
    """They answer a question with this chance, after so many seconds (least, most; the short ones are likelier), and at most
    ``patience`` questions in a row."""

    chance: Chance
    seconds: tuple[float, float]
    patience: int = Field(ge=1)

    @model_validator(mode="after")
    def _rising(self) -> Answers:
        if not 0 < self.seconds[0] <= self.seconds[1]:
            raise ValueError("seconds: the least comes first and is above 0")
        return self


class Measuring(Frozen):
    """A habit: around ``at``, with this chance a day, a value around ``mean`` (mg/dL)."""

    at: Annotated[time, BeforeValidator(_clock)]
    spread: int = Field(ge=0, le=600)
    chance: Chance
    context: str
    mean: float = Field(gt=0)
    sd: float = Field(ge=0)


class Helper(Frozen):
    answers: Answers
    taps: Chance


class Persona(Helper):
    """``says``: how often a day each sort of phrase is written; ``once``: the chance that it is written at all, soon after they
    came. ``share``: weight among all. ``typos``: chance of a message.
    ``away``: chance of a month in which they are silent for some days (least, most), whatever comes."""

    share: float = Field(gt=0)
    languages: dict[Language, float]
    born: tuple[int, int]
    typos: Chance
    readings: tuple[Measuring, ...]
    says: dict[str, Annotated[float, Field(ge=0, le=20)]]
    once: dict[str, Chance] = Field(default_factory=dict)
    invites: Chance
    emergencies_a_month: float = Field(ge=0)
    stops_a_month: Chance
    away: Chance = 0.0
    away_days: tuple[int, int] = (5, 12)


class Phrases(Frozen):
    reading: dict[str, Words]
    says: dict[str, Words]
    emergencies: Annotated[dict[str, Words], Field(min_length=1)]


class Personas(Frozen):
    """All of it. ``answers`` by ``flow/step``, ``types`` by the type of what is asked for."""

    joins_within_days: int = Field(ge=1)
    names: Words
    relatives: Words
    personas: Annotated[dict[str, Persona], Field(min_length=1)]
    caregiver: Helper
    staff: Helper
    care_team: CareTeam
    phrases: Phrases
    answers: dict[str, Annotated[tuple[Choice, ...], Field(min_length=1)]]
    types: dict[str, Annotated[tuple[str, ...], Field(min_length=1)]]

    @model_validator(mode="after")
    def _together(self) -> Personas:
        for name, persona in self.personas.items():
            if unknown := sorted({*persona.says, *persona.once} - set(self.phrases.says)):
                raise ValueError(f"{name}: says: there are no phrases for {', '.join(unknown)}")
            if unknown := sorted({one.context for one in persona.readings} - set(self.phrases.reading)):
                raise ValueError(f"{name}: readings: there are no phrases for the context {', '.join(unknown)}")
        if missing := sorted({"greet", "invite", "invitation", "stop"} - set(self.phrases.says)):
            raise ValueError(f"phrases.says: {', '.join(missing)} is needed")
        for where, text in self._texts():
            if unknown := sorted(set(_PLACE.findall(text)) - PLACES):
                raise ValueError(f"{where}: there is no {{{unknown[0]}}}; there are {', '.join(sorted(PLACES))}")
        return self

    def _texts(self) -> Iterator[tuple[str, str]]:
        phrases = self.phrases
        for sort, words in (*phrases.reading.items(), *phrases.says.items(), *phrases.emergencies.items()):
            yield from ((f"phrases of {sort}", text) for texts in words.values() for text in texts)
        for name, choices in (*self.answers.items(), *self.types.items()):
            yield from ((f"answers to {name}", text) for text in choices if isinstance(text, str))


def load_personas(file: Path = FILE) -> Personas:
    """Read the people. Raises ConfigError with the place of every mistake."""
    return read_model(file, Personas)
