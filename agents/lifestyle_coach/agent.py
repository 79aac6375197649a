"""Intents of the lifestyle coach."""

from __future__ import annotations

from agents.lifestyle_coach import data as given
from agents.lifestyle_coach import life
from agents.lifestyle_coach.activity import Moves
from agents.lifestyle_coach.meal import MealReader
from agents.lifestyle_coach.meals import Meals
from agents.lifestyle_coach.risk import Risk
from agents.result import Result
from bot.errors import Malformed
from bot.model.effects import Intent, Record
from bot.ports.advice import ReadsMeals
from bot.ports.store import Store
from bot.understanding.festivals import Calendar
from config.lifestyle import Lifestyle
from config.policy import Policy


class LifestyleCoach:
    """Meals, movement and what kind of day it is. Intents, outcomes and facts: docs/agents/lifestyle_coach.md."""

    name = "lifestyle_coach"
    intents = (
        "record_meal", "add_portion", "link_reading", "review_meals", "record_activity", "set_activity_goal", "set_day",
        "set_risk_medicines",
    )  # fmt: skip

    def __init__(
        self,
        store: Store,
        reader: MealReader,
        numbers: Lifestyle,
        policy: Policy,
        calendar: Calendar | None = None,
        model: ReadsMeals | None = None,
    ) -> None:
        """``reader`` has the food table; ``model`` reads descriptions of which the table knows no word: without one, such a meal
        is asked about again."""
        self._store, self._life = store, numbers.life
        self._meals = Meals(store, reader, numbers, policy, calendar, model)
        self._moves = Moves(store, numbers)
        self._risk = Risk(store, numbers.life)

    async def handle(self, intent: Intent, *, now: float) -> Result:
        match intent.name:
            case "record_meal":
                return await self._meals.record(intent, now)
            case "add_portion":
                return await self._meals.portion(intent, now)
            case "link_reading":
                return await self._meals.link(intent, now)
            case "review_meals":
                return await self._meals.review(intent, now)
            case "record_activity":
                return await self._moves.record(intent, now)
            case "set_activity_goal":
                return await self._moves.set_goal(intent, now)
            case "set_day":
                return await self._set_day(intent, now)
            case "set_risk_medicines":
                return await self._risk.set(intent, now)
            case unknown:
                raise Malformed(f"lifestyle_coach does not know the intent {unknown[:60]!r}")

    async def _set_day(self, intent: Intent, now: float) -> Result:
        """``set_day``: a fast, an illness, a journey. recorded; refer: only the care team may advise; ask_medicines: likewise,
        and nobody has asked yet whether there are medicines that can bring a low sugar; over."""
        kinds = [*(str(kind) for kind in self._life.lasts_days), life.OVER]
        kind = given.one_of(intent.data, "day", kinds)
        days = given.number(intent.data, "days", 0, self._life.most_days)
        at = given.happened_at(intent, now)
        until = life.until(kind, None if days is None else int(days), at, self._life)
        await self._store.record([Record(intent.id, intent.person, life.KIND, at, {"day": kind, "until": until})])
        risk = await self._risk.of(intent, at)
        facts = {"day": kind, "risk": risk}
        if until <= at:
            return Result(life.OVER, facts)
        if not life.must_refer(kind, risk, self._life):
            return Result("recorded", facts)
        return Result("ask_medicines" if risk is None else "refer", facts)
