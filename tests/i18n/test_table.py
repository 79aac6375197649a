"""``procare i18n export | import``: a spreadsheet cannot erase, invent, or run anything."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from click.testing import Result

from bot.dialogue.content import load_content
from bot.handwritten.finding import Unreadable
from bot.i18n.sheet import shield, unshield
from tests.i18n.desk import Desk, entry

PRAISE = "log_glucose.praise.say"
GREET = "hello.greet.say"


class Table:
    """An exported table, filled in by hand."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.path = desk.folder / "texts.csv"
        assert desk.run("export", str(self.path)).exit_code == 0
        with self.path.open(encoding="utf-8-sig", newline="") as file:
            self.rows = list(csv.DictReader(file))

    def row(self, key: str) -> dict[str, str]:
        return next(row for row in self.rows if row["key"] == key)

    def save(self, delimiter: str = ",") -> None:
        with self.path.open("w", encoding="utf-8-sig", newline="") as file:
            table = csv.DictWriter(file, self.rows[0], delimiter=delimiter)
            table.writeheader()
            table.writerows(self.rows)

    def bring_back(self, *options: str) -> Result:
        self.save()
        return self.desk.run("import", str(self.path), *options)


@pytest.fixture
def table(desk: Desk) -> Table:
    return Table(desk)


def test_a_table_that_comes_back_as_it_went_changes_nothing(table: Table) -> None:
    before = table.desk.po()
    assert table.bring_back("--apply").output == "0 changes, 0 refused, 166 rows\n".replace("166", str(len(table.rows)))
    assert table.desk.po() == before


def test_a_change_is_shown_first_and_written_only_when_asked(table: Table) -> None:
    before = table.desk.po()
    old = table.row(GREET)["hi"]
    table.row(GREET)["hi"] = "नमस्ते जी"
    run = table.bring_back()
    assert run.exit_code == 0
    assert f"hi {GREET}: changed\n  - {old!r}\n  + 'नमस्ते जी'" in run.output
    assert "nothing was written; add --apply" in run.output
    assert table.desk.po() == before
    run = table.bring_back("--apply")
    assert "hi: written" in run.output
    assert 'msgstr "नमस्ते जी"' in entry(table.desk.po(), GREET)
    changed = [one for one in table.desk.po().split("\n\n") if one not in before.split("\n\n")]
    assert len(changed) == 1


def test_blank_never_erases(table: Table) -> None:
    before = table.desk.po()
    for row in table.rows:
        row["hi"] = " "
    assert table.bring_back("--apply").output.startswith("0 changes, 0 refused")
    assert table.desk.po() == before


@pytest.mark.parametrize(
    ("column", "cell", "told"),
    [
        ("key", "hello.greet.sing", "there is no text with this key; keys are fixed"),
        ("source", "Goodbye!", "the source text is not the present one"),
        ("hi", '=HYPERLINK("http://x")', "it begins like a formula"),
        ("hi", "@cmd", "it begins like a formula"),
        ("hi", "#NAME?", "the spreadsheet put an error here"),
        ("hi", "नमस्ते {{ person.name }}", "its placeholders differ; the source has: none"),
        ("hi", "a\x07b", "it contains control characters"),
        ("hi", "x" * 4097, "it has 4097 characters"),
    ],
)
def test_what_must_not_come_in_is_refused_with_its_line(table: Table, column: str, cell: str, told: str) -> None:
    before = table.desk.po()
    table.row(GREET)["hi"] = "नमस्ते जी"
    table.row(GREET)[column] = cell
    run = table.bring_back("--apply")
    assert run.exit_code == 1
    assert told in run.output
    assert "nothing was written" in run.output
    assert table.desk.po() == before
    line = next(
        n for n, text in enumerate(table.path.read_text(encoding="utf-8-sig").split("\n"), 1) if told and _begins(text, table)
    )
    assert f"texts.csv:{line}: hi" in run.output


def _begins(text: str, table: Table) -> bool:
    return text.startswith(("hello.greet.say,", "hello.greet.sing,"))


def test_what_can_be_taken_is_taken_beside_what_cannot_when_asked(table: Table) -> None:
    table.row(GREET)["hi"] = "=1+1"
    table.row("thanks.reply.say")["hi"] = "स्वागत है"
    run = table.bring_back("--apply", "--skip-refused")
    assert run.exit_code == 1
    assert 'msgstr "स्वागत है"' in entry(table.desk.po(), "thanks.reply.say")
    assert "=1+1" not in table.desk.po()


def test_a_label_that_does_not_fit_the_phone_is_refused(table: Table) -> None:
    table.row("menu.choose.option.log")["hi"] = "शुगर " * 6
    assert "at most 24 are shown" in table.bring_back().output


def test_a_row_tells_its_budget_and_its_placeholders(table: Table) -> None:
    assert table.row("menu.choose.option.log")["budget"] == "at most 24 characters: a row of a list"
    told = table.row(PRAISE)["placeholders"].splitlines()
    assert told[0] == "{{ value_mg_dl | glucose(person.unit) }}: a sugar reading, in mg/dL, as “112 mg/dL”"
    assert table.row("activity.ask_kind.option.run")["note"] == "an answer to: “Nice! What did you do?”"


