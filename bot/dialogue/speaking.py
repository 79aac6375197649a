"""Which languages we offer, in lists short enough for a phone, and which one a message names."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from bot.dialogue.catalogue import SOURCE_LANGUAGE
from bot.dialogue.folding import fold
from bot.dialogue.nearly import one_letter
from bot.dialogue.tongue import Tongue
from bot.understanding.meaning import Meaning

LANGUAGES, MORE_LANGUAGES = "languages", "more_languages"
"""The variables with the two pages of languages, for ``options_from``. English is the question's own option."""

MORE = "more"  # the id of the row that leads to the other page
LATIN = "Latn"
ROWS = 9  # beside English
MORE_LABEL = "More · और · আরও · மேலும்"  # read by whoever reads none of the languages on this page
WISH = 12  # words of a message that asks for a language
SLIPPED = 6  # letters of a name that is known again with one of them wrong
_WORD = re.compile(r"[^\s.,!?।؟،:;\"'*()/-]+")


def pages(tongues: Mapping[str, Tongue], own: object = None) -> dict[str, list[dict[str, str]]]:
    """All languages but English as options, on one page or on two that lead to each other.

    ``own`` comes first: the language that the person has, or that we guess from their country and first words.
    """
    order = sorted(tongues.values(), key=lambda one: one.code != own)
    rows = [{"id": one.code, "label": one.name} for one in order if one.code != SOURCE_LANGUAGE]
    if len(rows) <= ROWS:
        return {LANGUAGES: rows, MORE_LANGUAGES: rows}
    more = {"id": MORE, "label": MORE_LABEL}
    return {LANGUAGES: [*rows[: ROWS - 1], more], MORE_LANGUAGES: [*rows[ROWS - 1 :][: ROWS - 1], more]}


def written_in(tongues: Iterable[Tongue], meaning: Meaning, text: str) -> str | None:
    """The language and script in which a message is written, where we have it: Romanised Hindi is not Hindi."""
    latin = all(char.isascii() for char in text if char.isalpha()) if meaning.script != "roman" else True
    same = [one for one in tongues if one.base == meaning.language]
    alike = [one for one in same if (one.script == LATIN) is latin]
    return (alike or same)[0].code if same else None


def named(tongues: Iterable[Tongue], text: str, *, alone: bool = True) -> str | None:
    """The language whose name is the whole message; else, where not ``alone``, the only one that a short message names, be it
    with a slip of one letter."""
    whole, tongues = fold(text), tuple(tongues)
    for one in tongues:
        if whole in one.names:
            return one.code
    words = [] if alone else _WORD.findall(whole)
    if not words or len(words) > WISH:
        return None
    said = f" {' '.join(words)} "
    found = {one.code: max((len(name) for name in one.names if f" {name} " in said), default=0) for one in tongues}
    best = max(found.values(), default=0)
    if not best:
        slipped = {one.code for one in tongues for name in one.names if any(_slip(name, word) for word in words)}
        return slipped.pop() if len(slipped) == 1 else None
    longest = [code for code, length in found.items() if length == best]
    return longest[0] if len(longest) == 1 else None


def _slip(name: str, typed: str) -> bool:
    return len(name) >= SLIPPED and len(typed) >= SLIPPED and name[0] == typed[0] and one_letter(name, typed)
