"""Which article answers a question: BM25 over what articles are about, their titles, tags and English texts.

A question is a row of spots (agents/learning_library/vocabulary.py). An article is only found when it answers for enough of the
question; else we do not know, and say so.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from math import log
from typing import Final

from msgspec import Struct

from agents.learning_library.article import SOURCE_LANGUAGE, Article, Rule, Shelf
from agents.learning_library.vocabulary import Spot, Vocabulary
from config.library import Search

ELSEWHERE: Final = "@elsewhere"
BODY_MOST: Final = 4  # mentions of a word in a text that count


class Hit(Struct, frozen=True):
    article: str
    score: float
    coverage: float


class Library:
    """Finds articles. Never changes."""

    def __init__(self, shelf: Shelf, rules: Search) -> None:
        self.shelf, self._rules = shelf, rules
        self._context = frozenset("@" + concept for concept in shelf.context)
        self._light = frozenset("@" + concept for concept in shelf.light)
        self._vocabulary = Vocabulary(shelf.words, [words for article in shelf.articles.values() for words in _words_of(article)])
        self._weights = {id_: self._weigh(article) for id_, article in shelf.articles.items()}
        sizes = {id_: self._size(weights) for id_, weights in self._weights.items()}
        mean = sum(sizes.values()) / max(1, len(sizes))
        self._length = {id_: 1 - rules.b + rules.b * size / mean for id_, size in sizes.items()}
        self._rarity = self._rarities()
        self._postings: dict[str, dict[str, float]] = {}
        for id_, weights in self._weights.items():
            for term, weight in weights.items():
                share = weight * (rules.k + 1) / (weight + rules.k * self._length[id_])
                self._postings.setdefault(term, {})[id_] = share * self._rarity[term]

    def _weigh(self, article: Article) -> dict[str, float]:
        """How much each term tells of an article."""
        weights: dict[str, float] = {"@" + concept: self._rules.about for concept in article.about}

        def add(terms: Iterable[str], weight: float) -> None:
            for term in set(terms):
                weights[term] = weights.get(term, 0.0) + weight

        # Only our own wording counts: translators name things otherwise, and what an article is about is one thing.
        own = article.wording(SOURCE_LANGUAGE)
        for term in self._terms(own.title, SOURCE_LANGUAGE):
            weights[term] = self._rules.title + (self._rules.about if term[0] == "@" else 0.0)
        add([term for tag in article.tags for term in self._terms(tag, None)], self._rules.tags)
        said = self._terms(own.text, SOURCE_LANGUAGE)
        counts = {term: min(BODY_MOST, said.count(term)) for term in set(said)}
        for term, count in counts.items():
            weights[term] = weights.get(term, 0.0) + count * self._rules.body
        return weights

    def _size(self, weights: Mapping[str, float]) -> float:
        """How much an article is about: its concepts alone, for it is not longer for being translated."""
        return sum(weight for term, weight in weights.items() if term[0] == "@" and weight >= self._rules.tags)

    def _terms(self, text: str, language: str | None) -> list[str]:
        """What a text of ours says for sure."""
        return [
            term
            for part in text.split("\n")
            for spot in self._vocabulary.spots(part, language)
            for term, grade in spot.terms.items()
            if grade >= 0.9
        ]

    def _rarities(self) -> dict[str, float]:
        """Of a term: the rarer it is among what articles are about, the more it tells."""
        strong = [{term for term, weight in weights.items() if weight >= self._rules.tags} for weights in self._weights.values()]
        total = len(strong)
        terms = {term for weights in self._weights.values() for term in weights}
        counts = {term: sum(term in one for one in strong) for term in terms}
        return {term: log(1 + (total - count + 0.5) / (count + 0.5)) for term, count in counts.items()}

    def find(self, question: str, language: str | None = None) -> Hit | None:
        """The best article, or None where none is good enough."""
        hits = self.ranked(question, language)
        best = hits[0] if hits else None
        if best is None or best.score < self._rules.score or best.coverage < self._rules.coverage:
            return None
        return best if self._is_of_health(question, language, best.article) else None

    def _is_of_health(self, question: str, language: str | None, article: str) -> bool:
        """Whether anything in it is more than context ("my car engine" has only the car), or more than another article's tag."""
        terms = {term for spot in self._vocabulary.spots(question, language) for term in spot.terms} - self._context
        return any(term in self._postings if term[0] == "@" else term in self._weights[article] for term in terms)

    def ranked(self, question: str, language: str | None = None) -> list[Hit]:
        """Every article that has anything of the question, the best first."""
        asked = 0.0
        scores: dict[str, float] = {}
        # What is said twice ("my foot, the shoes") is no more than once.
        for spot in {frozenset(spot.terms) or spot.text: spot for spot in self._vocabulary.spots(question, language)}.values():
            shares = self._shares(spot)
            asked += max(shares.values(), default=self._unanswered(spot)) / max(spot.terms.values(), default=1.0)
            for id_, share in shares.items():
                scores[id_] = scores.get(id_, 0.0) + share
        hits = [Hit(id_, score, score / asked) for id_, score in scores.items()]
        return sorted(hits, key=lambda hit: (-hit.score, hit.article))

    def _unanswered(self, spot: Spot) -> float:
        """The weight of a spot that no article has. A known concept that none is about ("how much") is no topic."""
        if ELSEWHERE in spot.terms:
            return self._rules.elsewhere
        return 0.0 if spot.terms else self._rules.unknown

    def _shares(self, spot: Spot) -> dict[str, float]:
        """Article -> what it gets for one spot: of several meanings the one that fits it best."""
        found: dict[str, float] = {}
        if ELSEWHERE in spot.terms:
            return found
        for term, grade in spot.terms.items():
            for id_, share in self._postings.get(term, {}).items():
                found[id_] = max(found.get(id_, 0.0), share * grade * (self._rules.light if term in self._light else 1.0))
        return found

    def personal(self, question: str, language: str | None = None) -> bool:
        """Whether only the person's own care team may answer it: doses, and changes of a medicine."""
        said = {term for spot in self._vocabulary.spots(question, language) for term in spot.terms}
        return any(_holds(rule, said) for rule in self.shelf.personal)


def _words_of(article: Article) -> Iterable[tuple[str, str]]:
    """Language and words, beside the concepts."""
    yield SOURCE_LANGUAGE, article.wording(SOURCE_LANGUAGE).title
    yield from ((SOURCE_LANGUAGE, tag) for tag in article.tags)


def _holds(rule: Rule, said: Iterable[str]) -> bool:
    there = frozenset(said)

    def has(names: str) -> bool:
        return any("@" + name in there for name in names.split("/"))

    return all(has(names) for names in rule.all) and not any(has(names) for names in rule.unless)
