"""Chance that is the same in every run: drawn from names, not from a sequence, so one more question changes nobody's life."""

from __future__ import annotations

import math
from collections.abc import Mapping
from random import Random

DAY = 86_400.0


def chances(*names: object) -> Random:
    """A source for this purpose alone."""
    return Random("|".join(map(str, names)))  # noqa: S311 - a rehearsal is to be repeatable, not secret


def pick(random: Random, weights: Mapping[str, float]) -> str:
    return random.choices(list(weights), list(weights.values()))[0]


def between(random: Random, least: float, most: float) -> float:
    """The short ones are likelier: as likely between one minute and two as between one hour and two."""
    return least * math.exp(math.log(most / least) * random.random())


def misspelled(random: Random, text: str) -> str:
    """One slip of the thumb in a longer word: two letters swapped, or one left out. Numbers are left alone."""
    words = text.split(" ")
    long = [place for place, word in enumerate(words) if len(word) > 3 and word.isalpha() and word.isascii()]
    if not long:
        return text
    place = random.choice(long)
    word, at = words[place], random.randrange(1, len(words[place]) - 1)
    words[place] = word[:at] + (word[at + 1] + word[at] + word[at + 2 :] if random.random() < 0.5 else word[at + 1 :])
    return " ".join(words)
