"""A danger that is only supposed: by the ending of a verb, in a history that was asked for, in an advertisement or a prayer."""

from __future__ import annotations

from typing import Final

from bot.understanding.frames import somebody
from bot.understanding.gaps import clause_between
from bot.understanding.languages import EUROPEAN
from bot.understanding.lexicon import Tag
from bot.understanding.said import Said

ASKS: Final = ("question", "should", "edu_ask", "can", "ask_if")
WHEN_FIRST: Final = ("hi", "ur")  # Indian languages with a word for "when" that stands first
NEAR: Final = 3  # words between "when" and what is supposed
PRESENT: Final = ("now", "sudden", "since", "help", "plea")
SHOWN: Final = ("not_respond", "not_wake", "wake", "respond", "pinch", "neg", "cant")  # how it was tried, or what is not there


def supposed(said: Said, tags: list[Tag], start: int, end: int) -> bool:
    """ "Raktam kanipiste bhayapadala": the symptom itself ends in a condition, something is asked, and nobody has it.

    The condition stands at the end of the symptom; one before it ("when he smiles the face is crooked") is how it was seen.
    """
    if not said.has(*ASKS) or said.has("since") or any(tag.concept in SHOWN for tag in tags):
        return False
    nobody = not somebody(said)
    for word in said.by.get("cond", ()):
        supposes = nobody or (_unmistakable(said, word) and not said.has(*PRESENT, "ongoing"))
        if word.language not in EUROPEAN and supposes and end - 1 <= word.start <= end:
            return True
        if word.language in WHEN_FIRST and nobody and 0 <= start - word.end <= NEAR:
            return True  # "jab saans phoolti hai tab kya karna chahiye"
        own = any(word.end <= tag.start < end for tag in said.by.get("first_person", ()))  # "what do I do when my chest hurts"
        if word.language in EUROPEAN and 0 <= start - word.end <= NEAR and not own and not said.has(*PRESENT, "family", "child"):
            return any(tag.start < word.start for tag in said.all_of(ASKS))  # "was soll ich essen, wenn der Zucker fällt"
    return False


def _unmistakable(said: Said, word: Tag) -> bool:
    """Whether the ending can be nothing but a condition, also of father: "mayangina" in Latin letters is "who fainted" too."""
    return word.language in ("te", "kn", "ml") or (word.language == "ta" and said.tokens[word.start].script == "Taml")


def history_asked(said: Said) -> bool:
    """ "The doctor asked whether anyone in the family had a heart attack"."""
    return said.has("doctor") and said.has("asked") and not said.has(*PRESENT, "ongoing", "still")


def advertised(said: Said) -> bool:
    """ "Saw an ad that cures epilepsy in seven days", "this tea opens blocked arteries, they say"."""
    return said.has("advert") and not said.has(*PRESENT, "family", "child")


def no_time(said: Said, start: int, end: int) -> bool:
    """ "So much work, no time to breathe": what is lacking is the time."""
    for tag in said.by.get("time_word", ()):
        if tag.start > end + 3 or tag.end < start - 3:
            continue
        for neg in said.by.get("neg", ()):
            lacking = 0 <= tag.start - neg.end <= 0 if neg.language in EUROPEAN else 0 <= neg.start - tag.end <= 1
            if lacking:
                return not said.has("now", "sudden", "family", "child")
    return False


def exertion(said: Said) -> bool:
    """ "Is it normal to be a little out of breath on stairs": a little, at a strain, and it is asked whether that is usual."""
    asks = said.has("is_normal", "edu_ask") and said.has("little") and said.has("exercise_word", "walked", "stairs")
    return asks and not said.has(*PRESENT, "severe", "worse", "child", "chest", "pregnant")


def only_supposed(said: Said) -> bool:
    """A sudden onset is no more than supposed when one asks what to do: "if sugar drops suddenly, what shall one do"."""
    return not said.has("sudden") or (said.has("question", "should") and not said.has("family", "child", "first_person", "now"))


def told_not_asked(said: Said, start: int, end: int) -> bool:
    """ "If I stand up I faint", "you said to write if the chest hurts, now it does": somebody has it, and nothing is asked."""
    if said.has("question", "ask_if", "should", "edu", "edu_ask", "can", "what_happens", "possible", "why", "how"):
        return False
    nows = said.all_of(("now", "t_today"))
    if said.has("ongoing", "happen", "come") and any(now.start > end and clause_between(said, end, now.start) for now in nows):
        return True
    told = bool(nows) or len(said.by.get("first_person", ())) > 1
    return told and not said.has("doctor", "past") and any(tag.end <= start for tag in said.by["if"])


def close_if(said: Said, start: int, end: int) -> bool:
    """ "If there is chest pain come at once": the condition is the symptom itself."""
    return any(-1 <= word.start - end <= 1 or 0 <= start - word.end <= 1 for word in said.by.get("if", ()))
