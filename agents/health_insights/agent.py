"""Intents of the health insights."""

from __future__ import annotations

import asyncio
import logging
from typing import Any, Protocol

from msgspec import Struct

from agents.clinical_monitor.profile import Profiles
from agents.health_insights.about import About, about, what_of
from agents.health_insights.digest import needs_a_look, went_well
from agents.health_insights.facts import dose_facts, glucose_facts, pressure_facts, pulse_facts, weight_facts
from agents.health_insights.painter import NotMade, Painter
from agents.health_insights.picture.chart import Chart
from agents.health_insights.picture.order import Order
from agents.health_insights.plan import Frame, glucose_chart, pair, pressure_chart, pulse_chart, weight_chart
from agents.health_insights.review import Known, Review, review, within
from agents.health_insights.sample import Sample, in_order
from agents.health_insights.sheet import Found, page_of
from agents.health_insights.sources import Doses, doses, pressures, samples
from agents.health_insights.targets import InRange, in_range
from agents.health_insights.vitals import pressure, pulse, weight
from agents.health_insights.words import Wordless, Words
from agents.result import Result
from bot.errors import Malformed, StoreUnavailable
from bot.model.effects import Intent
from bot.model.ids import PersonId
from bot.ports.store import Store
from config.clinical import Band
from config.insights import Insights
from config.policy import Policy

log = logging.getLogger(__name__)

DAY = 86_400.0
WEEK, MONTH = 7, 30
VISIT = 120  # characters of an appointment as it was given


class Keeps(Protocol):
    """Where pictures go: the same bytes of the same person are the same file."""

    async def put(self, data: bytes, *, mime: str, person: PersonId | None, now: float, keep_seconds: float | None) -> str:
        """Returns the reference that a message carries. Raises StoreUnavailable."""


class Pictures(Struct, frozen=True):
    """What pictures and pages are made with. ``words`` are the content's."""

    words: Words
    painter: Painter
    media: Keeps


