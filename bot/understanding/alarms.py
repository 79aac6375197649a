"""Is somebody in danger now? Rules over concepts, then what takes them back: denied, past, asked in general, a joke."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from msgspec import Struct

from bot.understanding.amounts import Amount
from bot.understanding.asking import asked_about, asked_and_denied, asked_before_it, comes
from bot.understanding.clauses import present_parts
from bot.understanding.denials import SPELLED, clause_between, denied, part_is_well, torn, tried, trouble_denied, unheard_of
from bot.understanding.frames import (
    SOMEBODY,
    admired,
    after_illness,
    again_no_more,
    apart_from_if,
    asked_in_general,
    can_it_be,
    clear_report,
    followed_up,
    in_the_news,
    lost_long_ago,
    of_anybody,
    of_operation,
    of_patients,
    of_price,
    of_thing,
    of_treatment,
    of_work,
    over_now,
    somebody,
    someone_then,
    stopped,
    wishes_own,
)
from bot.understanding.languages import EUROPEAN
from bot.understanding.lexicon import Tag
from bot.understanding.meaning import ReadingFound, Span, Urgency
from bot.understanding.ranges import Ranges
from bot.understanding.reading_alarms import Signal, not_low, reading_signals, risen
from bot.understanding.rules import AlarmRule, RuleSet, extent
from bot.understanding.said import Said
from bot.understanding.suppositions import (
    advertised,
    close_if,
    exertion,
    history_asked,
    no_time,
    only_supposed,
    supposed,
    told_not_asked,
)
from bot.understanding.tenses import long_free, long_over, present_here, told_as_past

LEVEL: Final = {"none": 0, "confirm": 1, "urgent": 2, "emergency": 3}
ORDER: Final = (
    "self_harm", "poisoning_overdose", "anaphylaxis", "pregnancy_danger", "dka", "severe_hypoglycaemia", "chest_pain", "seizure",
    "stroke", "breathing", "unconscious", "severe_bleeding", "general", "missed_insulin", "mild_hypoglycaemia",
    "hyperglycaemia_symptoms", "foot_wound", "high_bp_symptoms", "infection_fever", "vision_change", "vomiting_dehydration",
)  # fmt: skip
UNREAL: Final = ("joke", "fiction", "animal", "dream")
EATEN: Final = ("food", "meal", "eat_inf", "drink", "drug", "medicine", "m_insulin", "exercise_word")
ONGOING: Final = ("now", "since", "sudden")


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
        level = _left_of(said, rule, tags)
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


def _left_of(said: Said, rule: AlarmRule, tags: list[Tag]) -> Urgency:
    """What remains of a rule that matched: its own urgency, a question, or nothing."""
    urgency: Urgency = rule.urgency  # type: ignore[assignment]
    start, end = extent(tags)
    if torn(said, tags) or part_is_well(said, tags) or said.near(("idiom",), start, end, 0):
        return "none"
    if rule.kind != "sure" and in_the_news(said):
        return "none"
    if said.has("setting") and not _at_hand(said, start, end):
        grave = rule.kind == "felt" and rule.urgency == "emergency"
        if not (grave and said.has("ongoing", "since")):
            return (
                "confirm" if (grave or rule.kind == "sure") and not said.has("joke") else "none"
            )  # "watching a film about an overdose"
    bite = any(tag.grade == SPELLED for tag in said.by.get("bite", ())) and not said.has("snake")
    bitten = said.has("horn") or bite  # gored or bitten by an animal
    if said.has(*UNREAL) and not (bitten and not said.has("joke", "fiction", "dream")):
        if said.has("animal") and not said.has("first_person", "family", "child"):
            return "none"
        if (
            rule.kind == "felt"
            and not said.has("joke", "animal", "dream")
            and said.has("now", "sudden")
            and said.has("first_person", "family")
        ):
            return "confirm"  # "we were watching a film, suddenly papa fell"
        if said.has("dream") and not said.has("want"):
            return "none"
        wished = rule.kind == "sure" and (said.has("joke", "first_person") or not said.has("fiction"))
        return "confirm" if wished else "none"
    if rule.kind != "sure" and asked_and_denied(said):
        return "none"
    denial = "no" if rule.negated == "keep" else "yes" if trouble_denied(said, tags) else denied(said, tags, start, end)
    if denial == "yes":
        asks = rule.negated == "confirm" or (rule.negated == "unless_fine" and not said.has("fine", "well"))
        return "confirm" if asks and not over_now(said, start, end) else "none"
    if rule.kind == "sure":
        if lost_long_ago(said) or of_patients(said):
            return "none"
        follows = said.has("family") and any(tag.concept in ("want", "wish_dead", "not_live") for tag in tags)
        over = (
            (said.has("edu") and rule.negated != "keep" and not wishes_own(said, tags))
            or (said.has("past_long") and not follows and not said.has("since"))
            or (said.has("past") and said.has("fine"))
        )
        return "confirm" if over else urgency
    going_on = said.has(*ONGOING)
    if over_now(said, start, end) or (said.has("what_happens") and not somebody(said)):
        return "none"
    if supposed(said, tags, start, end) or no_time(said, start, end) or exertion(said, start, end):
        return "none"
    if rule.kind == "named" and (advertised(said) or history_asked(said)):
        return "none"
    if (
        said.has("past_long")
        and not unheard_of(said)
        and (not said.has("again") or again_no_more(said))
        and (rule.kind == "named" or said.has("past") or not said.has("since"))
    ):
        return urgency if present_here(said, start, end) else "none"
    if rule.category == "seizure" and long_free(said):
        return "none"
    if rule.category == "unconscious" and (of_operation(said) or of_price(said) or of_thing(said, start)):
        return "none"
    if of_work(said) or _many_of_them(said, start, end):
        return "none"
    if rule.kind == "named" and (
        clear_report(said, start, end) or of_treatment(said, start, end) or followed_up(said, start, end)
    ):
        return "none"
    if someone_then(said) or after_illness(said) or of_anybody(said) or (rule.category == "breathing" and admired(said)):
        return "none"
    if rule.category in ("severe_bleeding", "vomiting_dehydration") and stopped(said, end):
        return "none"
    if rule.kind == "named" and not said.has("now", "sudden", "family") and _of_others(said):
        return "none"
    if (
        said.has("if")
        and not apart_from_if(said, start, end)
        and not tried(said, tags)
        and (not going_on or said.has("edu") or (close_if(said, start, end) and not said.has("since") and only_supposed(said)))
    ):
        grave = rule.kind == "felt" and rule.urgency == "emergency"
        return "confirm" if grave and told_not_asked(said, start, end) else "none"
    if rule.kind == "named" and said.has("can") and said.has(*EATEN) and not said.has("family"):
        return "none"
    if said.has("edu") and (rule.kind == "named" or not (going_on or said.has("family", "ongoing"))):
        felt = rule.kind == "felt" and rule.urgency == "emergency"
        return "confirm" if felt and said.has("first_person") and not said.has("can", "if") else "none"
    if can_it_be(said, start, end) or (rule.kind == "named" and said.near(("about",), start, end, 1) and not somebody(said)):
        return "none"
    if asked_in_general(said):
        return "none"
    if rule.kind == "named" and asked_about(said, start):
        return "none"
    if rule.kind == "named" and not going_on and (_after_it(said, start, end) or asked_before_it(said, start, end)):
        return "none"
    if said.has("why") and not said.has("now", "since", "sudden", "family", "child", "first_person"):
        if rule.kind == "named":
            return "none"
        if not said.has("ongoing") or comes(said, tags):
            return "confirm"
    if (
        rule.kind == "named"
        and not said.has(*SOMEBODY, "edu_ask")
        and (said.has("question") or said.near(("medicine", "drug"), start, end, 3))
    ):
        return "confirm"  # an illness, a question or a medicine, and nobody who has it now
    if said.near(("past",), end, end, 4) and any(tag.start >= end for tag in said.by.get("fine", ())):
        return "none"
    fresh = rule.category == "poisoning_overdose" and not long_over(said)  # who was bitten was bitten just now
    if not fresh and told_as_past(said, tags, start, end) and not going_on and not said.has("still"):
        return "none" if said.has("fine") or (rule.kind == "named" and long_over(said)) else "confirm"
    if said.has("fine") and not going_on and rule.urgency == "emergency" and rule.kind == "named":
        return "confirm"
    if denial == "perhaps" or history_asked(said):
        return "confirm"
    return urgency


def _at_hand(said: Said, start: int, end: int) -> bool:
    """Somebody of those who watched or played has it, not somebody in what they watched."""
    watched = min(tag.start for tag in said.by["setting"])
    return (
        said.has("family", "child", "now", "t_today", "sudden", "help", "plea")
        or said.near(("first_person",), start, end, 4)
        or any(tag.start < watched for tag in said.by.get("third_person", ()))
    )


def _many_of_them(said: Said, start: int, end: int) -> bool:
    """ "My cousin is a paramedic and sees heart attacks": more than one, and nobody has one now."""
    return said.near(("illness_many",), start, end, 0) and not said.has("now", "sudden", "since", "help", "plea")


def _after_it(said: Said, start: int, end: int) -> bool:
    """ "Stroke ke baad physiotherapy", "after the stroke": what follows an illness that was."""
    for word in said.by.get("after", ()):
        if word.language in EUROPEAN and 0 <= start - word.end <= 2 and not clause_between(said, word.end, start):
            return True
        if word.language not in EUROPEAN and -1 <= word.start - end <= 1:  # also an ending: "स्ट्रोकनंतर"
            return True
    return False


def _of_others(said: Said) -> bool:
    """Of patients in general; or a price is asked, or gives one a heart attack."""
    return said.has("price") or (said.has("patients") and not said.has("ongoing"))
