"""What stands between a symptom and its negation: other symptoms, small words, the end of a clause."""

from __future__ import annotations

from typing import Final

from bot.understanding.languages import EUROPEAN
from bot.understanding.lexicon import Tag
from bot.understanding.said import Said

FELT: Final = frozenset({
    "pain", "tight", "burn", "heavy", "squeeze", "stab", "pressed", "swell", "fever", "vomit", "cough", "itch", "headache",
    "dizzy", "weak", "numb", "bleed", "sweat", "breathless", "seizure", "loose", "tremble", "cold", "rash", "tingle",
    "faint", "unconscious",
})  # fmt: skip
PARTS: Final = frozenset(
    {"chest", "breath", "head", "arm", "leg", "foot", "belly", "eye", "body", "heart", "throat", "chest_pain"}
)
CLAUSE: Final = ".!?;।،,۔"  # marks between clauses
LACKED: Final = frozenset(
    {"m_insulin", "medicine", "drug", "doctor", "ambulance", "money", "help", "meter"}
)  # what there is none of
ECHO: Final = 2  # letters that a word repeated with another sound has more than
NEG_REACH: Final = 4  # tokens a negation may stand from what it denies


def clause_between(said: Said, low: int, high: int) -> bool:
    return any(
        (said.tokens[at].kind == "mark" and said.tokens[at].text in CLAUSE) or said.here(at, "but") for at in range(low, high)
    )


def span_between(one: Tag, other: Tag) -> tuple[int, int]:
    """The tokens between two tags."""
    return min(one.end, other.end), max(one.start, other.start)


def reaches(said: Said, gap: range) -> bool:
    """ "I don't have any chest pain or breathlessness": what is denied too is no distance."""
    if len(gap) <= NEG_REACH:
        return True
    listed = sum(said.here(at, *FELT, *PARTS, "any", "range", "either", "filler") for at in gap)
    return listed > 0 and len(gap) - listed <= NEG_REACH - 1


def ends(said: Said, at: int) -> bool:
    """Whether a clause ends at token ``at``: "hurts not" is over, "hurts not to be borne" is not."""
    return at >= len(said.tokens) or said.tokens[at].text in CLAUSE or said.here(at, "and", "but")


def listed(said: Said, gap: range) -> bool:
    """A list of symptoms with another one in it."""
    return any(said.here(at, *FELT) for at in gap) and all_symptoms(said, gap)


def all_symptoms(said: Said, gap: range) -> bool:
    """Nothing but symptoms, parts of the body, small words and commas."""
    return all(
        said.tokens[at].text in ",،"
        or any(
            tag.concept in FELT
            or tag.concept in PARTS
            or tag.concept in ("filler", "marker", "any", "hard", "nothing_word", "plain", "either", "range")
            for tag in said.at.get(at, ())
        )
        for at in gap
    )


def neither_nor(said: Said, start: int) -> bool:
    """ "Na chhati dukhdi na saah chadhda": twice the same negation, once right before the symptom."""
    before = [
        neg
        for neg in said.by.get("neg", ())
        if neg.end <= start and start - neg.end <= 1 and not broken(said, range(neg.end, start))
    ]
    words = [token.text for token in said.tokens]
    return any(neg.language not in EUROPEAN and words.count(said.tokens[neg.start].text) > 1 for neg in before)


def of_another(said: Said, own: set[int], neg: Tag) -> bool:
    """ "Not burning, a pressure": the word right before the negation is another symptom (or insulin), and that is denied."""
    before = neg.start - 1
    return before not in own and any(tag.concept in FELT or tag.concept in LACKED for tag in said.at.get(before, ()))


def broken(said: Said, gap: range) -> bool:
    return any(
        (said.tokens[at].kind == "mark" and said.tokens[at].text in CLAUSE + "-")
        or said.here(at, "but", "earnest")
        or (said.here(at, "and") and not said.here(at, "again"))
        for at in gap
    )


def echo(said: Said, at: int) -> bool:
    """ "Dard ward", "बिष टिष", "ಎದೆ ನೋವು ಗೀದೆ ನೋವು": a word just said once more with another first sound, for "and the like"."""
    word = said.tokens[at].text
    return len(word) > ECHO and any(
        word != (before := said.tokens[at - back].text) and word[-ECHO:] == before[-ECHO:] and abs(len(word) - len(before)) <= 1
        for back in (1, 2)
        if at >= back and len(said.tokens[at - back].text) > ECHO
    )
