"""The words of every language, loaded once from the lexicon folder and compiled into one index.

A lexicon file maps a *concept* (chest, pain, negation ...) to the words that say it; `word*` matches any ending and `*word` any
beginning. Words in native script are also indexed as people type them in Latin letters. Nothing here knows what a concept means.
"""

from __future__ import annotations

import gc
from pathlib import Path
from typing import Final

from msgspec import Struct

from bot.errors import ConfigError
from bot.understanding.keys import bare_key, drop_schwa, latin, roman_key, soft_key
from bot.understanding.language_file import Entry, LanguageFile, plain_latin, read_language, split_phrase
from bot.understanding.spelling import Spelling
from bot.understanding.text import Token, fold, script_of

EUROPEAN: Final = frozenset({"en", "de", "es", "fr", "pt"})
OPEN_O: Final = frozenset({"bn", "as", "or"})  # the unwritten vowel is an o
SCHWA: Final = frozenset({"hi", "mr", "gu", "pa"})  # the unwritten vowel is often silent
SOFT: Final = frozenset({"ta", "ml"})  # one letter for k/g, t/d, p/b
# Concepts whose words are looked for in the middle of a text too long to be read whole.
DANGER: Final = (
    "chest", "chest_pain", "heart_attack", "breathless", "breath", "unconscious", "faint", "collapse", "seizure", "stroke",
    "paralysis",
    "bleed", "suicide", "poison", "overdose", "pregnant", "slur", "kill", "die",
)  # fmt: skip
SHORTEST: Final = 3  # letters of a skeleton
MAX_REPEATS: Final = 10  # mentions of one word that are read
MAX_CACHE: Final = 20_000
MAX_PHRASE: Final = 7


Forms = tuple[str, str, str]  # elements of one written word: exact, skeleton, consonants
EUROPE: Final = "europe"
SOUNDS: Final = "~#%"  # elements that begin with these stand for a sound, the others for letters

Resolved = tuple[tuple[str, int], ...]  # elements of the index a word stands for, with grade


class Node:
    """A step in the tree of words: what may follow, and what the words so far say as (concept, language)."""

    __slots__ = ("entries", "next")

    def __init__(self) -> None:
        self.next: dict[str, Node] | None = None
        self.entries: tuple[tuple[str, str], ...] = ()


class Tag(Struct, frozen=True):
    """A concept said by tokens start..end-1, in a language.

    ``grade``: 2 spelled as the lexicon does, 1 the same skeleton or stem, 0 a guess from a misspelling.
    """

    concept: str
    start: int
    end: int
    language: str
    grade: int = 2

    @property
    def sure(self) -> bool:
        return self.grade > 0


