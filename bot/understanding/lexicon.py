"""The words of every language: which concepts the words of a message say.

A lexicon file maps a *concept* (chest, pain, negation ...) to the words that say it; `word*` matches any ending and `*word` any
beginning. Words in native script are also indexed as people type them in Latin letters. Nothing here knows what a concept means.
"""

from __future__ import annotations

from typing import Final

from msgspec import Struct

from bot.understanding.affixes import Affixes
from bot.understanding.ballots import ending, points, shares
from bot.understanding.index import Index, Node
from bot.understanding.keys import bare_key, drop_schwa, latin, loan_key, roman_key, soft_key
from bot.understanding.language_file import plain_latin
from bot.understanding.languages import EUROPEAN
from bot.understanding.recent import Recent
from bot.understanding.spelling import MAX_LENGTH, Spelling
from bot.understanding.text import Token

MAX_REPEATS: Final = 6  # mentions of one word that are read
LONG: Final = 8  # letters of a word whose beginning is known from phrases and which may be a slip all the same
SPLIT: Final = (7, 20)  # letters of two words that may be written as one
MAX_SLIPS: Final = 16  # words of a message that may be slips of the finger
MAX_ENDING: Final = 3  # letters behind a stem with a slip in it
MAX_ARTICLE: Final = 2  # letters before the apostrophe of an elision: l', d', qu'
LEAST_BARE: Final = 4  # sounds of a native word without its vowels: of three, "walking" would meet "fell" and "health" "breath"
MAX_CACHE: Final = 40_000  # words, of about a kilobyte
SOUNDS: Final = "~#%$"  # elements that begin with these stand for a sound, the others for letters

Votes = tuple[tuple[str, float], ...]
Resolved = tuple[tuple[str, int], ...]  # elements of the index a word stands for, with grade


class Word(Struct, frozen=True, eq=False, gc=False):
    """A word by itself: its elements, what it says as (concept, language, grade), and the phrases it begins.

    ``unsure``: it may be a slip of the finger, which has not been looked into. ``votes``: of each language, for being the
    language of a message of several words; ``ending``: the language that its ending tells. ``english``: it is known.
    """

    elements: Resolved
    says: tuple[tuple[str, str, int], ...]
    steps: tuple[tuple[Node, int], ...]
    unsure: bool = False
    votes: Votes = ()
    ending: str = ""
    english: bool = False


NOTHING: Final = Word((), (), ())


class Tag(Struct, frozen=True, gc=False):
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

    @property
    def tokens(self) -> range:
        return range(self.start, self.end)


class Heard(Struct, frozen=True):
    """What the lexicon knows of a message: each of its words by itself, and the phrases by where they begin."""

    words: list[Word]
    phrases: dict[int, list[Tag]]

    def tags(self) -> list[Tag]:
        """Every concept that may be said, in every language; sorted by start."""
        return [tag for start in range(len(self.words)) for tag in self.tags_at(start)]

    def tags_at(self, start: int) -> list[Tag]:
        """Those that begin at a token."""
        alone = [Tag(concept, start, start + 1, language, grade) for concept, language, grade in self.words[start].says]
        return alone + self.phrases[start] if start in self.phrases else alone


