"""A laboratory's result and its corrections. Pure: what is new in it, what stands among the readings, what no longer may."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct
from msgspec.structs import replace

from agents.care_coordinator.lab_values import MOST, Kept, kept_as
from bot.ports.laboratory import LabResult, LabValue


class Noted(Struct, frozen=True):
    """A value that was asked to be a reading: the id of that task, and what it said."""

    id: str
    kept: Kept


class TestResult(Struct, frozen=True, omit_defaults=True):
    """``report``: the reference of its PDF. ``kept``: the patient wanted the values among their readings. ``revision`` as the
    laboratory counts, ``number`` as we do: corrections that have come so far. ``noted``: readings from before the last of them
    that still stand; ``wrong``: those that it took back."""

    report: str | None = None
    values: tuple[LabValue, ...] = ()
    kept: bool = False
    revision: int = 1
    number: int = 0
    noted: tuple[Noted, ...] = ()
    wrong: tuple[Noted, ...] = ()


class Fresh(Struct, frozen=True):
    """A value that the patient can have among their readings. ``instead_of``: the wrong one that it corrects."""

    id: str
    kept: Kept
    instead_of: Noted | None = None


def is_news(known: TestResult | None, found: LabResult) -> bool:
    """A laboratory that changes values without counting has corrected them as well; what is older than we know is late."""
    if known is None or found.revision > known.revision:
        return True
    return found.revision == known.revision and found.values != known.values


def with_correction(known: TestResult, found: LabResult, report: str | None, booking: str, factor: float) -> TestResult:
    """The corrected result. A value that did not change stays among the readings; every other one that was noted is wrong."""
    rest = [kept for _, kept in _kept(found.values, factor)]
    stay, gone = list[Noted](), list[Noted]()
    for one in _standing(known, booking, factor):
        if one.kept in rest:
            rest.remove(one.kept)
            stay.append(one)
        else:
            gone.append(one)
    wrong = (*(() if known.kept else known.wrong), *gone)
    return TestResult(report, found.values, False, found.revision, known.number + 1, tuple(stay), wrong)


def taken_back(before: TestResult, after: TestResult) -> tuple[Noted, ...]:
    """Readings that stood until this correction."""
    old = () if before.kept else before.wrong
    return after.wrong[len(old) :]


def fresh(result: TestResult, booking: str, factor: float) -> list[Fresh]:
    """What can become a reading and is none yet. Repeats give the same ids."""
    stay, wrong = [one.kept for one in result.noted], list(result.wrong)
    found = list[Fresh]()
    for number, kept in _kept(result.values, factor):
        if kept in stay:
            stay.remove(kept)
            continue
        old = next((one for one in wrong if one.kept.intent == kept.intent), None)
        if old is not None:
            wrong.remove(old)
        id_ = f"{booking}.{number}" if result.number == 0 else f"{booking}.c{result.number}.{number}"
        found.append(Fresh(id_, kept, old))
    return found


def in_report_only(result: TestResult, factor: float) -> int:
    """How many values cannot be readings."""
    return sum(kept_as(value, factor) is None for value in result.values)


def wanted(result: TestResult) -> TestResult:
    """The patient would like the values among their readings."""
    return replace(result, kept=True)


def _standing(result: TestResult, booking: str, factor: float) -> tuple[Noted, ...]:
    own = [Noted(one.id, one.kept) for one in fresh(result, booking, factor)] if result.kept else []
    return (*result.noted, *own)


def _kept(values: tuple[LabValue, ...], factor: float) -> Iterator[tuple[int, Kept]]:
    for number, value in enumerate(values[:MOST]):
        if (kept := kept_as(value, factor)) is not None:
            yield number, kept
