"""The clinic's own data: doctors, hours, holidays, fees, and the rules of booking. Read from clinic.yaml, checked once."""

from __future__ import annotations

import re
from datetime import date, time
from itertools import pairwise
from pathlib import Path
from typing import Annotated, Literal, Self
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, BeforeValidator, Field, model_validator

from bot.handwritten.model import read_model
from config.frozen import Frozen

FILE = Path(__file__).parent / "clinic.yaml"

Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
WEEKDAYS: tuple[Weekday, ...] = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
LEAST_PAISE = 100
"""A payment link asks for one rupee at least (Razorpay's public documentation, read November 2026)."""
_SPAN = re.compile(r"([01]\d|2[0-3]):([0-5]\d)-([01]\d|2[0-3]):([0-5]\d)")


class Span(Frozen):
    """Opening hours of one part of a day, wall-clock time in the clinic's zone."""

    opens: time
    closes: time


def _span(value: object) -> object:
    if not isinstance(value, str):
        return value
    if (found := _SPAN.fullmatch(value)) is None:
        raise ValueError("hours are written like 09:00-13:00")
    opens, closes = time(int(found[1]), int(found[2])), time(int(found[3]), int(found[4]))
    if opens >= closes:
        raise ValueError("hours must end after they begin, on the same day")
    return Span(opens=opens, closes=closes)


def _zone(value: str) -> str:
    try:
        ZoneInfo(value)
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise ValueError("there is no such time zone") from error
    return value


def _fee(value: int) -> int:
    if 0 < value < LEAST_PAISE:
        raise ValueError(f"a fee is 0, or {LEAST_PAISE} paise (1 rupee) and more: a payment link cannot ask for less")
    return value


class Doctor(Frozen):
    """``fee_paise`` 0: a visit costs nothing. ``member``: their id in care_team.yaml; then they are told of bookings. ``clinic``:
    its name there, by default the member's; only its own patients are offered this doctor, and everybody one without."""

    id: str = Field(pattern=r"^[a-z][a-z0-9_]{0,29}$")
    name: str = Field(min_length=1, max_length=60)
    slot_minutes: int = Field(ge=5, le=240)
    fee_paise: Annotated[int, AfterValidator(_fee)] = Field(ge=0, le=10_000_000, strict=True)
    hours: dict[Weekday, tuple[Annotated[Span, BeforeValidator(_span)], ...]]
    holidays: frozenset[date] = frozenset()
    place: str | None = Field(None, max_length=200)
    member: str | None = Field(None, max_length=30)
    clinic: str | None = Field(None, max_length=60)

    @model_validator(mode="after")
    def _apart(self) -> Self:
        for day, spans in self.hours.items():
            ordered = sorted(spans, key=lambda span: span.opens)
            if any(one.closes > other.opens for one, other in pairwise(ordered)):
                raise ValueError(f"the hours of {day} overlap")
        return self


class Booking(Frozen):
    horizon_days: int = Field(ge=1, le=365)
    earliest_minutes: int = Field(ge=0, le=10_080)
    hold_minutes: int = Field(ge=16, le=1_440)
    change_until_hours: float = Field(ge=0, le=168)
    reminders_hours: tuple[float, ...] = Field(max_length=4)
    ask_after_minutes: int = Field(ge=0, le=1_440)
    confirm_within_hours: float = Field(gt=0, le=48)


class Files(Frozen):
    largest_mib: int = Field(ge=1, le=100)
    label_within_minutes: int = Field(ge=1, le=240)


class Family(Frozen):
    most: int = Field(ge=1, le=2)  # the dialogues show two
    invitation_days: int = Field(ge=1, le=60)


class Clinic(Frozen):
    """All of it."""

    name: str = Field(min_length=1, max_length=100)
    place: str | None = Field(None, max_length=200)
    zone: Annotated[str, AfterValidator(_zone)]
    booking: Booking
    holidays: frozenset[date] = frozenset()
    doctors: tuple[Doctor, ...]
    files: Files
    family: Family

    @model_validator(mode="after")
    def _distinct(self) -> Self:
        names = [doctor.id for doctor in self.doctors]
        if len(set(names)) != len(names):
            raise ValueError("two doctors have the same id")
        return self

    def doctor(self, id_: str) -> Doctor | None:
        return next((doctor for doctor in self.doctors if doctor.id == id_), None)


def load_clinic(file: Path = FILE) -> Clinic:
    """Read the clinic's file. Raises ConfigError with the place of every mistake."""
    return read_model(file, Clinic)