class Lexicon:
    """Looks words up. Never changes except for a bounded cache of words already looked up."""

    def __init__(self, index: Index) -> None:
        self.languages = tuple(index.languages)
        self.scripts = {script: frozenset(found) for script, found in index.scripts.items()}
        self.danger = frozenset(index.danger)
        self._index = index
        self._known = index.words  # every element some phrase uses
        self._affixes = Affixes(self._known)
        self._spelling = Spelling(index.slips, index.near)
        self._cache: Recent[tuple[str, bool], Word] = Recent(MAX_CACHE)
        self._votes: Recent[Votes, Votes] = Recent(MAX_CACHE)  # few differ

    def _word(self, text: str, script: str, *, slips: bool) -> Word:
        """What is known of a word by itself, also as a slip of the finger or not; remembered for the next message."""
        known = self._cache.get((text, slips))
        if known is None:
            unsure = False
            if script == "Latn":
                elements, unsure = self._resolve_latin(plain_latin(text), slips=slips)
            elif script:
                elements = self._resolve_native(text, script)
            else:
                elements = (("=" + text, 2),)  # a number or a mark
            says = self._said_by(elements, script)
            votes = tuple(shares(points(says)))
            if (shared := self._votes.get(votes)) is None:
                self._votes.put(votes, votes)
            known = Word(
                elements,
                says,
                self._first_steps(elements),
                unsure,
                shared or votes,
                ending(text) if script == "Latn" else "",
                any(language == "en" and grade for _, language, grade in says),
            )
            self._cache.put((text, slips), known)
        return known

    def _said_by(self, elements: Resolved, script: str) -> tuple[tuple[str, str, int], ...]:
        """(concept, language, grade) of everything the word says by itself."""
        best: dict[tuple[str, str], int] = {}  # twice the grade, and one more for letters than for a sound
        meanings, words, latin_letters = self._index.meanings, self._index.words, script in ("", "Latn")
        for element, grade in elements:
            rank = 2 * grade + (element[0] not in SOUNDS)
            for entry in meanings[words.get(element, 0)]:
                if best.get(entry, -1) < rank and (latin_letters or self._writes(entry[1], script)):
                    best[entry] = rank
        if len(best) > 1:
            spelled = {entry[1] for entry, rank in best.items() if rank >= 4}
            heard = {entry[1] for entry, rank in best.items() if rank >= 2 and entry[1] not in EUROPEAN}
            # A word spelled as this language does is not also its look-alike; a stem of it stays.
            return tuple(
                [
                    (entry[0], entry[1], rank >> 1)
                    for entry, rank in best.items()
                    if rank >= 4 or ((rank & 1 or entry[1] not in spelled) and (rank >= 2 or entry[1] not in heard))
                ]
            )
        return tuple([(concept, language, rank >> 1) for (concept, language), rank in best.items()])

    def _first_steps(self, elements: Resolved) -> tuple[tuple[Node, int], ...]:
        """Where phrases that begin with the word go on, with the grade of the word."""
        first = self._index.root.next or {}
        return tuple((first[element], grade) for element, grade in elements if element in first)

    def _writes(self, language: str, script: str) -> bool:
        """Words in native letters belong to the languages written so (and to English, which is written in all)."""
        return script in ("", "Latn") or language == "en" or language in self.scripts.get(script, frozenset())

    def _resolve_latin(self, word: str, *, slips: bool) -> tuple[Resolved, bool]:
        """Elements of a word in Latin letters, and whether slips are left to be looked into."""
        known = self._known
        found: dict[str, int] = {}
        if "=" + word in known:
            found["=" + word] = 2
        self._affixes.find(word, "=", 2, found)
        elided = word.find("'")
        if 0 < elided <= MAX_ARTICLE and len(word) - elided > MAX_ARTICLE + 1 and not self._tells(found):
            rest, unsure = self._resolve_latin(word[elided + 1 :], slips=slips)  # French "l'enfant", "d'insuline"
            return tuple((dict(rest) | found).items()), unsure
        key = roman_key(word)
        if "~" + key in known:
            found["~" + key] = 1
        self._affixes.find(key, "~", 1, found)
        if self._tells(found):
            unsure = len(word) >= LONG and 2 not in found.values()  # "brustschmertzen" is more than its stem
            if unsure and slips:
                self._slip(word, found)
            return tuple(found.items()), unsure and not slips
        bare = "" if found else bare_key(key)
        if bare and "#" + bare in known:
            found["#" + bare] = 0
        if bare and "%" + soft_key(bare) in known:
            found["%" + soft_key(bare)] = 0
        stemmed = any(2 * len(element.strip("=~*")) > len(word) for element in found)
        unsure = len(word) >= (LONG if stemmed else 5)
        if unsure and slips:
            self._slip(word, found)
            if not found and SPLIT[0] <= len(word) <= SPLIT[1]:
                self._split(word, found)
        return tuple(found.items()), unsure and not slips

    def _slip(self, word: str, found: dict[str, int]) -> None:
        """Known words one slip of the finger away."""
        for near in self._spelling.near(word):
            for element in ("=" + near, f"={near}*", "~" + roman_key(near)):
                if element in self._known:
                    found.setdefault(element, 0)
        for cut in range(max(LONG, len(word) - MAX_ENDING), min(len(word), MAX_LENGTH + 1)):
            for near in self._spelling.near(word[:cut]):
                if len(near) >= LONG and f"={near}*" in self._known:
                    found.setdefault(f"={near}*", 0)

    def _tells(self, found: dict[str, int]) -> bool:
        """Whether any of the elements says something by itself, not only as a part of phrases."""
        known = self._known
        return any(known[element] for element in found)

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
        self._affixes.find(word, "", 2, found)
        if found:
            return tuple(found.items())
        text = latin(word, "o" if script == "Beng" else "a")
        for key in dict.fromkeys((roman_key(text), roman_key(drop_schwa(text)))):
            if len(key) < 3:
                continue
            for element in ("~" + key, "=" + key):
                if element in known:
                    found[element] = 1
            self._affixes.find(key, "~", 1, found, 5)
        if script != "Taml" and (lent := loan_key(text, english=False)) and "$" + lent in known:
            found["$" + lent] = 1
        if not found:
            bare = bare_key(roman_key(text))
            if len(bare) >= LEAST_BARE and "#" + bare in known:
                found["#" + bare] = 0
        return tuple(found.items())

    def hear(self, tokens: list[Token]) -> Heard:
        """Every concept the tokens may say, in every language."""
        words: list[Word] = []
        times: dict[str, int] = {}
        slips = MAX_SLIPS
        for token in tokens:
            times[token.text] = times.get(token.text, 0) + 1
            if times[token.text] > MAX_REPEATS:
                words.append(NOTHING)  # the seventh "no" says nothing the others did not
                continue
            word = self._word(token.text, token.script if token.kind == "word" else "", slips=False)
            if word.unsure and slips:
                slips -= 1
                word = self._word(token.text, token.script, slips=True)
            words.append(word)
        phrases = {}
        for start, word in enumerate(words):
            if word.steps and (found := self._phrases(words, start, tokens[start].script)):
                phrases[start] = found
        return Heard(words, phrases)

    def _phrases(self, words: list[Word], start: int, script: str) -> list[Tag]:
        """What is said by the word at ``start`` together with those behind it."""
        meanings, size = self._index.meanings, len(words)
        best: dict[tuple[str, int, str], int] = {}
        stack: list[tuple[Node, int, int]] = [(node, start + 1, grade) for node, grade in words[start].steps]
        while stack:
            node, at, grade = stack.pop()
            for concept, language in meanings[node.meaning]:
                place = (concept, at, language)
                if best.get(place, -1) < grade and self._writes(language, script):
                    best[place] = grade
            if at < size and node.next:
                for element, how in words[at].elements:
                    following = node.next.get(element)
                    if following is not None:
                        stack.append((following, at + 1, how if how < grade else grade))
        return [Tag(concept, start, at, language, grade) for (concept, at, language), grade in best.items()] if best else []
