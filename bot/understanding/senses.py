"""What the words of a message say here, of all that they say somewhere: the senses that its language has."""

from __future__ import annotations

from typing import Final

from bot.understanding.languages import ALIKE, EUROPEAN
from bot.understanding.lexicon import Heard, Tag, Word
from bot.understanding.recent import Recent
from bot.understanding.text import Token

# What denies, or alarms by itself, is not taken from the sound of a foreign word.
DENYING: Final = frozenset({"neg", "neg_past", "neg_verb", "cant", "weapon", "die"})
MAX_ALONE: Final = 40_000
EXACT: Final = 2  # grade of a word that is spelled as the lexicon does
SMALL: Final = 4  # letters of a word such as "y", "no", "die" and "ache", which means something else in each language

# What would silence an alarm must be spelled out, never guessed from a misspelling or the sound of another language.
NEVER_GUESSED: Final = frozenset(
    {
        "joke",
        "fiction",
        "dream",
        "about",
        "animal",
        "edu",
        "asked",
        "form",
        "test",
        "past_long",
        "past",
        "if",
        "cond",
        "advert",
        "fine",
        "target",
        "should",
        "again",
        "idiom",
    }
)

HUNDRED: Final = "#100"
DIGITS: Final = frozenset(f"#{digit}" for digit in range(1, 10))

Sense = tuple[str, str, int]  # concept, language, grade


class Senses:
    """Chooses senses. Never changes except for a bounded memory of words that stood outside of phrases."""

    def __init__(self) -> None:
        self._alone: Recent[tuple[Word, str, str, frozenset[str]], tuple[Sense, ...]] = Recent(MAX_ALONE)

    def of(self, tokens: list[Token], heard: Heard, language: str, latin: str, kept: frozenset[str]) -> list[Tag]:
        """The tags that hold, sorted by start. ``latin``: the language of the words in Latin letters; ``kept``: languages whose
        reading of an ambiguous word is accepted."""
        inside = {at for tags in heard.phrases.values() for tag in tags for at in range(tag.start, tag.end)}
        found: list[Tag] = []
        for start, word in enumerate(heard.words):
            if start in inside or not word.says:
                continue
            tongue = latin if tokens[start].script == "Latn" else language
            place = (word, tongue, language, kept)
            senses = self._alone.get(place)
            if senses is None:
                tags = _hold(heard.tags_at(start), tokens, language, latin, kept)
                senses = tuple([(tag.concept, tag.language, tag.grade) for tag in tags])
                self._alone.put(place, senses)
            for concept, own, grade in senses:
                found.append(Tag(concept, start, start + 1, own, grade))
        found += _hundreds_between(tokens, heard, inside, found)
        if inside:
            together = [tag for start in sorted(inside) for tag in heard.tags_at(start)]
            found += _hold(together, tokens, language, latin, kept)
        found.sort(key=_start)
        return found


def _hundreds_between(tokens: list[Token], heard: Heard, inside: set[int], found: list[Tag]) -> list[Tag]:
    """ "ek so 40" from somebody who reads English: between a number of its language and digits, "so" is the hundred."""
    small = {tag.start: tag.language for tag in found if tag.concept in DIGITS and tag.grade == EXACT}
    hundreds: list[Tag] = []
    for start, language in small.items():
        at = start + 1
        if at + 1 >= len(tokens) or at in inside or tokens[at + 1].kind != "number":
            continue
        if any(tag.start == at and tag.concept == HUNDRED for tag in found):
            continue
        if any(concept == HUNDRED and own == language and grade for concept, own, grade in heard.words[at].says):
            hundreds.append(Tag(HUNDRED, at, at + 1, language, EXACT))
    return hundreds


def _start(tag: Tag) -> int:
    return tag.start


def _hold(tags: list[Tag], tokens: list[Token], language: str, latin: str, kept: frozenset[str]) -> list[Tag]:
    """Those of the tags, sorted by start, that hold beside each other."""
    owns = {code: (code, ALIKE.get(code, code)) for code in (language, latin)}
    at_home: set[int] = set()
    spelled: set[int] = set()
    plain: list[tuple[int, int]] = []
    known_at: dict[int, str] = {}  # the language that knows the word, or nothing where several do
    for tag in tags:
        start, end, tongue = tag.start, tag.end, tag.language
        expected = latin if tokens[start].script == "Latn" else language
        if tag.grade and tongue in owns[expected]:
            at_home.update(range(start, end))
            if tag.grade == EXACT:
                if tongue == expected:
                    spelled.add(start)
                if tag.concept == "plain":
                    plain.append((start, end))
        for position in (start,) if end == start + 1 else range(start, end):
            if known_at.setdefault(position, tongue) != tongue:
                known_at[position] = ""
    found: list[Tag] = []
    no_indian = language in EUROPEAN and language != "en"
    for tag in tags:
        concept, start, tongue, grade = tag.concept, tag.start, tag.language, tag.grade
        expected = latin if tokens[start].script == "Latn" else language
        mine = tongue in owns[expected]
        at_ease = mine or tongue == "en"
        if not at_ease:
            # A word that only this language knows keeps its meaning in any message.
            if tongue not in kept and not (grade and known_at[start]):
                continue
            if start in at_home or (tag.end > start + 1 and not at_home.isdisjoint(range(start, tag.end))):
                continue  # the language of the message knows this word
        if grade < EXACT:
            if mine and tongue != expected and start in spelled:
                continue
            if no_indian and tongue not in EUROPEAN:
                continue  # nobody mixes the sound of an Indian word into German
            if concept in DENYING and not at_ease:
                continue
            if not grade and concept.startswith("#"):
                continue
            if plain and any(low <= start and tag.end <= high for low, high in plain):
                continue  # the lexicon says that this word only looks like another
        if concept in NEVER_GUESSED and not (grade and (at_ease or (grade == EXACT and tongue in kept))):
            continue
        if tongue == "en" != language and start in spelled and tag.end == start + 1 and len(tokens[start].text) <= SMALL:
            continue
        found.append(tag)
    return found
