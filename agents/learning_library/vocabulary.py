"""What the words of a question stand for, in any of our languages and scripts: concepts, or words that articles are tagged with.

A word is looked up as it is written, then by its beginning, then as it sounds (so that native script and Latin letters meet),
then as a slip of the finger. What an earlier look-up finds, a later one does not add to.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from msgspec import Struct

from agents.learning_library.article import Words
from bot.understanding.keys import drop_schwa, latin, roman_key
from bot.understanding.language_file import plain_latin
from bot.understanding.languages import OPEN_O
from bot.understanding.spelling import SlipIndex, Spelling
from bot.understanding.text import Token, tokenize

MAX_PHRASE: Final = 5
SOUND: Final = 4  # letters of a sound key that tells words apart
SLIP: Final = 6  # letters of a word in which a slip is forgiven
EXACT, STEM, HEARD, SLIPPED = 1.0, 0.95, 0.8, 0.65
FOREIGN: Final = 0.45  # a Latin spelling that only other languages than the person's know; English people write in all
ENGLISH: Final = "en"
ALIKE: Final = {"ur": "hi", "hi": "ur"}

Terms = dict[str, frozenset[str]]  # what a form stands for -> the languages that write it so


class Spot(Struct, frozen=True):
    """One word or phrase of a text, with what it may stand for and how surely. Unknown: empty."""

    text: str
    terms: Mapping[str, float]


class Vocabulary:
    """Terms are concepts (``@foot``) and words of tags (``=karela``)."""

    def __init__(self, words: Sequence[Words], tags: Iterable[tuple[str, str]]) -> None:
        """``tags``: language and words of more that articles can be found by."""
        self._exact: dict[str, Terms] = {}
        self._stems: dict[str, Terms] = {}
        self._sounds: dict[str, Terms] = {}
        self._sound_stems: dict[str, Terms] = {}
        self._phrases: dict[tuple[str, ...], Terms] = {}
        self._begins: set[str] = set()  # first words of phrases
        self._stop: dict[str, set[str]] = {}
        slips = SlipIndex()
        for one in words:
            for phrase in one.stop:
                self._stop.setdefault(_key(tokenize(phrase)), set()).add(one.language)
            for concept, phrases in one.concepts.items():
                for phrase in phrases:
                    self._add(phrase, "@" + concept, one.language, slips)
        for language, tag in sorted(set(tags)):
            for token in tokenize(tag):
                known = token.text in self._stop or self._written(token.text)
                if token.kind == "word" and len(token.text) > 2 and not known:
                    self._add(token.text, "=" + token.text, language, slips)
        self._spelling = Spelling(slips.words, slips.near)

    def _add(self, phrase: str, term: str, language: str, slips: SlipIndex) -> None:
        star = phrase.endswith("*")
        tokens = [token for token in tokenize(phrase.rstrip("*")) if token.kind != "mark"]
        if not tokens:
            return
        if len(tokens) > 1:
            sounds = [sound(token, language) for token in tokens[:MAX_PHRASE]]
            self._begins.add(sounds[0])
            _put(self._phrases, (*sounds[:-1], sounds[-1] + ("*" if star else "")), term, language)
            return
        word = tokens[0].text
        heard = sound(tokens[0], language)
        _put(self._stems if star else self._exact, word, term, language)
        if star:
            _put(self._exact, word, term, language)
        if len(heard) >= SOUND:
            _put(self._sounds, heard, term, language)
            if star:
                _put(self._sound_stems, heard, term, language)
        if len(word) >= SLIP:
            slips.add(word)

    def spots(self, text: str, language: str | None = None) -> list[Spot]:
        """The words of a text that may tell its topic, the longest phrases first taken."""
        language = language and language.partition("_")[0]  # hi_Latn: the words are those of hi
        tokens = [token for token in tokenize(text) if token.kind != "mark"]
        sounds = [sound(token, language) for token in tokens]
        found: list[Spot] = []
        at = 0
        while at < len(tokens):
            size, terms = self._phrase(sounds[at : at + MAX_PHRASE])
            if size == 0:
                size, terms = 1, self._word(tokens[at], language)
            token = tokens[at]
            if terms or (token.kind == "word" and len(token.text) > 1 and token.text not in self._stop):
                found.append(Spot(" ".join(one.text for one in tokens[at : at + size]), terms))
            at += size
        return found

    def _phrase(self, sounds: Sequence[str]) -> tuple[int, dict[str, float]]:
        """The longest phrase that begins here, in words, and what it stands for."""
        if sounds[0] not in self._begins:
            return 0, {}
        for size in range(len(sounds), 1, -1):
            key = tuple(sounds[:size])
            terms = self._phrases.get(key)
            if terms is None:
                last = key[-1]
                for cut in range(len(last), 1, -1):
                    terms = self._phrases.get((*key[:-1], last[:cut] + "*"))
                    if terms:
                        break
            if terms:
                return size, _weighed(terms, STEM, None)
        return 0, {}

    def _written(self, word: str) -> Terms:
        """As it is written, and by its longest known beginning."""
        stem = next((self._stems[word[:cut]] for cut in range(len(word), 1, -1) if word[:cut] in self._stems), {})
        exact = self._exact.get(word)
        if exact is None:
            return stem
        return exact | {term: exact[term] | languages for term, languages in stem.items() if term in exact}

    def _word(self, token: Token, language: str | None) -> dict[str, float]:
        word = token.text
        own = language if token.script == "Latn" and language != ENGLISH else None
        stop = self._stop.get(word)
        if stop and (ENGLISH in stop or language in stop or language in (None, ENGLISH)):
            return {}
        if terms := self._written(word):
            return _weighed(terms, EXACT if word in self._exact else STEM, own)
        if stop or token.kind != "word":
            return {}
        if token.script == "Latn" and word.endswith("s") and word[:-1] in self._exact:
            return _weighed(self._exact[word[:-1]], STEM, own)
        heard = sound(token, language)
        if len(heard) >= SOUND and heard in self._sounds:
            return _weighed(self._sounds[heard], HEARD, own)
        for cut in range(len(heard) - 1, SOUND, -1):
            if heard[:cut] in self._sound_stems:
                return _weighed(self._sound_stems[heard[:cut]], HEARD, own)
        if len(word) >= SLIP:
            for near in (near for near in self._spelling.near(word) if near[0] == word[0]):
                return _weighed(self._exact.get(near, {}), SLIPPED, own)
        return {}


def sound(token: Token, language: str | None) -> str:
    """One key for a word in native script and for how people write it in Latin letters."""
    if token.kind != "word":
        return token.text
    if token.script == "Latn":
        return roman_key(plain_latin(token.text))
    spoken = latin(token.text, "o" if token.script == "Beng" or language in OPEN_O else "a")
    return roman_key(drop_schwa(spoken))


def _weighed(terms: Terms, grade: float, own: str | None) -> dict[str, float]:
    """``own``: the language of a person who writes in Latin letters, in which a word may be one of several languages'."""
    if own is None:
        return dict.fromkeys(terms, grade)
    near = {own, ALIKE.get(own, own), ENGLISH}
    return {term: grade if languages & near else grade * FOREIGN for term, languages in terms.items()}


def _put(table: dict[Any, Terms], key: Any, term: str, language: str) -> None:
    terms = table.setdefault(key, {})
    terms[term] = terms.get(term, frozenset()) | {language}


def _key(tokens: Sequence[Token]) -> str:
    return " ".join(token.text for token in tokens if token.kind != "mark")
