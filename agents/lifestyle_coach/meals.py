"""Meals of one person: keep them, estimate them, and join them with the readings that follow."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any, Final

import msgspec
from msgspec.structs import replace

from agents.clinical_monitor.profile import Profiles
from agents.clinical_monitor.targets import glucose_band
from agents.lifestyle_coach import data as given
from agents.lifestyle_coach import life, swaps
from agents.lifestyle_coach.eaten import Item
from agents.lifestyle_coach.estimate import Estimate, of_item, rounded, total
from agents.lifestyle_coach.meal import Meal, MealReader
from agents.lifestyle_coach.risk import Risk
from agents.result import Result
from bot.errors import Malformed
from bot.model.effects import Intent, Record
from bot.model.ids import EffectId
from bot.model.locales import decimal_mark
from bot.model.several import apart, several
from bot.ports.advice import ReadsMeals
from bot.ports.store import Reading, Store
from bot.understanding.festivals import Calendar
from config.clinical import AfterMeal
from config.lifestyle import Lifestyle
from config.policy import Policy

MEAL: Final = "meal"
PORTION: Final = "meal_portion"
MINUTE: Final = 60.0
MOST: Final = 100  # records that are looked through
SHOWN: Final = 5


class Meals:
    """``store`` keeps the words, the items and later words on how much it was; estimates are made anew from them each time."""

    def __init__(
        self,
        store: Store,
        reader: MealReader,
        numbers: Lifestyle,
        policy: Policy,
        calendar: Calendar | None,
        model: ReadsMeals | None = None,
    ) -> None:
        self._store, self._table, self._numbers, self._glucose = store, reader.table, numbers, policy.clinical.glucose
        self._reader, self._calendar, self._model = reader, calendar, model
        self._risk, self._profiles, self._clinical = Risk(store, numbers.life), Profiles(store, policy), policy.clinical

    async def record(self, intent: Intent, now: float) -> Result:
        """``record_meal``: recorded, noted (words only, after asking again), or unclear."""
        words, at = given.text(intent.data, "text"), given.happened_at(intent, now)
        known = next((one for one in await self._records(intent, MEAL) if one.id == intent.id), None)
        if known is None:
            meal = self._reader.read(words, given.language_of(intent.data))
            if not meal.items and self._model is not None and given.agreed(intent.data, "ai"):
                meal = await self._second_reading(self._model, intent, words, meal)
            if not meal.items and not intent.data.get("as_told"):
                return Result("unclear")
            kept: dict[str, Any] = {
                "text": words, "items": msgspec.to_builtins(meal.items), "unknown": list(meal.unknown),
                "days": list(meal.days), "supersedes": given.known_id(intent.data, "supersedes"),
            }  # fmt: skip
            known = Record(intent.id, intent.person, MEAL, at, kept)
            swap = await self._swap(intent, known)
            await self._store.record([known, *swap])
        every, facts = await asyncio.gather(self._records(intent, swaps.KIND), self._facts(intent, known))
        facts |= self._offer(every, intent)
        return Result("recorded" if known.data["items"] else "noted", facts)

    async def _second_reading(self, model: ReadsMeals, intent: Intent, words: str, meal: Meal) -> Meal:
        """A model's reading where our table knew no word: foods of the table only, none that were denied. A repeat of an intent
        whose meal was kept never comes here."""
        foods = [food for food in self._table.foods if food not in meal.denied]
        found = await model.meal(intent.person, intent.id, words, foods) or ()
        # One is what a model says of no number: then we assume what is usual, as for our own reading.
        return replace(meal, items=tuple(Item(one.food, None if one.amount == 1 else one.amount) for one in found))

    async def portion(self, intent: Intent, now: float) -> Result:
        """``add_portion``: kept also before the meal itself has arrived."""
        meal_id = given.known_id(intent.data, "meal")
        if meal_id is None:
            raise Malformed("add_portion: meal is no id")
        sizes = [str(name) for name in self._numbers.carbohydrate.portions]
        portion = given.one_of(intent.data, "portion", sizes)
        await self._store.record(
            [Record(intent.id, intent.person, PORTION, given.happened_at(intent, now), {"meal": meal_id, "portion": portion})]
        )
        meal = next((one for one in await self._records(intent, MEAL) if one.id == meal_id), None)
        return Result("recorded", {} if meal is None else await self._facts(intent, meal))

    async def link(self, intent: Intent, now: float) -> Result:
        """``link_reading``: the meal one to three hours before a reading. linked or no_meal."""
        value, at = given.number(intent.data, "value", 1, 2000), given.happened_at(intent, now)
        if value is None:
            raise Malformed("link_reading: value is missing")
        meals = standing(await self._records(intent, MEAL))
        meal = before(meals, at, self._clinical.after_meal)
        if meal is None:
            return Result("no_meal")
        facts, (about, own) = await asyncio.gather(self._facts(intent, meal), self._profiles.of(intent, now))
        band = glucose_band("after_meal", about, own, self._clinical)
        minutes = round((at - meal.at) / MINUTE)
        return Result("linked", {**facts, "minutes_after": minutes, "target_high": band.high, "above": value > band.high})

    async def review(self, intent: Intent, now: float) -> Result:
        """``review_meals``: the last meals that have a reading one to three hours later. some or nothing."""
        meals = standing(await self._records(intent, MEAL))
        readings = await self._store.readings(intent.person, "glucose", limit=MOST)
        pairs = joined(meals, readings, self._clinical.after_meal)[-SHOWN:]
        if not pairs:
            return Result("nothing", {"meals": len(meals)})
        language = given.language_of(intent.data)
        unit = intent.data.get("unit")
        named = [(", ".join(apart(self._named(meal, language))), reading) for meal, reading in reversed(pairs)]
        lines = [f"• {foods}: {_shown(reading.value, unit, language)}" for foods, reading in named]
        return Result("some", {"lines": "\n".join(lines)[:700], "count": len(pairs)})

    async def _swap(self, intent: Intent, meal: Record) -> list[Record]:
        """The swap to be offered with this meal, as a record of its own, or nothing."""
        rules, items = self._numbers.swaps, self._items(meal)
        pairs = [(item, of_item(item, self._table, self._numbers.carbohydrate)) for item in items]
        low = self._glucose.low.below or 0.0
        since = meal.at - rules.low_within_minutes * MINUTE
        readings, days, before = await asyncio.gather(
            self._store.readings(intent.person, "glucose", since=since, limit=MOST),
            self._days(intent, meal),
            self._records(intent, swaps.KIND),
        )
        moment = swaps.Moment(
            at=meal.at,
            days=days,
            festival=life.festival_near(self._calendar, meal.at, given.zone_of(intent.data), rules.festival_days),
            after_low=any(one.value < low and one.at <= meal.at for one in readings),
        )
        swap = swaps.choose(pairs, self._table, before, moment, rules)
        if swap is None:
            return []
        kept = {"meal": intent.id, "instead_of": swap.instead_of, "offer": swap.offer}
        return [Record(EffectId(f"{intent.id}:swap"), intent.person, swaps.KIND, meal.at, kept)]

    async def _facts(self, intent: Intent, meal: Record) -> dict[str, Any]:
        language = given.language_of(intent.data)
        days, estimate, risk = await asyncio.gather(
            self._days(intent, meal), self._estimate(intent, meal), self._risk.of(intent, meal.at)
        )
        low, high = rounded(estimate, self._numbers.carbohydrate)
        day = days[0] if days else None
        facts: dict[str, Any] = {
            "meal_id": meal.id,
            "foods": self._named(meal, language),
            "carbs_low": low if meal.data["items"] else None,
            "carbs_high": high if meal.data["items"] else None,
            "assumed": estimate.assumed,
            "unknown": several(meal.data["unknown"], 200) or None,
            "day": day,
            "refer": any(life.must_refer(one, risk, self._numbers.life) for one in days),
            "risk": risk,
            "swap_from": None,
            "swap_to": None,
        }
        return facts

    def _offer(self, every: Sequence[Record], intent: Intent) -> dict[str, str]:
        """The idea that was kept with this very meal, in names."""
        language = given.language_of(intent.data)
        for one in every:
            if one.data.get("meal") == intent.id:
                old, new = (self._table.foods.get(one.data[key]) for key in ("instead_of", "offer"))
                if old is not None and new is not None:
                    return {"swap_from": old.name(language), "swap_to": new.name(language)}
        return {}

    async def _estimate(self, intent: Intent, meal: Record) -> Estimate:
        """Our estimate, with what was said later about how much it was (the last word counts, for what was assumed)."""
        numbers = self._numbers.carbohydrate
        each = [of_item(item, self._table, numbers) for item in self._items(meal)]
        said = [one for one in given.standing(await self._records(intent, PORTION)) if one.data.get("meal") == meal.id]
        if not said:
            return total(each)
        factor = {str(name): value for name, value in numbers.portions.items()}[said[-1].data["portion"]]
        by = [factor if one.assumed else 1.0 for one in each]
        return total([Estimate(one.low * times, one.high * times, False) for one, times in zip(each, by, strict=True)])

    async def _days(self, intent: Intent, meal: Record) -> tuple[str, ...]:
        """Kinds of day: those the words speak of, then those that were told before."""
        told = life.standing(await self._records(intent, life.KIND), meal.at)
        return tuple(dict.fromkeys([*meal.data["days"], *told]))

    async def _records(self, intent: Intent, kind: str) -> list[Record]:
        return await self._store.records(intent.person, kind, MOST)

    def _items(self, meal: Record) -> list[Item]:
        """What was read then, without foods that the table no longer has."""
        items = msgspec.convert(meal.data["items"], list[Item])
        return [item for item in items if item.food in self._table.foods]

    def _named(self, meal: Record, language: str) -> str:
        """ "2 × roti", "dal", "rice (1 katori)": names are content, the rest is numbers. Their words where we read none."""
        named = []
        for item in self._items(meal):
            name = self._table.foods[item.food].name(language)
            count = None if item.count is None else f"{item.count:g}".replace(".", decimal_mark(language))
            if item.measure is not None and item.measure != "piece":
                names = self._table.measure_names[item.measure]
                measure = names.get(language, names["en"])
                named.append(f"{name} ({count} {measure})" if count else f"{name} ({measure})")
            else:
                named.append(f"{count} × {name}" if count else name)
        return several(named, 400) or str(meal.data["text"])


def standing(records: Sequence[Record]) -> list[Record]:
    """Meals without those that were corrected, each at the time when it was told first: a correction was not eaten again."""
    by_id = {one.id: one for one in records}

    def first(meal: Record) -> float:
        at, seen = meal.at, {meal.id}
        while meal.data.get("supersedes") in by_id and meal.data["supersedes"] not in seen:
            meal = by_id[meal.data["supersedes"]]
            seen.add(meal.id)
            at = min(at, meal.at)
        return at

    return [replace(one, at=first(one)) for one in given.standing(records)]


def before(meals: Sequence[Record], at: float, rule: AfterMeal) -> Record | None:
    """The last meal that a reading at a moment tells of: it was eaten one to three hours earlier."""
    first, last = rule.to_minutes * MINUTE, rule.from_minutes * MINUTE
    fitting = [meal for meal in meals if at - first <= meal.at <= at - last]
    return max(fitting, key=lambda meal: (meal.at, meal.id), default=None)


def joined(meals: Sequence[Record], readings: Sequence[Reading], rule: AfterMeal) -> list[tuple[Record, Reading]]:
    """Each meal with the first reading that tells of it, oldest first. One of which the person said another time does not."""
    found: dict[str, tuple[Record, Reading]] = {}
    for reading in sorted(readings, key=lambda one: (one.at, one.id)):
        meal = before(meals, reading.at, rule) if reading.context in (None, "after_meal") else None
        if meal is not None:
            found.setdefault(meal.id, (meal, reading))
    return sorted(found.values(), key=lambda pair: (pair[0].at, pair[0].id))


MG_DL_PER_MMOL: Final = 18.016  # a conversion of units and no clinical limit


def _shown(value: float, unit: Any, language: str) -> str:
    said = f"{value / MG_DL_PER_MMOL:.1f} mmol/L" if unit == "mmol/L" else f"{value:g} mg/dL"
    return said.replace(".", decimal_mark(language))
