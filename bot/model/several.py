"""Several things in one fact, a line each; texts say them as a language lists (``foods | listed(person.language)``)."""

from __future__ import annotations

from collections.abc import Iterable

BETWEEN = "\n"


def several(items: Iterable[str], most: int) -> str:
    """As many of the items as ``most`` characters hold; of the first at least its beginning."""
    kept: list[str] = []
    for item in (" ".join(one.split()) for one in items):
        if kept and sum(len(one) + len(BETWEEN) for one in kept) + len(item) > most:
            break
        kept.append(item)
    return BETWEEN.join(kept)[:most]


def apart(fact: str) -> list[str]:
    """The items of such a fact."""
    return fact.split(BETWEEN)
