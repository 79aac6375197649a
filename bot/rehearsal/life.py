"""What somebody would write in these days by themselves, whatever the service does: drawn before the first turn."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from random import Random

from msgspec import Struct

from bot.rehearsal.chance import DAY, chances, misspelled
from bot.rehearsal.people import Somebody
from config.personas import Language, Persona, Personas

MONTH = 30.0
AWAKE = (7.5, 22.0)  # hours in which people chat
LOWEST, HIGHEST = 35, 560  # mg/dL, of what a made-up meter shows


class Act(Struct, frozen=True):
    """Words at a moment. ``what``: greet, reading, say, emergency, invite, stop."""

    at: float
    what: str
    text: str
    detail: str = ""


def filled(text: str, one: Somebody, random: Random, **more: str) -> str:
    """A phrase with its numbers."""
    values = {
        "value": str(random.randint(95, 150)),
        "systolic": str(round(random.gauss(132, 12))),
        "diastolic": str(round(random.gauss(82, 7))),
        "weight": str(round(random.gauss(69, 3))),
        **one.known,
        **more,
    }
    return text.format_map(values)


def life(one: Somebody, personas: Personas, midnight: float, days: int) -> list[Act]:
    """In order of time. ``midnight``: the beginning of the first day, on the person's clock."""
    persona = one.ways
    if not isinstance(persona, Persona):
        return []
    random = chances(one.seed, "life")
    joined = midnight + random.randrange(min(days, personas.joins_within_days)) * DAY + _hour(random)
    if random.random() < persona.away * days / MONTH:
        gone = random.uniform(joined + DAY, midnight + days * DAY)
        one.away = gone, gone + random.randint(*persona.away_days) * DAY
    acts = [Act(joined, "greet", _phrase(random, one, personas.phrases.says["greet"]))]
    for sort, chance in persona.once.items():
        soon = chances(one.seed, "once", sort)
        if soon.random() < chance:
            acts.append(Act(joined + soon.uniform(0.2, 3.0) * DAY, "say", _phrase(soon, one, personas.phrases.says[sort]), sort))
    acts += _invitation(random, one, persona, personas, joined)
    for day in range(days):
        acts += _day(chances(one.seed, "day", day), one, persona, personas, midnight + day * DAY)
    end = _end(random, persona, joined, midnight + days * DAY, days)
    if end is not None:
        acts.append(Act(end, "stop", _phrase(random, one, personas.phrases.says["stop"])))
    left, back = one.away
    kept = [act for act in acts if joined <= act.at and (act.what == "emergency" or not left <= act.at < back)]
    return sorted((act for act in kept if end is None or act.at <= end or act.what == "emergency"), key=lambda act: act.at)


def _day(random: Random, one: Somebody, persona: Persona, personas: Personas, midnight: float) -> Iterator[Act]:
    phrases = personas.phrases
    for habit in persona.readings:
        minutes = habit.at.hour * 60 + habit.at.minute + random.uniform(-habit.spread, habit.spread)
        value = min(HIGHEST, max(LOWEST, round(random.gauss(habit.mean, habit.sd))))
        text = _phrase(random, one, phrases.reading[habit.context], value=str(value))
        if random.random() < habit.chance:
            yield Act(midnight + minutes * 60, "reading", _typed(random, one, text), habit.context)
    for sort, often in persona.says.items():
        for _ in range(int(often) + (random.random() < often % 1)):
            yield Act(midnight + _hour(random), "say", _typed(random, one, _phrase(random, one, phrases.says[sort])), sort)
    if random.random() < persona.emergencies_a_month / MONTH:
        category = random.choice(list(phrases.emergencies))
        text = _phrase(random, one, phrases.emergencies[category])  # spelled right: what a slip does to it, `make eval` tells
        yield Act(midnight + random.uniform(0, DAY), "emergency", text, category)


def _invitation(random: Random, one: Somebody, persona: Persona, personas: Personas, joined: float) -> list[Act]:
    if random.random() >= persona.invites:
        return []
    return [Act(joined + random.uniform(0.2, 2.0) * DAY, "invite", _phrase(random, one, personas.phrases.says["invite"]))]


def _end(random: Random, persona: Persona, joined: float, over: float, days: int) -> float | None:
    return random.uniform(joined, over) if random.random() < persona.stops_a_month * days / MONTH else None


def _phrase(random: Random, one: Somebody, words: Mapping[Language, tuple[str, ...]], **more: str) -> str:
    wordings = words.get(one.language) or next(iter(words.values()))
    return filled(random.choice(wordings), one, random, **more)


def _typed(random: Random, one: Somebody, text: str) -> str:
    return misspelled(random, text) if random.random() < one.typos else text


def _hour(random: Random) -> float:
    return random.uniform(*AWAKE) * 3600
