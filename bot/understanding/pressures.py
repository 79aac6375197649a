"""Blood pressures: "130/85", "130 by 85", "130 85", "bp 13085", "14 por 9", "upper 138 lower 84"."""

from __future__ import annotations

from typing import Final

from bot.understanding.amounts import Amount
from bot.understanding.meaning import ReadingFound, Span
from bot.understanding.ranges import Ranges
from bot.understanding.said import Said

APART: Final = 6  # tokens between an upper and a lower value that are called so


def span_of(said: Said, amount: Amount, kind: str) -> Span:
    """Where the number of a reading stands in the text."""
    return Span(said.tokens[amount.start].start, said.tokens[min(amount.end, len(said.tokens)) - 1].end, f"reading:{kind}")


def join_pressures(said: Said, amounts: list[Amount], ranges: Ranges, *, named: bool) -> None:
    """Make two numbers that are a pressure one amount: its use is "pressure", its value systolic + diastolic / 1000.

    ``named``: something says that a pressure is meant, so that looser forms count.
    """
    tokens = said.tokens
    at = 0
    while at < len(amounts):
        first = amounts[at]
        second = amounts[at + 1] if at + 1 < len(amounts) else None
        if second is not None and named and _in_words(first, second):
            _join(amounts, at, (int(first.value * 10), int(second.value * 10)))
        elif first.use is None and second is not None and second.use is None:
            pair = _called(said, first, second, ranges) if _of_pressure(said, named) else None
            if pair is not None:
                _join(amounts, at, pair)
            elif second.start - first.end <= 2:
                between = range(first.end, second.start)
                marks = "".join(tokens[position].text for position in between if tokens[position].kind == "mark")
                over = any(said.here(position, "over") for position in between)
                worded = any(tokens[position].kind == "word" for position in between) and not over
                slash = not worded and (marks in ("/", "\\") or over)
                pair = None if worded else _as_pressure(first.value, second.value, ranges, named, slash)
                if pair and (slash or ((not len(between) or marks in ("-", ",", ":", ".")) and named)):
                    if not named and marks == "/" and first.value <= 31 and second.value <= 12:
                        at += 1
                        continue
                    _join(amounts, at, pair)
        elif first.use is None and named and first.digits and len(first.text) in (5, 6) and first.text.isdigit():
            pair = _as_pressure(float(first.text[:3]), float(first.text[3:]), ranges, True)
            if pair:
                first.value, first.use = pair[0] + pair[1] / 1000, "pressure"
        at += 1


def _join(amounts: list[Amount], at: int, pair: tuple[int, int]) -> None:
    first, second = amounts[at], amounts[at + 1]
    first.value, first.end, first.use, first.text = pair[0] + pair[1] / 1000, second.end, "pressure", ""
    del amounts[at + 1]


def _in_words(first: Amount, second: Amount) -> bool:
    """ "Pressão doze por oito": two number words that are a pressure in cm Hg."""
    words = first.use == second.use == "word" and second.start - first.end <= 2
    return words and 8 <= first.value <= 26 and 4 <= second.value <= 16 and first.value - second.value >= 2


def _of_pressure(said: Said, named: bool) -> bool:
    """Upper and lower may mean a pressure: it is named, or both are said and no other measure is."""
    return named or (said.has("m_sys") and said.has("m_dia") and not said.has("m_glucose"))


def _called(said: Said, first: Amount, second: Amount, ranges: Ranges) -> tuple[int, int] | None:
    """ "upper 138 lower 84": numbers that are called the upper and the lower one, in either order."""
    if second.start - first.end > APART or not said.has("m_dia"):
        return None
    low = said.near(("m_dia",), second.start, second.end, 3)
    low_first = said.near(("m_dia",), first.start, first.start, 3) and said.near(("m_sys",), first.end, second.end, 3)
    if low and first.value > second.value:
        return _as_pressure(first.value, second.value, ranges, True)
    if low_first and second.value > first.value:
        return _as_pressure(second.value, first.value, ranges, True)
    return None


def _as_pressure(first: float, second: float, ranges: Ranges, named: bool, slash: bool = False) -> tuple[int, int] | None:
    if named and 8 <= first <= 26 and 4 <= second <= 16 and first - second >= 2:  # cm Hg: "14 por 9"
        first, second = first * 10, second * 10
    high, low = ranges.kinds["systolic"].confirm, ranges.kinds["diastolic"].confirm
    if first < second and named and slash and low[0] <= first and second <= high[1]:
        return (int(first), int(second))  # written the wrong way round: kept as written, asked about
    if not (high[0] <= first <= high[1] and low[0] <= second <= low[1]):
        return None
    return (int(first), int(second)) if first - second >= ranges.minimum_pulse_pressure else None


def pressure_reading(said: Said, amount: Amount, ranges: Ranges) -> ReadingFound:
    """The reading of an amount that ``join_pressures`` made."""
    systolic = int(amount.value)
    diastolic = round((amount.value - systolic) * 1000)
    problems = [ranges.kinds["systolic"].problem(systolic), ranges.kinds["diastolic"].problem(diastolic)]
    problem = next((one for one in problems if one), None)
    if systolic <= diastolic or "implausible" in problems:
        problem = "implausible"
    return ReadingFound(
        "blood_pressure", None, systolic, diastolic, unit="mmHg", problem=problem, raw=f"{systolic}/{diastolic}",
        span=span_of(said, amount, "blood_pressure"),
    )  # fmt: skip
