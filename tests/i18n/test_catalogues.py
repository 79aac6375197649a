"""``procare i18n extract | update | status | check | review``: what happens to translations when the content changes."""

from __future__ import annotations

import json

import pytest

from bot.dialogue.content import load_content
from bot.handwritten.finding import Finding, Unreadable
from bot.i18n.unreviewed import unreviewed
from tests.i18n.desk import Desk, entry

PRAISE = "log_glucose.praise.say"
GREET = "hello.greet.say"


def test_extract_writes_every_text_with_its_key(desk: Desk) -> None:
    run = desk.run("extract")
    assert run.exit_code == 0
    pot = (desk.locales / "procare.pot").read_text(encoding="utf-8")
    assert f'msgctxt "{PRAISE}"' in pot
    assert 'msgstr "' in entry(pot, PRAISE)
    assert "as before" in desk.run("extract").output


def test_update_changes_nothing_when_nothing_changed(desk: Desk) -> None:
    before = desk.po()
    assert desk.run("update").output == "hi: as before\n"
    assert desk.po() == before


def test_a_changed_text_makes_its_own_translation_fuzzy_and_touches_no_other(desk: Desk) -> None:
    before = desk.po()
    desk.edit_flow("log_glucose", "Well done!", "Very good!")
    run = desk.run("update", "hi")
    assert f"{PRAISE} (fuzzy: the source changed)" in run.output
    after = desk.po()
    assert "fuzzy" in entry(after, PRAISE)
    assert entry(before, PRAISE).splitlines()[-1] == entry(after, PRAISE).splitlines()[-1]
    assert [one for one in before.split("\n\n") if PRAISE not in one] == [one for one in after.split("\n\n") if PRAISE not in one]


def test_a_renamed_step_keeps_its_translation_as_fuzzy(desk: Desk) -> None:
    old = entry(desk.po(), GREET).splitlines()[-1]
    desk.edit_flow("hello", "  greet:\n", "  say_hello:\n")
    run = desk.run("update", "hi")
    assert "hello.say_hello.say (fuzzy: moved to another key)" in run.output
    assert f"{GREET} (gone)" in run.output
    moved = entry(desk.po(), "hello.say_hello.say")
    assert moved.splitlines()[-1] == old
    assert "fuzzy" in moved


def test_a_fuzzy_clinical_text_never_ships(desk: Desk) -> None:
    desk.edit_flow("log_glucose", "Well done!", "Very good!")
    desk.run("update", "hi")
    content = load_content(desk.dialogs, desk.locales, languages=["en", "hi"])
    assert content.lacking == {PRAISE: ("hi",)}
    assert content.untranslated["hi", "clinical"] == 1
    run = desk.run("check")
    assert run.exit_code == 1
    assert f"the translation of '{PRAISE}' is marked fuzzy" in run.output
    assert run.output.endswith("1 blockers, 0 warnings\n")


def test_a_fuzzy_text_that_is_not_clinical_is_said_in_english(desk: Desk) -> None:
    desk.edit_flow("hello", "Hello! You", "Hi! You")
    desk.run("update", "hi")
    content = load_content(desk.dialogs, desk.locales, languages=["en", "hi"])
    said = content.flows["hello"].steps["greet"].say
    assert said
    assert said.render("hi", {}).startswith("Hi! You")
    run = desk.run("check")
    assert (run.exit_code, run.output.splitlines()[-1]) == (0, "0 blockers, 1 warnings")


def test_check_names_the_line_of_what_is_missing_stale_or_has_other_placeholders(desk: Desk) -> None:
    desk.edit_po("{{ numbers }} पर फ़ोन करें और बताएँ", "112 पर फ़ोन करें और बताएँ")
    desk.edit_flow("hello", "Hello! You", "Hi! You")
    run = desk.run("check")
    assert run.exit_code == 1
    line = desk.po().splitlines().index('msgctxt "emergency.general"') + 2
    assert f"blocker: locales/hi/LC_MESSAGES/procare.po:{line}:1: 'emergency.general' has other placeholders" in run.output
    assert f"'{GREET}' is not as in dialogs/flows/hello.yaml; run: procare i18n update hi [stale]" in run.output


