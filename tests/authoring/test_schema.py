"""The schema and the reference are current, and say what the models say."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from pydantic import ValidationError

from bot.cli.dialogs import dialogs
from bot.dialogue import authored
from bot.dialogue.lint.rules import RULES
from bot.dialogue.schema import flow_schema, key_words
from bot.handwritten.source import parse_source, read_source
from tests.authoring.project import ROOT
from tests.authoring.shape import problems

SCHEMA = flow_schema()
FLOWS = sorted((ROOT / "dialogs/flows").glob("*.yaml"))
RULE_FILES = sorted((ROOT / "tests/authoring/rules").rglob("*.yaml"))
SHORT = "flow: x\ntitle: X\nsteps:\n  a:\n    "


def fits(data: Any) -> list[str]:
    return problems(data, SCHEMA, SCHEMA)


def reads(data: Any) -> bool:
    try:
        authored.FlowFile.model_validate(data)
    except ValidationError:
        return False
    return True


@pytest.mark.parametrize(
    ("command", "file"), [("schema", "dialogs/flow.schema.json"), ("reference", "docs/dialogue-reference.md")]
)
def test_the_committed_file_is_current(command: str, file: str) -> None:
    printed = CliRunner().invoke(dialogs, [command], catch_exceptions=False).output
    assert (ROOT / file).read_text(encoding="utf-8") == printed, f"run: procare dialogs {command} -o {file}"


@pytest.mark.parametrize("path", FLOWS, ids=lambda path: path.stem)
def test_our_flows_fit_the_schema(path: Path) -> None:
    assert fits(read_source(path, path.name).data) == []


@pytest.mark.parametrize("path", [path for path in RULE_FILES if path.parent.name != "yaml"], ids=str)
def test_the_schema_refuses_just_what_the_models_refuse(path: Path) -> None:
    data = read_source(path, path.name).data
    assert (fits(data) == []) is reads(data)


@pytest.mark.parametrize(
    "step",
    [
        "say: Hi", "say: {text: Hi, when: a}", "say: [{text: Hi}, {text: Ho, note: n}]", "next: {when: a, go: b, else: c}",
        "next: [{go: b}]", "options: {a: A, b: {label: B}}", "expect: {glucose: {}}", "silence: {after: 30m}",
        "silence: {after: 30 parsecs}", "say: ''", "say: []", "options: {A: A}", "options: {a: {text: A}}", "color: red",
        "kind: loud", "unclear: {tries: 9}", "next: {go: b, when: a, other: c}", "expect: {count: {type: numbers}}",
        "ask_agent: one", "with: {a: 1}", "on: {a: b}", "leave: true", "set: {person.name: x}", "accept: {unit: x}",
    ],
)  # fmt: skip
def test_short_and_long_forms_fit_or_not_as_the_models_read_them(step: str) -> None:
    data = parse_source((SHORT + step).encode(), "x.yaml").data
    assert (fits(data) == []) is reads(data)


def test_every_key_has_words_and_an_example_that_is_read() -> None:
    models = {name: getattr(authored, name) for name in key_words()}
    for name, keys in key_words().items():
        model = models[name]
        own = set(model.__annotations__) if name != "Fork" else {"else_"}
        assert {model.model_fields[key].alias or key for key in own} == set(keys), name
        schema = SCHEMA if name == "FlowFile" else SCHEMA["$defs"][name]
        for key, words in keys.items():
            assert problems(words["example"], schema["properties"][key], SCHEMA) == [], (name, key)


def test_the_reference_has_every_key_and_every_rule() -> None:
    page = (ROOT / "docs/dialogue-reference.md").read_text(encoding="utf-8")
    for keys in key_words().values():
        assert all(f"| `{key}` |" in page for key in keys)
    assert all(f"| `{code}`" in page for code in RULES)


def test_a_place_that_cannot_be_written_is_one_clear_line(tmp_path: Path) -> None:
    result = CliRunner().invoke(dialogs, ["schema", "-o", str(tmp_path / "no" / "where.json")])
    assert result.exit_code == 1
    assert "cannot be written" in result.output
