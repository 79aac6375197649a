"""Which times a doctor has on a day. Pure: the clinic's hours and holidays in, times out; daylight saving is minded.

A time's id says everything about it (``rao@20261128T050000Z``: the doctor, and the start in UTC), so that it means the same
whenever it is read, also after the clinic's hours have changed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from msgspec import Struct

from config.clinic import WEEKDAYS, Clinic, Doctor

_ID = re.compile(r"([a-z][a-z0-9_]{0,29})@(\d{8}T\d{6})Z")


class Slot(Struct, frozen=True, order=True):
    """One time of one doctor, ``start`` and ``end`` in Unix seconds."""

    start: int
    end: int
    doctor: str

    @property
    def id(self) -> str:
        return f"{self.doctor}@{datetime.fromtimestamp(self.start, UTC):%Y%m%dT%H%M%S}Z"


def slots_of(clinic: Clinic, doctor: Doctor, day: date) -> list[Slot]:
    """The doctor's times on a local day, in order, none on a holiday. No two overlap, and none goes beyond the hours."""
    if day in clinic.holidays or day in doctor.holidays:
        return []
    zone = ZoneInfo(clinic.zone)
    length = timedelta(minutes=doctor.slot_minutes)
    found: list[Slot] = []
    for span in sorted(doctor.hours.get(WEEKDAYS[day.weekday()], ()), key=lambda span: span.opens):
        closes = _moment(datetime.combine(day, span.closes), zone)
        wall = datetime.combine(day, span.opens)
        while wall < datetime.combine(day, span.closes):
            start = _moment(wall, zone)
            end = start + length
            # A wall-clock time that the change to summer time skips is nobody's time, and a slot may reach over the change.
            exists = start.astimezone(zone).replace(tzinfo=None) == wall
            if exists and end <= closes and (not found or found[-1].end <= start.timestamp()):
                found.append(Slot(int(start.timestamp()), int(end.timestamp()), doctor.id))
            wall += length
    return found


def slot_named(clinic: Clinic, id_: str) -> Slot | None:
    """The time of an id; None when the clinic does not have (or no longer has) such a time."""
    if (found := _ID.fullmatch(id_)) is None or (doctor := clinic.doctor(found[1])) is None:
        return None
    try:
        start = datetime.strptime(found[2], "%Y%m%dT%H%M%S").replace(tzinfo=UTC)
    except ValueError:
        return None
    return next((slot for slot in slots_of(clinic, doctor, local_day(clinic, start.timestamp())) if slot.id == id_), None)


def days_from(first: date, last: date) -> Iterator[date]:
    """Every day from the first to the last, both included."""
    for offset in range((last - first).days + 1):
        yield first + timedelta(days=offset)


def local_day(clinic: Clinic, at: float) -> date:
    return datetime.fromtimestamp(at, ZoneInfo(clinic.zone)).date()


def local_words(clinic: Clinic, at: float) -> tuple[str, str]:
    """Day and time at the clinic, as flows take them: ``2026-11-28``, ``10:30``."""
    local = datetime.fromtimestamp(at, ZoneInfo(clinic.zone))
    return f"{local:%Y-%m-%d}", f"{local:%H:%M}"


def _moment(wall: datetime, zone: ZoneInfo) -> datetime:
    return wall.replace(tzinfo=zone).astimezone(UTC)