def test_a_back_translation_is_kept_beside_the_text_and_nobody_is_told_it(table: Table) -> None:
    desk, words, column = table.desk, "It is inside the goal.\nWell done!", "hi back-translation"
    table.row(PRAISE)[column] = words
    table.row(GREET)[column] = "=1+1"
    refused = table.bring_back("--apply")
    assert (refused.exit_code, "hi back-translation hello.greet.say: refused: it begins like a formula" in refused.output) == (
        1,
        True,
    )
    table.row(GREET)[column] = " "
    before = entry(desk.po(), PRAISE).splitlines()[-1]
    assert table.bring_back("--apply").exit_code == 0
    kept = entry(desk.po(), PRAISE)
    assert kept.splitlines()[-1] == before
    assert "]: It is inside the goal. Well done!\n" in kept
    assert desk.run("update").output == "hi: as before\n"
    said = load_content(desk.dialogs, desk.locales, languages=["en", "hi"]).flows["log_glucose"].steps["praise"].say
    assert said is not None
    assert "inside" not in said.render("hi", {"value_mg_dl": 100})
    again = Table(desk)
    assert again.row(PRAISE)[column] == "It is inside the goal. Well done!"
    again.row(PRAISE)[column] = ""
    assert again.bring_back("--apply").output.startswith("0 changes, 0 refused")
    again.row(PRAISE)["hi"] += " शाबाश।"
    again.row(PRAISE)[column] = "It is inside the goal. Well done!"
    assert again.bring_back("--apply").exit_code == 0
    late = Table(desk)
    assert late.row(PRAISE)[column] == "(of an earlier wording) It is inside the goal. Well done!"
    assert late.bring_back("--apply").output.startswith("0 changes, 0 refused")


def test_the_same_key_twice_is_refused_the_second_time(table: Table) -> None:
    table.rows.append({**table.row(GREET), "hi": "और कुछ"})
    assert "the key stands on line" in table.bring_back().output


def test_ok_confirms_a_fuzzy_translation_and_an_untouched_one_stays_fuzzy(desk: Desk) -> None:
    desk.edit_flow("hello", "Hello! You", "Hi! You")
    desk.edit_flow("thanks", "You are welcome!", "You are most welcome!")
    table = Table(desk)
    assert table.row(GREET)["hi state"] == "fuzzy"
    assert table.row(GREET)["hi"]
    table.row(GREET)["hi state"] = "OK"
    run = table.bring_back("--apply")
    assert f"hi {GREET}: confirmed" in run.output
    assert "fuzzy" not in entry(desk.po(), GREET)
    assert "fuzzy" in entry(desk.po(), "thanks.reply.say")


def test_a_new_clinical_translation_needs_a_review_again(table: Table) -> None:
    desk = table.desk
    desk.run("review", "hi", PRAISE, "--by", "A. Clinician")
    table.row(PRAISE)["hi"] += " शाबाश।"
    assert table.bring_back("--apply").exit_code == 0
    assert table.__class__(desk).row(PRAISE)["hi state"] == "needs review"


def test_a_text_that_a_spreadsheet_would_run_goes_out_shielded_and_comes_back_whole(desk: Desk) -> None:
    desk.edit_flow("hello", 'say: "Hello! You', 'say: "=Hello! You')
    table = Table(desk)
    assert table.row(GREET)["source"].startswith("'=Hello")
    table.row(GREET)["hi"] = "'=नमस्ते"
    assert table.bring_back("--apply").exit_code == 0
    assert 'msgstr "=नमस्ते"' in entry(desk.po(), GREET)


@pytest.mark.parametrize("cell", ["=1", "'=1", "''=1", "+91", "-", "@x", "\tx", "plain", "'quoted'", "", "it's = ok"])
def test_shielding_loses_nothing(cell: str) -> None:
    assert unshield(shield(cell)) == cell
    assert not shield(cell).startswith(("=", "+", "-", "@", "\t", "\r"))


@pytest.mark.parametrize("delimiter", [";", "\t"])
def test_tables_of_other_spreadsheets_are_read(table: Table, delimiter: str) -> None:
    table.row(GREET)["hi"] = "नमस्ते जी"
    table.save(delimiter)
    assert table.desk.run("import", str(table.path)).output.splitlines()[-2].startswith("1 changes, 0 refused")


@pytest.mark.parametrize(
    ("raw", "told"),
    [
        (b"\xff\xfe\x00", "texts.csv:1:1: the table is not UTF-8 text"),
        ("key,source,hi\n\u0905,\n".encode("utf-16-le"), "the table is not UTF-8 text"),
        (b"a,b\n1,2\n", "the table has no column 'key'"),
        (b"key,source,hi,hi\nx,y,z,z\n", "two columns have the same name"),
        (b'key,source,hi\nx,y,"open\n', "texts.csv:2:1: the table cannot be read"),
        (b"key,source,fr\nx,y,z\n", "no column of a language we have"),
        (b"", "the table has no column 'key'"),
    ],
)
def test_what_is_no_table_is_refused_in_plain_words(desk: Desk, raw: bytes, told: str) -> None:
    path = desk.folder / "texts.csv"
    path.write_bytes(raw)
    run = desk.run("import", str(path))
    assert isinstance(run.exception, Unreadable)
    assert told in str(run.exception)


def test_a_file_that_is_not_there_is_told(desk: Desk) -> None:
    run = desk.run("import", str(Path("nowhere.csv")))
    assert isinstance(run.exception, Unreadable)
    assert "nowhere.csv:1:1: the file cannot be read" in str(run.exception)
