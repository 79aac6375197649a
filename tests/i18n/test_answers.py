"""What people type for an option in their own language, kept in one page a language."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.dialogue.bundle import Bundle
from bot.dialogue.content import load_content
from bot.dialogue.draft import Draft, draft_of, read_draft
from bot.dialogue.folding import fold
from bot.dialogue.lint.answers import check_answers
from bot.dialogue.lint.phrases import check_phrases
from bot.dialogue.options import contained, read_choice
from bot.understanding.meaning import Meaning
from config.policy import load_policy

ROOT = Path(__file__).parents[2]
FLOW = """flow: f
title: F
starts_on: {phrases: [my lessons]}
steps:
  ask:
    say: "When?"
    options:
      soon: {label: "Soon", also: [today]}
      wait: {label: "It can wait", also: [tomorrow]}
"""

OTHER = """flow: g
title: G
starts_on: {phrases: [my meals, Unterricht]}
steps: {end: {say: "So."}}
"""


def draft(**pages: str) -> Draft:
    files = {f"locales/{language}/answers.yaml": page.encode() for language, page in pages.items()}
    return draft_of(
        Bundle({"dialogs/flows/f.yaml": FLOW.encode(), "dialogs/flows/g.yaml": OTHER.encode(), **files}), ["en", "de", "bn"]
    )


def typed(found: Draft, text: str) -> str | None:
    step = found.flows["f"].steps["ask"]
    choice = read_choice(step, Meaning(), text) or contained(step, text)
    return choice.id if choice else None


def test_a_word_of_a_languages_page_means_the_option_that_has_its_english_word() -> None:
    found = draft(de="today: heute, noch heute\ntomorrow: morgen", bn="today: আজ, আজকে, aaj")
    assert not list(check_answers(found))
    assert [typed(found, text) for text in ("Heute!", "noch heute", "morgen", "আজ", "aaj", "today")] == [
        "soon", "soon", "wait", "soon", "soon", "soon",
    ]  # fmt: skip
    # Within a longer message a word in Latin letters may be one of another language; one in native letters is not.
    assert typed(found, "আজকে হলে ভালো হয়") == "soon"
    assert typed(found, "guten morgen zusammen") is None
    assert typed(found, "better today") == "soon"


@pytest.mark.parametrize(
    ("page", "code", "told"),
    [
        ("today: heute\ntomorrow: morgen, heute", "same_word", "'heute' means both 'soon' and 'wait' of f.ask"),
        ("today: heute, it can wait", "same_word", "'it can wait' means both"),
        ("my lessons: unterricht", "same_word", "'unterricht' begins both 'g' and 'f'"),
        ("my lessons: stunden\nmy meals: stunden", "same_word", "'stunden' begins both 'f' and 'g'"),
        ("someday: irgendwann", "unused_answer", "no flow has the English word 'someday'"),
    ],
)
def test_what_would_be_misread_or_is_of_no_use_is_told_in_the_languages_own_page(page: str, code: str, told: str) -> None:
    findings = list(check_answers(draft(de=page)))
    assert {(one.file, one.code) for one in findings} == {("locales/de/answers.yaml", code)}
    assert told in findings[0].message


def test_a_phrase_of_a_languages_page_begins_the_flow_that_has_its_english_phrase() -> None:
    content = load_content(ROOT / "dialogs", ROOT / "locales", languages=["en", "bn"])
    for said in ("My lessons.", "আমার পাঠ", "AMAR PATH"):
        assert content.by_phrase.get(fold(said)) == "courses"
    assert content.by_phrase["সারাংশ সেটিং"] == "digest_settings"
    found = draft(de="my lessons: Hilfe")
    heard = Meaning(urgency="emergency")
    assert [(one.file, one.code) for one in check_phrases(found, lambda _: heard) if one.file.startswith("locales")] == [
        ("locales/de/answers.yaml", "phrase")
    ]


@pytest.mark.parametrize("page", ["today: ''", "today: [heute]", "- heute", "today: " + "x" * 41, "today: {"])
def test_a_page_of_the_wrong_form_is_told(page: str) -> None:
    found = draft(de=page)
    assert [one.file for one in found.findings if one.file.startswith("locales/")] == ["locales/de/answers.yaml"]
    assert typed(found, "heute") is None


def test_every_language_has_words_for_the_same_answers_and_none_means_two() -> None:
    found = read_draft(ROOT / "dialogs", ROOT / "locales", languages=load_policy().behaviour.languages)
    assert not list(check_answers(found))
    spoken = {code.partition("_")[0] for code in load_policy().behaviour.languages} - {"en"}
    assert found.answers.sources.keys() == spoken
    assert len({tuple(source.data) for source in found.answers.sources.values()}) == 1
