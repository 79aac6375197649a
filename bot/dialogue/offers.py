"""Options that an agent found, such as free times: a list in a variable becomes options of the question, before its own."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from msgspec import structs

from bot.dialogue.flow import Choice, Step
from bot.dialogue.folding import fold
from bot.dialogue.graphemes import cut
from bot.dialogue.text import Text, Wording
from bot.model.locales import first_weekday

OPTIONS = 10  # of one question; WhatsApp's limit of a list
LABEL = 24  # characters; WhatsApp's limit of a row
DESCRIPTION = 72
ID = re.compile(r"[A-Za-z0-9_]{1,60}")


def offering(step: Step, values: Mapping[str, Any]) -> Step:
    """The step with the options that its variable holds: ``{id, label}``, with ``description`` and other words for it, ``also``,
    where there are any."""
    if step.options_from is None:
        return step
    held = values.get(step.options_from)
    own = {choice.id for choice in step.choices}
    found: dict[str, Choice] = {}
    for item in held if isinstance(held, list) else ():
        choice = offer(step, item) if isinstance(item, dict) else None
        if choice and choice.id not in own and len(found) < OPTIONS - len(own):
            found.setdefault(choice.id, choice)
    return structs.replace(step, choices=(*found.values(), *step.choices))


def arranged(step: Step, country: object) -> Step:
    """The days of a week in the order in which the person's country has them; as authored where that is not known yet."""
    first = first_weekday(country) if step.week and isinstance(country, str) else 0
    return structs.replace(step, choices=(*step.choices[first:], *step.choices[:first])) if first else step


def offer(step: Step, item: dict[str, Any]) -> Choice | None:
    """An item as an option; None where it has no id or label that could be sent."""
    id_, label, more = item.get("id"), item.get("label"), item.get("description")
    if not isinstance(id_, str) or not ID.fullmatch(id_) or not isinstance(label, str) or not label.strip():
        return None
    described = _fixed(step, f"{id_}.description", cut(more, DESCRIPTION)) if isinstance(more, str) and more else None
    short = cut(label, LABEL)
    also = item.get("also")
    typed = also if isinstance(also, list) else []
    words = frozenset(fold(word) for word in (label, short, *typed) if isinstance(word, str) and word)
    return Choice(id_, _fixed(step, id_, short), described, words, words, None, "next")


def _fixed(step: Step, name: str, words: str) -> Text:
    return Text((Wording(f"{step.flow}.{step.name}.offer.{name}", None, words, {"en": lambda values: words}),))
