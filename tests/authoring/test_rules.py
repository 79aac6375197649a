"""For each rule a bad file that breaks it, at the line marked in it, and a good file that breaks none."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from bot.dialogue.lint.rules import RULES
from bot.handwritten.source import read_source
from tests.authoring.project import PO, ROOT, Project

FILES = Path(__file__).parent / "rules"
CODES = sorted(folder.name for folder in FILES.iterdir())
MARK = "# <- here"
TEMPLATES = {"template_rule", "template_step", "template_category", "template_private"}  # tests/official
ELSEWHERE = {
    "file",
    "files",
    "encoding",
    "po",
    "needed",
    "category",
    "placeholder",
    "translation",
    "plural",
    "phrase",
    "unused_answer",  # tests/i18n/test_answers.py
} | TEMPLATES
HI = 'msgctxt "other.greet.say"\nmsgid "Hello."\nmsgstr "नमस्ते।"\n'


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return Project(tmp_path)


def test_every_rule_has_its_files_or_its_own_test() -> None:
    assert set(CODES) | ELSEWHERE == set(RULES)
    assert not set(CODES) & ELSEWHERE


@pytest.mark.parametrize("code", CODES)
def test_the_bad_file_is_found_at_its_line(project: Project, code: str) -> None:
    text = (FILES / code / "bad.yaml").read_text(encoding="utf-8")
    project.write("extra", text)
    line = next(number for number, words in enumerate(text.splitlines(), 1) if MARK in words)
    mine = [one for one in project.check() if one.code == code and "dialogs/flows/" in one.file and one.line == line]
    if code == "claim":
        mine = [one for one in project.check() if one.code == code]  # found at the later of the two
    assert len(mine) == 1, project.check()
    assert code in ("translation", "unsigned") or mine[0].level == RULES[code].level
    assert mine[0].column >= 1
    assert mine[0].message
    assert mine[0].remedy


@pytest.mark.parametrize("code", CODES)
def test_the_good_file_has_no_finding_at_all(project: Project, code: str) -> None:
    project.write("extra", (FILES / code / "good.yaml").read_text(encoding="utf-8"))
    assert project.codes("extra") == set()


def test_a_file_that_cannot_be_read_is_a_finding(project: Project) -> None:
    (project.dialogs / "flows/extra.yaml").mkdir()
    assert project.codes("extra") == {"file"}


def test_a_file_that_is_not_utf_8_is_a_finding(project: Project) -> None:
    project.write("extra", "").write_bytes(b"flow: extra\ntitle: \xff")
    [finding] = [one for one in project.check() if one.file.endswith("extra.yaml")]
    assert (finding.code, finding.line) == ("encoding", 2)


def test_too_many_files_are_a_finding(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.dialogue.bundle.FILES", 1)
    project.write("extra", "")
    assert [one.code for one in project.check()] == ["files"]


def test_what_everybody_needs_is_missed(project: Project) -> None:
    assert "the flow 'stop' is missing" in [one.message for one in project.check() if one.code == "needed"]


def test_an_unknown_emergency_category_is_a_finding(project: Project) -> None:
    assert "category" not in {one.code for one in project.check()}
    path = project.dialogs / "emergency.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("  stroke:", "  strike:"), encoding="utf-8")
    messages = [one.message for one in project.check() if one.code == "category"]
    assert messages == ["there is no emergency category 'strike'", "the category 'stroke' has no text"] or len(messages) == 2


def test_a_catalogue_that_is_missing_or_broken_is_a_finding_and_no_more(project: Project) -> None:
    assert {one.code for one in project.check("hi")} == {"po", "needed", "unsigned"}
    project.translate("msgid unquoted\n")
    assert {one.code for one in project.check("hi")} == {"po", "needed", "unsigned"}


@pytest.mark.parametrize(
    ("entry", "codes"),
    [
        (HI, set()),
        ("", {"translation"}),
        (HI.replace("Hello.", "Hello there."), {"translation"}),
        ("#, fuzzy\n" + HI, {"translation"}),
        (HI.replace("नमस्ते।", "नमस्ते {{ person.name }}।"), {"placeholder"}),
    ],
    ids=["current", "missing", "stale", "fuzzy", "placeholder"],
)
def test_a_translation_is_there_current_and_has_the_same_placeholders(project: Project, entry: str, codes: set[str]) -> None:
    project.translate(entry)
    assert project.codes("other", "hi") == codes
    places = {(one.line, one.level) for one in project.check("hi") if one.file.endswith("other.yaml")}
    assert places == ({(7, "blocker" if codes == {"placeholder"} else "warning")} if codes else set())


def test_a_catalogue_counts_as_its_language_does(project: Project) -> None:
    project.translate(HI)
    assert "plural" not in {one.code for one in project.check("hi")}
    project.translate(HI, PO.replace("(n > 1)", "(n != 1)"))
    assert "plural" in {one.code for one in project.check("hi")}
    project.translate(HI + '\nmsgctxt "x"\nmsgid "one cup"\nmsgid_plural "{{ n }} cups"\nmsgstr[0] "एक"\nmsgstr[1] ""\n')
    assert "plural" in {one.code for one in project.check("hi")}


def test_an_author_reads_of_each_fault_once_however_many_languages_fall_back_to_english(project: Project) -> None:
    project.write("extra", (FILES / "label/bad.yaml").read_text(encoding="utf-8"))
    project.translate("")
    bengali = project.locales / "bn/LC_MESSAGES/procare.po"
    bengali.parent.mkdir(parents=True)
    bengali.write_text(PO.replace("hi", "bn"), encoding="utf-8")
    found = [one for one in project.check("hi", "bn") if one.file.endswith("extra.yaml")]
    assert [one.message for one in found if one.code == "label"] == [
        "the label 'Tea with milk and much sugar' (en) has 28 characters"
    ]
    lacking = [one.message for one in found if one.code == "translation"]
    assert "'extra.thank.say' has no current translation in bn, hi" in lacking
    assert len(lacking) == 4  # two texts and two labels


def test_a_translation_that_nothing_says_is_a_finding(project: Project) -> None:
    project.translate(HI + '\nmsgctxt "other.gone.say"\nmsgid "Gone."\nmsgstr "गया।"\n')
    assert [one.message for one in project.check("hi") if one.code == "unused"] == ["nothing says 'other.gone.say' any more"]


def test_forbidden_words_are_found_in_a_translation(project: Project) -> None:
    project.translate(HI.replace("नमस्ते।", "आपको मधुमेह है।"))
    assert project.codes("other", "hi") == {"forbidden"}


ASKED = """
flow: extra
title: An extra flow
starts_on: {intent: extra}
steps:
  ask:
    say: "Tea?"
    options: {"yes": "Yes", "no": "No"}
    unclear: {say: "Please tap one.", tries: 2, then: tell}
    silence: {after: 1h, say: "Still there?", then: end}
    next: tell
  tell:
    say: "Thank you."
    next: end
