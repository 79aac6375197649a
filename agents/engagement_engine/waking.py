"""What is done when a reminder is due: say it, or see that it was done already, and know when to look again."""

from __future__ import annotations

from typing import Any, Final, Protocol

from msgspec.structs import replace

from agents.clinical_monitor.medicines import KIND as MEDICINE
from agents.clinical_monitor.medicines import TAKEN
from agents.engagement_engine import schedule
from agents.engagement_engine.kept import Kept, written
from agents.engagement_engine.people import life_of
from agents.engagement_engine.rule import moment
from agents.engagement_engine.schedule import Call, Reminder, called, closed, looked_at
from agents.result import Result, Tell, Woken
from bot.model.effects import Intent
from bot.model.ids import EffectId
from bot.ports.documents import Document
from bot.ports.store import Store
from config.engagement import Engagement

READINGS: Final = {"glucose": "glucose", "blood_pressure": "systolic", "weight": "weight"}
"""A reminder to measure, and the reading that shows it was done."""
ANSWERED: Final = ("taken", "skipped")
DOSES: Final = 50  # newest records of medicines that are looked at
WEEK: Final = 7  # days of a summary


class Insights(Protocol):
    """The health insights, asked for numbers on the spot: they read and change nothing."""

    async def handle(self, intent: Intent, *, now: float) -> Result: ...


class Waking:
    """``insights``: without them there are no weekly summaries."""

    def __init__(self, store: Store, rules: Engagement, insights: Insights | None) -> None:
        self._store, self._rules, self._insights = store, rules, insights
        self._kept = Kept(store.documents)

    async def wake(self, document: Document, now: float) -> Woken:
        """The news' id is that of the occurrence, so that a repeat after a crash is the same news."""
        reminder = schedule.read(document.data)
        if document.state != "active":
            return Woken(replace(document, due=None))
        life = await life_of(self._store, document.person, self._rules.zone)
        reminder = replace(reminder, zone=life.zone)  # who travels is reminded on the clock of where they are
        call = called(reminder, now, self._rules.reminders.late[reminder.what])
        after = looked_at(reminder, call, now)
        if call is None:
            return Woken(written(document, after, "active"))
        if reminder.what == "medicine" and reminder.items:
            taking = await self._still_taken(document, reminder.items)
            if not taking:
                return Woken(written(document, after, "ended"))
            reminder, after = replace(reminder, items=taking), replace(after, items=taking)
        if await self._done(document, reminder, call):
            return Woken(written(document, closed(after, call.key), "active"))
        tell = await self._tell(document, reminder, call, now)
        if tell is None or reminder.what == "summary":  # of a summary nobody has to tell that it was read
            after = closed(after, call.key)
        return Woken(written(document, after, "active"), (tell,) if tell else ())

    async def _tell(self, document: Document, reminder: Reminder, call: Call, now: float) -> Tell | None:
        facts: dict[str, Any] = {"reminder": document.id, "occurrence": call.key}
        match reminder.what:
            case "summary":
                found = await self._week(document, call, now)
                name, facts = "week_over", found
                if not found:
                    return None
            case "medicine":
                name = "medicine_due"
                facts |= {"medicine": ", ".join(reminder.items)[:300]} if reminder.items else {}
            case what:
                name = "reminder_due"
                facts |= {"what": what, **({"text": reminder.text} if reminder.text else {})}
        ends = call.at + self._rules.reminders.late[reminder.what]
        return Tell(f"{document.id}:{call.key}:{call.again}", document.person, name, facts, expires_at=ends)

    async def _week(self, document: Document, call: Call, now: float) -> dict[str, Any]:
        """The facts of the week; none where too little was measured to say anything."""
        if self._insights is None:
            return {}
        id_ = EffectId(f"{document.id}:{call.key}")
        intent = Intent(id_, document.person, "health_insights", "summarize", call.at, {"what": "glucose", "days": WEEK})
        result = await self._insights.handle(intent, now=now)
        wanted = ("count", "days_measured", "average", "in_target", "lows", "chart")
        facts = {name: result.facts[name] for name in wanted if result.facts.get(name) is not None}
        return facts if result.outcome == "ready" else {}

    async def _done(self, document: Document, reminder: Reminder, call: Call) -> bool:
        """A reading that was sent, a dose that was told, shortly before the time or since."""
        window = self._rules.reminders.done_before.get(reminder.what)
        if window is None:
            return False
        since = moment(call.key, reminder.zone) - window
        if kind := READINGS.get(reminder.what):
            return bool(await self._store.readings(document.person, kind, since=since, limit=1))
        records = await self._store.records(document.person, TAKEN, DOSES)
        corrected = {one.data.get("supersedes") for one in records}
        told = [
            one for one in records
            if one.at >= since and one.id not in corrected and one.data.get("status") in ANSWERED
        ]  # fmt: skip
        names = {str(one.data.get("medicine") or "").casefold() for one in told}
        if not reminder.items:
            return bool(told)
        together = ", ".join(reminder.items).casefold()
        return together in names or all(item.casefold() in names for item in reminder.items)

    async def _still_taken(self, document: Document, items: tuple[str, ...]) -> tuple[str, ...]:
        """Without medicines that the person, or their doctor, has ended. One that nobody noted is the person's own word."""
        noted = await self._store.documents.of(document.person, MEDICINE)
        known = {str(one.data.get("name", "")).casefold() for one in noted}
        taking = {str(one.data.get("name", "")).casefold() for one in noted if one.state == "taking"}
        return tuple(item for item in items if item.casefold() in taking or item.casefold() not in known)
