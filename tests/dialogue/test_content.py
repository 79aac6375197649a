"""What authors get wrong is found at load, with its place and a remedy; what a template could do to us, it cannot."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from bot.dialogue.content import Content, load_content
from bot.dialogue.display import DECIMAL, glucose
from bot.dialogue.expression import LIMIT, BadExpression, compile_expression, compile_template, compile_value
from bot.dialogue.plain import plain_template
from bot.errors import ConfigError
from bot.handwritten.finding import Unreadable
from bot.handwritten.source import parse_source
from tests.dialogue.talk import ROOT, content

GOOD = """
flow: extra
title: An extra flow
steps:
  ask:
    say: "How many?"
    expect: {count: {type: number, min: 1, max: 10, unit: cups}}
    next: thank
  thank:
    say: "Thank you for {{ count }}."
    next: end
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    shutil.copytree(ROOT / "dialogs", tmp_path / "dialogs")
    shutil.copytree(ROOT / "locales", tmp_path / "locales")
    return tmp_path


def load(folder: Path, text: str | None = None) -> Content:
    if text is not None:
        (folder / "dialogs/flows/extra.yaml").write_text(text, encoding="utf-8")
    return load_content(folder / "dialogs", folder / "locales", languages=["en", "hi"])


def findings(folder: Path, text: str) -> list[str]:
    with pytest.raises(ConfigError) as caught:
        load(folder, text)
    return str(caught.value).splitlines()


def test_our_own_content_has_no_findings() -> None:
    assert content().findings == ()


def test_a_good_extra_flow_loads_and_changes_the_version(folder: Path) -> None:
    before = load(folder).version
    after = load(folder, GOOD)
    assert after.version != before
    assert [finding.code for finding in after.findings] == ["translation", "translation"]


@pytest.mark.parametrize(
    ("bad", "good", "line", "code"),
    [
        ("next: thank", "next: thanks", 5, "target"),
        ("    next: end\n", "    next: end\n  lost: {say: Hi, next: end}\n", 12, "unreachable"),
        ("{{ count }}", "{{ counted }}", 9, "variable"),
        ("{{ count }}", "{{ person.shoe_size }}", 9, "variable"),
        ("{{ count }}", "{{ count.__class__ }}", 10, "template"),
        ("{{ count }}", "{% for x in y %}{% endfor %}", 10, "template"),
        ("min: 1, max: 10, ", "", 7, "range"),
        ("    next: thank\n", "", 5, "dead_end"),
        ("    next: end\n", "    next: end\n    color: red\n", 12, "form"),
        ("    next: end\n", "    next: end\n    next: end\n", 12, "yaml"),
        ("title: An extra flow", "title: An extra flow\nstarts_on: {words: told}", 4, "form"),
        ("title: An extra flow", "title: &a An extra flow", 3, "yaml"),
        ("  ask:", "\task:", 5, "yaml"),
        ("title: An extra flow", "title: !!python/name:os.system x", 3, "yaml"),
        ("flow: extra", "flow: other", 2, "name"),
        ("    next: end\n", "    jump: nowhere\n", 9, "flow"),
        ("say: \"Thank", "set: {person.shoe: \"1\"}\n    say: \"Thank", 10, "profile"),
        ("    next: end\n", "    ask_agent: clinical_monitor.record_glucose\n    on: {failed: thank}\n", 9, "outcome"),
        ("    say: \"How many?\"\n", "", 5, "silent"),
        ("next: thank", "next: thank\n    options: {a: \"Yes, all of them and more\"}", 9, "label"),
        ("next: thank", "next: thank\n    options: {a: \"Tea\", b: \"TEA\"}", 9, "label"),
    ],
)  # fmt: skip
def test_a_mistake_is_found_with_its_place(folder: Path, bad: str, good: str, line: int, code: str) -> None:
    assert bad in GOOD
    lines = findings(folder, GOOD.replace(bad, good, 1))
    assert any(f"[{code}]" in one and "extra.yaml:" in one for one in lines), lines
    assert any(one.startswith(f"dialogs/flows/extra.yaml:{line}:") for one in lines if f"[{code}]" in one), lines
    assert all("; " in one and "Traceback" not in one for one in lines)


def test_two_flows_cannot_claim_one_word(folder: Path) -> None:
    [line] = findings(folder, GOOD.replace("title: An extra flow", "title: An extra flow\nstarts_on: {command: menu}"))
    assert line.startswith("dialogs/flows/menu.yaml:5:1: 'menu' also starts the flow 'extra'")


def test_yes_and_no_are_words(folder: Path) -> None:
    loaded = load(folder, GOOD.replace("next: thank", "next: thank\n    options: {yes: Yes, no: No}", 1))
    assert [choice.id for choice in loaded.flows["extra"].steps["ask"].choices] == ["yes", "no"]


