"""Plans a chart: which points, marks, figures and words a picture of some readings has. Pure; what draws it is elsewhere."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from typing import Literal

from msgspec import Struct

from agents.health_insights.numbers import mean
from agents.health_insights.picture.chart import Chart, Figure, Kind, Mark, Point, Tick
from agents.health_insights.sample import Sample, in_order
from agents.health_insights.vitals import Pressure, Pulse, Weight
from agents.health_insights.words import MG_PER_MMOL, Days, Words, glucose_value, number
from config.clinical import Band
from config.insights import Insights

STEPS = (0.5, 1, 2, 5, 10, 20, 25, 50, 100, 200)
TICKS = 7
WEEK = 8  # up to so many days, each day has its name below


class Frame(Struct, frozen=True):
    """The days that a picture shows, whose it is to read, and its words."""

    last: date
    days: int
    language: str
    unit: str
    words: Words

    @property
    def first(self) -> date:
        return self.last - timedelta(days=self.days - 1)

    @property
    def writes(self) -> Days:
        return self.words.tongue(self.language)

    def place(self, one: Sample) -> float:
        """0 to 1, by its time on the person's clock."""
        hours = (one.day - self.first).days * 24 + one.when.hour + one.when.minute / 60
        return hours / (self.days * 24)

    def say(self, name: str, /, **values: object) -> str:
        return self.words.say(name, self.language, **values)


def glucose_chart(samples: Sequence[Sample], limits: Band, frame: Frame, rules: Insights) -> Chart:
    """``limits``: the range that is shaded. What lies below or above it has another shape and colour."""
    divide = MG_PER_MMOL if frame.unit == "mmol/L" else 1.0
    ours = in_order(samples)

    def shown(value: float) -> str:
        return glucose_value(value, frame.unit, frame.language)

    def mark(one: Sample) -> Mark:
        return "low" if one.value < limits.low else "high" if one.value > limits.high else "in"

    marks = [mark(one) for one in ours]
    average = mean([one.value for one in ours])
    scale = _scale([one.value for one in ours], rules.chart.glucose_scale)
    return _chart(
        "glucose", frame, "glucose_title",
        figures=(
            (frame.say("average"), shown(average) if average is not None else "–"),
            (frame.say("in_range"), frame.say("of", count=marks.count("in"), total=len(marks))),
            (frame.say("lows"), str(sum(one.value < rules.shares.low_below for one in ours))),
        ),
        points=tuple(
            Point(frame.place(one), one.value / divide, kind) for one, kind in zip(ours, marks, strict=True)
        ),
        scale=(scale[0] / divide, scale[1] / divide),
        legend=(
            ("in", frame.say("mark_in")), ("high", frame.say("mark_high", limit=shown(limits.high))),
            ("low", frame.say("mark_low", limit=shown(limits.low))),
            ("band", frame.say("band", low=shown(limits.low), high=shown(limits.high))),
        ),
        unit=frame.unit,
        bands=((limits.low / divide, limits.high / divide),),
        line=_daily(ours, frame, lambda one: one.value / divide),
    )  # fmt: skip


def pressure_chart(
    samples: Sequence[Sample], found: Pressure, goal: tuple[float, float], low: tuple[float, float], frame: Frame, rules: Insights
) -> Chart:
    """Each reading is a stroke from its upper to its lower value; ``low``: below these, a pressure is a low one."""
    top, bottom = goal
    points = []
    for one in in_order(samples):
        if one.second is None:
            continue
        high = one.value >= top or one.second >= bottom
        mark: Mark = "high" if high else "low" if one.value < low[0] or one.second < low[1] else "in"
        points.append(Point(frame.place(one), one.value, mark, one.second))
    goal_words = f"{top:.0f}/{bottom:.0f}"
    values = [value for one in points for value in (one.value, one.second or one.value)]
    return _chart(
        "blood_pressure", frame, "pressure_title",
        figures=(
            (frame.say("average"), pair(found.average)),
            (frame.say("in_range"), frame.say("of", count=found.in_target, total=found.count)),
            (frame.say("highest"), pair(found.highest)),
        ),
        points=tuple(points),
        scale=_scale(values, rules.chart.blood_pressure_scale),
        legend=(
            ("in", frame.say("mark_in")), ("high", frame.say("pressure_above", limit=goal_words)),
            ("low", frame.say("pressure_low", limit=pair(low))), ("band", frame.say("pressure_goal", limit=goal_words)),
        ),
        unit="mmHg",
        bands=((low[0], top), (low[1], bottom)),
    )  # fmt: skip


