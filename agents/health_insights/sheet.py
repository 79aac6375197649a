"""Plans the page for the doctor: one sheet with the numbers of a period, the picture, what stands out, and other readings."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from agents.health_insights.patterns import Pattern
from agents.health_insights.picture.chart import Chart
from agents.health_insights.picture.page import Page, Row, Section
from agents.health_insights.plan import Frame, pair
from agents.health_insights.review import Review
from agents.health_insights.sources import Doses
from agents.health_insights.vitals import Pressure, Pulse, Weight
from agents.health_insights.words import glucose_value, number, with_unit
from config.clinical import Band
from config.insights import Insights

TOGETHER = "\u00a0"
"""No line ends between a number and its unit."""


class Found(Struct, frozen=True):
    """All that the page tells. ``before``: the average of the period before."""

    glucose: Review | None
    pressure: Pressure | None
    weight: Weight | None
    latest_weight: float | None
    pulse: Pulse | None
    doses: Doses
    name: str = ""
    next_visit: str = ""


def page_of(found: Found, chart: Chart | None, limits: Band, frame: Frame, rules: Insights, *, made: float) -> Page:
    period = frame.say("period", first=frame.writes.date(frame.first), last=frame.writes.date(frame.last))
    name = [frame.say("page_for", name=found.name)] if found.name else []
    estimated = found.glucose is not None and found.glucose.a1c is not None
    return Page(
        language=frame.language,
        title=frame.say("page_title", days=frame.days),
        subtitle=" · ".join([*name, period]),
        sections=tuple(_sections(found, limits, frame, rules)),
        notes=(*([frame.say("page_a1c_note")] if estimated else []), frame.say("page_note")),
        chart=chart,
        made=made,
    )


def _sections(found: Found, limits: Band, frame: Frame, rules: Insights) -> Iterator[Section]:
    if found.glucose:
        yield Section(frame.say("glucose_title", days=frame.days), tuple(_numbers(found.glucose, limits, frame, rules)))
        if found.glucose.by_part:
            by_time = [Row(frame.say(f"part_{one.part}"), _glucose(one.average, frame)) for one in found.glucose.by_part]
            yield Section(frame.say("page_by_time"), tuple(by_time))
        lines = tuple(_line(one, frame) for one in found.glucose.patterns) or (frame.say("page_none"),)
        yield Section(frame.say("page_patterns"), lines=lines)
    if found.doses.taken or found.doses.missed:
        rows = (Row(frame.say("page_taken"), str(found.doses.taken)), Row(frame.say("page_missed"), str(found.doses.missed)))
        yield Section(frame.say("page_medicines"), rows)
    others = tuple(_others(found, frame))
    if others:
        yield Section(frame.say("page_others"), others)
    if found.next_visit:
        yield Section(frame.say("page_next_visit"), lines=(found.next_visit,))


def _numbers(found: Review, limits: Band, frame: Frame, rules: Insights) -> Iterator[Row]:
    def share(count: int) -> str:
        """Counts always; a percentage only where there are enough readings for one."""
        return frame.say("of", count=count, total=found.count)

    low, high, under = (glucose_value(value, frame.unit, frame.language) for value in (
        limits.low, limits.high, rules.shares.low_below))  # fmt: skip
    yield Row(frame.say("page_readings"), str(found.count))
    yield Row(frame.say("page_days"), frame.say("of", count=found.days, total=frame.days))
    average = _glucose(found.average, frame)
    if found.compared:
        before = glucose_value(found.average - found.compared.average_change, frame.unit, frame.language)  # of the same unit
        average = frame.say("page_before", value=average, before=before)
    yield Row(frame.say("page_average"), average)
    yield Row(frame.say("page_lowest"), _glucose(found.lowest, frame))
    yield Row(frame.say("page_highest"), _glucose(found.highest, frame))
    inside = share(found.bands_any.of("in_range"))
    if found.bands:
        now = _percent(found.bands.in_range, frame)
        inside = f"{inside} ({now})"
    yield Row(frame.say("page_in_range", low=low, high=high), inside)
    yield Row(frame.say("page_in_target"), share(found.in_target))
    yield Row(frame.say("page_lows", limit=under), str(found.lows))
    if found.variation is not None:
        yield Row(frame.say("page_spread"), _percent(found.variation, frame))
    if found.a1c is not None:
        yield Row(frame.say("page_a1c"), with_unit(number(found.a1c, frame.language, 1), "%", frame.language))


def _others(found: Found, frame: Frame) -> Iterator[Row]:
    if found.pressure:
        yield Row(frame.say("page_pressure"), with_unit(pair(found.pressure.average), "mmHg", frame.language))
    if found.latest_weight is not None:
        yield Row(frame.say("page_weight"), with_unit(number(found.latest_weight, frame.language, 1), "kg", frame.language))
    if found.pulse:
        yield Row(frame.say("page_pulse"), with_unit(number(found.pulse.average, frame.language), "/min", frame.language))


def _line(one: Pattern, frame: Frame) -> str:
    part = frame.say(f"part_{one.part}") if one.part else ""
    value = _glucose(one.size, frame).replace(" ", TOGETHER)
    return frame.say(f"found_{one.id}", value=value, count=one.based_on, part=part)


def _glucose(mg_dl: float, frame: Frame) -> str:
    return with_unit(glucose_value(mg_dl, frame.unit, frame.language), frame.unit, frame.language)


def _percent(value: float, frame: Frame) -> str:
    return with_unit(number(value, frame.language), "%", frame.language)
