"""What is wrong in a YAML file of ours is told at once, each mistake with its place and its remedy."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.errors import ConfigError
from config.frozen import Frozen
from config.yaml_file import read_model


class Visit(Frozen):
    name: str
    minutes: int


class Visits(Frozen):
    visits: list[Visit]


def refused(file: Path) -> list[str]:
    with pytest.raises(ConfigError) as caught:
        read_model(file, Visits)
    return str(caught.value).splitlines()


def test_every_mistake_is_told_with_its_place(tmp_path: Path) -> None:
    file = tmp_path / "visits.yaml"
    file.write_text("visits:\n- name: first\n  minutes: ten\n- name: second\n  minute: 5\n", encoding="utf-8")
    number, missing, unknown = refused(file)
    assert number.startswith("visits.yaml:3:12: visits.0.minutes: ")
    assert number.endswith("; mend that line")
    assert missing == "visits.yaml:4:3: visits.1.minutes: Field required; add it"
    assert unknown.startswith("visits.yaml:5:11: visits.1.minute: ")
    assert unknown.endswith("; mend the name, or take it out")


@pytest.mark.parametrize(
    ("held", "told"),
    [
        (b"visits: [\n", "visits.yaml:2:1: this is not YAML; mend that line"),
        (b"visits: \xff", "visits.yaml: is no UTF-8 text; save it as UTF-8"),
        (b"", "visits.yaml:1:1: Input should be a valid dictionary or instance of Visits; mend that line"),
        (None, "visits.yaml: cannot be read (No such file or directory); check that it is there"),
    ],
)
def test_what_is_no_such_file_at_all_is_told_too(tmp_path: Path, held: bytes | None, told: str) -> None:
    file = tmp_path / "visits.yaml"
    if held is not None:
        file.write_bytes(held)
    assert refused(file) == [told]
