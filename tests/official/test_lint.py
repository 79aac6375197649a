"""WhatsApp's rules for templates: a good file has no finding, and each change that breaks a rule is found at its line."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from bot.dialogue.catalogue import read_catalogue
from bot.dialogue.draft import read_draft
from bot.dialogue.lint.channel import private_words, words_of_kind
from bot.dialogue.lint.check import check_content, check_draft
from bot.dialogue.official.needed import wordless
from bot.dialogue.tongues import load_tongues
from bot.handwritten.finding import Finding
from bot.i18n.book import by_key, languages_of
from config.policy import load_policy
from tests.authoring.project import ROOT, TODAY, Project

FLOW = """
flow: visit
title: A visit
owner: coordinator
starts_on: {event: care_coordinator.visit_over}
takes: {who: {}}
notice: {class: care_team, topic: visit, expires: 1d}
steps:
  ask:
    say: "Did your visit with {{ who }} take place?"
    options: {"yes": {label: "Yes", go: end}, "no": {label: "No", go: end}}
    unclear: {tries: 1, then: end}
    silence: {after: 1d, then: end}
"""
GOOD = """template: visit_over
category: UTILITY
purpose: Asks whether a visit took place
owner: coordinator
review: {status: draft}
placeholders:
  - {of: The doctor, sample: {en: Dr Mehta}}
stands_for:
  - {step: visit/ask, values: ["{{ who }}"]}
texts:
  en:
    header: Your visit
    body: "Did your visit with {{1}} take place? Please tap."
    footer: Write stop to hear no more
    buttons: {"yes": "Yes", "no": "No"}
  hi:
    body: "क्या {{1}} के साथ मुलाक़ात हुई? कृपया बटन दबाएँ।"
    buttons: {"yes": "हाँ", "no": "नहीं"}
