"""Recording a reading of any kind: checked, graded against the person's own targets, stored once, and followed up."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Collection

from msgspec import Struct

from agents.clinical_monitor import vitals
from agents.clinical_monitor.cases import Cases
from agents.clinical_monitor.follow_up import Rechecks
from agents.clinical_monitor.given import maybe_number, measured_at, number, superseded, text
from agents.clinical_monitor.grading import grade_glucose
from agents.clinical_monitor.profile import Profiles
from agents.clinical_monitor.targets import About, DoctorsTargets, glucose_band, hba1c_goal, pressure_goal
from agents.clinical_monitor.trends import DAY, fast_gain
from agents.clinical_monitor.watch import Watch
from agents.result import Result, Tell
from bot.model.effects import Intent
from bot.model.ids import EffectId
from bot.ports.store import Reading, Store
from config.escalation import Severity
from config.policy import Policy

CONTEXTS = frozenset({"fasting", "before_meal", "after_meal", "bedtime"})
LOW = ("low", "critical_low")
WATER = frozenset({"heart_failure", "kidney"})  # illnesses in which a gain can be water
LOOKED_AT = 2000  # readings among which a correction is looked for


class Values(Struct, frozen=True):
    """What one intent measured, by kind, the main one first; its grade; what the flow may show."""

    of: dict[str, float]
    grade: str
    facts: dict[str, object]


class Measuring:
    """Outcomes are the grades of grading.py and vitals.py; ``implausible`` is stored nowhere."""

    def __init__(self, store: Store, policy: Policy, profiles: Profiles, cases: Cases, rechecks: Rechecks, watch: Watch) -> None:
        self._store, self._policy, self._profiles = store, policy, profiles
        self._cases, self._rechecks, self._watch = cases, rechecks, watch

    async def record(self, intent: Intent, now: float) -> Result:
        kind = intent.name.removeprefix("record_")
        about, own = await self._profiles.of(intent, now)
        values = self._grade(kind, intent, about, own)
        if values.grade == "implausible":
            return Result("implausible", {**values.facts, "repeated": False})
        at = measured_at(intent, now)
        grade, repeated, stands = await self._store_all(intent, values, at)
        outcome, facts = grade, dict(values.facts)
        if kind == "weight":
            outcome, gained = await self._gain(intent, about, now)
            facts["gained"] = gained
        elif kind == "hba1c":
            outcome = "noted"
        value = next(iter(values.of.values()))
        # A mistake that was corrected already, and is delivered late or again, alarms nobody.
        tells: tuple[Tell, ...] = ()
        if stands and kind == "glucose" and grade == "above_target":
            tells, facts["often_high"] = await asyncio.gather(
                self._follow_up(intent, kind, grade, value, at, now), self._watch.often_high(intent.person, now)
            )
        elif stands:
            tells = await self._follow_up(intent, kind, grade, value, at, now)
        if stands and kind == "weight" and outcome == "noted" and about.conditions & WATER:
            tells += await self._watch.weighed(intent, now)
        return Result(outcome, {**facts, "repeated": repeated}, tells)

    def _grade(self, kind: str, intent: Intent, about: About, own: DoctorsTargets) -> Values:
        clinical, ranges = self._policy.clinical, self._policy.ranges
        pregnant = about.expecting
        if kind == "blood_pressure":
            return self._pressure(intent, about, own, pregnant)
        value, facts = number(intent, "value"), dict[str, object]()
        if kind == "glucose":
            context = intent.data.get("context") if intent.data.get("context") in CONTEXTS else None
            band = glucose_band(context, about, own, clinical)
            facts = {"value_mg_dl": value, "target_low": band.low, "target_high": band.high, "context": context}
            return Values({kind: value}, grade_glucose(value, band, clinical.glucose), facts)
        if not ranges.possible(kind, value):
            return Values({kind: value}, "implausible", {"value": value})
        match kind:
            case "heart_rate":
                grade: str = vitals.grade_pulse(value, clinical.heart_rate)
            case "spo2":
                grade = vitals.grade_oxygen(value, clinical.spo2, own.spo2_low)
            case "temperature":
                grade = vitals.grade_temperature(value, clinical.temperature)
            case "ketones":
                grade = vitals.grade_ketones(value, clinical.ketones, pregnant=pregnant)
            case "hba1c":
                goal = hba1c_goal(about, own, clinical)
                grade, facts = vitals.grade_hba1c(value, goal), {"target": goal}
            case _:
                grade = "noted"
        return Values({kind: value}, grade, {"value": value, **facts})

    def _pressure(self, intent: Intent, about: About, own: DoctorsTargets, pregnant: bool) -> Values:
        systolic, diastolic, pulse = number(intent, "systolic"), number(intent, "diastolic"), maybe_number(intent, "heart_rate")
        goal = pressure_goal(about, own, self._policy.clinical)
        facts: dict[str, object] = {
            "systolic": systolic, "diastolic": diastolic, "target_systolic": goal.systolic, "target_diastolic": goal.diastolic,
        }  # fmt: skip
        found = {"systolic": systolic, "diastolic": diastolic}
        if not vitals.possible_pressure(systolic, diastolic, self._policy.ranges):
            return Values(found, "implausible", facts)
        if pulse is not None and self._policy.ranges.possible("heart_rate", pulse):
            found["heart_rate"] = pulse
        grade = vitals.grade_pressure(systolic, diastolic, goal, self._policy.clinical.blood_pressure, pregnant=pregnant)
        return Values(found, grade, facts)

    async def _store_all(self, intent: Intent, values: Values, at: float) -> tuple[str, bool, bool]:
        """Each value as a reading: the first under the intent's id, the others beside it. Returns its grade (a repeat keeps its
        first one, whatever targets were set since), whether it is a repeat, and whether it stands (no correction came)."""
        replaces, main = superseded(intent), next(iter(values.of))
        context = intent.data.get("context") if intent.data.get("context") in CONTEXTS else None
        readings = [
            Reading(
                id=EffectId(intent.id if kind == main else f"{intent.id}:{kind}"),
                person=intent.person,
                kind=kind,
                value=value,
                at=at,
                context=context,
                unit=text(intent, "unit_stated", 60) or text(intent, "unit", 60),
                unit_stated=isinstance(intent.data.get("unit_stated"), str) or intent.data.get("unit_stated") is True,
                grade=values.grade if kind in (main, "diastolic") else None,
                raw=text(intent, "raw", 60),
                supersedes=None if replaces is None else EffectId(replaces if kind == main else f"{replaces}:{kind}"),
            )
            for kind, value in values.of.items()
        ]
        # Side by side: each is idempotent by itself, so after a crash in between the repeat stores what is missing.
        stored = await asyncio.gather(*[self._store.add_reading(reading) for reading in readings])
        repeated = not stored[0]
        standing = {one.id: one for one in await self._store.readings(intent.person, main, since=at - 1.0, limit=LOOKED_AT)}
        kept = standing.get(intent.id)
        return (kept.grade if kept and kept.grade else values.grade), repeated, kept is not None

    async def _gain(self, intent: Intent, about: About, now: float) -> tuple[str, float | None]:
        """Water shows on the scales of people with heart failure or kidney disease; for others a gain is no alarm."""
        if not about.conditions & WATER:
            return "noted", None
        gains = self._policy.clinical.weight.fast_gain
        since = now - (max(gain.days for gain in gains) + 1) * DAY
        weights = await self._store.readings(intent.person, "weight", since=since)
        gained = fast_gain([(one.at, one.value) for one in weights], now, gains)
        return ("noted", None) if gained is None else ("fast_gain", gained)

    async def _follow_up(self, intent: Intent, kind: str, grade: str, value: float, at: float, now: float) -> tuple[Tell, ...]:
        """Cases, rechecks and trends. Each is idempotent on the intent, so that a repeat after a crash completes them; what hangs
        on nothing else is done side by side."""
        rules, tells = self._policy.escalation, list[Tell]()
        at_once = list[Awaitable[tuple[Tell, ...]]]()
        critical, replaces = rules.critical.get(f"{kind}.{grade}"), superseded(intent)
        if replaces:
            await self._rechecks.withdraw(intent.person, replaces)
            kept = critical.category if critical else None
            _, said = await self._cases.close(
                intent.person, f"{intent.id}:corrected", "corrected", now,
                wanted=lambda case: case.severity == "reading" and case.answered(replaces) is not None and case.category != kept,
            )  # fmt: skip
            tells += said
        if now - at <= rules.fresh_within * 60.0:
            bad = grade in LOW if kind == "glucose" else grade == "severe"
            if critical:
                reason = f"{kind}_{grade}"
                at_once.append(self._opened(intent, critical.category, critical.severity, reason, now))
            elif grade not in LOW and (settled := rules.settled_by(kind)):
                at_once.append(self._recovered(intent, settled, now))
            if kind in ("glucose", "blood_pressure"):
                at_once.append(self._rechecked("hypo" if kind == "glucose" else kind, intent, value, at, bad=bad))
        if kind == "glucose":
            at_once.append(self._watch.measured(intent, now))
        for said in await asyncio.gather(*at_once):
            tells += said
        return tuple(tells)

    async def _opened(self, intent: Intent, category: str, severity: Severity, reason: str, now: float) -> tuple[Tell, ...]:
        return (await self._cases.open(intent.person, intent.id, category, severity, reason, now))[1]

    async def _recovered(self, intent: Intent, settled: Collection[str], now: float) -> tuple[Tell, ...]:
        _, said = await self._cases.close(
            intent.person, f"{intent.id}:recovered", "recovered", now,
            wanted=lambda case: case.severity == "reading" and case.category in settled,
        )  # fmt: skip
        return said

    async def _rechecked(self, protocol: str, intent: Intent, value: float, at: float, *, bad: bool) -> tuple[Tell, ...]:
        await self._rechecks.measured(protocol, intent, value, at, bad=bad)
        return ()
