"""One language's file of the lexicon folder: its form, and how the words of its phrases are split."""

from __future__ import annotations

import datetime
import unicodedata
from pathlib import Path
from typing import Final

from msgspec import Struct

from bot.handwritten.struct import read_struct
from bot.understanding.text import fold, is_word, script_of, tokenize


class Entry(Struct, frozen=True):
    """Words that say one concept in one language, with who vouches for them (confidence H, M or L)."""

    words: str
    confidence: str | None = None
    reviewer: str | None = None
    date: datetime.date | None = None


class LanguageFile(Struct, frozen=True, forbid_unknown_fields=True):
    """One file of the lexicon folder. ``concepts``: concept to comma-separated words. ``numbers``: value to words."""

    language: str
    name: str
    scripts: list[str]
    confidence: str
    reviewer: str | None
    date: datetime.date
    concepts: dict[str, str | Entry]
    numbers: dict[str, str] = {}


CONTRACTED: Final = ("n't", "'m", "'s", "'ve")  # endings that people write with and without the apostrophe


def plain_latin(word: str) -> str:
    """A Latin word without accents, and without the apostrophe of a contraction: "won't" is "wont"."""
    if "'" in word and word.endswith(CONTRACTED):
        word = word.replace("'", "")
    if word.isascii():
        return word
    return "".join(letter for letter in unicodedata.normalize("NFKD", word) if not unicodedata.combining(letter)).replace(
        "ß", "ss"
    )


def split_phrase(phrase: str) -> list[str]:
    """Words of a lexicon phrase, tokenized as messages are, the `*` of a stem kept."""
    if phrase.isascii() and phrase.isalpha():
        return [phrase.lower()]
    words: list[str] = []
    for part in phrase.split():
        body = part.strip("*")
        if body.isascii():
            if body.isalpha():
                words.append(part.lower())
                continue
        elif is_word(body):
            words.append(part.lower() if script_of(body) == "Latn" else fold(part))
            continue
        keep = "/" in body or not any(letter.isalnum() for letter in body)
        inner = [token.text for token in tokenize(body) if keep or token.kind != "mark"]
        if not inner:
            continue
        if part.startswith("*"):
            inner[0] = "*" + inner[0]
        if part.endswith("*"):
            inner[-1] += "*"
        words += inner
    return words


def read_language(path: Path) -> LanguageFile:
    """One language's file; raises Unreadable when it is not what a lexicon file must be."""
    return read_struct(path, LanguageFile)


def read_languages(folder: Path) -> list[LanguageFile]:
    """Every ``*.yaml`` of the lexicon folder; raises Unreadable naming the file when one is malformed."""
    return [read_language(path) for path in sorted(folder.glob("*.yaml"))]