"""
BODY = "Did your visit with {{1}} take place? Please tap."
BAD = {
    "an unknown key": ("owner: coordinator", "ownr: coordinator", "form"),
    "no category": ("category: UTILITY", "category: CARE", "form"),
    "an expression that is none": ('["{{ who }}"]', '["{{ who + }}"]', "expression"),
    "a name in capitals": ("template: visit_over", "template: Visit_over", "template_rule"),
    "a code's category": ("category: UTILITY", "category: AUTHENTICATION", "template_category"),
    "a placeholder at the start": (BODY, "{{1}} has seen you, we think. Please tap.", "template_rule"),
    "a placeholder at the end": (BODY, "Did you have your visit with {{1}}?", "template_rule"),
    "a number left out": (BODY, "Did your visit with {{2}} take place? Please tap.", "template_rule"),
    "a placeholder that nobody described": (BODY, "Did your visit with {{1}} on {{2}} take place? Tap.", "template_rule"),
    "two in a row": (BODY, "Did your visit with {{1}} {{2}} take place? Please tap.", "template_rule"),
    "too few words": (BODY, "Hello {{1}} there", "template_rule"),
    "a body too long": (BODY, "Did your visit with {{1}} take place? " + "Please tap. " * 90, "template_rule"),
    "a header with a placeholder": ("header: Your visit", 'header: "Visit of {{1}}"', "template_rule"),
    "a footer too long": ("footer: Write stop to hear no more", "footer: " + "stop " * 13, "template_rule"),
    "a button too long": ('"yes": "Yes",', '"yes": "Yes, it has taken place",', "template_rule"),
    "two buttons alike": ('"no": "No"}', '"no": "Yes"}', "template_rule"),
    "other buttons in Hindi": ('"yes": "हाँ", "no": "नहीं"', '"yes": "हाँ"', "template_rule"),
    "advertising": (BODY, "Did your visit with {{1}} take place? The next one is free.", "template_category"),
    "advertising in Hindi": ("कृपया बटन दबाएँ", "अगली मुलाक़ात पर छूट है", "template_category"),
    "a sale in Hindi": ("कृपया बटन दबाएँ", "आज क्लिनिक में सेल है", "template_category"),
    "an illness on the screen": (BODY, "Did your diabetes visit with {{1}} take place? Tap.", "template_private"),
    "a dose": (BODY, "Did your visit with {{1}} take place? Take two tablets.", "forbidden"),
    "a step that is not there": ("step: visit/ask", "step: visit/asks", "template_step"),
    "a value too many": ('["{{ who }}"]', '["{{ who }}", "x"]', "template_step"),
    "an option that is not there": ('"yes": "Yes",', '"maybe": "Yes",', "template_step"),
    "no step at all": ('stands_for:\n  - {step: visit/ask, values: ["{{ who }}"]}\n', "", "template_step"),
    "an empty sample": ("{en: Dr Mehta}", '{en: " "}', "template_rule"),
}


@pytest.fixture
def project(tmp_path: Path) -> Project:
    made = Project(tmp_path)
    made.write("visit", FLOW)
    (made.dialogs / "templates").mkdir()
    return made


def findings(project: Project, text: str) -> list[Finding]:
    (project.dialogs / "templates/visit_over.yaml").write_text(text, encoding="utf-8")
    return [one for one in project.check("hi") if one.file == "dialogs/templates/visit_over.yaml"]


def test_a_good_template_has_no_finding(project: Project) -> None:
    assert findings(project, GOOD) == []


@pytest.mark.parametrize("what", BAD)
def test_a_broken_rule_is_found_at_its_line_with_a_remedy(project: Project, what: str) -> None:
    old, new, code = BAD[what]
    assert old in GOOD
    found = [one for one in findings(project, GOOD.replace(old, new)) if one.code == code]
    assert found
    if what not in ("no step at all", "other buttons in Hindi"):
        line = next(number for number, words in enumerate(GOOD.splitlines(), 1) if old.split("\n")[0] in words)
        assert line in {one.line for one in found}
    assert all(one.message and one.remedy for one in found)


def test_marketing_may_advertise(project: Project) -> None:
    text = GOOD.replace(BODY, "Did your visit with {{1}} take place? The next one is free.")
    assert findings(project, text.replace("UTILITY", "MARKETING")) == []


def test_a_file_is_named_like_its_template(project: Project) -> None:
    assert {one.code for one in findings(project, GOOD.replace("template: visit_over", "template: visit_done"))} == {"name"}


def test_of_two_templates_for_one_step_one_needs_a_condition(project: Project) -> None:
    second = project.dialogs / "templates/visit_past.yaml"
    second.write_text(GOOD.replace("template: visit_over", "template: visit_past"), encoding="utf-8")
    findings(project, GOOD)
    assert [one.code for one in project.check("hi") if one.file.startswith("dialogs/templates")] == ["template_step"]
    second.write_text(second.read_text(encoding="utf-8").replace("step: visit/ask,", 'step: visit/ask, when: "who == 1",'))
    assert [one for one in project.check("hi") if one.file.startswith("dialogs/templates")] == []


def test_our_own_templates_have_no_finding_and_speak_every_language() -> None:
    draft = read_draft(ROOT / "dialogs", ROOT / "locales", languages=load_policy().behaviour.languages)
    assert len(draft.templates) >= 19
    assert [one for one in check_draft(draft, date(2026, 11, 27)) if "templates/" in one.file] == []
    assert wordless(draft.templates, load_policy().behaviour.languages) == {}


OURS = (
    "profile.ask_condition.option.type_2",
    "profile.ask_condition.option.type_1.description",
    "profile.ask_condition.option.gestational",
)


def test_each_language_names_what_no_locked_phone_may_show_beginning_with_its_own_words_for_it() -> None:
    tongues = load_tongues(ROOT / "locales", languages_of(ROOT / "locales"))
    for language, tongue in tongues.items():
        said = by_key(read_catalogue(ROOT / "locales", language))
        words = (*words_of_kind("private"), *private_words(tongue.file.private))
        unknown = [key for key in OURS if not any(word.search(str(said[key].string).lower()) for word in words)]
        assert not unknown, (language, unknown)
    hits = [word for word in private_words(tongues["ur"].file.private) if word.search("دل کا حملہ")]
    assert not hits, "an attack is no pregnancy"


def test_an_illness_is_found_in_a_languages_own_words_as_whole_words_or_beginnings(project: Project) -> None:
    page = project.locales / "hi/language.yaml"
    page.parent.mkdir(parents=True, exist_ok=True)
    page.write_text('name: "हिन्दी"\nscript: Deva\nprivate: ["मधुमेह-", "टीबी"]\n', encoding="utf-8")
    for word, found in {"मधुमेही": ["template_private"], "टीबी": ["template_private"], "टीबीस": [], "अमधुमेह": []}.items():
        assert [one.code for one in findings(project, GOOD.replace("कृपया बटन दबाएँ", f"कृपया {word} बटन दबाएँ"))] == found


def test_the_service_refuses_a_template_without_the_right_form(project: Project) -> None:
    (project.dialogs / "templates/visit_over.yaml").write_text("template: [", encoding="utf-8")
    found = check_content(project.dialogs, project.locales, languages=["en"], today=TODAY)
    assert [one.code for one in found if one.file.startswith("dialogs/templates")] == ["yaml"]