class HealthInsights:
    """``summarize`` (numbers and a chart), ``chart``, ``weekly_summary`` (a page for the doctor), ``digest`` (for a caregiver).

    It reads and keeps nothing but files that are the same when they are made again. A picture that cannot be made, or kept,
    is left out: the numbers go out without it.
    """

    name = "health_insights"
    intents = ("summarize", "chart", "weekly_summary", "digest")

    def __init__(self, store: Store, policy: Policy, rules: Insights, pictures: Pictures | None = None) -> None:
        """Without ``pictures`` there are numbers only."""
        self._store, self._policy, self._rules, self._pictures = store, policy, rules, pictures
        self._profiles = Profiles(store, policy)

    async def handle(self, intent: Intent, *, now: float) -> Result:
        match intent.name:
            case "summarize":
                return await self._summarize(intent, now)
            case "chart":
                found = await self._summarize(intent, now)
                if found.outcome == "ready" and found.facts["chart"] is None:
                    return Result("no_picture", {"count": found.facts["count"]})
                return Result(found.outcome, {name: found.facts.get(name) for name in ("count", "chart")})
            case "weekly_summary":
                return await self._weekly_summary(intent, now)
            case "digest":
                return await self._digest(intent, now)
            case unknown:
                raise Malformed(f"health_insights does not know the intent {unknown[:60]!r}")

    async def _summarize(self, intent: Intent, now: float) -> Result:
        """``ready`` with the numbers and a chart, ``few`` with the count, ``nothing``."""
        what = what_of(intent)
        known, right = await self._asked(intent, now, MONTH)
        facts, chart = await self._look(intent.person, what, known, right)
        if not facts:
            return Result("nothing", {"count": 0})
        if facts["count"] < self._rules.summary.readings:
            return Result("few", {"count": facts["count"]})
        ref = await self._made(Order(chart=chart), "image/png", intent.person, known) if chart else None
        return Result("ready", {**facts, "chart": ref})

    async def _look(self, person: PersonId, what: str, known: About, right: InRange) -> tuple[dict[str, Any], Chart | None]:
        """The facts of one kind of reading and their chart; no facts where there is no reading."""
        frame, rules = self._frame(known), self._rules
        if what == "glucose":
            found, every, _ = await self._glucose(person, known, right)
            if found is None:
                return {}, None
            limits = _shown(right)
            ours = within(every, known.today, known.days)
            return glucose_facts(found, limits), glucose_chart(ours, limits, frame, rules)
        if what == "blood_pressure":
            ours = self._ours(await pressures(self._store, person, known, known.days), known)
            told = pressure(ours, right.pressure, rules)
            if told is None:
                return {}, None
            chart = pressure_chart(ours, told, right.pressure, self._low_pressure(), frame, rules)
            return {**pressure_facts(told), "goal": pair(right.pressure)}, chart
        ours = self._ours(await samples(self._store, person, what, known, known.days), known)
        if what == "weight":
            weighed = weight(ours, rules)
            return (weight_facts(weighed), weight_chart(ours, weighed, frame)) if weighed else ({}, None)
        beats = pulse(ours, rules.heart_rate)
        return (pulse_facts(beats), pulse_chart(ours, beats, frame, rules)) if beats else ({}, None)

    async def _weekly_summary(self, intent: Intent, now: float) -> Result:
        """``ready`` with ``page`` (a PDF), ``nothing`` without any reading, ``no_picture`` when it could not be made."""
        known, right = await self._asked(intent, now, WEEK)
        person, rules, frame = intent.person, self._rules, self._frame(known)
        (found, every, told_doses), *others = await asyncio.gather(
            self._glucose(person, known, right),
            samples(self._store, person, "weight", known, known.days),
            samples(self._store, person, "heart_rate", known, known.days),
            pressures(self._store, person, known, known.days),
        )
        weights, beats, strokes = (self._ours(one, known) for one in others)
        if found is None and not (weights or beats or strokes):
            return Result("nothing", {"count": 0})
        limits = _shown(right)
        all_found = Found(
            found, pressure(strokes, right.pressure, rules), weight(weights, rules), weights[-1].value if weights else None,
            pulse(beats, rules.heart_rate), told_doses, known.name, _visit(intent),
        )  # fmt: skip
        chart = glucose_chart(within(every, known.today, known.days), limits, frame, rules) if found else None
        page = page_of(all_found, chart, limits, frame, rules, made=known.at)
        ref = await self._made(Order(page=page), "application/pdf", person, known)
        facts = glucose_facts(found, limits) if found else {"count": 0}
        return Result("ready" if ref else "no_picture", {**facts, **dose_facts(told_doses), "page": ref})

    async def _digest(self, intent: Intent, now: float) -> Result:
        """``ready``, or ``nothing`` when there is neither a reading nor a dose to tell of."""
        known, right = await self._asked(intent, now, WEEK)
        found, every, told_doses = await self._glucose(intent.person, known, right)
        common = {**dose_facts(told_doses), "days": known.days, "name": known.name, "next_visit": _visit(intent) or None}
        if found is None:
            outcome = "ready" if told_doses.taken or told_doses.missed else "nothing"
            look = ["no_readings", *(["doses_missed"] if told_doses.missed else [])]
            return Result(outcome, {**common, "count": 0, "well": [], "look": look, "chart": None})
        limits = _shown(right)
        ours = within(every, known.today, known.days)
        ref = None
        if found.count >= self._rules.summary.readings:
            chart = glucose_chart(ours, limits, self._frame(known), self._rules)
            ref = await self._made(Order(chart=chart), "image/png", intent.person, known)
        well = went_well(found, told_doses, known.days, self._rules)
        look = needs_a_look(found, told_doses, known.days, self._rules)
        return Result("ready", {**glucose_facts(found, limits), **common, "well": well, "look": look, "chart": ref})

    async def _glucose(self, person: PersonId, known: About, right: InRange) -> tuple[Review | None, list[Sample], Doses]:
        longest = max(2 * known.days, self._rules.estimated_a1c.span_days)
        every, told_doses = await asyncio.gather(
            samples(self._store, person, "glucose", known, longest), doses(self._store, person, known, known.days)
        )
        person_known = Known(right.targets, right.limits, right.pregnant, told_doses.missed_on)
        return review(every, known.today, known.days, person_known, self._rules), every, told_doses

    async def _asked(self, intent: Intent, now: float, days: int) -> tuple[About, InRange]:
        """What the request is about (of so many days where it does not say), and what is in range for this person."""
        known, (ill, own) = await asyncio.gather(
            about(self._store, intent, now, days=days), self._profiles.of(intent, min(intent.at, now))
        )
        return known, in_range(ill, own, self._policy, self._rules)

    async def _made(self, order: Order, mime: str, person: PersonId, known: About) -> str | None:
        """The reference of the file; None when there is none."""
        if self._pictures is None:
            return None
        try:
            data = await self._pictures.painter.make(order)
            keep = self._rules.chart.keep_days * DAY
            return await self._pictures.media.put(data, mime=mime, person=person, now=known.at, keep_seconds=keep)
        except (NotMade, StoreUnavailable) as error:
            log.warning("a picture is left out", extra={"action": "no_picture", "code": str(error)[:40]})
            return None

    def _frame(self, known: About) -> Frame:
        words = self._pictures.words if self._pictures else Wordless()
        return Frame(known.today, known.days, words.spoken(known.language, known.second), known.unit, words)

    def _low_pressure(self) -> tuple[float, float]:
        limits = self._policy.clinical.blood_pressure
        return limits.systolic_low.below or 0.0, limits.diastolic_low.below or 0.0

    @staticmethod
    def _ours(found: list[Sample], known: About) -> tuple[Sample, ...]:
        return in_order(within(found, known.today, known.days))


def _shown(right: InRange) -> Band:
    return Band(low=right.limits.low_below, high=right.limits.high_above)


def _visit(intent: Intent) -> str:
    """An appointment as it was given: words of the care coordinator, told on as they are."""
    value = intent.data.get("next_visit")
    return value[:VISIT] if isinstance(value, str) else ""
