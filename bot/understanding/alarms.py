"""Is somebody in danger now? Rules over concepts, then what takes them back: denied, past, asked in general, a joke."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from msgspec import Struct

from bot.understanding.amounts import Amount
from bot.understanding.clauses import present_parts
from bot.understanding.denials import denied
from bot.understanding.doubts import left_of
from bot.understanding.gaps import clause_between
from bot.understanding.lexicon import Tag
from bot.understanding.meaning import ReadingFound, Span, Urgency
from bot.understanding.ranges import Ranges
from bot.understanding.reading_alarms import Signal, not_low, reading_signals, risen
from bot.understanding.rules import AlarmRule, RuleSet, extent
from bot.understanding.said import Said

LEVEL: Final = {"none": 0, "confirm": 1, "urgent": 2, "emergency": 3}
ORDER: Final = (
    "self_harm", "poisoning_overdose", "anaphylaxis", "pregnancy_danger", "dka", "severe_hypoglycaemia", "chest_pain", "seizure",
    "stroke", "breathing", "unconscious", "severe_bleeding", "general", "missed_insulin", "mild_hypoglycaemia",
    "hyperglycaemia_symptoms", "foot_wound", "high_bp_symptoms", "infection_fever", "vision_change", "vomiting_dehydration",
)  # fmt: skip


class Verdict(Struct, frozen=True):
    """The urgency and category of a message, with the spans and rules behind it (the deciding one first)."""

    urgency: Urgency = "none"
    category: str | None = None
    spans: tuple[Span, ...] = ()


def judge(
    said: Said,
    readings: list[ReadingFound],
    amounts: list[Amount],
    rules: RuleSet,
    ranges: Ranges,
    measure: Callable[[Said, list[Amount]], list[ReadingFound]],
) -> Verdict:
    """The gravest thing the message says, after what takes it back; or the emergency that a clause of its own tells of now.

    ``measure``: the readings among the numbers of such a clause.
    """
    whole = _judged(said, readings, amounts, rules, ranges)
    if whole.urgency != "emergency":
        for part, numbers in present_parts(said, amounts):
            clause = _judged(part, measure(part, numbers), numbers, rules, ranges, said)
            if clause.urgency == "emergency":
                return clause
    return whole


def _judged(
    said: Said,
    readings: list[ReadingFound],
    amounts: list[Amount],
    rules: RuleSet,
    ranges: Ranges,
    whole: Said | None = None,
) -> Verdict:
    signals: list[Signal] = []
    for rule, ways in rules.matches(said, whole):
        level, place = _gravest(said, rule, ways)
        if level != "none":
            signals.append(Signal(rule.category, level, rule.id, *place))
    signals += reading_signals(said, readings, amounts, ranges, {signal.category for signal in signals})
    if risen(said, amounts, ranges) or not_low(said, amounts, ranges):
        signals = [signal for signal in signals if signal.category != "mild_hypoglycaemia" and signal.rule != "glucose_critical"]
    if not signals:
        return Verdict()
    signals.sort(key=_rank)
    tokens = said.tokens
    spans = tuple(Span(tokens[signal.start].start, tokens[signal.end - 1].end, f"alarm:{signal.rule}") for signal in signals)
    return Verdict(signals[0].urgency, signals[0].category, spans)


def _gravest(said: Said, rule: AlarmRule, ways: list[list[Tag]]) -> tuple[Urgency, tuple[int, int]]:
    """What remains of the rule by the way that leaves most of it, and where that way stands."""
    best: Urgency = "none"
    place = (0, 0)
    gone: set[tuple[str, int]] = set()  # what a nearer way took away: "no chest pain, it was gas pain"
    for tags in ways:
        if len(ways) > 1 and _across(said, tags, gone):
            continue
        level = left_of(said, rule, tags)
        if level == "none" and len(ways) > 1 and denied(said, tags, *extent(tags)) == "yes":
            gone |= {(tag.concept, tag.start) for tag in tags}
        if LEVEL[level] > LEVEL[best]:
            best, place = level, extent(tags)
        if best == rule.urgency:
            break
    return best, place


def _across(said: Said, tags: list[Tag], gone: set[tuple[str, int]]) -> bool:
    """Whether the way needs a part of a symptom that was denied, in another clause."""
    return any((tag.concept, tag.start) in gone for tag in tags) and clause_between(said, *extent(tags))


def _rank(signal: Signal) -> tuple[int, int]:
    """The gravest first; someone who neither wakes nor speaks is unconscious before they have had a stroke."""
    category = "unconscious" if signal.rule.startswith("speech_") else signal.category
    return -LEVEL[signal.urgency], ORDER.index(category) * 2 + (category != signal.category)
