"""What is wrong in a YAML file of ours is told at once, each mistake with its place and its remedy."""

from __future__ import annotations

from datetime import date, time
from pathlib import Path

import pytest

from bot.handwritten.finding import Unreadable
from bot.handwritten.model import read_model
from config.frozen import Frozen


class Visit(Frozen):
    name: str
    minutes: int


class Visits(Frozen):
    visits: list[Visit]


def refused(file: Path) -> list[str]:
    with pytest.raises(Unreadable) as caught:
        read_model(file, Visits)
    return str(caught.value).splitlines()


def test_every_mistake_is_told_with_its_place(tmp_path: Path) -> None:
    file = tmp_path / "visits.yaml"
    file.write_text("visits:\n- name: first\n  minutes: ten\n- name: second\n  minute: 5\n", encoding="utf-8")
    number, missing, unknown = refused(file)
    assert number.startswith("visits.yaml:3:3: visits.0.minutes: ")
    assert number.endswith("; mend that line [form]")
    assert missing == "visits.yaml:4:3: visits.1.minutes: Field required; add it [form]"
    assert unknown.startswith("visits.yaml:5:3: visits.1.minute: ")
    assert unknown.endswith("; mend the name, or take it out [form]")


@pytest.mark.parametrize(
    ("held", "told"),
    [
        (
            b"visits: [\n",
            "visits.yaml:2:1: the file cannot be parsed: ",
        ),
        (
            b"visits: \xff",
            "visits.yaml:1:1: the file is not UTF-8 text; save it as UTF-8",
        ),
        (b"", "visits.yaml:1:1: Input should be a valid dictionary or instance of Visits; mend that line [form]"),
        (None, "visits.yaml:1:1: the file cannot be read (No such file or directory); check that it exists [file]"),
    ],
)
def test_what_is_no_such_file_at_all_is_told_too(tmp_path: Path, held: bytes | None, told: str) -> None:
    file = tmp_path / "visits.yaml"
    if held is not None:
        file.write_bytes(held)
    (finding,) = refused(file)
    assert finding.startswith(told)


class Switches(Frozen):
    name: str
    quiet: bool
    day: date
    opens: time


def test_words_are_read_as_what_the_model_wants(tmp_path: Path) -> None:
    file = tmp_path / "switches.yaml"
    file.write_text("name: no\nquiet: no\nday: 2026-11-27\nopens: 10:30\n", encoding="utf-8")
    assert read_model(file, Switches) == Switches(name="no", quiet=False, day=date(2026, 11, 27), opens=time(10, 30))
