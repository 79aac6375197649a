"""What is left of an alarm rule that matched: denied, unreal, long ago, somebody else's, supposed or only asked about?

The order counts: what comes first is surer, and what is left at the end stands.
"""

from __future__ import annotations

from typing import Final

from bot.understanding.asking import asked_about, asked_and_denied, asked_before_it, comes
from bot.understanding.denials import SPELLED, denied, part_is_well, torn, tried, trouble_denied, unheard_of, well_now
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
from bot.understanding.gaps import clause_between
from bot.understanding.languages import EUROPEAN
from bot.understanding.lexicon import Tag
from bot.understanding.meaning import Urgency
from bot.understanding.rules import AlarmRule, extent
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

UNREAL: Final = ("joke", "fiction", "animal", "dream")
EATEN: Final = ("food", "meal", "eat_inf", "drink", "drug", "medicine", "m_insulin", "exercise_word")
PASSING: Final = ("chest_pain", "breathing", "seizure", "unconscious", "severe_bleeding")
"""Of these "it is fine now" is asked about. A stroke's signs are an emergency even where they went away, and so is a poison."""
ONGOING: Final = ("now", "since", "sudden")


def left_of(said: Said, rule: AlarmRule, tags: list[Tag]) -> Urgency:
    """What remains of a rule that matched: its own urgency, a question, or nothing."""
    start, end = extent(tags)
    if (left := _unreal(said, rule, tags, start, end)) is not None:
        return left
    if rule.kind != "sure" and asked_and_denied(said):
        return "none"
    denial = "no" if rule.negated == "keep" else "yes" if trouble_denied(said, tags) else denied(said, tags, start, end)
    if denial == "yes":
        asks = rule.negated == "confirm" or (rule.negated == "unless_fine" and not said.has("fine", "well"))
        return "confirm" if asks and not over_now(said, end) else "none"
    if rule.kind == "sure":
        return _left_of_sure(said, rule, tags)
    for doubt in (_not_now, _not_theirs, _supposed, _asked, _told_of_the_past):
        if (left := doubt(said, rule, tags, start, end)) is not None:
            return left
    eased = rule.category in PASSING and well_now(said, end)
    return "confirm" if denial == "perhaps" or history_asked(said) or eased else rule.urgency


def _grave(rule: AlarmRule) -> bool:
    return rule.kind == "felt" and rule.urgency == "emergency"


def _unreal(said: Said, rule: AlarmRule, tags: list[Tag], start: int, end: int) -> Urgency | None:
    """No symptom at all, or one in a film, a game, a joke, a dream, an animal. None: nothing of that."""
    if torn(said, tags) or part_is_well(said, tags) or said.near(("idiom",), start, end, 0):
        return "none"
    if rule.kind != "sure" and in_the_news(said):
        return "none"
    if said.has("setting") and not _at_hand(said, start, end) and not (_grave(rule) and said.has("ongoing", "since")):
        asks = (_grave(rule) or rule.kind == "sure") and not said.has("joke")
        return "confirm" if asks else "none"  # "watching a film about an overdose"
    bite = any(tag.grade == SPELLED for tag in said.by.get("bite", ())) and not said.has("snake")
    bitten = said.has("horn") or bite  # gored or bitten by an animal
    if not said.has(*UNREAL) or (bitten and not said.has("joke", "fiction", "dream")):
        return None
    if said.has("animal") and not said.has("first_person", "family", "child"):
        return "none"
    there = said.has("now", "sudden") and said.has("first_person", "family")
    if rule.kind == "felt" and there and not said.has("joke", "animal", "dream"):
        return "confirm"  # "we were watching a film, suddenly papa fell"
    if said.has("dream") and not said.has("want"):
        return "none"
    wished = rule.kind == "sure" and (said.has("joke", "first_person") or not said.has("fiction"))
    return "confirm" if wished else "none"


def _left_of_sure(said: Said, rule: AlarmRule, tags: list[Tag]) -> Urgency:
    if lost_long_ago(said) or of_patients(said):
        return "none"
    follows = said.has("family") and any(tag.concept in ("want", "wish_dead", "not_live") for tag in tags)
    over = (
        (said.has("edu") and rule.negated != "keep" and not wishes_own(said, tags))
        or (said.has("past_long") and not follows and not said.has("since"))
        or (said.has("past") and said.has("fine"))
    )
    return "confirm" if over else rule.urgency


