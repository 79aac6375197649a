"""Looks on while a street lives, and counts. It changes nothing."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from datetime import UTC, datetime, timedelta

from bot.dialogue.engine import Turn
from bot.model.effects import Intent, Outbound, Record
from bot.model.events import TimerFired, Told, TurnEvent
from bot.model.ids import PersonId
from bot.notices.days import day_of
from bot.notices.hours import LIGHT
from bot.notices.ledger import LEDGER
from bot.ports.documents import Documents
from bot.rehearsal.chance import DAY
from bot.rehearsal.counts import DAY_HOURS, TEXTS, Counts, Worst, most, worst_of
from bot.rehearsal.life import Act
from bot.rehearsal.people import Somebody
from bot.understanding.meaning import Meaning
from config.costs import Costs

LOST = frozenset({"unclear", "fallback", "cannot_read"})
"""Kinds of turns in which somebody was not understood."""
DEAD_END = 3  # of them in a row
CASES = "emergency_case"
_NUMBERS = re.compile(r"\d+(?:[.,:/]\d+)*")
_FLOW = {"flow_started": "entered", "flow_ended": "ended", "left": "left", "silence": "silent", "unclear": "unclear",
         "answered": "answers", "agent_is_late": "agent late", "bookmarked": "laid aside"}  # fmt: skip


class Watching:
    """``midnight``: the beginning of the first day, where the people live."""

    def __init__(self, midnight: float, costs: Costs) -> None:
        self.counts = Counts()
        self._midnight, self._costs = midnight, costs
        self._texts: Counter[str] = Counter()
        self._alarmed: dict[tuple[PersonId, str], float] = {}  # an alarm that nobody answered yet, by person and message
        self._notices: defaultdict[PersonId, Counter[str]] = defaultdict(Counter)
        self._out: Counter[tuple[PersonId, int]] = Counter()

    # -- what people do

    def wrote(self, one: Somebody, act: Act, now: float) -> None:
        self.counts.add("in", one.role)
        self.counts.add("day", str(self._day(now)), "in")
        self.counts.add("act", act.what)

    def replied(self, one: Somebody, act: Act, turn: Turn | None, meaning: Meaning | None, now: float) -> None:
        said = [effect for effect in turn.effects if isinstance(effect, Outbound)] if turn else []
        answered = any(effect.kind == "emergency" and effect.person == one.person for effect in said)
        if act.what == "emergency":
            self.counts.add("emergency", "said")
            self.counts.add("emergency", "answered at once" if answered else "missed")
            if not answered:
                self.counts.saw("missed", Worst(1.0, act.text, self._who(one), self._when(now), act.detail))
        if meaning is not None and meaning.urgency == "emergency":
            self.counts.add("emergency", "understood")
            self.counts.add("taken for an emergency", act.what)
            if act.what not in ("emergency", "reading"):
                self.counts.saw("false alarm", Worst(1.0, act.text, self._who(one), self._when(now), meaning.category or ""))
            if not answered:  # the promise of the engine is broken
                self.counts.add("emergency", "understood and not answered")
                self.counts.saw("missed", Worst(2.0, act.text, self._who(one), self._when(now), "understood, not answered"))
        if turn is None or act.what in ("tap", "emergency"):
            return
        if turn.kind in LOST:
            one.misunderstood.append(act.text)
            self.counts.add("not understood", act.what)
            if len(one.misunderstood) == DEAD_END:
                self.counts.add("dead end", one.role)
        else:
            self._note_dead_end(one, now)
            one.misunderstood = []

    def answered(self, one: Somebody, asked: Outbound, now: float) -> None:
        if asked.kind == "notice":
            self.counts.add("notice question", asked.notice_class or "", "answered")
            self.counts.took(f"notice answered/{asked.notice_class}", now - asked.at)
        if (since := self._alarmed.pop((one.person, asked.id), None)) is not None:
            self.counts.add("alarm", one.role, "answered")
            self.counts.took(f"alarm answered/{one.role}", now - since)

    def unanswered(self, one: Somebody, asked: Outbound) -> None:
        """Something newer was asked."""
        if asked.kind == "notice":
            self.counts.add("notice question", asked.notice_class or "", "overtaken")

    # -- what the service does

    def heard(self, one: Somebody, message: Outbound, why: str | None, now: float) -> None:
        """``why``: it was withheld."""
        day, sort = self._day(now), message.notice_class or ""
        if why:
            self.counts.add("withheld", why, sort)
            self.counts.add("withheld topic", why, message.topic or "")
            self.counts.add("day", str(day), "withheld")
            return
        self.counts.add("out", message.kind)
        self.counts.add("out to", one.role)
        self.counts.add("day", str(day), "out")
        self._out[one.person, day] += 1
        late = now - one.written_at > self._costs.window_hours * 3600
        if not late:
            self.counts.add("billed", "reply")
        else:
            self.counts.add("billed", "marketing" if sort in self._costs.marketing_classes else "utility")
            self.counts.add("outside the window", sort or message.kind)
        if message.kind == "notice":
            own = day_of(now, message.zone or "UTC")  # who moved abroad has days of their own
            self._notices[one.person][own.name] += 1
            self.counts.add("notice", sort)
            self.counts.add("notice topic", message.topic or "")
            hour = int((now - own.start) // 3600)
            self.counts.add("notice hour", "light" if sort in LIGHT else "other", str(hour))
            if not DAY_HOURS[0] <= hour < DAY_HOURS[1]:
                self.counts.add("notice at night", one.role, sort, message.step or message.topic or "")
            self.counts.add("day", str(day), "notices")
            if message.step:
                self.counts.add("notice question", sort, "asked")
        if message.kind == "emergency":
            self.counts.add("day", str(day), "emergency texts")
            if message.options:
                self._alarmed[one.person, message.id] = now
                self.counts.add("alarm", one.role, "asked")
        self._texts[self._plain(message.text, one)] += 1

    def recorded(self, record: Record) -> None:
        """What the planner decided is in the ledger of each person."""
        if record.kind == LEDGER:
            verdict, reason, sort = (str(record.data.get(name)) for name in ("verdict", "reason", "class"))
            self.counts.add("decision", verdict, reason, sort)

    def turned(self, one: Somebody | None, event: TurnEvent, turn: Turn) -> None:
        self.counts.add("turn", turn.kind)
        for line in turn.trace:
            action = line.get("action", "")
            if (name := _FLOW.get(action)) and (flow := line.get("flow")):
                self.counts.add("flow", flow, name)
            elif action == "not_told":
                self.counts.add("not told", str(line.get("why")), str(line.get("event")))
        if isinstance(event, Told | TimerFired):
            self.counts.add("unasked turn", type(event).__name__)

    def asked_agent(self, intent: Intent, outcome: str) -> None:
        self.counts.add("agent", intent.agent, intent.name, outcome)

    def fault(self, where: str, what: str) -> None:
        """Something that must not happen."""
        self.counts.add("fault", where, what)

    # -- at the end

    async def finish(self, people: list[Somebody], documents: Documents, days: int, until: float) -> Counts:
        """Close the books of a street."""
        every: list[Worst] = []
        for one in people:
            self.counts.add("people", one.role)
            self._note_dead_end(one, until)
            if one.role != "patient":
                continue
            self.counts.add("persona", one.persona, "people")
            heard = self._notices[one.person]
            for count in (*heard.values(), *[0] * (days - len(heard))):
                self.counts.add("notices of a day", str(count))
            self.counts.add("persona", one.persona, "notices", count=sum(heard.values()))
            for day in range(days):
                out = self._out[one.person, day]
                self.counts.add("persona", one.persona, "out", count=out)
                every.append(Worst(out, f"{out} messages", self._who(one), f"day {day + 1}"))
        for person, _ in self._alarmed:
            role = next((one.role for one in people if one.person == person), "patient")
            self.counts.add("alarm", role, "unanswered")
        after = None
        while page := await documents.listed(CASES, limit=100, after=after):
            for document in page:
                self.counts.add("case", document.state)
                opened, ended = document.data.get("opened_at"), document.data.get("ended_at")
                if isinstance(opened, float | int) and isinstance(ended, float | int):
                    self.counts.took(f"case/{document.state}", ended - opened)
            after = page[-1].id
        self.counts.worst["day"] = worst_of(every)
        self.counts.texts = most(self._texts, TEXTS)
        return self.counts

    def _note_dead_end(self, one: Somebody, now: float) -> None:
        if len(one.misunderstood) >= DEAD_END:
            words = " | ".join(one.misunderstood[:5])
            self.counts.saw("dead end", Worst(len(one.misunderstood), words, self._who(one), self._when(now)))

    def _day(self, now: float) -> int:
        return int((now - self._midnight) // DAY)

    def _when(self, now: float) -> str:
        at = datetime(2000, 1, 1, tzinfo=UTC) + timedelta(seconds=now - self._midnight)
        return f"day {self._day(now) + 1}, {at:%H:%M}"

    def _who(self, one: Somebody) -> str:
        return (
            f"{one.persona or one.role} {one.seed.rpartition(':')[2] if one.role == 'patient' else ''}".strip()
            + f" ({one.language})"
        )

    def _plain(self, text: str, one: Somebody) -> str:
        """Without the name and the numbers, so that one text is counted as one."""
        name = one.known.get("name")
        text = text.replace(name, "…") if name else text
        return _NUMBERS.sub("#", text)[:160]
