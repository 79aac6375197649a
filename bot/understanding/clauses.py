"""Clauses of a message that tell of the present by themselves: "in the film he was well, but now papa is unconscious".

A word that silences an alarm belongs to its own clause. What a later clause tells of now is read once more without the others.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from msgspec.structs import replace

from bot.understanding.amounts import Amount
from bot.understanding.denials import SPELLED
from bot.understanding.frames import after_illness
from bot.understanding.gaps import CLAUSE
from bot.understanding.said import Said
from bot.understanding.uses import mark_uses

SENTENCE: Final = ".!?।۔"  # marks behind a sentence
MAX_PARTS: Final = 4  # clauses of one message that are read by themselves
NOW: Final = ("now", "again", "t_today")
GOES_ON: Final = ("sudden", "since", "ongoing", "still", "help", "plea")
ILL_NOW: Final = ("is_now", "severe", "worse")
UNABLE: Final = ("cant", "not_speak", "not_respond", "not_wake")
SIGNS: Final = (*NOW, *GOES_ON, *ILL_NOW, *UNABLE)  # a clause without any of them, nor a "but" before it, is not believed
PERSON: Final = ("first_person", "family", "child")
BEFORE: Final = (
    "past",
    "past_long",
    "past_week",
    "before",
    "ago",
    "fine",
    "well",
    "relieved",
    "went_away",
    "t_yesterday",
    "t_kal",
    "bite",
)
TALES: Final = (
    "fiction",
    "joke",
    "in_news",
    "news",
    "animal",
)  # they go on over clauses, unless somebody of the teller's has it now
ASKED: Final = (
    "if", "cond", "edu", "question", "ask_if", "should", "can", "asked", "form", "lest", "what_happens", "advert", "dream",
)  # fmt: skip
TOPICS: Final = ("pregnant", "baby", "type_1", "diabetic")
TAKE_BACK: Final = ("relieved", "fine", "well", "no_word", "neg", "went_away", "healed", "leave_it", "joke", "refused")


def present_parts(said: Said, amounts: list[Amount]) -> Iterator[tuple[Said, list[Amount]]]:
    """The clauses that may be believed by themselves, each with what follows it and, where that takes nothing back, alone."""
    signs = said.all_of(SIGNS)
    if not (signs or said.has("but")) or (after_illness(said) and not said.has("sudden")):
        return  # "two years since the stroke, now the right hand is weak, which exercises"
    marks = [at for at, token in enumerate(said.tokens) if token.kind == "mark" and token.text in CLAUSE]
    count = 0
    for start, after_but in _starts(said, marks):
        for end in _ends(said, start, marks):
            if not start and end == len(said.tokens):
                continue
            if not after_but and not any(start <= tag.start and tag.end <= end for tag in signs):
                continue
            part = _cut(said, start, end)
            if _believed(said, part, start, end, after_but=after_but):
                yield part, _numbers(part, amounts, start, end)
                count += 1
                if count == MAX_PARTS:
                    return


def _ends(said: Said, start: int, marks: list[int]) -> list[int]:
    """Where a clause may end: with its sentence and before its first mark, unless something behind that takes it back."""
    last = len(said.tokens)
    behind = [at for at in marks if at > start]
    sentence = next((at for at in behind if said.tokens[at].text in SENTENCE), last)
    clause = behind[0] if behind else last
    ends = [end for end in (sentence, clause) if not any(tag.start >= end for tag in said.all_of(TAKE_BACK))]
    return list(dict.fromkeys(ends)) if sentence in ends else [last, *ends]


def _starts(said: Said, marks: list[int]) -> list[tuple[int, bool]]:
    """Where clauses begin, and whether behind a "but"; the last ones first, for what is told last is now."""
    starts: dict[int, bool] = {0: False}
    last = len(said.tokens)
    for at in marks:
        starts[at + 1] = False
    for tag in said.by.get("but", ()):
        if tag.grade == SPELLED:
            starts[tag.end] = True
    for tag in said.all_of(("now", "t_today")):
        if not tag.start or tag.start - 1 in marks:
            continue
        if said.here(tag.start - 1, "and") or any(before.end <= tag.start for before in said.all_of(BEFORE)):
            starts.setdefault(tag.start, False)
    return sorted(((start, but) for start, but in starts.items() if start < last), reverse=True)


def _believed(said: Said, part: Said, start: int, end: int, *, after_but: bool) -> bool:
    """Whether the clause tells of the present strongly enough for what the others say."""
    rest = {tag.concept for tag in said.tags if not (start <= tag.start and tag.end <= end)}
    now = after_but or part.has(*NOW)
    if said.has("bite") and not said.has("snake"):
        rest -= {"animal"}  # which has bitten somebody
    if not rest.isdisjoint(TALES):
        if after_but and part.has(*NOW) and ("animal" not in rest or (said.has(*PERSON) and not part.has("third_person"))):
            return True
        return part.has(*PERSON) and (now or part.has(*GOES_ON))
    if not rest.isdisjoint(ASKED):
        return now or (part.has(*PERSON) and part.has(*GOES_ON)) or (part.has("family", "child") and part.has(*UNABLE))
    return now or part.has(*GOES_ON, *ILL_NOW)


def _cut(said: Said, start: int, end: int) -> Said:
    """The clause, with whom the message is about: who is pregnant, or a baby, stays so in the next clause."""
    tags = [replace(tag, start=0, end=1) for tag in said.all_of(TOPICS) if not (start <= tag.start and tag.end <= end)]
    tags += [
        replace(tag, start=tag.start - start, end=tag.end - start) for tag in said.tags if start <= tag.start and tag.end <= end
    ]
    return Said(said.tokens[start:end], tags)


def _numbers(part: Said, amounts: list[Amount], start: int, end: int) -> list[Amount]:
    """The numbers of a clause, and what they count in it; none when a later number tells what became of it."""
    if any(amount.start >= end for amount in amounts):
        return []
    own = [
        replace(amount, start=amount.start - start, end=amount.end - start, use=None)
        for amount in amounts
        if start <= amount.start and amount.end <= end
    ]
    mark_uses(part, own)
    return own
