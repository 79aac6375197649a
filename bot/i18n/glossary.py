"""The glossary of a language, ``locales/CODE/glossary.yaml``: the same medical word everywhere."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from msgspec import Struct

from bot.handwritten.finding import Finding, Unreadable
from bot.handwritten.source import read_source

GLOSSARY = "glossary.yaml"
LEFT_OUT = "may be left out"  # in the note of a head: a guide for translators, no rule for every sentence
BEGINNING = "-"  # at the end of a word of the glossary: that much is always the same
SHORTEST = 3  # letters of a word's beginning by which it is known again, whatever ending the grammar gives it
PART = 0.6  # of the word
_NOTE = re.compile(r"\s*\([^)]*\)")
_TYPED = re.compile(r"\*[^*\n]+\*")
_COMMA = re.compile(r"\s*[,،]\s*")
_WORD = re.compile(r"[^\s/.,()“”\"-]+-?")


class Term(Struct, frozen=True):
    """``stems`` are the beginnings of the words of each translation; all of one of them must be there."""

    english: str
    found: re.Pattern[str]
    words: str
    stems: tuple[tuple[str, ...], ...]

    def missing(self, source: str, translation: str) -> bool:
        """The source has the term, and the translation none of its words. What is typed in English in both is no term."""
        if not self.found.search(_TYPED.sub(lambda typed: " " if typed[0] in translation else typed[0], source)):
            return False
        said = translation.casefold()
        return not any(all(stem in said for stem in stems) for stems in self.stems)


def load_glossary(locales: Path, language: str) -> tuple[Term, ...]:
    """The terms of a language that mean one thing: of "sugar (in the blood)" and "sugar (to eat)" neither. Raises Unreadable."""
    path = locales / language / GLOSSARY
    if not path.is_file():
        return ()
    source = read_source(path, f"locales/{language}/{GLOSSARY}")
    if not isinstance(source.data, dict):
        raise Unreadable(
            [Finding("form", source.name, 1, 1, "a glossary is words with words", 'write lines like "fasting": "..."')]
        )
    lines = [one for english, words in source.data.items() for one in _apart(str(english), str(words))]
    heads = [head for head, _, _ in lines]
    inside = {head for head in heads for other in heads if head != other and f" {head} " in f" {other} "}
    return tuple(_terms(lines, heads, inside))


def _apart(english: str, words: str) -> Iterator[tuple[str, str, str]]:
    """Each head of "seizure, fits" with the line's words, or its own where they are parted as often: head, note, words."""
    heads = [head.strip() for head in _NOTE.sub("", english).casefold().split(",")]
    theirs = _COMMA.split(_NOTE.sub("", words))
    paired = len(heads) == len(theirs) > 1 and " / " not in words
    for head, own in zip(heads, theirs if paired else [words] * len(heads), strict=True):
        yield head, f"{head} ({LEFT_OUT})" if LEFT_OUT in english else head if len(heads) > 1 else english, own


def _terms(lines: list[tuple[str, str, str]], heads: list[str], inside: set[str]) -> Iterator[Term]:
    for head, english, words in lines:
        if heads.count(head) > 1 or head in inside or "/" in head or LEFT_OUT in english:
            continue
        several = [_NOTE.sub("", part).strip() for part in words.split(" / ")]
        stems = tuple(tuple(_stem(word) for word in _WORD.findall(part.casefold())) for part in several if part)
        found = re.compile(rf"(?<!\w){re.escape(head)}s?(?!\w)", re.IGNORECASE)
        yield Term(english, found, words, stems)


def _stem(word: str) -> str:
    if word.endswith(BEGINNING):
        return word.removesuffix(BEGINNING)
    return word[: max(SHORTEST, int(len(word) * PART))]
