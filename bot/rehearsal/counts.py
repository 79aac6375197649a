"""What a rehearsal counts: sums under names, a few samples, and the worst of what was seen. Streets are added up in any order."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from msgspec import Struct, field

WORST = 40  # kept of each list
TEXTS = 400  # kept of a street's texts, and of all
DAY_HOURS = (7, 22)  # in which most people are awake, on their own clock
SAMPLES = 20_000  # times kept of each sort


class Worst(Struct, frozen=True, order=True):
    """Something seen once, the highest ``score`` being the worst."""

    score: float
    what: str
    who: str
    when: str
    note: str = ""


class Counts(Struct):
    """``sums`` by the parts of a name joined with ``/``. ``seconds``: times by what was waited for. ``texts``: what was said,
    without names and numbers; the rare ones are dropped, so their counts are lower bounds."""

    sums: dict[str, int] = field(default_factory=dict)
    seconds: dict[str, list[float]] = field(default_factory=dict)
    texts: dict[str, int] = field(default_factory=dict)
    worst: dict[str, list[Worst]] = field(default_factory=dict)

    def add(self, *name: str, count: int = 1) -> None:
        key = "/".join(name)
        self.sums[key] = self.sums.get(key, 0) + count

    def took(self, what: str, seconds: float) -> None:
        self.seconds.setdefault(what, []).append(seconds)

    def saw(self, sort: str, one: Worst) -> None:
        self.worst[sort] = worst_of([*self.worst.get(sort, ()), one])

    def get(self, *name: str) -> int:
        return self.sums.get("/".join(name), 0)

    def under(self, *name: str) -> dict[str, int]:
        """What stands below a name, the most first."""
        start = "/".join(name) + "/"
        found = {key[len(start) :]: count for key, count in self.sums.items() if key.startswith(start)}
        return dict(sorted(found.items(), key=lambda one: (-one[1], one[0])))

    def merge(self, other: Counts) -> None:
        for name, count in other.sums.items():
            self.sums[name] = self.sums.get(name, 0) + count
        for what, times in other.seconds.items():
            self.seconds[what] = [*self.seconds.get(what, ()), *times][:SAMPLES]
        self.texts = most(Counter(self.texts) + Counter(other.texts), TEXTS)
        for sort, seen in other.worst.items():
            self.worst[sort] = worst_of([*self.worst.get(sort, ()), *seen])


def worst_of(seen: Iterable[Worst]) -> list[Worst]:
    return sorted(seen, key=lambda one: (-one.score, one.what, one.who, one.when))[:WORST]


def most(counted: Counter[str], limit: int) -> dict[str, int]:
    return dict(sorted(counted.items(), key=lambda one: (-one[1], one[0]))[:limit])
