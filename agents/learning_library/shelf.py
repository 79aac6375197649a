"""Reads the library's folders: articles and their translations, the words of each language, the courses."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from agents.learning_library.article import SOURCE_LANGUAGE, Article, Course, Rule, Shelf, Wording, Words
from agents.learning_library.page import Page, nothing, read_article, read_keys
from bot.handwritten.finding import Finding, Unreadable

TITLE: Final = 24  # characters of an option's label
TEXT: Final = 660  # characters; a flow's variable holds 700, and numbers are put in
HOLE: Final = "{numbers}"
ID = re.compile(r"[a-z][a-z0-9_]{0,40}")
_YEAR = re.compile(r"\b(19|20)\d\d\b")
_DATE = re.compile(r"\d{4}-\d\d-\d\d")
_HOLES = re.compile(r"\{[^}]*\}?")
SIGNED = ("reviewer", "review_date", "status")
ARTICLE = ("id", "title", "topics", "about", "tags", "related", "source", *SIGNED, "risk")
TRANSLATION = ("id", "title", "translator", *SIGNED)


def read_shelf(dialogs: Path) -> Shelf:
    """The library of a content folder. Raises Unreadable with every problem as file:line, reason and remedy."""
    reading = _Reading(dialogs)
    shelf = reading.shelf()
    if reading.problems:
        raise Unreadable(sorted(reading.problems, key=lambda one: (one.file, one.line, one.message)))
    return shelf


class _Reading:
    """Goes through all files and gathers problems instead of ending at the first."""

    def __init__(self, dialogs: Path) -> None:
        self.library, self.courses = dialogs / "library", dialogs / "courses"
        self.problems: list[Finding] = []
        self.pages: dict[str, Page] = {}

    def shelf(self) -> Shelf:
        whole = self._page(self.library / "library.yaml", "library.yaml", yaml=True)
        self._keys(whole, ("topics", "context", "light", "personal"))
        topics = _texts(whole.data.get("topics"))
        words = self._words()
        rules = self._rules(whole, words)
        for path in sorted(self.library.glob("*.md")):
            self.pages[path.stem] = self._page(path, path.name)
        if not self.pages:
            remedy = "add articles, or set PROCARE_DIALOGS_DIR to the content's folder"
            self.problems.append(Finding("file", "library", 1, 1, "there are no articles", remedy))
        articles = {id_: self._article(id_, page, topics, words) for id_, page in self.pages.items()}
        context, light = (self._concepts(whole, key, words) for key in ("context", "light"))
        return Shelf(articles, self._read_courses(), words, rules, topics, context, light)

    def _page(self, path: Path, name: str, *, yaml: bool = False) -> Page:
        try:
            return read_keys(path, name) if yaml else read_article(path, name)
        except Unreadable as error:
            self.problems += error.findings
            return nothing(name)

    def _add(self, page: Page, code: str, key: str, message: str, remedy: str) -> None:
        self.problems.append(page.problem(code, key, message, remedy))

    def _keys(self, page: Page, known: Sequence[str]) -> None:
        if not page.data:
            return  # the reason was told
        for key in known:
            if key not in page.data:
                self._add(page, "key", "", f"'{key}' is missing", f"add '{key}:'")
        for key in page.data:
            if key not in known:
                self._add(page, "key", str(key), f"'{key}' is no key of this file", f"use one of: {', '.join(known)}")

    def _words(self) -> tuple[Words, ...]:
        found = []
        for path in sorted((self.library / "words").glob("*.yaml")):
            page = self._page(path, f"words/{path.name}", yaml=True)
            self._keys(page, ("language", "reviewer", "date", "stop", "concepts"))
            concepts = page.data.get("concepts")
            said = {str(name): _split(words) for name, words in concepts.items()} if isinstance(concepts, dict) else {}
            for name, phrases in said.items():
                if not phrases:
                    self._add(page, "words", f"concepts.{name}", f"'{name}' has no words", "add what people write for it")
            if page.data.get("language") != path.stem and page.data:
                self._add(page, "name", "language", f"the file is not named {page.data.get('language')}.yaml", "rename it")
            found.append(Words(path.stem, said, _split(page.data.get("stop"))))
        return tuple(found)

    def _concepts(self, page: Page, key: str, words: Sequence[Words]) -> tuple[str, ...]:
        given = _texts(page.data.get(key))
        for name in sorted(set(given) - {concept for one in words for concept in one.concepts}):
            self._add(page, "concept", key, f"no language has words for '{name}'", "add words, or take it out")
        return given

    def _rules(self, page: Page, words: Sequence[Words]) -> tuple[Rule, ...]:
        known = {concept for one in words for concept in one.concepts}
        rules = []
        for given in page.data.get("personal") or ():
            rule = given if isinstance(given, dict) else {}
            every, unless = _texts(rule.get("all")), _texts(rule.get("unless"))
            for name in sorted({part for names in (*every, *unless) for part in names.split("/")} - known):
                self._add(page, "concept", "personal", f"no language has words for '{name}'", "add words, or mend the rule")
            if not every:
                self._add(page, "rule", "personal", "a rule has no 'all'", "say which concepts must be there")
            rules.append(Rule(every, unless))
        return tuple(rules)

    def _article(self, id_: str, page: Page, topics: Sequence[str], words: Sequence[Words]) -> Article:
        self._keys(page, ARTICLE)
        data = page.data
        self._head(page, id_, data)
        concepts = {concept for one in words for concept in one.concepts}
        for key, known, what in (("topics", topics, "topic"), ("about", concepts, "concept"), ("related", self.pages, "article")):
            given = _texts(data.get(key))
            if data and not given:
                self._add(page, "empty", key, f"'{key}' names nothing", f"name at least one {what}")
            for name in given:
                if name not in known or (key == "related" and name == id_):
                    self._add(page, what, key, f"'{name}' is no other {what}", f"take a {what} that there is, or add it")
        if data and not _YEAR.search(str(data.get("source"))):
            self._add(page, "source", "source", "the source has no year", "name the guideline with its year")
        if data and data.get("risk") not in ("none", "clinical"):
            self._add(page, "risk", "risk", f"the risk is {data.get('risk')!r}", "write none or clinical")
        own = self._wording(SOURCE_LANGUAGE, page, page.text)
        wordings = {SOURCE_LANGUAGE: own}
        for path in sorted(self.library.glob(f"*/{id_}.md")):
            translated = self._page(path, f"{path.parent.name}/{path.name}")
            self._keys(translated, TRANSLATION)
            self._head(translated, id_, translated.data)
            wordings[path.parent.name] = self._wording(path.parent.name, translated, own.text)
        return Article(
            id_, _texts(data.get("topics")), _texts(data.get("about")), _split(data.get("tags")), _texts(data.get("related")),
            str(data.get("source", "")), str(data.get("risk", "clinical")), wordings,
        )  # fmt: skip

    def _head(self, page: Page, id_: str, data: Mapping[str, Any]) -> None:
        if not data:
            return
        if data.get("id") != id_ or not ID.fullmatch(id_):
            self._add(page, "id", "id", f"the id is {data.get('id')!r}, the file's name {id_!r}", "name both alike: a_z0_9")
        reviewer, date = data.get("reviewer"), data.get("review_date")
        if bool(reviewer) != bool(date) or (date and not _DATE.fullmatch(str(date))):
            remedy = "give both ('Dr A. Name', 2026-01-31), or null for both"
            self._add(page, "review", "reviewer", "a review is a name and a date", remedy)

    def _wording(self, language: str, page: Page, source: str) -> Wording:
        title, text = str(page.data.get("title", "")).strip(), page.text
        if page.data and not 0 < len(title) <= TITLE:
            message = f"the title has {len(title)} characters"
            self._add(page, "title", "title", message, f"use 1 to {TITLE}: it is a row of a list")
        if page.data and not 0 < len(text) <= TEXT:
            message, remedy = f"the text has {len(text)} characters", f"use 1 to {TEXT}, or make two articles of it"
            self.problems.append(page.problem_of_text("text", message, remedy))
        if wrong := {hole for hole in _HOLES.findall(text) if hole != HOLE}:
            message = f"{', '.join(sorted(wrong))} is not filled in by anything"
            self.problems.append(page.problem_of_text("hole", message, f"only {HOLE} is"))
        if page.data and source.count(HOLE) != text.count(HOLE):
            message = f"{HOLE} stands {text.count(HOLE)} times here, {source.count(HOLE)} times in the English text"
            self.problems.append(page.problem_of_text("hole", message, "say as often whom to call"))
        return Wording(language, title, text, bool(page.data.get("reviewer")))

    def _read_courses(self) -> dict[str, Course]:
        found = {}
        for path in sorted(self.courses.glob("*.yaml")):
            page = self._page(path, f"courses/{path.name}", yaml=True)
            self._keys(page, ("course", "title", *SIGNED, "lessons"))
            if page.data and page.data.get("course") != path.stem:
                self._add(page, "id", "course", "the course is not named like its file", "name both alike")
            given = page.data.get("title")
            titles = given if isinstance(given, dict) else {}
            if page.data and SOURCE_LANGUAGE not in titles:
                self._add(page, "title", "title", "there is no English title", "write title: {en: ..., hi: ...}")
            lessons = _texts(page.data.get("lessons"))
            for lesson in lessons:
                if lesson not in self.pages:
                    self._add(page, "article", "lessons", f"'{lesson}' is no article", "take one that there is, or add it")
            if len(set(lessons)) != len(lessons) or (page.data and not lessons):
                self._add(page, "lessons", "lessons", "lessons must be articles, each once", "name each article once")
            found[path.stem] = Course(path.stem, {str(key): str(value) for key, value in titles.items()}, lessons)
        return found


def _texts(value: Any) -> tuple[str, ...]:
    return tuple(str(item) for item in value) if isinstance(value, list) else ()


def _split(value: Any) -> tuple[str, ...]:
    """The phrases of a text with commas."""
    return tuple(part.strip() for part in str(value or "").split(",") if part.strip())
