"""The words of every language: which concepts the words of a message say.

A lexicon file maps a *concept* (chest, pain, negation ...) to the words that say it; `word*` matches any ending and `*word` any
beginning. Words in native script are also indexed as people type them in Latin letters. Nothing here knows what a concept means.
"""

from __future__ import annotations

from typing import Final

from msgspec import Struct

from bot.understanding.index import Index, Node
from bot.understanding.keys import bare_key, drop_schwa, latin, roman_key, soft_key
from bot.understanding.language_file import plain_latin
from bot.understanding.spelling import Spelling
from bot.understanding.text import Token

MAX_REPEATS: Final = 10  # mentions of one word that are read
MAX_CACHE: Final = 20_000
SOUNDS: Final = "~#%"  # elements that begin with these stand for a sound, the others for letters

Resolved = tuple[tuple[str, int], ...]  # elements of the index a word stands for, with grade


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
    """Looks words up. Never changes except for a bounded cache of words already looked up."""

    def __init__(self, index: Index) -> None:
        self.languages = tuple(index.languages)
        self.scripts = {script: frozenset(found) for script, found in index.scripts.items()}
        self.danger = frozenset(index.danger)
        self._index = index
        self._known = {*index.words, *index.inner}  # every element some phrase uses
        self._spelling = Spelling(index.slips, index.near)
        self._cache: dict[str, Resolved] = {}

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
        known = self._known
        for cut in range(1, len(word) + 1):
            if (element := f"{sign}{word[:cut]}*") in known:
                rest = len(word) - cut
                found.setdefault(element, whole if rest == 0 or (rest <= 2 and cut >= 4) else 1)
        for cut in range(0, len(word) - 1):
            if (element := f"*{sign}{word[cut:]}") in known:
                found.setdefault(element, 1)

    def _resolve_latin(self, word: str) -> Resolved:
        known = self._known
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
            for near in self._spelling.near(word):
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
                if first in self._known:
                    for second in ("=" + right, "~" + roman_key(right)):
                        if second in self._known:
                            found[first] = found[second] = 0
                            return

    def _resolve_native(self, word: str, script: str) -> Resolved:
        known = self._known
        found: dict[str, int] = {}
        if word in known:
            found[word] = 2
        self._affixes(word, "", 2, found)
        if found:
            return tuple(found.items())
        text = latin(word, "o" if script == "Beng" else "a")
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
        meanings, words = self._index.meanings, self._index.words
        found: list[Tag] = []
        count = len(tokens)
        for start, token in enumerate(tokens):
            if not resolved[start]:
                continue
            languages = None if token.script in ("", "Latn") else self.scripts.get(token.script, frozenset())
            best: dict[tuple[str, int, str], tuple[int, bool]] = {}
            stack: list[tuple[Node, int, int, bool]] = [(self._index.root, start, 2, True)]
            for element, how in resolved[start]:
                for concept, language in meanings[words.get(element, 0)]:
                    if languages is None or language in languages or language == "en":
                        place, rank = (concept, start + 1, language), (how, element[0] not in SOUNDS)
                        if best.get(place, (-1, False)) < rank:
                            best[place] = rank
            while stack:
                node, at, grade, written = stack.pop()
                for concept, language in meanings[node.meaning]:
                    if languages is None or language in languages or language == "en":
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
