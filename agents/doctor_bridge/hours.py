"""When a clinic is at work, on its own clock: is it now, when is it next, and when have so many minutes of work passed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from config.care_team import DAYS, Member

AHEAD = 15  # days that are looked at


class Hours:
    """The hours in which at least one of ``members`` works."""

    def __init__(self, members: Sequence[Member], zone: str) -> None:
        self._members, self.zone = tuple(members), zone
        self._of_day: tuple[date | None, list[tuple[float, float]]] = None, []  # what was found last, and on which day

    def open_at(self, now: float) -> bool:
        return any(start <= now < end for start, end in self._spans(now))

    def next_opening(self, now: float) -> float | None:
        """When work begins next, after now; None where nobody ever works."""
        return next((start for start, _ in self._spans(now) if start > now), None)

    def after(self, now: float, minutes: float) -> float | None:
        """When so many minutes of work have passed; None where there is not so much work within two weeks."""
        left = minutes * 60.0
        for start, end in self._spans(now):
            begin = max(start, now)
            if end - begin > left:  # at the very end of work nobody is there any more
                return begin + left
            left -= max(0.0, end - begin)
        return None

    def _spans(self, now: float) -> list[tuple[float, float]]:
        """Times of work that are not over, merged, in order."""
        zone = ZoneInfo(self.zone)
        today = datetime.fromtimestamp(now, zone).date()
        if self._of_day[0] != today:
            self._of_day = today, self._from(today, zone)
        return [(start, end) for start, end in self._of_day[1] if end > now]

    def _from(self, today: date, zone: ZoneInfo) -> list[tuple[float, float]]:
        found = set()
        for day in (today + timedelta(days=ahead) for ahead in range(AHEAD)):
            for member in self._members:
                for span in member.hours.get(DAYS[day.weekday()], ()):
                    start = datetime.combine(day, span.opens, zone).timestamp()
                    found.add((start, datetime.combine(day, span.closes, zone).timestamp()))
        merged: list[tuple[float, float]] = []
        for start, end in sorted(found):
            if merged and start <= merged[-1][1] + 60.0:  # 23:59 and 00:00 are one night
                merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
            else:
                merged.append((start, end))
        return merged
