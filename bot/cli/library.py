"""``procare library``: what authors and reviewers of the learning library need."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import click

from agents.learning_library.article import SOURCE_LANGUAGE, Shelf
from agents.learning_library.search import Library
from agents.learning_library.shelf import read_shelf
from bot.cli.content import CONTENT
from bot.dialogue.lint.texts import forbidden, hard
from bot.dialogue.tongues import load_tongues
from bot.handwritten.finding import Finding, Unreadable
from bot.i18n.glossary import load_glossary
from bot.i18n.slips import slips
from config.library import load_library_policy
from config.policy import load_policy
from config.settings import read_settings

WORDS = (55, 120)  # of an English text: one idea, read on a phone
NAMED = 3  # ids in one hint
_LIST = re.compile(r"^(?:-|\d+\.) ", re.MULTILINE)


@click.group()
def library() -> None:
    """Check and search the articles and courses of the learning library."""


@library.command()
@CONTENT
@click.option("--words", is_flag=True, help="Tell also where a translation has another word than its language's glossary.")
def lint(content: Path, words: bool) -> None:
    """Find mistakes in articles, translations, words and courses. Exit status 1 when anything is found."""
    try:
        shelf = read_shelf(content)
    except Unreadable as error:
        problems = list(error.findings)
    else:
        read = list(misread(shelf, words=words))
        faults = [problem for problem, fault in read if fault]
        problems = sorted((*weaknesses(shelf), *faults), key=lambda one: (one.file, one.message))
    for problem in problems:
        click.echo(str(problem))
    for hint in () if problems else untranslated(shelf):
        click.echo(hint)
    for problem, fault in () if problems else read:
        if not fault:
            click.echo(f"hint: {problem}")
    if problems:
        click.echo(f"{len(problems)} found")
        raise click.exceptions.Exit(1)
    wordings = [wording for article in shelf.articles.values() for wording in article.wordings.values()]
    unsigned = sum(not wording.reviewed for wording in wordings)
    click.echo(f"nothing found in {len(shelf.articles)} articles, {len(wordings)} texts, {len(shelf.courses)} courses")
    if unsigned:
        click.echo(f"{unsigned} texts wait for a clinician's review")


@library.command()
@CONTENT
@click.option("--language", default=None, help="The language of the person who asks.")
@click.argument("question")
def find(content: Path, language: str | None, question: str) -> None:
    """Show which articles a question finds, the best first, and what the agent would answer."""
    found = Library(read_shelf(content), load_library_policy().search)
    for hit in found.ranked(question, language)[:5]:
        click.echo(f"{hit.article:<22} score {hit.score:.1f}, answers for {hit.coverage:.0%} of the question")
    best = found.find(question, language)
    personal = found.personal(question, language)
    click.echo(f"answer: {'personal' if personal else best.article if best else 'unknown'}")


def weaknesses(shelf: Shelf) -> Iterator[Finding]:
    """What the agent can live with, and people should not have to."""
    for article in shelf.articles.values():
        own = f"{article.id}.md"
        for language, wording in article.wordings.items():
            file = own if language == SOURCE_LANGUAGE else f"{language}/{own}"
            yield from _forbidden(file, f"{wording.title}\n{wording.text}")
        text = article.wordings[SOURCE_LANGUAGE].text
        if not WORDS[0] <= len(text.split()) <= WORDS[1]:
            message = f"the text has {len(text.split())} words"
            yield Finding("words", own, 1, 1, message, f"use {WORDS[0]} to {WORDS[1]}: one idea, read on a phone")
        if problem := hard(_LIST.sub(". ", text)):
            yield Finding("hard_to_read", own, 1, 1, f"the text {problem}", "use shorter sentences and plainer words")
    every = {concept for words in shelf.words for concept in words.concepts}
    for words in shelf.words:
        for concept in sorted(every - set(words.concepts)):
            message = f"no word for '{concept}'"
            yield Finding("missing", f"words/{words.language}.yaml", 1, 1, message, "add the words people use")


def untranslated(shelf: Shelf) -> Iterator[str]:
    """What the languages that we offer lack: no fault, for people read their second language then, or English."""
    for language in load_policy().behaviour.languages:
        articles = [article.id for article in shelf.articles.values() if language not in article.wordings]
        courses = [course.id for course in shelf.courses.values() if language not in course.titles]
        for what, folder, ids in (("articles", f"library/{language}", articles), ("titles of courses", "courses", courses)):
            if ids:
                named = ", ".join(ids[:NAMED]) + (" and others" if len(ids) > NAMED else "")
                yield f"hint: {len(ids)} {what} are not in {language} ({folder}): {named}"


def misread(shelf: Shelf, *, words: bool) -> Iterator[tuple[Finding, bool]]:
    """What a reader of a translation would trip over, and whether it is a fault: a word beside the glossary may be none."""
    locales = read_settings().locales_dir
    languages = sorted({language for one in shelf.articles.values() for language in one.wordings} - {SOURCE_LANGUAGE})
    tongues = load_tongues(locales, languages)
    for language in languages:
        glossary = load_glossary(locales, language) if words else ()
        for article in shelf.articles.values():
            if wording := article.wordings.get(language):
                own = article.wordings[SOURCE_LANGUAGE]
                for source, text in ((own.title, wording.title), (own.text, wording.text)):
                    for code, level, told, remedy in slips(source, text, tongues[language], glossary):
                        yield Finding(code, f"{language}/{article.id}.md", 1, 1, f"it {told}", remedy), level != "hint"


def _forbidden(file: str, text: str) -> Iterator[Finding]:
    """Diagnoses, doses, calls to stop a medicine: no article says them."""
    for kind in forbidden():
        for hit in filter(None, (pattern.search(text) for pattern in kind.patterns)):
            yield Finding("forbidden", file, 1, 1, f'it says "{hit[0].strip()}": {kind.message}', kind.remedy)
