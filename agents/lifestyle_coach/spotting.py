"""Find the known words of a message: as written, with an ending, spelt by ear, in another script, or one slip away."""

from __future__ import annotations

from typing import Final

from msgspec import Struct

from agents.lifestyle_coach.food import FoodTable, Sense
from bot.understanding.keys import drop_schwa, latin, roman_key, soft_key
from bot.understanding.languages import EUROPEAN
from bot.understanding.spelling import SlipIndex, Spelling
from bot.understanding.text import Token, script_of

LONGEST: Final = 6  # words of a phrase
BY_EAR: Final = 4  # letters that a word needs to be read by its sound
KEY_LENGTH: Final = 3
SLIP_LENGTH: Final = 6  # letters that a word needs to be a slip of another
STEM: Final = 3  # letters that must stand before an ending
EXACT, ENDED, SOUNDED, SLIPPED = range(0, 8, 2)
OTHER: Final = 1  # of a language that the person does not speak
HEARD_FROM_OWN: Final = EUROPEAN - {"en"}  # "ei" is an egg to who speaks German, and "this" to who speaks Bengali


class Spot(Struct, frozen=True):
    """What tokens ``start``..``end``-1 say; ``cost``: how far they are from how it is spelt."""

    sense: Sense
    start: int
    end: int
    cost: int


class _Node:
    __slots__ = ("senses", "words")

    def __init__(self) -> None:
        self.words: dict[str, _Node] = {}
        self.senses: dict[str, Sense] = {}

    def sense(self, language: str | None) -> tuple[Sense | None, int]:
        """What it says to who speaks a language, and what that adds to the cost."""
        own = self.senses.get(language or "")
        if own is not None:
            return own, 0
        near = next((sense for one, sense in self.senses.items() if one not in HEARD_FROM_OWN), None)
        if near is None and language is None:
            near = next(iter(self.senses.values()), None)
        return near, OTHER


class Spotter:
    """Made once from the table; ``spots`` is a function of the tokens."""

    def __init__(self, table: FoodTable) -> None:
        self._root = _Node()
        self._endings = table.endings
        self._known: set[str] = set()
        self._small: set[str] = set()
        self._by_key: dict[str, list[str]] = {}
        self._by_soft_key: dict[str, list[str]] = {}
        slips = SlipIndex()
        for phrase, senses in table.phrases.items():
            node = self._root
            for word in phrase:
                node = node.words.setdefault(word, _Node())
            node.senses = senses
            if len(phrase) == 1 and not any(sense.kind in ("food", "measure", "amount") for sense in senses.values()):
                self._known.add(phrase[0])
                self._small.add(phrase[0])
                continue  # small words are read as they are written: what sounds like one is mostly something else
            for word in phrase:
                if word in self._known:
                    continue
                self._known.add(word)
                for key in _keys(word):
                    self._by_key.setdefault(key, []).append(word)
                    self._by_soft_key.setdefault(soft_key(key), []).append(word)
                if len(word) >= SLIP_LENGTH:
                    slips.add(word)
        self._spelling = Spelling(slips.words, slips.near)

    def spots(self, tokens: list[Token], language: str | None = None) -> list[Spot]:
        """What is known, from left to right; the longest phrase first, then the best spelt, then of the language that the person
        speaks. They never overlap."""
        found: list[Spot] = []
        at = 0
        while at < len(tokens):
            spot = self._spot(tokens, at, language)
            if spot is not None:
                found.append(spot)
            at = spot.end if spot is not None else at + 1
        return found

    def _spot(self, tokens: list[Token], at: int, language: str | None) -> Spot | None:
        best: Spot | None = None
        nodes: list[tuple[_Node, int]] = [(self._root, 0)]
        for length in range(1, min(LONGEST, len(tokens) - at) + 1):
            token = tokens[at + length - 1]
            if token.kind == "mark":
                break
            following: dict[int, tuple[_Node, int]] = {}
            for word, cost in self._candidates(token):
                for node, paid in nodes:
                    inner = node.words.get(word)
                    if inner is None:
                        continue
                    there = following.get(id(inner))
                    if there is None or there[1] > paid + cost:
                        following[id(inner)] = (inner, paid + cost)
            nodes = list(following.values())
            for node, paid in nodes:
                sense, more = node.sense(language)
                if sense is not None and (best is None or best.end < at + length or paid + more < best.cost):
                    best = Spot(sense, at, at + length, paid + more)
            if not nodes:
                break
        return best

    def _candidates(self, token: Token) -> list[tuple[str, int]]:
        word = token.text
        if token.kind == "number":
            return [(word, EXACT)]
        found: dict[str, int] = {word: EXACT} if word in self._known else {}
        if word in self._small:
            return list(found.items())
        for stem in self._stems(word, token.script):
            found.setdefault(stem, ENDED)
        if len(word) >= BY_EAR or token.script != "Latn":
            for key in _keys(word):
                near = self._by_key.get(key, ())
                for one in near or (self._by_soft_key.get(soft_key(key), ()) if token.script in ("Taml", "Mlym") else ()):
                    found.setdefault(one, SOUNDED)
        if not found and len(word) >= SLIP_LENGTH:
            for one in self._spelling.near(word):
                found.setdefault(one, SLIPPED)
        return list(found.items())

    def _stems(self, word: str, script: str) -> list[str]:
        """Known words that are left when an ending is taken off; of small ones in Latin letters too little is left to be sure."""
        found = []
        for ending in self._endings.get(script, ()):
            stem = word[: -len(ending)]
            latin = script == "Latn"
            if len(stem) < (STEM if latin else 2) or not word.endswith(ending):
                continue
            if stem in self._known and not (latin and stem in self._small):
                found.append(stem)
        return found


def _keys(word: str) -> list[str]:
    """How a word sounds, in Latin letters; none of words that are too short to tell."""
    if not word.isalpha() and script_of(word) == "Latn":
        return []
    if script_of(word) == "Latn":
        keys = [roman_key(word)] if len(word) >= BY_EAR else []
    else:
        keys = [roman_key(latin(word)), roman_key(drop_schwa(latin(word)))]
        if script_of(word) in ("Beng", "Orya"):
            keys.append(roman_key(latin(word, "o")))
    return [key for key in dict.fromkeys(keys) if len(key) >= KEY_LENGTH]
