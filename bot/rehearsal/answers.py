"""How somebody answers the question that they see: what they tap or write, and after how long."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random

from msgspec import Struct

from bot.model.effects import Option, Outbound
from bot.rehearsal.chance import between, chances, misspelled, pick
from bot.rehearsal.life import filled
from bot.rehearsal.people import Somebody
from config.personas import Choice, Personas

ANY = "text"


class Answer(Struct, frozen=True):
    """``option``: what is tapped; else ``text`` is written. ``after`` seconds."""

    after: float
    text: str
    option: Option | None = None


def answer(one: Somebody, asked: Outbound, types: Sequence[str], personas: Personas) -> Answer | None:
    """None: they do not answer. ``types``: of what is asked for, where there are no options."""
    step = asked.step or ""
    times = one.asked[step] = one.asked.get(step, 0) + 1
    random = chances(one.seed, step, times)
    ways = one.ways.answers
    if random.random() >= ways.chance or one.in_a_row >= ways.patience:
        return None
    after = between(random, *ways.seconds)
    said = personas.answers.get(step)
    choice = said[min(times, len(said)) - 1] if said else None
    if asked.options:
        option = _option(random, one, asked.options, choice)
        if random.random() < one.ways.taps:
            return Answer(after, option.label, option)
        return Answer(after, misspelled(random, option.label) if random.random() < one.typos else option.label)
    if not isinstance(choice, str):
        found = next((personas.types[kind] for kind in types if kind in personas.types), personas.types[ANY])
        choice = random.choice(found)
    return Answer(after, filled(choice, one, random))


def _option(random: Random, one: Somebody, options: Sequence[Option], choice: Choice | None) -> Option:
    """The wanted one, if it is offered; else any."""
    by_id = {option.id.rpartition(":")[2]: option for option in options}
    if isinstance(choice, dict):
        offered = {id_: weight for id_, weight in choice.items() if id_ in by_id}
        choice = pick(random, offered) if offered else None
    wanted = by_id.get(filled(choice, one, random)) if choice else None
    return wanted or random.choice(list(options))
