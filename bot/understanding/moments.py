"""Dates and times as people say them: clock times, parts of the day, days, dates, festivals, spans before and after now,
weekdays, repetition.

A mention is a plain dict: ``kind`` (clock, day, date, daypart, weekday, festival, ago, in, every), its parts, ``at`` (seconds
since the epoch, when the mention alone settles it in the person's zone), ``ask`` true when it may mean two moments (Hindi "kal"
is yesterday or tomorrow; the moon decides over Eid), ``start``/``end`` in the text, and ``rule``: what it was put together from.
"""

from __future__ import annotations

import datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from bot.understanding.amounts import Amount
from bot.understanding.days import named_days, settle_day
from bot.understanding.festivals import CONCEPT, Calendar
from bot.understanding.meaning import Context
from bot.understanding.said import Said

MAX_MENTIONS: Final = 8
NAMED: Final = ("hour", "part", "days", "day", "month", "year", "weekday", "festival", "seconds")  # what a mention is made of
PARTS: Final = {"t_morning": (4, 11), "t_noon": (11, 20), "t_evening": (16, 22), "t_night": (18, 28)}  # hours a word may mean
DAYS: Final = {"t_today": 0, "t_tomorrow": 1, "t_yesterday": -1, "t_after_tomorrow": 2, "t_before_yesterday": -2}
UNITS: Final = {"minute": 60, "hour": 3600, "day": 86400, "week": 604800}
WEEKDAYS: Final = ("t_monday", "t_tuesday", "t_wednesday", "t_thursday", "t_friday", "t_saturday", "t_sunday")


def find_moments(said: Said, amounts: list[Amount], context: Context, calendar: Calendar) -> tuple[dict[str, Any], ...]:
    """Mentions in order of the text, at most MAX_MENTIONS; those that belong together (kal subah 8 baje) are one."""
    if not said.has(
        "oclock", "every", "ago", "ago_before", "t_kal", "t_parso", "t_in", *PARTS, *DAYS, *WEEKDAYS, *UNITS
    ) and not (
        any(amount.use in ("time", "date") for amount in amounts) or any(concept.startswith(CONCEPT) for concept in said.by)
    ):
        return ()
    now = datetime.datetime.fromtimestamp(context.now, ZoneInfo(context.zone)) if context.now else None
    found: list[dict[str, Any]] = [
        *_clocks(said, amounts),
        *_days(said),
        *_spans(said, amounts),
        *named_days(said, amounts, _tense(said)),
    ]
    found = list({(mention["kind"], mention["place"], mention.get("part")): mention for mention in found}.values())
    found.sort(key=lambda mention: mention["place"])
    merged = _merge(found)[:MAX_MENTIONS]
    for mention in merged:
        first, last = mention.pop("place"), mention.pop("until")
        mention["start"], mention["end"] = said.tokens[first].start, said.tokens[last - 1].end
        mention["rule"] = "time:" + "+".join(name for name in NAMED if name in mention)
        if now is None:
            mention.pop("past", None)
        else:
            _settle(mention, now, calendar)
    return tuple(merged)


