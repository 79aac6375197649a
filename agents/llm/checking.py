"""What a model may say to a patient. The checker knows what is allowed, not what is clever: whatever the sources do not cover is
refused, and the deterministic text goes out instead. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Sequence
from typing import Final

from msgspec import Struct

from agents.llm.guard import Guard, fold

_NAME: Final = re.compile(r"\[\[NAME_\d+\]\]")
_MARKUP: Final = re.compile(r"[<>\[\]{}`\\|#]|\*\*|__")
_LINK: Final = re.compile(
    r"://|\bwww\b|@|\b[a-z0-9-]+\s?(?:\.|\bdot\b|\(dot\))\s?"
    r"(?:com|in|org|net|io|me|ly|co|info|xyz|app|site|online|top|link|gov|edu|ai|dev|page|shop|club|live)\b",
    re.IGNORECASE,
)
_NUMBER: Final = re.compile(r"\d+(?:[.,]\d+)*")
_SENTENCE: Final = re.compile(r"(?<=[!?।॥۔\n])|(?<=\.)(?=\s)")
_SHARED: Final = 8  # words in a row that nobody writes by chance
_NATIVE_SHARE: Final = 0.6
_SCRIPTS: Final = {
    "LATIN": "Latn", "DEVANAGARI": "Deva", "BENGALI": "Beng", "TAMIL": "Taml", "TELUGU": "Telu", "GUJARATI": "Gujr",
    "KANNADA": "Knda", "MALAYALAM": "Mlym", "GURMUKHI": "Guru", "ARABIC": "Arab", "ORIYA": "Orya",
}  # fmt: skip


class Text(Struct, frozen=True):
    """What is checked, with everything that the checks need of it. ``own``: folded, without what is word for word in a source."""

    text: str
    own: str
    longest: int
    language: str = ""
    sources: Sequence[str] = ()
    prompt: str = ""


class Sentence(Struct, frozen=True):
    """One sentence that stands in no source word for word, folded; and all sources, folded."""

    folded: str
    said: str


class Checker:
    """Each check has a name and says True when something is wrong. ``guard``: the words of dialogs/prompts/guard.yaml.

    The three tables are the whole of it: ``form`` also holds for words that are read as a person's own, ``whole`` for a text of
    ours, ``by_sentence`` for each of its sentences that is not a sentence of a source.
    """

    def __init__(self, guard: Guard) -> None:
        self._guard = guard
        self.form: dict[str, Callable[[Text], bool]] = {
            "empty": lambda one: not one.text.strip(),
            "too_long": lambda one: len(one.text) > one.longest,
            "hidden": lambda one: any(map(_is_hidden, one.text)),
            "link": lambda one: _LINK.search(one.text) is not None,
            "markup": lambda one: _MARKUP.search(one.text) is not None,
            "two_scripts": lambda one: any(len(_scripts(word)) > 1 for word in fold(one.text).split()),
            "unsafe": lambda one: guard.never.search(one.own) is not None,
        }
        self.whole: dict[str, Callable[[Text], bool]] = {
            "language": self._in_another_language,
            "number": lambda one: not self.values(one.text) <= {n for source in one.sources for n in self.values(source)},
            "leak": lambda one: bool(one.prompt) and _shares(one.text, one.prompt),
        }
        self.by_sentence: dict[str, Callable[[Sentence], bool]] = {
            "dose": lambda one: guard.doses.search(one.folded) is not None,
            "drug": lambda one: guard.drugs.search(one.folded) is not None,
            "illness": lambda one: any(f" {found} " not in one.said for found in guard.illnesses.findall(one.folded)),
            "diagnosis": lambda one: bool(guard.illnesses.search(one.folded) and guard.of_you.search(one.folded)),
            "digits_in_word": lambda one: any(_is_mixed(word) and f" {word} " not in one.said for word in one.folded.split()),
        }

    def wrong_with(self, text: str, *, language: str, sources: Sequence[str], longest: int, prompt: str = "") -> str | None:
        """Why this text may not be shown, as one word; None when it may. ``sources``: the only things it may be about."""
        text = _NAME.sub("", text)
        known = {fold(sentence) for source in sources for sentence in _SENTENCE.split(source)}
        # What is reviewed, word for word, may be said. The rest is also looked at together: what is unsafe may be laid across
        # sentences.
        own = [folded for sentence in _SENTENCE.split(text) if (folded := fold(sentence)) not in known]
        one = Text(text, fold(" ".join(own)), longest, language, sources, prompt)
        for name, wrong in (*self.form.items(), *self.whole.items()):
            if wrong(one):
                return name
        said = " ".join(fold(source) for source in sources)
        for sentence in (Sentence(folded, said) for folded in own):
            for name, ill in self.by_sentence.items():
                if ill(sentence):
                    return name
        return None

    def speaks(self, text: str, language: str) -> bool:
        """Whether a text is in a language, as far as its script tells."""
        return not self._in_another_language(Text(text, "", 0, language))

    def wrong_in_words(self, text: str, *, longest: int) -> str | None:
        """The same of words that are to be read as the person's own, such as a transcript: they may be about anything, but they
        may not be what nobody of ours would ever say."""
        one = Text(text, fold(text), longest)
        return next((name for name, wrong in self.form.items() if wrong(one)), None)

    def values(self, text: str) -> set[float]:
        """Every number in a text: in digits of any script, or in words."""
        plain = "".join(_ascii(char) for char in unicodedata.normalize("NFKC", text))
        values = {float(_grouped(found)) for found in _NUMBER.findall(plain)}
        return values | {self._guard.numbers[word] for word in fold(text).split() if word in self._guard.numbers}

    def _in_another_language(self, one: Text) -> bool:
        expected = self._guard.languages.get(one.language)
        counts: dict[str, int] = {}
        for char in one.text:
            if script := _script(char):
                counts[script] = counts.get(script, 0) + 1
        total = sum(counts.values())
        if expected is None or not total or set(counts) - {expected, "Latn"}:
            return True
        return counts.get(expected, 0) < _NATIVE_SHARE * total


def _is_hidden(char: str) -> bool:
    return unicodedata.category(char) in ("Cc", "Cf", "Co", "Cn", "Cs") and char not in "\n\u200c\u200d"


def _ascii(char: str) -> str:
    value = unicodedata.decimal(char, None)
    return char if value is None else str(value)


def _grouped(number: str) -> str:
    """``1,200`` and ``1,20,000`` are one number; ``7,2`` is a decimal of other countries."""
    if re.fullmatch(r"\d{1,3}(?:,\d{2,3})+(?:\.\d+)?", number) and not re.fullmatch(r"\d+,\d{1,2}", number):
        return number.replace(",", "")
    parts = re.split(r"[.,]", number)
    return parts[0] if len(parts) == 1 else f"{parts[0]}.{''.join(parts[1:])}"


def _script(char: str) -> str | None:
    if unicodedata.category(char)[0] != "L":
        return None
    name = unicodedata.name(char, "").split(" ", 1)[0]
    return _SCRIPTS.get(name, name)


def _scripts(word: str) -> set[str]:
    return {script for char in word if (script := _script(char))}


def _is_mixed(word: str) -> bool:
    return any(char.isdigit() for char in word) and any(char.isalpha() for char in word)


def _shares(text: str, prompt: str) -> bool:
    words, whole = fold(text).split(), fold(prompt)
    return any(f" {' '.join(words[at : at + _SHARED])} " in whole for at in range(len(words) - _SHARED + 1))
