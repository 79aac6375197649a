"""Is somebody in danger now? Rules over concepts, then what takes them back: denied, past, asked in general, a joke."""

from __future__ import annotations

from typing import Final

from msgspec import Struct

from bot.understanding.amounts import Amount
from bot.understanding.denials import clause_between, denied, part_is_well, torn, tried, trouble_denied
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
from bot.understanding.suppositions import advertised, exertion, history_asked, no_time, supposed
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
SHORT_QUESTION: Final = 4  # tokens with the mark


class Verdict(Struct, frozen=True):
    """The urgency and category of a message, with the spans and rules behind it (the deciding one first)."""

    urgency: Urgency = "none"
    category: str | None = None
    spans: tuple[Span, ...] = ()


def judge(said: Said, readings: list[ReadingFound], amounts: list[Amount], rules: RuleSet, ranges: Ranges) -> Verdict:
    """The gravest thing the message says, after what takes it back."""
    signals: list[Signal] = []
    for rule, ways in rules.matches(said):
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
    if said.has(*UNREAL) and not (said.has("horn") and not said.has("joke", "fiction", "dream")):  # gored by an animal
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
        return "confirm" if rule.kind == "sure" and (said.has("joke", "first_person") or not said.has("fiction")) else "none"
    if rule.kind != "sure" and _asked_anddenied(said):
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
        and (not going_on or said.has("edu") or (_close_if(said, start, end) and not said.has("since") and _supposed(said)))
    ):
        return "none"
    if rule.kind == "named" and said.has("can") and said.has(*EATEN) and not said.has("family"):
        return "none"
    if said.has("edu") and (rule.kind == "named" or not (going_on or said.has("family", "ongoing"))):
        felt = rule.kind == "felt" and rule.urgency == "emergency"
        return "confirm" if felt and said.has("first_person") and not said.has("can", "if") else "none"
    if can_it_be(said, start, end) or (rule.kind == "named" and said.near(("about",), start, end, 1) and not somebody(said)):
        return "none"
    if asked_in_general(said):
        return "none"
    if rule.kind == "named" and _asked_about(said, start):
        return "none"
    if rule.kind == "named" and not going_on and (_after_it(said, start, end) or _asked_before_it(said, start, end)):
        return "none"
    if said.has("why") and not said.has("now", "since", "sudden", "family", "child", "first_person"):
        if rule.kind == "named":
            return "none"
        if not said.has("ongoing") or _comes(said, tags):
            return "confirm"
    if (
        rule.kind == "named"
        and not said.has(*SOMEBODY, "edu_ask")
        and (said.has("question") or said.near(("medicine", "drug"), start, end, 3))
    ):
        return "confirm"  # an illness, a question or a medicine, and nobody who has it now
    if said.near(("past",), end, end, 4) and any(tag.start >= end for tag in said.by.get("fine", ())):
        return "none"
    if told_as_past(said, tags, start, end) and not going_on and not said.has("still"):
        return "none" if said.has("fine") or (rule.kind == "named" and long_over(said)) else "confirm"
    if said.has("fine") and not going_on and rule.urgency == "emergency" and rule.kind == "named":
        return "confirm"
    if denial == "perhaps" or history_asked(said):
        return "confirm"
    return urgency


def _comes(said: Said, tags: list[Tag]) -> bool:
    """ "Why does breathlessness come": where verbs stand last, the present tells of what comes as well as of what is."""
    lacking = any(tag.concept in ("neg", "cant") or tag.concept.startswith("not_") for tag in tags)
    return not lacking and all(tag.language not in EUROPEAN for tag in said.by["ongoing"])


def _asked_about(said: Said, start: int) -> bool:
    """ "How dangerous is a stroke", "how do I protect myself from one": begins with a question word, and nobody has it."""
    if said.has("family", "child", "third_person", "now", "sudden", "since", "ongoing", "help", "plea", "edu_ask"):
        return False
    if said.tokens[-1].text == "?" and len(said.tokens) > SHORT_QUESTION and not said.has("this_is"):
        return True  # "epilepsy, is it hereditary?", but "heart attack?" may be a plea
    asked = (*said.by.get("question", ()), *said.by.get("ask_if", ()))
    return any(tag.start == 0 and not clause_between(said, tag.end, start) for tag in asked) and not said.has("this_is")


def _many_of_them(said: Said, start: int, end: int) -> bool:
    """ "My cousin is a paramedic and sees heart attacks": more than one, and nobody has one now."""
    return said.near(("illness_many",), start, end, 0) and not said.has("now", "sudden", "since", "help", "plea")


def _supposed(said: Said) -> bool:
    """A sudden onset is no more than supposed when one asks what to do: "if sugar drops suddenly, what shall one do"."""
    return not said.has("sudden") or (said.has("question", "should") and not said.has("family", "child", "first_person", "now"))


def _close_if(said: Said, start: int, end: int) -> bool:
    """ "If there is chest pain come at once": the condition is the symptom itself."""
    return any(-1 <= word.start - end <= 1 or 0 <= start - word.end <= 1 for word in said.by.get("if", ()))


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


def _asked_before_it(said: Said, start: int, end: int) -> bool:
    """ "What is felt before a heart attack comes"."""
    return said.has("question", "ask_if") and not said.has("family", "first_person") and said.near(("before",), start, end, 3)


def _asked_anddenied(said: Said) -> bool:
    """ "The doctor asked whether I get breathless, I said no"; "wrote no in the form"."""
    if said.has("doctor") and said.has("refused") and said.has("question", "ask_if", "asked"):
        return True
    return said.has("asked", "form") and said.has("neg", "refused", "no_word")
