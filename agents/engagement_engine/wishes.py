"""What people ask of their reminders: set, see, move, pause, leave out today, end, answer."""

from __future__ import annotations

import re
from datetime import date
from typing import Any, Final

from msgspec.structs import replace

from agents.clinical_monitor.given import maybe_number, needed, one_of, superseded, text
from agents.engagement_engine import schedule
from agents.engagement_engine.kept import Change, Kept, made_of
from agents.engagement_engine.people import life_of, zone_named
from agents.engagement_engine.rule import OFTEN, Rule, at_clock, day_of, moment, rule_of
from agents.engagement_engine.schedule import ANSWERS, WHATS, Reminder, What, closed, later, without_today
from agents.engagement_engine.times import clocks_of
from agents.engagement_engine.words import Says, line
from agents.result import Result
from bot.errors import Malformed
from bot.model.effects import Intent, Record
from bot.model.ids import PersonId
from bot.ports.store import Store
from config.engagement import Engagement

SHOWN: Final = 680  # characters of a list
LONGEST_PAUSE: Final = 366  # days
WEEKDAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
DAY: Final = 86_400.0
TIMES: Final = 3  # times of one day in one wish
_CLOCK: Final = re.compile(r"([01]\d|2[0-3]):[0-5]\d")


class Wishes:
    """The intents about reminders; docs/agents/engagement_engine.md tells their data."""

    def __init__(self, store: Store, kept: Kept, rules: Engagement, words: Says) -> None:
        self._store, self._kept, self._rules, self._words = store, kept, rules, words

    async def set(self, intent: Intent, now: float) -> Result:
        """``set`` or ``full``. Several times of one day are a reminder each."""
        what = _what(intent)
        zone = await self._zone(intent)
        own = text(intent, "text", 120) or ""
        items = (own,) if what == "medicine" and own else ()
        wished = [Reminder(what, _rule(intent, clock, zone), zone, items, "" if items else own) for clock in _clocks_of(intent)]
        if (wrong := superseded(intent)) is not None:
            for place in range(TIMES):
                await self._take_back(_made(wrong, place), intent, wished[0])
        outcomes = [await self._begin(_made(intent.id, place), intent, reminder) for place, reminder in enumerate(wished)]
        return next((outcome for outcome in outcomes if outcome.outcome == "full"), outcomes[0])

    async def remind_medicine(self, intent: Intent, now: float) -> Result:
        """``set`` (clocks), ``none`` (no time was found) or ``full``. What is taken at one time is one reminder."""
        name, zone = needed(intent, "name", 100), await self._zone(intent)
        clocks = self._clocks(intent)
        if not clocks:
            return Result("none")
        for clock in clocks:
            made = made_of(intent.id, clock)
            if await self._kept.get(made, intent.person) is None and await self._beside(intent, clock, name):
                continue
            rule = rule_of("daily", clock, zone, intent.at)
            result = await self._begin(made, intent, Reminder("medicine", rule, zone, (name,)))
            if result.outcome == "full":
                return result
        return Result("set", {"clocks": ", ".join(clocks)})

    def find_times(self, intent: Intent) -> Result:
        """``times`` (the clock times that a medicine's words mean) or ``none``."""
        clocks = self._clocks(intent)
        return Result("times", {"clocks": ", ".join(clocks)}) if clocks else Result("none")

    async def listed(self, intent: Intent, now: float) -> Result:
        """``listed`` (count, reminders, listed: what the numbers mean) or ``none``."""
        active = await self._kept.active(intent.person)
        if not active:
            return Result("none")
        life = await life_of(self._store, intent.person, self._rules.zone)
        language = self._words.spoken(text(intent, "language", 20) or life.language, life.second)
        lines, length = list[str](), 0
        for number, document in enumerate(active, start=1):
            told = line(number, schedule.read(document.data), self._words, language)
            length += len(told) + 1
            if length > SHOWN:
                break
            lines.append(told)
        ids = " ".join(document.id for document in active)
        return Result("listed", {"count": len(active), "reminders": "\n".join(lines), "listed": ids})

    async def move(self, intent: Intent, now: float) -> Result:
        """``moved`` or ``unknown``. A correction takes the earlier move back."""
        clock = _clock(intent)
        id_ = await self._named(intent)
        wrong = superseded(intent)
        if wrong is not None:
            for document in await self._kept.active(intent.person):
                if document.id != id_ and schedule.read(document.data).moved_by == wrong:
                    await self._kept.change(document.id, intent, _moved_back)

        def decide(reminder: Reminder, state: str) -> Change | None:
            if state != "active":
                return None
            if intent.at < reminder.moved_at:  # a later wish was heard first
                return Change(reminder, "moved")
            was = reminder.was if wrong is not None and reminder.moved_by == wrong else reminder.rule
            rule = at_clock(reminder.rule, clock, reminder.zone, intent.at)
            return Change(replace(reminder, rule=rule, was=was, moved_at=intent.at, moved_by=intent.id), "moved")

        change = await self._kept.change(id_, intent, decide) if id_ else None
        return Result("moved" if change else "unknown")

    async def end(self, intent: Intent, now: float) -> Result:
        """``ended`` or ``unknown``."""
        id_ = await self._named(intent)

        def decide(reminder: Reminder, state: str) -> Change | None:
            return Change(reminder, "ended", state="ended") if state in ("active", "ended") else None

        change = await self._kept.change(id_, intent, decide) if id_ else None
        return Result("ended" if change else "unknown")

    async def medicine_hours(self, person: PersonId) -> list[str]:
        """When medicines are due each day, as far as the person has reminders for them: the day keeps room for these."""
        reminders = [schedule.read(document.data) for document in await self._kept.active(person)]
        return sorted({one.rule.clock for one in reminders if one.what == "medicine" and one.rule.text == "FREQ=DAILY"})

    async def pause(self, intent: Intent, now: float) -> Result:
        """``paused`` (until) or ``none``; with ``days`` 0 all go on: ``resumed`` or ``none``."""
        days = maybe_number(intent, "days")
        if days is None or not 0 <= days <= LONGEST_PAUSE or days != int(days):
            raise Malformed(f"pause_reminders: days is no whole number from 0 to {LONGEST_PAUSE}")
        outcome, facts = "none", dict[str, Any]()
        for document in await self._kept.active(intent.person):
            change = await self._kept.change(document.id, intent, lambda reminder, _: _paused(reminder, intent, int(days)))
            if change is not None:
                outcome, facts = change.outcome, change.facts
        return Result(outcome, facts)

    async def skip_today(self, intent: Intent, now: float) -> Result:
        """``skipped`` (count) or ``none``: what is still to come today, of one reminder (``number``) or of all."""
        one = await self._named(intent) if "number" in intent.data else None
        count = 0
        for document in await self._kept.active(intent.person):
            if one in (None, document.id):
                change = await self._kept.change(document.id, intent, lambda reminder, _: _without_today(reminder, intent))
                count += change.facts["count"] if change else 0
        return Result("skipped", {"count": count}) if count else Result("none")

    async def answer(self, intent: Intent, now: float) -> Result:
        """``noted``, ``later`` (minutes), ``no_more`` (asked often enough), ``over``, ``unknown``. The answer itself is kept."""
        answer = one_of(intent, "answer", *ANSWERS)
        id_, key = needed(intent, "reminder", 60), needed(intent, "occurrence", 40)
        rules = self._rules.reminders

        def decide(reminder: Reminder, state: str) -> Change:
            if answer != "later":
                return Change(closed(reminder, key), "noted")
            if key == reminder.open and reminder.again >= rules.later_times:
                return Change(closed(reminder, key), "no_more")
            asked = later(reminder, key, intent.at + rules.later) if state in ("active", "done") else None
            if asked is None:
                return Change(reminder, "over")
            return Change(asked, "later", {"minutes": int(rules.later // 60)}, "active")

        change = await self._kept.change(id_, intent, decide)
        if change is None:
            return Result("unknown")
        data = {"reminder": id_, "what": change.reminder.what, "occurrence": key, "answer": answer}
        reason = text(intent, "reason", 60)
        await self._store.record(
            [Record(intent.id, intent.person, "reminder_answer", intent.at, {**data, **({"reason": reason} if reason else {})})]
        )
        return Result(change.outcome, change.facts)

    async def _begin(self, id_: str, intent: Intent, reminder: Reminder) -> Result:
        """A refusal is kept too: delivered again when there is room, the same intent must not set anything."""
        known = await self._kept.get(id_, intent.person)
        if known is None:
            full = len(await self._kept.active(intent.person)) >= self._rules.reminders.most
            await self._kept.create(id_, intent, reminder, "refused" if full else "active")
            known = await self._kept.get(id_, intent.person)
        return Result("full" if known is not None and known.state == "refused" else "set")

    async def _take_back(self, id_: str, intent: Intent, reminder: Reminder) -> None:
        """What was corrected; also when it comes after its correction."""
        if not await self._kept.create(id_, intent, reminder, "replaced"):
            await self._kept.change(id_, intent, lambda one, _: Change(one, "replaced", state="replaced"))

    async def _beside(self, intent: Intent, clock: str, name: str) -> bool:
        """Added to the reminder of other medicines at the same time, where there is one."""
        for document in await self._kept.active(intent.person):
            reminder = schedule.read(document.data)
            if (
                reminder.what == "medicine"
                and reminder.items
                and (reminder.rule.text, reminder.rule.clock) == ("FREQ=DAILY", clock)
            ):
                added = await self._kept.change(document.id, intent, lambda one, _: _with_item(one, name))
                return added is not None
        return False

    async def _named(self, intent: Intent) -> str | None:
        """The reminder that the person means by its number: of the list that they saw, where the flow hands it over."""
        number = maybe_number(intent, "number")
        if number is None or number != int(number):
            raise Malformed(f"{intent.name}: number is no whole number")
        listed = text(intent, "listed", 700)
        ids = listed.split() if listed else [document.id for document in await self._kept.active(intent.person)]
        return ids[int(number) - 1] if 1 <= number <= len(ids) else None

    def _clocks(self, intent: Intent) -> tuple[str, ...]:
        return clocks_of(text(intent, "times", 300) or "", self._rules)

    async def _zone(self, intent: Intent) -> str:
        given = intent.data.get("zone")
        if given is not None:
            if (zone := zone_named(given)) is None:
                raise Malformed(f"{intent.name}: there is no such zone")
            return zone
        return (await life_of(self._store, intent.person, self._rules.zone)).zone


def _what(intent: Intent) -> What:
    return WHATS[WHATS.index(one_of(intent, "what", *WHATS))]


def _made(intent: str, place: int) -> str:
    """The id of the reminder at the first, second, third time that one wish named."""
    return made_of(intent, str(place)) if place else made_of(intent)


def _clocks_of(intent: Intent) -> list[str]:
    clocks = list(dict.fromkeys(needed(intent, "time", 7 * TIMES).split(", ")))
    if len(clocks) > TIMES or not all(_CLOCK.fullmatch(clock) for clock in clocks):
        raise Malformed(f"{intent.name}: time is not like 08:30, or 08:30, 20:00")
    return clocks


def _rule(intent: Intent, clock: str, zone: str) -> Rule:
    often = OFTEN[OFTEN.index(one_of(intent, "often", *OFTEN))]
    weekday = text(intent, "weekday", 3)
    if weekday is not None and weekday not in WEEKDAYS:
        raise Malformed(f"{intent.name}: weekday is none of {', '.join(WEEKDAYS)}")
    day = text(intent, "day", 10)
    try:
        first = date.fromisoformat(day) if day else None
    except ValueError as error:
        raise Malformed(f"{intent.name}: day is not like 2026-01-31") from error
    number = WEEKDAYS.index(weekday) if weekday else None
    return rule_of(often, clock, zone, intent.at, weekday=number, day=first)


def _clock(intent: Intent) -> str:
    clock = needed(intent, "time", 5)
    if not _CLOCK.fullmatch(clock):
        raise Malformed(f"{intent.name}: time is not like 08:30")
    return clock


def _paused(reminder: Reminder, intent: Intent, days: int) -> Change:
    until = day_of(intent.at + days * DAY, reminder.zone)
    outcome, facts = ("paused", {"until": until}) if days else ("resumed", {})
    if intent.at < reminder.paused_at:  # a later wish was heard first
        return Change(reminder, outcome, facts)
    ends = moment(f"{until}T00:00", reminder.zone) if days else 0.0
    return Change(replace(closed(reminder, reminder.open), paused_until=ends, paused_at=intent.at), outcome, facts)


def _without_today(reminder: Reminder, intent: Intent) -> Change | None:
    after, count = without_today(reminder, intent.at)
    return Change(after, "skipped", {"count": count}) if count else None


def _moved_back(reminder: Reminder, state: str) -> Change | None:
    return Change(replace(reminder, rule=reminder.was, was=None, moved_by=""), "moved_back") if reminder.was else None


def _with_item(reminder: Reminder, name: str) -> Change:
    known = {one.casefold() for one in reminder.items}
    items = reminder.items if name.casefold() in known else (*reminder.items, name)
    return Change(replace(reminder, items=items), "set")