"""


@pytest.mark.parametrize(
    ("key", "source", "length", "line"),
    [
        ("extra.ask.unclear", "Please tap one.", 1024, 9),
        ("extra.ask.say", "Tea?", 1024, 7),
        ("extra.ask.silence", "Still there?", 4096, 10),
        ("extra.tell.say", "Thank you.", 4096, 13),
    ],
)
def test_a_translation_longer_than_the_channel_takes_is_found(
    project: Project, key: str, source: str, length: int, line: int
) -> None:
    project.write("extra", ASKED)
    for count, codes in ((length, []), (length + 1, ["length"])):
        project.translate(f'msgctxt "{key}"\nmsgid "{source}"\nmsgstr "{"क" * count}"\n')
        found = [one for one in project.check("hi") if one.code == "length"]
        assert [one.code for one in found] == codes
        assert [one.line for one in found] == [line] * len(codes)


def test_forbidden_words_are_written_in_small_letters() -> None:
    """They are looked for in text made small."""
    data = read_source(ROOT / "bot/dialogue/lint/wording.yaml", "wording.yaml").data
    words = [re.sub(r"\\[A-Z]", "", word) for kind in data.values() for word in kind["words"]]
    assert words == [word.lower() for word in words]


def test_only_words_can_be_anything(project: Project) -> None:
    text = (FILES / "answer_type/good.yaml").read_text(encoding="utf-8")
    asks = '  thank:\n    say: "When?"\n    expect: {{at: {{type: {type}, anything: true}}}}\n'
    for type_, codes in (("time", {"answer_type"}), ("text", set[str]())):
        project.write("extra", text.replace('  thank:\n    say: "Thank you."\n', asks.format(type=type_)))
        assert project.codes("extra") == codes
