"""What people of a language type for an option, beside its label, and to begin a flow: ``locales/CODE/answers.yaml``.

A line is an English word that flows list under ``also`` or ``phrases``, and what stands for it in this language. So authors
write English and a translator opens one file; no flow grows with the languages.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from msgspec import Struct

from bot.dialogue.bundle import ANSWERS, LOCALES
from bot.dialogue.folding import fold_label
from bot.handwritten.finding import Finding, Unreadable
from bot.handwritten.source import Source, parse_source

LONGEST = 40  # characters of one typed word or phrase


class AnswerWords(Struct, frozen=True):
    """``by_english``: folded English -> folded words of all languages. ``sources``: the pages, by language.
    ``endings``: of all languages."""

    by_english: Mapping[str, frozenset[str]] = {}
    sources: Mapping[str, Source] = {}
    endings: frozenset[str] = frozenset()

    def of(self, english: Iterable[str]) -> frozenset[str]:
        return frozenset().union(*(self.by_english.get(fold_label(word), ()) for word in english))

    def said_by(self, word: str) -> list[tuple[str, str]]:
        """The languages and English words that a typed word stands for."""
        return [
            (language, english)
            for language, source in self.sources.items()
            for english, said in source.data.items()
            if word in map(fold_label, parts(said))
        ]


def read_answers(files: Mapping[str, bytes], languages: Sequence[str]) -> tuple[AnswerWords, list[Finding]]:
    """The pages of those languages that have one, and what is wrong with them. A page that cannot be read counts for nothing."""
    words: dict[str, set[str]] = {}
    sources: dict[str, Source] = {}
    findings: list[Finding] = []
    for language in languages:
        name = f"{LOCALES}{language}/{ANSWERS}"
        if name not in files:
            continue
        try:
            source = parse_source(files[name], name)
        except Unreadable as error:
            findings.extend(error.findings)
            continue
        if not isinstance(source.data, dict):
            findings.append(source.finding((), "form", "there are no lines 'english: words'", "write one a line"))
            continue
        wrong = [key for key, said in source.data.items() if not _good(said)]
        for key in wrong:
            message = f"'{key}' has no words, or one that is longer than {LONGEST} characters"
            findings.append(source.finding((key,), "form", message, "write what people type, parted by commas"))
        if not wrong:
            sources[language] = source
            for english, said in source.data.items():
                words.setdefault(fold_label(english), set()).update(map(fold_label, parts(said)))
    return AnswerWords({english: frozenset(said) for english, said in words.items()}, sources), findings


def _good(said: object) -> bool:
    return isinstance(said, str) and any(parts(said)) and all(len(part) <= LONGEST for part in parts(said))


def parts(said: str) -> list[str]:
    return [part.strip() for part in said.split(",") if part.strip()]
