"""The words themselves: forbidden wording, texts too hard to read, and what the channel would cut off."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from bot.dialogue.compiler import Compiler, fold
from bot.dialogue.draft import Draft
from bot.dialogue.finding import Finding
from bot.dialogue.lint.at_load import BUTTON_LABEL
from bot.dialogue.lint.rules import found
from bot.dialogue.source import read_source

HEADER = 60  # characters of a header or footer that WhatsApp shows
WORDS_IN_A_SENTENCE = 25
GRADE = 9.0  # years of school; health texts are best at 6 to 8 (NIH, "Clear & Simple"), and numbers and names cost a grade
LEAST_WORDS = 12  # of a text that a grade says anything about
_HOLE = re.compile(r"\{[{%].*?[%}]\}", re.DOTALL)
_QUOTED = re.compile(r"[“\"«].*?[”\"»]", re.DOTALL)
_SENTENCE = re.compile(r"[.!?।:;\n]+")
_LATIN = re.compile(r"[a-z\d]")
_WORD = re.compile(r"[A-Za-z']+")
_VOWELS = re.compile(r"[aeiouy]+")


@cache
def forbidden() -> tuple[tuple[re.Pattern[str], str, str], ...]:
    """Pattern, what is wrong with it, and the remedy."""
    data = read_source(Path(__file__).parent / "wording.yaml", "wording.yaml").data
    return tuple(
        (re.compile(word, re.IGNORECASE), kind["message"], kind["remedy"]) for kind in data.values() for word in kind["words"]
    )


@cache
def _any_forbidden() -> tuple[re.Pattern[str], re.Pattern[str]]:
    """All of them as one, for text in small letters: those in Latin letters, and the others."""
    words = [pattern.pattern for pattern, _, _ in forbidden()]
    latin, other = [word for word in words if word.isascii()], [word for word in words if not word.isascii()]
    return re.compile("|".join(f"(?:{word})" for word in latin)), re.compile("|".join(f"(?:{word})" for word in other))


def _may_be_forbidden(text: str) -> bool:
    """Quick and sure to see what is there: nearly no text has any, and most have letters of one script only."""
    latin, other = _any_forbidden()
    text = text.lower()
    return bool((_LATIN.search(text) and latin.search(text)) or other.search(text))


def check_texts(draft: Draft) -> Iterator[Finding]:
    for compiler in draft.all_compilers:
        for key, written in compiler.keys.items():
            path = compiler.paths[key]
            said = [("", written.source), *_translated(compiler, key, written.source)]
            for language, text in said:
                where = f"'{key}'{f' ({language})' if language else ''}"
                bare = _HOLE.sub(" ", _QUOTED.sub(" ", text))
                for pattern, message, remedy in forbidden() if _may_be_forbidden(bare) else ():
                    if hit := pattern.search(bare):
                        yield found(compiler.source, path, "forbidden", f'{where} says "{hit[0].strip()}": {message}', remedy)
                if key.endswith((".header", ".footer")) and len(text) > HEADER:
                    yield found(
                        compiler.source, path, "length", f"{where} has {len(text)} characters", f"use at most {HEADER} characters"
                    )
                if key.endswith(".menu_label") and len(text) > BUTTON_LABEL:
                    yield found(
                        compiler.source, path, "length", f"{where} has {len(text)} characters", f"use at most {BUTTON_LABEL}"
                    )
            if problem := hard(written.source):
                yield found(
                    compiler.source, path, "hard_to_read", f"'{key}' {problem}", "use shorter sentences and plainer words"
                )
    yield from _labels(draft)


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
            for language in ("en", *compiler.translations):
                cut: dict[str, str] = {}
                for id_, choice in step.options.items():
                    key = f"{flow}.{name}.option.{id_}"
                    label = dict(_translated(compiler, key, choice.label)).get(language, choice.label)
                    short = fold(label[:BUTTON_LABEL])
                    if cut.setdefault(short, id_) != id_ and len(label) > BUTTON_LABEL:
                        message = f"'{cut[short]}' and '{id_}' look the same after {BUTTON_LABEL} characters ({language})"
                        yield found(compiler.source, (*path, id_), "label_alike", message, "put the difference first")