def _not_now(said: Said, rule: AlarmRule, tags: list[Tag], start: int, end: int) -> Urgency | None:
    """It is over, or long ago; or it is supposed, lacked time, came of a strain, or stands in an advertisement."""
    if over_now(said, end) or (said.has("what_happens") and not somebody(said)):
        return "none"
    if supposed(said, tags, start, end) or no_time(said, start, end) or exertion(said):
        return "none"
    if rule.kind == "named" and (advertised(said) or history_asked(said)):
        return "none"
    if (
        said.has("past_long")
        and not unheard_of(said)
        and (not said.has("again") or again_no_more(said))
        and (rule.kind == "named" or said.has("past") or not said.has("since"))
    ):
        return rule.urgency if present_here(said, start, end) else "none"
    return "none" if rule.category == "seizure" and long_free(said) else None


def _not_theirs(said: Said, rule: AlarmRule, tags: list[Tag], start: int, end: int) -> Urgency | None:
    """It is of an operation, a price, a thing, a report, of work, of others, of anybody; or what bled has stopped."""
    other = (
        (rule.category == "unconscious" and (of_operation(said) or of_price(said) or of_thing(said, start)))
        or of_work(said)
        or _many_of_them(said, start, end)
        or someone_then(said)
        or after_illness(said)
        or of_anybody(said)
        or (rule.category == "breathing" and admired(said))
        or (rule.category in ("severe_bleeding", "vomiting_dehydration") and stopped(said, end))
    )
    if rule.kind == "named":
        other = (
            other
            or clear_report(said, start, end)
            or of_treatment(said, start, end)
            or followed_up(said, start, end)
            or (not said.has("now", "sudden", "family") and _of_others(said))
        )
    return "none" if other else None


def _supposed(said: Said, rule: AlarmRule, tags: list[Tag], start: int, end: int) -> Urgency | None:
    """ "If", "can", "what is": it need not be there."""
    going_on = said.has(*ONGOING)
    if (
        said.has("if")
        and not apart_from_if(said, end)
        and not tried(said, tags)
        and (not going_on or said.has("edu") or (close_if(said, start, end) and not said.has("since") and only_supposed(said)))
    ):
        return "confirm" if _grave(rule) and told_not_asked(said, start, end) else "none"
    if rule.kind == "named" and said.has("can") and said.has(*EATEN) and not said.has("family"):
        return "none"
    if said.has("edu") and (rule.kind == "named" or not (going_on or said.has("family", "ongoing"))):
        return "confirm" if _grave(rule) and said.has("first_person") and not said.has("can", "if") else "none"
    return None


def _asked(said: Said, rule: AlarmRule, tags: list[Tag], start: int, end: int) -> Urgency | None:
    """Something is asked about it, and nobody is said to have it."""
    named = rule.kind == "named"
    if can_it_be(said, start, end) or (named and said.near(("about",), start, end, 1) and not somebody(said)):
        return "none"
    if asked_in_general(said) or (named and asked_about(said, start)):
        return "none"
    if named and not said.has(*ONGOING) and (_after_it(said, start, end) or asked_before_it(said, start, end)):
        return "none"
    if said.has("why") and not said.has("now", "since", "sudden", "family", "child", "first_person"):
        if named:
            return "none"
        if not said.has("ongoing") or comes(said, tags):
            return "confirm"
    asks = said.has("question") or said.near(("medicine", "drug"), start, end, 3)
    if named and not said.has(*SOMEBODY, "edu_ask") and asks:
        return "confirm"  # an illness, a question or a medicine, and nobody who has it now
    return None


def _told_of_the_past(said: Said, rule: AlarmRule, tags: list[Tag], start: int, end: int) -> Urgency | None:
    if said.near(("past",), end, end, 4) and any(tag.start >= end for tag in said.by.get("fine", ())):
        return "none"
    going_on = said.has(*ONGOING)
    fresh = rule.category == "poisoning_overdose" and not long_over(said)  # who was bitten was bitten just now
    if not fresh and told_as_past(said, tags, start, end) and not going_on and not said.has("still"):
        return "none" if _fine_since(said, start) or (rule.kind == "named" and long_over(said)) else "confirm"
    return "confirm" if said.has("fine") and not going_on and rule.urgency == "emergency" and rule.kind == "named" else None


def _fine_since(said: Said, start: int) -> bool:
    """Well after it, or told of as past: of "I was fine, now chest pain" the well and the past stand both before it."""
    return said.has("fine") and any(tag.end > start for tag in said.all_of(("fine", "past")))


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
