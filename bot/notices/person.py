"""What the planner knows of a person: their wishes, and what they have heard."""

from __future__ import annotations

from collections.abc import Iterable

from msgspec import Struct

from bot.notices.days import Day

Hours = tuple[int, int]
"""From - to in minutes after midnight; over midnight where the first is the greater."""


class Heard(Struct, frozen=True, array_like=True):
    """One notice that was sent: when, how long its day still lasted, and what it was about. In minutes: a session is small."""

    minute: int
    left: int
    topic: str

    @property
    def at(self) -> int:
        return self.minute * 60

    @property
    def until(self) -> int:
        """The end of the day on which it counts."""
        return (self.minute + self.left) * 60


def heard_at(at: float, day: Day, topic: str) -> Heard:
    return Heard(int(at // 60), int(day.end // 60) - int(at // 60), topic)


class Ours(Struct, frozen=True):
    """What is of our own: these classes and topics, but for topics of what the person asked for."""

    kinds: frozenset[str]
    topics: frozenset[str]
    asked_for: frozenset[str]


class Person(Struct, frozen=True, omit_defaults=True):
    """``usual_quiet`` are the hours of everybody who has not named ``quiet`` ones. ``withheld``: what they have taken back their
    leave for (None: nothing). ``free_until``: until when free words go through (None: always). On ``festive`` days nothing light
    comes, in the ``fast_hours`` of ``fasting`` ones nothing of food."""

    zone: str
    limit: int
    most: int  # of the service, for everybody; ``limit`` is the person's
    usual_quiet: Hours
    quiet: Hours | None = None
    paused_until: float = 0.0
    only_medicines: bool = False
    withheld: Ours | None = None
    free_until: float | None = None
    festive: frozenset[str] = frozenset()
    fasting: frozenset[str] = frozenset()
    fast_hours: Hours = (0, 0)
    food: frozenset[str] = frozenset()  # roots of topics about food
    heard: tuple[Heard, ...] = ()


def counted(heard: Iterable[Heard], day: Day, now: float) -> list[Heard]:
    """What counts against this day. Somebody who travels does not begin again at five: what was heard on a day that is not over
    where it was heard counts too."""
    return [one for one in heard if one.at >= day.start or one.until > now]
