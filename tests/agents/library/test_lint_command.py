"""``procare library lint`` finds nothing in our own content, and tells what patients should not read."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from bot.cli.library import library
from tests.agents.library.evaluate import ROOT


@pytest.fixture
def content(tmp_path: Path) -> Path:
    others = {path.name for path in (ROOT / "dialogs/library").iterdir() if path.is_dir()} - {"words", "hi", "bn"}
    for room in ("library", "courses"):  # with two languages: the others take time
        shutil.copytree(ROOT / "dialogs" / room, tmp_path / room, ignore=shutil.ignore_patterns(*others))
    return tmp_path


def lint(content: Path) -> tuple[int, str]:
    done = CliRunner().invoke(library, ["lint", "--content", str(content)])
    return done.exit_code, done.output


def test_our_own_library_has_no_faults() -> None:
    code, said = lint(ROOT / "dialogs")
    assert (code, "nothing found in" in said, "wait for a clinician's review" in said) == (0, True, True)


@pytest.mark.parametrize(
    ("file", "old", "new", "told"),
    [
        ("library/medicines.md", "Use a pill box", "Take 500 mg daily", 'medicines.md:1:1: it says "500 mg": this states a dose'),
        ("library/medicines.md", "Use a pill box", "You have diabetes", "this tells the person a diagnosis"),
        ("library/hi/medicines.md", "गोली का डिब्बा", "2 गोली", "hi/medicines.md:1:1: "),
        ("library/plate.md", "You need no special food.", "You need " + "no very special kind of food " * 6 + ".", "sentence of"),
        ("library/plate.md", "You need no special food. Fill your plate like this:", "", "nothing"),
        ("library/words/or.yaml", "  baby:", "  babyy:", "words/or.yaml:1:1: no word for 'baby'"),
        ("library/plate.md", "risk: clinical", "risk: some", "plate.md:12:1: the risk is 'some'"),
    ],
)  # fmt: skip
def test_a_fault_is_told(content: Path, file: str, old: str, new: str, told: str) -> None:
    path = content / file
    before = path.read_text(encoding="utf-8")
    assert old in before
    path.write_text(before.replace(old, new, 1), encoding="utf-8")
    code, said = lint(content)
    assert told in said
    assert code == (0 if told == "nothing" else 1)


def test_what_a_reader_would_trip_over_is_told_and_another_word_than_the_glossarys_to_who_asks(content: Path) -> None:
    path = content / "library/bn/bp.md"
    good = path.read_text(encoding="utf-8")
    slips = (("128/78", "১২৮/78"), ("বাড়িতে মাপুন", "measure at home তুমি"), ("আবার মাপুন", "আবার मापुन"), ("ডাক্তার", "বৈদ্য"))
    bad = good
    for old, new in slips:
        assert old in good
        bad = bad.replace(old, new)
    path.write_text(bad, encoding="utf-8")
    code, said = lint(content)
    assert (code, said.count("bn/bp.md:1:1: it ")) == (1, 5)
    for told in (
        "has the digits ১২৮;",
        "has not the number 128 of the source;",
        "is still English: 'measure at home';",
        "has letters of another script: म",
        "says তুমি to the",
    ):
        assert told in said
    path.write_text(good.replace(*slips[-1]), encoding="utf-8")
    done = CliRunner().invoke(library, ["lint", "--words", "--content", str(content)])
    told = "hint: bn/bp.md:1:1: it has none of the words for 'doctor': ডাক্তার; use the glossary's word [glossary]\n"
    assert (done.exit_code, told in done.output) == (0, True)


def test_a_missing_translation_is_no_fault_and_is_told(content: Path) -> None:
    assert "not in hi " not in lint(content)[1]
    (content / "library/hi/bp.md").unlink()
    for id_ in ("after_birth", "alcohol", "bp", "bp_measure"):
        (content / f"library/bn/{id_}.md").unlink()
    path = content / "courses/starting_insulin.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace('  hi: "इंसुलिन की शुरुआत"\n', ""), encoding="utf-8")
    code, said = lint(content)
    assert code == 0
    assert "hint: 1 articles are not in hi (library/hi): bp\n" in said
    assert "hint: 1 titles of courses are not in hi (courses): starting_insulin\n" in said
    assert "hint: 4 articles are not in bn (library/bn): after_birth, alcohol, bp and others\n" in said


def test_a_question_is_shown_with_its_answer() -> None:
    done = CliRunner().invoke(library, ["find", "--content", str(ROOT / "dialogs"), "can I eat mango"])
    assert done.output.splitlines()[0].startswith("fruit")
    assert done.output.splitlines()[-1] == "answer: fruit"
