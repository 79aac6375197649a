"""Calendar days people name: "23/11/2026", "5 December", "23 tarikh", and festivals; each as a mention (see ``moments``)."""

from __future__ import annotations

import datetime
from typing import Any, Final

from bot.understanding.amounts import Amount
from bot.understanding.festivals import CONCEPT, Calendar
from bot.understanding.said import Said

MONTHS: Final = {f"month_{number}": number for number in range(1, 13)}
BESIDE: Final = 2  # tokens between a day and its month


def named_days(said: Said, amounts: list[Amount], past: int) -> list[dict[str, Any]]:
    """Mentions of kind ``date`` and ``festival``. ``past``: -1 when the message tells, 1 when it plans, 0 when neither shows."""
    return [*_dates(said, amounts, past), *_festivals(said, past)]


def _dates(said: Said, amounts: list[Amount], past: int) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    dated = [amount for amount in amounts if amount.use in ("date", "year")]
    at = 0
    while at < len(dated):
        first = dated[at]
        at += 1
        if first.use == "year" or not 1 <= first.value <= 31:
            continue
        mention: dict[str, Any] = {
            "kind": "date", "day": int(first.value), "past": past, "ask": False, "place": first.start, "until": first.end,
        }  # fmt: skip
        month = _month_beside(said, first)
        if "." in first.text:  # "12.11.2026" is read as 12.11 and 2026
            mention["month"] = int(first.text.split(".")[1])
        following = dated[at] if at < len(dated) else None
        if month is not None:
            mention |= {"month": month[0], "place": min(first.start, month[1]), "until": max(first.end, month[2])}
        elif following is not None and following.use == "date" and following.start - first.end == 1 and following.value <= 12:
            mention |= {"month": int(following.value), "until": following.end}
            at += 1
            following = dated[at] if at < len(dated) else None
        if following is not None and "month" in mention and 0 <= following.start - mention["until"] <= 1:
            year = int(following.value)
            if following.use in ("year", "date") and (year < 100 or year >= 1900):
                mention |= {"year": year if year >= 100 else 2000 + year, "until": following.end}
                at += 1
        found.append(mention)
    return found


def _month_beside(said: Said, amount: Amount) -> tuple[int, int, int] | None:
    """Number, first token and end of the month that stands next to a day."""
    for concept, number in MONTHS.items():
        for tag in said.by.get(concept, ()):
            if 0 <= tag.start - amount.end <= BESIDE - 1 or 0 <= amount.start - tag.end < BESIDE - 1:
                return number, tag.start, tag.end
    return None


def _festivals(said: Said, past: int) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    for concept, tags in said.by.items():
        if not concept.startswith(CONCEPT):
            continue
        tag = tags[0]
        mention = {"kind": "festival", "festival": concept[len(CONCEPT) :], "past": past, "ask": False}
        mention |= {"place": tag.start, "until": tag.end}
        for side in ("after", "before"):
            if any(-2 <= word.start - tag.start <= 3 for word in said.by.get(side, ())):
                mention["side"] = side
        found.append(mention)
    return found


def settle_day(mention: dict[str, Any], now: datetime.datetime, calendar: Calendar) -> None:
    """Add ``at`` (in the person's zone; midnight without a clock time) where mention, tense and calendar settle the day.

    ``ask`` becomes true where they do not: the moon decides, neither month nor tense is said, it is before or after a festival.
    """
    past = mention.pop("past")
    if "festival" in mention:  # with a time of the day its kind is "clock" or "day"
        festival = calendar.festivals.get(mention["festival"])
        day = festival.near(now.date(), past < 0) if festival else None
        unsure = day is None or festival is None or festival.moon or "side" in mention
    else:
        day = _day(mention, now.date(), past)
        unsure = day is None or ("month" not in mention and past == 0)
    mention["ask"] = bool(mention.get("ask")) or unsure
    if day is not None:
        clock = datetime.time(mention.get("hour", 0) % 24, mention.get("minute", 0))
        mention["at"] = datetime.datetime.combine(day, clock, now.tzinfo).timestamp()


def _day(mention: dict[str, Any], today: datetime.date, past: int) -> datetime.date | None:
    """The day meant: of what is told the last one, of what is planned the next one, else the nearest; None: there is none."""
    years = [mention["year"]] if "year" in mention else [today.year - 1, today.year, today.year + 1]
    months = [mention["month"]] if "month" in mention else range(1, 13)
    days: list[datetime.date] = []
    for year in years:
        for month in months:
            try:
                days.append(datetime.date(year, month, mention["day"]))
            except ValueError:  # the 30th of February
                continue
    if "year" in mention:
        return days[0] if days else None
    if past < 0:
        return max((day for day in days if day <= today), default=None)
    if past > 0:
        return min((day for day in days if day >= today), default=None)
    return min(days, key=lambda day: abs((day - today).days), default=None)
