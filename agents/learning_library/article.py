"""What the library holds: articles in several languages, courses made of them."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct

SOURCE_LANGUAGE = "en"


class Wording(Struct, frozen=True):
    """An article in one language. ``text`` may hold ``{numbers}``: the emergency numbers of the reader's country.
    ``reviewed``: somebody signed it."""

    language: str
    title: str
    text: str
    reviewed: bool


class Article(Struct, frozen=True):
    """``about`` are concepts of the words' files, ``tags`` more words of any language, ``related`` where "more" leads."""

    id: str
    topics: tuple[str, ...]
    about: tuple[str, ...]
    tags: tuple[str, ...]
    related: tuple[str, ...]
    source: str
    risk: str
    wordings: Mapping[str, Wording]

    def wording(self, *languages: str) -> Wording:
        """In the first of these languages that it has, or else in the one that every article has."""
        return next((self.wordings[one] for one in languages if one in self.wordings), self.wordings[SOURCE_LANGUAGE])


class Course(Struct, frozen=True):
    """One article a day, in this order."""

    id: str
    titles: Mapping[str, str]
    lessons: tuple[str, ...]

    def title(self, language: str) -> str:
        return self.titles.get(language) or self.titles[SOURCE_LANGUAGE]


class Words(Struct, frozen=True):
    """What people of one language write: for each concept, and (``stop``) words that say nothing about a topic."""

    language: str
    concepts: Mapping[str, tuple[str, ...]]
    stop: tuple[str, ...]


class Rule(Struct, frozen=True):
    """A question that says all of ``all`` and none of ``unless`` is for the care team alone. ``a/b``: one of them."""

    all: tuple[str, ...]
    unless: tuple[str, ...]


class Shelf(Struct, frozen=True):
    """Everything, checked: what is named stands here. ``context`` are concepts that do not tell by themselves that a question
    is one of health, ``light`` those that say little beside others."""

    articles: Mapping[str, Article]
    courses: Mapping[str, Course]
    words: tuple[Words, ...]
    personal: tuple[Rule, ...]
    topics: tuple[str, ...]
    context: tuple[str, ...]
    light: tuple[str, ...]
