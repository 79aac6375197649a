"""Yes and no, and what only says that somebody is well, or agrees: "ok", "theek hai", "sab theek", "theek nahi".

To "shall I book it?" such words are a yes. To "is there chest pain?" they are none, and a yes there would raise an alarm;
to "did help come?" a "theek nahi" is a no, and its "theek" must not be heard alone.

A "not sure", "can't agree" or "I do not understand" is neither: to "do you agree?" none of them is a consent, or a refusal.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from bot.understanding.lexicon import Tag
from bot.understanding.said import Said

SURE: Final = 0.7  # of a yes or a no
SPELLED: Final = 2  # grade of a word as the lexicon writes it
WELL: Final = ("ok_word", "fine", "well")
DENIED: Final = ("neg", "no_word")
BEFORE: Final = 3  # words from the "not" to the "well": "no me siento bien"
AFTER: Final = 1  # and behind it: "theek bilkul nahi"
APART: Final = frozenset({"en", "de", "fr"})  # languages whose "no" is another word than their "not"
YES: Final = ("yes_word", "cmd_yes")
LOST: Final = ("neg", "cant")  # beside, or within, a word of understanding
PLAIN_NO: Final = ("no_word", "nothing_word", "no_trouble", "leave_it")
BESIDE_NO: Final = (
    *PLAIN_NO, "neg", "now", "any", "like_this", "filler", "marker", "thanks", "greet",
    "family", "doctor", "head", "first_person", *WELL,
)  # fmt: skip
"""What may stand beside a "no" that is nothing more: "nahi ji", "abhi nahi", "no sir" (a head in Hindi), "no, nothing so"."""
SMALL: Final = ("marker", "filler", "any")
UNMADE: Final = (*DENIED, "dont", "do_not", "cant", "neg_want")  # beside every word of agreeing: "can't agree"


def well_said(said: Said) -> bool | None:
    """True: the words say to be well, or only agree. False: they say not to be well. None: neither."""
    tags = said.all_of(WELL)
    if not tags:
        return None
    return not any(_denied(said, tag) for tag in tags)


def yes_no(said: Said, scores: Mapping[str, float], well: bool | None) -> bool | None:
    """A plain yes or no. "Theek nahi" is a no, and so is "nahi, theek hai"; ``well`` is what ``well_said`` found."""
    yes, no = scores.get("affirm", 0.0), scores.get("deny", 0.0)
    if max(yes, no) < SURE or yes == no or scores.get("change_language", 0.0) > max(yes, no) or _at_a_loss(said):
        return None  # "I know no English" is no refusal, either
    if (well is False or (well and no >= SURE)) and not _plain_yes(said):
        return False
    return None if yes > no and _only_denied(said) else yes > no


def only_no(said: Said) -> bool:
    """A "no" and nothing that it could be said of: of "nahi aati", does not come, a verb is left; of "theek nahi" the well."""
    words = [position for position, token in enumerate(said.tokens) if token.kind != "mark"]
    unwell = any(said.here(tag.end, *DENIED) for tag in said.all_of(WELL))
    return said.has(*PLAIN_NO) and not unwell and all(_beside_no(said, at) for at in words)


def _beside_no(said: Said, position: int) -> bool:
    """Of the small words only as they are written: Hindi "arahi", comes, sounds like one."""
    return any(
        tag.concept in BESIDE_NO and (tag.grade == SPELLED or tag.concept not in SMALL) for tag in said.at.get(position, ())
    )


def _at_a_loss(said: Said) -> bool:
    """ "I do not understand", "I do not know": the "not" answers nothing."""
    return said.has("unsure") or any(
        _denied(said, tag) or any(said.here(position, *LOST) for position in range(tag.start, tag.end))
        for tag in said.all_of(("understand",))
    )


def _only_denied(said: Said) -> bool:
    """Every yes that is said has a "not" beside it: "not sure", "pakka nahi". Nor is "why should I agree" one."""
    tags = said.all_of(YES)
    return bool(tags) and (said.has("why") or all(_denied(said, tag, UNMADE) for tag in tags))


def _plain_yes(said: Said) -> bool:
    """A yes that is more than a word of being well."""
    well = said.all_of(WELL)
    return any(not any(_overlap(tag, other) for other in well) for tag in said.all_of(YES))


def _overlap(one: Tag, other: Tag) -> bool:
    return one.start < other.end and other.start < one.end


def _denied(said: Said, tag: Tag, words: tuple[str, ...] = DENIED) -> bool:
    """A "not" stands beside, with nothing but words between."""
    for position in range(tag.start - 1, tag.start - 2 - BEFORE, -1):
        if position < 0 or said.tokens[position].kind == "mark":
            break
        if said.here(position, *words) and not _answers_no(said, position):
            return True
    for position in range(tag.end, min(tag.end + 1 + AFTER, len(said.tokens))):
        if said.tokens[position].kind == "mark":
            break
        if said.here(position, *words):
            return True
    return False


def _answers_no(said: Said, position: int) -> bool:
    """ "No I am fine": the "no" is the answer. Where one word is both ("nahi theek hu"), nobody can tell."""
    return any(tag.concept == "no_word" and tag.language in APART for tag in said.at.get(position, ()))