class Lexicon:
    """The compiled index. Read-only after load except for a bounded cache of words already looked up."""

    def __init__(self, files: list[LanguageFile]) -> None:
        self.files = {file.language: file for file in files}
        self.root = Node()
        self.known: set[str] = set()  # every element some entry uses
        self.scripts: dict[str, frozenset[str]] = {}  # script -> languages written in it
        self.spelling = Spelling()
        self._cache: dict[str, Resolved] = {}
        by_script: dict[str, set[str]] = {}
        written: dict[str, dict[str, tuple[Forms, ...]]] = {}
        for file in files:
            for script in file.scripts:
                by_script.setdefault(script, set()).add(file.language)
            family = _family(file.language)
            self._add(file, family, written.setdefault(family, {}))
        self.danger = frozenset(
            word for file in files for concept in DANGER for word in _single_words(file.concepts.get(concept, ""))
        )
        self.scripts = {script: frozenset(found) for script, found in by_script.items()}

    @classmethod
    def load(cls, folder: Path) -> Lexicon:
        """Read every ``*.yaml`` of ``folder``; raises ConfigError naming the file when one is malformed."""
        collecting = gc.isenabled()
        gc.disable()  # everything built here stays: looking for garbage meanwhile is a third of the time
        try:
            return cls([read_language(path) for path in sorted(folder.glob("*.yaml"))])
        finally:
            if collecting:
                gc.enable()

    def _add(self, file: LanguageFile, family: str, written: dict[str, tuple[Forms, ...]]) -> None:
        """Put every phrase of a language into the tree. ``written``: words already worked out in languages of the family."""
        said = [(concept, value if isinstance(value, str) else value.words) for concept, value in file.concepts.items()]
        said += [("#" + value, words) for value, words in file.numbers.items()]
        for concept, words in said:
            entry = (concept, file.language)
            for phrase in words.split(","):
                forms: list[Forms] = []
                for part in phrase.split():
                    known = written.get(part)
                    if known is None:
                        known = written[part] = tuple(self._forms(word, family) for word in split_phrase(part))
                    forms += known
                if len(forms) > MAX_PHRASE or (not forms and phrase.strip()):
                    raise ConfigError(
                        f"lexicon {file.language}/{concept}: phrase {phrase.strip()!r} must have 1 to {MAX_PHRASE} words"
                    )
                if forms:
                    self._plant(forms, entry)

    def _plant(self, forms: list[Forms], entry: tuple[str, str]) -> None:
        """The ways a phrase is written: as it stands, as a skeleton, and by its consonants alone."""
        self._branch([form[0] for form in forms], entry)
        skeleton = [form[1] for form in forms]
        if all(skeleton):
            self._branch(skeleton, entry)
            loose = [form[2] or form[1] for form in forms]
            if loose != skeleton:
                self._branch(loose, entry)

    def _branch(self, elements: list[str], entry: tuple[str, str]) -> None:
        node = self.root
        for element in elements:
            following = node.next
            if following is None:
                following = node.next = {}
            found = following.get(element)
            if found is None:
                found = following[element] = Node()
                self.known.add(element)
            node = found
        if entry not in node.entries:
            node.entries += (entry,)

    def _forms(self, word: str, family: str) -> Forms:
        """Elements of one word: exact, skeleton, consonants; empty where that form would not tell words apart."""
        head, body, tail = "*" if word[0] == "*" else "", word.strip("*"), "*" if word[-1] == "*" else ""
        if script_of(body) == "Latn":
            native = False
            body = plain_latin(body)
            exact = f"{head}={body}{tail}"
            key = "" if family == EUROPE else roman_key(body)
            if not head and not tail and len(body) >= 5:
                self.spelling.add(body)
        else:
            native = True
            exact = f"{head}{fold(body)}{tail}"
            text = latin(body, "o" if family == "open" else "a")
            if tail:
                text = text.rstrip("a")
            key = roman_key(drop_schwa(text) if family == "schwa" else text)
        if family == EUROPE or len(key) < SHORTEST + (1 if tail and native else 0):
            return exact, "", ""
        bare = "" if head or tail else bare_key(key)
        loose = ("%" + soft_key(bare) if family == "soft" else "#" + bare) if bare else ""
        return exact, f"{head}~{key}{tail}", loose

    def resolve(self, word: str, script: str) -> Resolved:
        """Elements of the index a word stands for, each with its grade."""
        cached = self._cache.get(word)
        if cached is not None:
            return cached
        result = self._resolve_latin(plain_latin(word)) if script == "Latn" else self._resolve_native(word, script)
        if len(self._cache) >= MAX_CACHE:
            self._cache.clear()
        self._cache[word] = result
        return result

    def _affixes(self, word: str, sign: str, whole: int, found: dict[str, int]) -> None:
        """Stems and endings of ``word``; ``whole`` is the grade of a stem that is the whole word."""
        known = self.known
        for cut in range(2, len(word) + 1):
            if (element := f"{sign}{word[:cut]}*") in known:
                rest = len(word) - cut
                found.setdefault(element, whole if rest == 0 or (rest <= 2 and cut >= 4) else 1)
        for cut in range(0, len(word) - 1):
            if (element := f"*{sign}{word[cut:]}") in known:
                found.setdefault(element, 1)

    def _resolve_latin(self, word: str) -> Resolved:
        known = self.known
        found: dict[str, int] = {}
        if "=" + word in known:
            found["=" + word] = 2
        self._affixes(word, "=", 2, found)
        key = roman_key(word)
        if "~" + key in known:
            found["~" + key] = 1
        self._affixes(key, "~", 1, found)
        if found:
            return tuple(found.items())
        bare = bare_key(key)
        if bare and "#" + bare in known:
            found["#" + bare] = 0
        if bare and "%" + soft_key(bare) in known:
            found["%" + soft_key(bare)] = 0
        if len(word) >= 5:
            for near in self.spelling.near(word):
                for element in ("=" + near, "~" + roman_key(near)):
                    if element in known:
                        found[element] = 0
        if not found and len(word) >= 7:
            self._split(word, found)
        return tuple(found.items())

    def _split(self, word: str, found: dict[str, int]) -> None:
        """Two known words written as one."""
        for cut in range(3, len(word) - 2):
            left, right = word[:cut], word[cut:]
            for first in ("=" + left, "~" + roman_key(left)):
                if first in self.known:
                    for second in ("=" + right, "~" + roman_key(right)):
                        if second in self.known:
                            found[first] = found[second] = 0
                            return

    def _resolve_native(self, word: str, script: str) -> Resolved:
        known = self.known
        found: dict[str, int] = {}
        if word in known:
            found[word] = 2
        self._affixes(word, "", 2, found)
        if found:
            return tuple(found.items())
        text = latin(word, "o" if script in {"Beng", "Orya"} else "a")
        for key in dict.fromkeys((roman_key(text), roman_key(drop_schwa(text)))):
            if len(key) < 3:
                continue
            for element in ("~" + key, "=" + key):
                if element in known:
                    found[element] = 1
            self._affixes(key, "~", 1, found)
        if not found:
            bare = bare_key(roman_key(text))
            if bare and "#" + bare in known:
                found["#" + bare] = 0
        return tuple(found.items())

    def tags(self, tokens: list[Token]) -> list[Tag]:
        """Every concept the tokens may say, in every language; sorted by start."""
        resolved: list[Resolved] = []
        times: dict[str, int] = {}
        for token in tokens:
            times[token.text] = times.get(token.text, 0) + 1
            if times[token.text] > MAX_REPEATS:
                resolved.append(())  # the tenth "no" says nothing the others did not
            elif token.kind == "word":
                resolved.append(self.resolve(token.text, token.script))
            else:
                resolved.append((("=" + token.text, 2),))
        found: list[Tag] = []
        count = len(tokens)
        for start, token in enumerate(tokens):
            if not resolved[start]:
                continue
            languages = None if token.script in ("", "Latn") else self.scripts.get(token.script, frozenset())
            best: dict[tuple[str, int, str], tuple[int, bool]] = {}
            stack: list[tuple[Node, int, int, bool]] = [(self.root, start, 2, True)]
            while stack:
                node, at, grade, written = stack.pop()
                for concept, language in node.entries:
                    if languages is not None and language not in languages and language != "en":
                        continue
                    place = (concept, at, language)
                    if best.get(place, (-1, False)) < (grade, written):
                        best[place] = (grade, written)
                if at < count and node.next:
                    for element, how in resolved[at]:
                        following = node.next.get(element)
                        if following is not None:
                            stack.append((following, at + 1, how if how < grade else grade, written and element[0] not in SOUNDS))
            spelled = {language for (_, at, language), (grade, _) in best.items() if grade == 2 and at == start + 1}
            for (concept, at, language), (grade, written) in best.items():
                if grade < 2 and not written and at == start + 1 and language in spelled:
                    continue  # a word spelled as this language does is not also its look-alike; a stem of it stays
                found.append(Tag(concept, start, at, language, grade))
        return found


def _family(language: str) -> str:
    """Languages whose words have the same skeletons."""
    if language in EUROPEAN:
        return EUROPE
    return "soft" if language in SOFT else "open" if language in OPEN_O else "schwa" if language in SCHWA else "plain"


def _single_words(value: str | Entry) -> list[str]:
    words = value if isinstance(value, str) else value.words
    return [word for phrase in words.split(",") if len(word := phrase.strip().strip("*").lower()) >= 4 and " " not in word]