def weight_chart(samples: Sequence[Sample], found: Weight, frame: Frame) -> Chart:
    """No range: what a good weight is, is not ours to say."""
    ours = in_order(samples)
    around = Band(low=found.lowest - 2, high=found.highest + 2)
    return _chart(
        "weight", frame, "weight_title",
        figures=(
            (frame.say("latest"), number(ours[-1].value, frame.language, 1)),
            (frame.say("lowest"), number(found.lowest, frame.language, 1)),
            (frame.say("highest"), number(found.highest, frame.language, 1)),
        ),
        points=tuple(Point(frame.place(one), one.value) for one in ours),
        scale=(around.low, around.high),
        legend=(("in", frame.say("weight_mark")),),
        unit="kg",
        line=tuple((frame.place(one), one.value) for one in ours),
    )  # fmt: skip


def pulse_chart(samples: Sequence[Sample], found: Pulse, frame: Frame, rules: Insights) -> Chart:
    ours = in_order(samples)
    low, high = rules.heart_rate.usual_low, rules.heart_rate.usual_high

    def mark(one: Sample) -> Mark:
        return "low" if one.value < low else "high" if one.value > high else "in"

    return _chart(
        "heart_rate", frame, "pulse_title",
        figures=(
            (frame.say("average"), number(found.average, frame.language)),
            (frame.say("lowest"), number(found.lowest, frame.language)),
            (frame.say("highest"), number(found.highest, frame.language)),
        ),
        points=tuple(Point(frame.place(one), one.value, mark(one)) for one in ours),
        scale=_scale([one.value for one in ours], rules.chart.pulse_scale),
        legend=(
            ("in", frame.say("mark_in")), ("high", frame.say("mark_high", limit=f"{high:.0f}")),
            ("low", frame.say("mark_low", limit=f"{low:.0f}")),
            ("band", frame.say("band", low=f"{low:.0f}", high=f"{high:.0f}")),
        ),
        unit="/min",
        bands=((low, high),),
        line=_daily(ours, frame, lambda one: one.value),
    )  # fmt: skip


def pair(values: tuple[float, float]) -> str:
    """``131/84``, as everybody writes it."""
    return f"{values[0]:.0f}/{values[1]:.0f}"


def _chart(
    kind: Kind, frame: Frame, title: str, *, figures: Sequence[tuple[str, str]], points: tuple[Point, ...],
    scale: tuple[float, float], legend: tuple[tuple[Mark | Literal["band"], str], ...], unit: str,
    bands: tuple[tuple[float, float], ...] = (), line: tuple[tuple[float, float], ...] = (),
) -> Chart:  # fmt: skip
    period = frame.say("period", first=frame.writes.date(frame.first), last=frame.writes.date(frame.last))
    return Chart(
        kind=kind,
        language=frame.language,
        title=frame.say(title, days=frame.days),
        subtitle=period,
        figures=tuple(Figure(label, value) for label, value in figures),
        points=points,
        scale=scale,
        y_ticks=_y_ticks(scale, frame.language),
        x_ticks=_x_ticks(frame),
        legend=legend,
        unit=unit,
        note=frame.say("chart_note"),
        bands=bands,
        line=line,
    )


def _scale(values: Sequence[float], least: Band) -> tuple[float, float]:
    room = (least.high - least.low) * 0.04
    return min([least.low, *[value - room for value in values]]), max([least.high, *[value + room for value in values]])


def _y_ticks(scale: tuple[float, float], language: str) -> tuple[Tick, ...]:
    low, high = scale
    step = next((one for one in STEPS if (high - low) / one <= TICKS), STEPS[-1])
    first = int(low // step) + (0 if low % step == 0 else 1)
    count = int((high - first * step) // step) + 1
    values = [(first + index) * step for index in range(max(count, 0))]
    return tuple(Tick(value, number(value, language, 0 if step >= 1 else 1)) for value in values)


def _x_ticks(frame: Frame) -> tuple[Tick, ...]:
    if frame.days <= WEEK:
        days = [frame.first + timedelta(days=index) for index in range(frame.days)]
        return tuple(Tick((index + 0.5) / frame.days, frame.writes.short_weekday(day)) for index, day in enumerate(days))
    places = [round(index * (frame.days - 1) / 4) for index in range(5)]
    return tuple(
        Tick((place + 0.5) / frame.days, frame.writes.short_date(frame.first + timedelta(days=place))) for place in places
    )


def _daily(samples: Sequence[Sample], frame: Frame, value: Callable[[Sample], float]) -> tuple[tuple[float, float], ...]:
    """The average of each day that has readings, at its noon."""
    days: dict[date, list[float]] = {}
    for one in samples:
        days.setdefault(one.day, []).append(value(one))
    found = []
    for day, values in sorted(days.items()):
        average = mean(values)
        if average is not None:
            found.append((((day - frame.first).days + 0.5) / frame.days, average))
    return tuple(found)
