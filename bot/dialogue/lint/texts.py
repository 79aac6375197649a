"""The words themselves: forbidden wording, texts too hard to read, and what the channel would cut off."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache, lru_cache
from pathlib import Path

from msgspec import Struct

from bot.dialogue.compiler import Compiler
from bot.dialogue.draft import Draft
from bot.dialogue.folding import fold
from bot.dialogue.graphemes import cut, length
from bot.dialogue.lint.at_load import BUTTON_LABEL
from bot.dialogue.lint.rules import found
from bot.handwritten.finding import Finding
from bot.handwritten.source import read_source

SHORT = (".header", ".footer", ".menu_label")
HEADER = 60  # characters of a header or footer that WhatsApp shows
WORDS_IN_A_SENTENCE = 25
GRADE = 9.0  # years of school; health texts are best at 6 to 8 (NIH, "Clear & Simple"), and numbers and names cost a grade
LEAST_WORDS = 12  # of a text that a grade says anything about
_HOLE = re.compile(r"\{[{%].*?[%}]\}", re.DOTALL)
_QUOTED = re.compile(r"[“\"«].*?[”\"»]", re.DOTALL)
_SENTENCE = re.compile(r"[.!?।:;\n]+")
_WORD = re.compile(r"[A-Za-z']+")
_VOWELS = re.compile(r"[aeiouy]+")


class Forbidden(Struct, frozen=True):
    """A kind of wording. In lower case, all that its patterns find has one of ``signs`` in it: other texts are not searched."""

    signs: tuple[str, ...]
    patterns: tuple[re.Pattern[str], ...]
    message: str
    remedy: str

    def may_be_in(self, lower: str) -> bool:
        return any(sign in lower for sign in self.signs)


@cache
def forbidden() -> tuple[Forbidden, ...]:
    data = read_source(Path(__file__).parent / "wording.yaml", "wording.yaml").data
    return tuple(
        Forbidden(
            tuple(kind["signs"]),
            tuple(re.compile(word, re.IGNORECASE) for word in kind["words"]),
            kind["message"],
            kind["remedy"],
        )
        for kind in data.values()
    )


def check_texts(draft: Draft) -> Iterator[Finding]:
    for compiler in draft.all_compilers:
        said = list(_said(compiler))
        yield from _forbidden(compiler, said)
        for key, language, text in said:
            most = BUTTON_LABEL if key.endswith(".menu_label") else HEADER
            if key.endswith(SHORT) and len(text) > most:
                message = f"{_where(key, language)} has {len(text)} characters"
                yield found(compiler.source, compiler.paths[key], "length", message, f"use at most {most} characters")
        for key, written in compiler.keys.items():
            if problem := hard(written.source):
                path, remedy = compiler.paths[key], "use shorter sentences and plainer words"
                yield found(compiler.source, path, "hard_to_read", f"'{key}' {problem}", remedy)
    yield from _labels(draft)


def _said(compiler: Compiler) -> Iterator[tuple[str, str, str]]:
    """Key, language (of the source: none) and text of all that a file says."""
    for key, written in compiler.keys.items():
        yield key, "", written.source
        for language, text in _translated(compiler, key, written.source):
            yield key, language, text


def _forbidden(compiler: Compiler, said: list[tuple[str, str, str]]) -> Iterator[Finding]:
    together = "\n".join([text for _, _, text in said]).lower()
    kinds = [kind for kind in forbidden() if kind.may_be_in(together)]
    for key, language, text in said if kinds else ():
        lower, bare = text.lower(), None
        for kind in kinds:
            if not kind.may_be_in(lower):
                continue
            bare = bare or _HOLE.sub(" ", _QUOTED.sub(" ", text))
            for hit in filter(None, (pattern.search(bare) for pattern in kind.patterns)):
                message = f'{_where(key, language)} says "{hit[0].strip()}": {kind.message}'
                yield found(compiler.source, compiler.paths[key], "forbidden", message, kind.remedy)


def _where(key: str, language: str) -> str:
    return f"'{key}' ({language})" if language else f"'{key}'"


def _translated(compiler: Compiler, key: str, source: str) -> Iterator[tuple[str, str]]:
    for language, known in compiler.translations.items():
        if key in known and known[key][0] == source:
            yield language, known[key][1]


def hard(text: str) -> str | None:
    """Why an English text is hard to read: its longest sentence, or its grade by Flesch and Kincaid (1975)."""
    sentences = [words for part in _SENTENCE.split(_HOLE.sub(" one ", text)) if (words := _WORD.findall(part))]
    longest = max(map(len, sentences), default=0)
    if longest > WORDS_IN_A_SENTENCE:
        return f"has a sentence of {longest} words"
    words = [word for sentence in sentences for word in sentence]
    if len(words) < LEAST_WORDS:
        return None
    grade = 0.39 * len(words) / len(sentences) + 11.8 * sum(map(_syllables, words)) / len(words) - 15.59
    return f"reads like school grade {grade:.0f}" if grade > GRADE else None


@lru_cache(maxsize=4096)
def _syllables(word: str) -> int:
    word = word.lower().removesuffix("e") if len(word) > 3 and not word.endswith(("le", "ee")) else word.lower()
    return max(1, len(_VOWELS.findall(word)))


def _labels(draft: Draft) -> Iterator[Finding]:
    for flow, file in draft.files.items():
        compiler = draft.compilers[flow]
        for name, step in file.steps.items():
            path = ("steps", name, "options")
            owner: dict[str, str] = {}
            for id_, choice in step.options.items():
                key = f"{flow}.{name}.option.{id_}"
                words = {fold(word) for word in choice.also} | {fold(choice.label)}
                words |= {fold(text) for _, text in _translated(compiler, key, choice.label)}
                for word in sorted(words):
                    if owner.setdefault(word, id_) != id_:
                        message = f"'{word}' means both '{owner[word]}' and '{id_}'"
                        yield found(compiler.source, (*path, id_), "same_word", message, "leave it to one of them")
            told: set[tuple[str, str]] = set()
            for language in ("en", *compiler.translations):
                alike: dict[str, str] = {}
                for id_, choice in step.options.items():
                    key = f"{flow}.{name}.option.{id_}"
                    label = dict(_translated(compiler, key, choice.label)).get(language, choice.label)
                    short = fold(cut(label, BUTTON_LABEL))
                    pair = (alike.setdefault(short, id_), id_)
                    if pair[0] != id_ and length(label) > BUTTON_LABEL and pair not in told:
                        told.add(pair)
                        message = f"'{alike[short]}' and '{id_}' look the same after {BUTTON_LABEL} characters ({language})"
                        yield found(compiler.source, (*path, id_), "label_alike", message, "put the difference first")
