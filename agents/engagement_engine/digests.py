"""Caregivers' digests: one message a caregiver over all their patients, at their hour, within what each patient allows now."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from msgspec import Struct
from msgspec.structs import replace

from agents.care_coordinator import booking
from agents.care_coordinator.ties import CARES, KIND, tie_of
from agents.clinical_monitor.given import maybe_number, one_of, text
from agents.clinical_monitor.person import know
from agents.engagement_engine import schedule
from agents.engagement_engine.digest_text import Scope, Told, block, told_of
from agents.engagement_engine.kept import TRIES, written
from agents.engagement_engine.people import Lives, life_of
from agents.engagement_engine.rule import day_of, moment, rule_of
from agents.engagement_engine.schedule import Reminder, called, closed, looked_at
from agents.engagement_engine.waking import Insights
from agents.engagement_engine.words import Says
from agents.result import Result, Tell, Woken
from bot.errors import Malformed, StoreUnavailable
from bot.model.effects import Intent
from bot.model.ids import EffectId, PersonId
from bot.ports.documents import Document
from bot.ports.store import Store
from config.engagement import Engagement
from config.policy import Policy

DIGEST: Final = "digest"
"""One a caregiver, in the state ``active``, ``off`` (they want none) or ``idle`` (they help nobody)."""
IDLE: Final = "idle"
HOW: Final = ("daily", "weekly", "if_something")
DAY: Final = 86_400.0
WEEK: Final = 7
MOST: Final = 50  # patients of one caregiver that are looked at


class Seen(Struct, frozen=True):
    """One patient, as this caregiver may see them."""

    told: Told
    chart: str | None


class Digests:
    """``insights``: without them there is nothing to tell."""

    def __init__(self, store: Store, policy: Policy, rules: Engagement, words: Says, insights: Insights | None) -> None:
        self._store, self._policy, self._rules, self._words, self._insights = store, policy, rules, words, insights

    async def begin(self, intent: Intent, now: float) -> Result:
        """``begun``: somebody agreed to help. Who set or ended their digest before keeps it as it is."""
        return await self._change(intent, lambda one, state: (one, "begun", {}, "active" if state == IDLE else state))

    async def set(self, intent: Intent, now: float) -> Result:
        """``saved``, or ``nobody`` where they help nobody. ``how``: one of ``HOW``, or ``off``; ``time``: at which hour."""
        how, clock = one_of(intent, "how", *HOW, "off"), text(intent, "time", 5)
        if clock is not None and not _is_clock(clock):
            raise Malformed(f"{intent.name}: time is not like 19:00")
        if not await self._ties(intent.person):
            return Result("nobody")

        def decide(one: Reminder, state: str) -> tuple[Reminder, str, dict[str, Any], str]:
            if intent.at < one.moved_at:  # a later wish was heard first
                return one, "saved", {}, state
            if how == "off":
                return replace(one, moved_at=intent.at), "saved", {}, "off"
            rule = self._rule(how, clock or one.rule.clock, one.zone, intent.at)
            return replace(one, rule=rule, text=how, moved_at=intent.at, paused_until=0.0), "saved", {}, "active"

        return await self._change(intent, decide)

    async def mute(self, intent: Intent, now: float) -> Result:
        """``muted`` (until), or ``nobody``."""
        days = maybe_number(intent, "days") or float(self._rules.digest.mute_days)
        if not 1 <= days <= 366:
            raise Malformed("mute_digest: days is not from 1 to 366")
        if not await self._ties(intent.person):
            return Result("nobody")

        def decide(one: Reminder, state: str) -> tuple[Reminder, str, dict[str, Any], str]:
            until = day_of(intent.at + days * DAY, one.zone)
            ends = moment(f"{until}T00:00", one.zone)
            return replace(one, paused_until=max(one.paused_until, ends)), "muted", {"until": until}, state

        return await self._change(intent, decide)

    async def how_is(self, intent: Intent, now: float) -> Result:
        """``told`` (block_1 to block_3), ``alarms_only`` (name: they share no more), ``nobody``. ``who``: the words asked."""
        words = (text(intent, "who", 300) or "").casefold()
        ties = await self._ties(intent.person)
        named = [one for one in ties if (name := tie_of(one).patient_name.casefold()) and name in words]
        chosen = named or ties
        if not chosen:
            return Result("nobody")
        life = await life_of(self._store, intent.person, self._rules.zone)
        seen = await self._seen(chosen, WEEK, life, intent.id, min(intent.at, now), now)
        if not seen:
            return Result("alarms_only", {"name": tie_of(chosen[0]).patient_name})
        return Result("told", self._facts(seen, life))

    async def wake(self, document: Document, now: float) -> Woken:
        """The news' id is that of the occurrence; consent is read now, so that what was taken back a minute ago counts."""
        wishes = schedule.read(document.data)
        if document.state != "active":
            return Woken(replace(document, due=None))
        life = await life_of(self._store, document.person, self._rules.zone)
        wishes = replace(wishes, zone=life.zone)
        call = called(wishes, now, self._rules.digest.late)
        after = looked_at(wishes, call, now)
        if call is None:
            return Woken(written(document, after, "active"))
        after = closed(after, call.key)
        ties = await self._ties(document.person)
        if not ties:
            return Woken(written(document, after, IDLE))
        how = wishes.text if wishes.text in HOW else "weekly"
        days = self._rules.digest.days[how]  # type: ignore[index]  # it is one of them
        seen = await self._seen(ties, days, life, f"{document.id}:{call.key}", call.at, now)
        if how == "if_something":
            seen = [one for one in seen if set(one.told.look) & set(self._rules.digest.something)]
        if not seen:
            return Woken(written(document, after, "active"))
        ends = call.at + self._rules.digest.late
        facts = self._facts(seen, life) | ({"name": seen[0].told.name} if len(seen) == 1 else {})
        facts["built"] = int(call.at)  # it may wait, and a patient may take back meanwhile that it is told
        tell = Tell(f"digest:{document.id}:{call.key}", document.person, "digest_due", facts, expires_at=ends)
        return Woken(written(document, after, "active"), (tell,))

    async def _ties(self, caregiver: PersonId) -> list[Document]:
        """Of the patients who want this person's help, and have it."""
        found = list[Document]()
        for side in await self._store.documents.of(caregiver, CARES, MOST):
            tie = await self._store.documents.get(KIND, side.id)
            if tie is not None and tie.state == "agreed" and tie_of(tie).caregiver == caregiver:
                found.append(tie)
        return sorted(found, key=lambda one: (one.at, one.id))

    async def _seen(self, ties: Sequence[Document], days: int, life: Lives, cause: str, at: float, now: float) -> list[Seen]:
        """Those of whom something may be told; who needs a look comes first."""
        found = list[Seen]()
        for document in ties:
            tie, patient = tie_of(document), await know(self._store, self._policy, document.person)
            if tie.scope == "alarms" or "caregiver" not in patient.purposes or self._insights is None:
                continue
            scope: Scope = "all" if tie.scope == "all" else "digest"
            data = {"days": days, "language": life.language, "second_language": life.second or "en"}
            ask = Intent(EffectId(f"{cause}:{document.id}"), document.person, "health_insights", "digest", at, data)
            facts = (await self._insights.handle(ask, now=now)).facts
            told = told_of(tie.patient_name or patient.name, scope, facts, await self._visit(document.person, at))
            chart = facts.get("chart")
            found.append(Seen(told, chart if scope == "all" and isinstance(chart, str) else None))
        return sorted(found, key=lambda one: not one.told.look)

    def _facts(self, seen: Sequence[Seen], life: Lives) -> dict[str, Any]:
        shown = seen[: self._rules.digest.patients]
        language = self._words.spoken(life.language, life.second)
        blocks = [block(one.told, self._words, language, life.unit) for one in shown]
        facts: dict[str, Any] = {f"block_{number}": one for number, one in enumerate(blocks, start=1)}
        if len(seen) > len(shown):
            facts["more"] = len(seen) - len(shown)
        if len(seen) == 1 and seen[0].chart:
            facts["chart"] = seen[0].chart
        return facts

    async def _visit(self, patient: PersonId, at: float) -> tuple[str, str] | None:
        """Day and time of the next visit; with whom it is, is the patient's own."""
        coming = list[tuple[int, dict[str, Any]]]()
        for document in await self._store.documents.of(patient, booking.KIND, MOST):
            saga = booking.read(document).saga
            if saga.kind == "visit" and saga.state == "booked" and saga.place.start > at:
                coming.append((saga.place.start, saga.place.about))
        about = min(coming, key=lambda one: one[0], default=(0, {}))[1]
        return (str(about["day"]), str(about.get("time", ""))) if about.get("day") else None

    def _rule(self, how: str, clock: str, zone: str, at: float) -> Any:
        if how == "weekly":
            return rule_of("weekly", clock, zone, at, weekday=self._rules.digest.weekday)
        return rule_of("daily", clock, zone, at)

    async def _change(self, intent: Intent, decide: Any) -> Result:
        """The caregiver's document with this change in it, made where there was none; once for one intent."""
        for _ in range(TRIES):
            found = await self._store.documents.of(intent.person, DIGEST, 1)
            document = found[0] if found else Document(DIGEST, intent.person, intent.person, intent.at, state="active")
            if found:
                wishes = schedule.read(document.data)
            else:
                zone = (await life_of(self._store, intent.person, self._rules.zone)).zone
                rule = self._rule("weekly", self._rules.digest.hour, zone, intent.at)
                wishes = Reminder("digest", rule, zone, text="weekly")
            if known := wishes.answers.get(intent.id):
                return Result(known[0], known[1])
            after, outcome, facts, state = decide(wishes, document.state)
            if await self._store.documents.save(written(document, after.answered(intent.id, outcome, facts), state)):
                return Result(outcome, facts)
        raise StoreUnavailable("Others keep changing this digest.")


def _is_clock(clock: str) -> bool:
    hour, colon, minute = clock.partition(":")
    return bool(colon) and len(clock) == 5 and hour.isdecimal() and minute.isdecimal() and int(hour) < 24 and int(minute) < 60