def _clocks(said: Said, amounts: list[Amount]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    skip = False
    for index, amount in enumerate(amounts):
        if skip:
            skip = False
            continue
        if amount.use != "time":
            continue
        hour, minute, until = int(amount.value), round((amount.value % 1) * 60), amount.end
        after = amounts[index + 1] if index + 1 < len(amounts) else None
        colon = amount.end < len(said.tokens) and said.tokens[amount.end].text == ":"
        if after is not None and after.use == "time" and colon and after.start == amount.end + 1:
            minute, until, skip = int(after.value), after.end, True
        if "." in amount.text and len(amount.text.split(".")[1]) == 2:  # "8.30 baje"
            minute = int(amount.text.split(".")[1])
        if hour > 24 or minute > 59:
            continue
        tail = said.tokens[until].text if until < len(said.tokens) else ""
        if tail in ("pm", "p") and hour < 12:
            hour += 12
        ask = tail not in ("am", "pm", "a", "p") and 1 <= hour <= 12
        found.append({"kind": "clock", "hour": hour, "minute": minute, "ask": ask, "place": amount.start, "until": until})
    return found


def _days(said: Said) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    for concept, offset in DAYS.items():
        found += [{"kind": "day", "days": offset, "place": tag.start, "until": tag.end} for tag in said.by.get(concept, ())]
    for concept, size in (("t_kal", 1), ("t_parso", 2)):
        for tag in said.by.get(concept, ()):
            sign = _tense(said)
            found.append({"kind": "day", "days": size * (sign or 1), "ask": sign == 0, "place": tag.start, "until": tag.end})
    for number, concept in enumerate(WEEKDAYS):
        found += [
            {"kind": "weekday", "weekday": number, "past": _tense(said), "place": tag.start, "until": tag.end}
            for tag in said.by.get(concept, ())
        ]
    for concept in PARTS:
        found += [
            {"kind": "daypart", "part": concept[2:], "place": tag.start, "until": tag.end} for tag in said.by.get(concept, ())
        ]
    found += [{"kind": "every", "place": tag.start, "until": tag.end} for tag in said.by.get("every", ())]
    return found


def _tense(said: Said) -> int:
    """-1 when the message tells, 1 when it plans, 0 when neither shows."""
    past = said.has("past", "took", "took_med", "ate", "walked", "did", "since", "m_glucose", "m_bp")
    future = said.has(
        "appointment", "remind", "reminder", "see_doctor", "neg_come", "book", "want", "postpone", "cancel_act", "come"
    )
    return 0 if past == future else -1 if past else 1


def _spans(said: Said, amounts: list[Amount]) -> list[dict[str, Any]]:
    found = []
    for amount in amounts:
        if amount.use not in ("duration", "age") or amount.value > 1000:
            continue
        unit = next((tag for name in UNITS for tag in said.by.get(name, ()) if tag.start == amount.end), None)
        if unit is None:
            continue
        seconds = amount.value * UNITS[unit.concept]
        told = said.near(("ago",), unit.end, unit.end, 2) or said.near(("before",), unit.end, unit.end, 1)
        if told or said.near(("ago_before",), amount.start, amount.start, 1):  # "hace 2 días" says it first
            found.append({"kind": "ago", "seconds": seconds, "place": amount.start, "until": unit.end})
        elif said.near(("t_in",), amount.start, unit.end, 1):
            found.append({"kind": "in", "seconds": seconds, "place": amount.start, "until": unit.end})
    return found


def _merge(mentions: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Neighbours that complete one another are one mention: a day, a part of it, a clock time."""
    merged: list[dict[str, Any]] = []
    for mention in mentions:
        last = merged[-1] if merged else None
        near = last is not None and mention["place"] - last["until"] <= 2
        kinds = {last["kind"], mention["kind"]} if last is not None else set()
        if (
            last is not None
            and near
            and kinds & {"clock", "daypart", "every"}
            and len(kinds) == 2
            and "ago" not in kinds
            and "in" not in kinds
        ):
            if "part" in last and "part" in mention:
                merged.append(mention)
                continue
            keep = dict(mention)
            ask = last.get("ask") if last["kind"] == "day" else keep.get("ask") if keep["kind"] == "day" else False
            clock = last if "hour" in last else keep
            part = last.get("part") or keep.get("part")
            combined = {
                **keep,
                **last,
                **{name: value for name, value in keep.items() if name not in ("kind", "place", "until", "ask")},
            }
            combined["until"] = mention["until"]
            combined["kind"] = "every" if "every" in kinds else "clock" if "hour" in combined else "day"
            combined["ask"] = bool(ask or ("hour" in clock and clock.get("ask") and part is None))
            if part is not None and "hour" in combined:
                low, high = PARTS["t_" + part]
                if combined["hour"] < 12 and not low <= combined["hour"] < high and low <= combined["hour"] + 12 < high:
                    combined["hour"] += 12
            merged[-1] = combined
        else:
            merged.append(mention)
    return merged


def _settle(mention: dict[str, Any], now: datetime.datetime, calendar: Calendar) -> None:
    """Add ``at`` where the mention and the present settle the moment."""
    if "day" in mention or "festival" in mention:
        settle_day(mention, now, calendar)
        return
    past = mention.pop("past", 0)
    if mention["kind"] in ("ago", "in"):
        sign = -1 if mention["kind"] == "ago" else 1
        mention["at"] = now.timestamp() + sign * mention["seconds"]
        return
    if (
        mention.get("ask")
        or mention["kind"] == "every"
        or ("days" not in mention and "weekday" not in mention and "hour" not in mention)
    ):
        return
    days = mention.get("days", 0)
    if "weekday" in mention:
        days = (mention["weekday"] - now.weekday()) % 7 or 7
        if past < 0:
            days -= 7  # what is told was last Monday
    day = now + datetime.timedelta(days=days)
    if "hour" in mention:
        day = day.replace(hour=mention["hour"] % 24, minute=mention.get("minute", 0), second=0, microsecond=0)
    mention["at"] = day.timestamp()