def test_a_clinical_text_without_translation_is_counted_and_stops_no_start(folder: Path) -> None:
    (folder / "dialogs/flows/extra.yaml").write_text(GOOD.replace("title:", "risk: clinical\ntitle:", 1), encoding="utf-8")
    loaded = load(folder)
    assert "hi" in loaded.lacking["extra.ask.say"]
    assert loaded.untranslated["hi", "clinical"] > 0
    assert [one.level for one in loaded.findings if one.code == "translation"][:1] == ["blocker"]


def test_a_translation_with_another_placeholder_stops_the_start(folder: Path) -> None:
    path = folder / "locales/hi/LC_MESSAGES/procare.po"
    text = path.read_text(encoding="utf-8")
    assert "धन्यवाद, {{ person.name }} जी।" in text
    path.write_text(text.replace("धन्यवाद, {{ person.name }} जी।", "धन्यवाद, {{ person.unit }} जी।"), encoding="utf-8")
    with pytest.raises(Unreadable, match="other placeholders"):
        load(folder)


def test_a_translation_of_an_older_text_is_not_shown(folder: Path) -> None:
    path = folder / "dialogs/flows/start.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("Welcome back.", "Good to see you again."), encoding="utf-8")
    loaded = load(folder)
    assert [finding.code for finding in loaded.findings] == ["translation"]
    say = loaded.flows["start"].steps["begin"].say
    assert say is not None
    assert say.render("hi", {}) == "Good to see you again."


def test_a_flow_that_everybody_needs_cannot_be_removed(folder: Path) -> None:
    (folder / "dialogs/flows/stop.yaml").unlink()
    with pytest.raises(Unreadable, match="the flow 'stop' is missing"):
        load(folder)


def test_scalars_are_those_of_yaml_1_2() -> None:
    data = parse_source(
        b"a: no\nb: on\nc: true\nd: 012\ne: 1_000\nf: 2024-01-01\ng: 1.5\nh: ~\ni: 'true'\nj: 12:30", "f.yaml"
    ).data
    assert data == {
        "a": "no",
        "b": "on",
        "c": True,
        "d": "012",
        "e": "1_000",
        "f": "2024-01-01",
        "g": 1.5,
        "h": None,
        "i": "true",
        "j": "12:30",
    }


@pytest.mark.parametrize(
    "text",
    [
        "{{ x() }}", "{{ x.y() }}", "{{ ''.__class__ }}", "{{ x * 10000000 }}", "{{ x ** 9 }}", "{% set a = 1 %}",
        "{% include 'x' %}", "{% macro a() %}{% endmacro %}", "{{ x[0] }}", "{{ x | attr('y') }}", "{{ x | format }}",
        "{{ range(9) }}", "{{ x",
    ],
)  # fmt: skip
def test_a_template_cannot_reach_out_or_grow(text: str) -> None:
    with pytest.raises(BadExpression):
        compile_template(text)


def test_what_a_template_says_is_bounded_and_never_none() -> None:
    assert len(compile_template("{{ a }}{{ a }}")({"a": "x" * LIMIT})) == LIMIT
    assert compile_template("a{{ b }}c{{ d.e.f }}")({"b": None}) == "ac"
    assert compile_template("{{ a.keys }}")({"a": {"keys": "k"}}) == "k"
    assert compile_template("{{ a.keys }}")({"a": {}}) == ""


@pytest.mark.parametrize(
    "text",
    [
        "{{ a }}",
        "x{{a}}y{{ b.c }}z",
        "{{ a | glucose }}",
        "{{ a|glucose( b.c ) }} {{ missing }}",
        "{{ b }}",
        "{ a } }}",
        "a\n\nb\n",
    ],
)
def test_a_plain_template_says_what_the_template_language_says(text: str) -> None:
    values = {"a": 126.0, "b": {"c": "mmol/L"}}
    plain = plain_template(text)
    assert plain is not None
    assert plain(values) == compile_template("{% if true %}" + text + "{% endif %}")(values)


def test_values_keep_their_type() -> None:
    assert compile_value("{{ a }}")({"a": 1.5}) == 1.5
    assert compile_value("{{ a == 1 }}")({"a": 1}) is True
    assert compile_value("x{{ a }}")({"a": 1}) == "x1"
    assert compile_expression("a and not b")({"a": 1}) is True
    assert compile_value("{{ nothing }}")({}) is None


def test_glucose_is_shown_with_latin_digits_in_either_unit() -> None:
    assert [glucose({}, value) for value in (54, 126.4, None, "x")] == ["54 mg/dL", "126 mg/dL", "", ""]
    shown = [glucose({}, value, "mmol/L") for value in (54, 70, 126, 180)]
    assert shown == ["3.0 mmol/L", "3.9 mmol/L", "7.0 mmol/L", "10.0 mmol/L"]
    german = {DECIMAL: ",", "person": {"unit": "mmol/L"}, "low": 70, "high": 180}
    ends = "{{ low | in_unit(person.unit) }}-{{ high | glucose(person.unit) }}"
    said = compile_template(ends + "{% if low %}, {{ low | glucose(person.unit) }}{% endif %}")
    assert said(german) == "3,9-10,0 mmol/L, 3,9 mmol/L"