def test_a_new_language_starts_empty_and_its_state_is_told_by_flow(desk: Desk) -> None:
    assert desk.run("update", "ta").exit_code == 0
    found = json.loads(desk.run("status", "--json", "--lang", "ta").output)
    one = next(one for one in found if one["flow"] == "log_glucose")
    assert one["texts"] == one["missing"] > 20
    assert {name: one[name] for name in ("translated", "needs_review", "fuzzy")} == {
        "translated": 0,
        "needs_review": 0,
        "fuzzy": 0,
    }
    table = desk.run("status", "--lang", "ta").output.splitlines()
    assert table[0].split() == ["language", "flow", "risk", "texts", "translated", "needs", "review", "fuzzy", "missing"]
    assert any(line.split() == ["ta", "hello", "none", "1", "0", "0", "0", "1"] for line in table)
    whole = {tuple(line.split()[:2]): line.split()[2:] for line in desk.run("status").output.splitlines()}
    assert set(whole) == {("language", "risk"), *((language, risk) for language in ("hi", "ta") for risk in ("none", "clinical"))}
    texts, *_, missing = whole["ta", "clinical"]
    assert int(texts) == int(missing) > 20
    assert whole["hi", "clinical"][-1] == "0"


def test_a_review_counts_until_the_text_changes(desk: Desk) -> None:
    def reviewed() -> int:
        found = json.loads(desk.run("status", "--json").output)
        return int(next(one for one in found if one["flow"] == "log_glucose")["translated"])

    assert reviewed() == 0
    run = desk.run("review", "hi", PRAISE, "--by", "A. Clinician, physician")
    assert run.exit_code == 0, run.output
    assert reviewed() == 1
    assert desk.run("update").output == "hi: as before\n"
    desk.edit_po("के अंदर है। बहुत बढ़िया!", "के अंदर है। शाबाश!")
    assert reviewed() == 0


def test_a_whole_flow_is_reviewed_by_its_name_and_what_is_left_waits_with_its_line(desk: Desk) -> None:
    def waiting() -> list[Finding]:
        keys = load_content(desk.dialogs, desk.locales, languages=["en", "hi"]).keys
        return unreviewed(keys, {"locales/hi/LC_MESSAGES/procare.po": desk.po().encode(), "locales/hi/language.yaml": b""})

    found = json.loads(desk.run("status", "--json").output)
    clinical = sum(one["texts"] for one in found if one["risk"] == "clinical")
    before = waiting()
    assert len(before) == clinical > 100
    line = desk.po().splitlines().index('msgctxt "emergency.general"') + 2
    [general] = [one for one in before if "'emergency.general'" in one.message]
    assert (general.file, general.line, general.level) == ("locales/hi/LC_MESSAGES/procare.po", line, "blocker")
    assert "run: procare i18n review hi emergency.general --by NAME" in general.remedy
    assert desk.run("review", "hi", "emergency", PRAISE, "--by", "A. Clinician").exit_code == 0
    after = waiting()
    assert not any("'emergency." in one.message or PRAISE in one.message for one in after)
    assert len(before) - len(after) == 1 + sum("'emergency." in one.message for one in before)
    desk.edit_po("के अंदर है। बहुत बढ़िया!", "के अंदर है। शाबाश!")
    assert len(waiting()) == len(after) + 1


def test_what_is_fuzzy_cannot_be_reviewed(desk: Desk) -> None:
    desk.edit_flow("log_glucose", "Well done!", "Very good!")
    run = desk.run("review", "hi", PRAISE, "--by", "A. Clinician")
    assert run.exit_code == 1
    assert "is fuzzy: translate it first" in run.output


@pytest.mark.parametrize("language", ["../x", "en", "Hindi", "xq", "hi/../../x"])
def test_a_language_that_is_none_is_refused(desk: Desk, language: str) -> None:
    before = {path.name for path in desk.locales.iterdir()}
    run = desk.run("update", language)
    assert run.exit_code == 2
    assert "is no language to translate into" in run.output
    assert {path.name for path in desk.locales.iterdir()} == before


def test_a_broken_catalogue_is_told_with_its_line(desk: Desk) -> None:
    desk.edit_po('msgctxt "hello.greet.say"\n', 'msgctxt "hello.greet.say"\nthis is no catalogue\n')
    run = desk.run("status")
    assert isinstance(run.exception, Unreadable)
    assert "locales/hi/LC_MESSAGES/procare.po:" in str(run.exception)
