"""What is read the fast way means what Jinja reads, and nothing comes out that is not allowed."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from jinja2 import Environment, TemplateError, nodes

from bot.dialogue import syntax
from bot.dialogue.bounds import bounded
from bot.dialogue.expression import compile_expression, compile_template, names_in
from bot.dialogue.syntax import BadExpression

_env = Environment(autoescape=False)  # noqa: S701 - parses only
WORDS = (
    "a", "b.c", "person.name", "a.b.c", "none", "None", "true", "and", "or", "not", "in", "is", "if", "else", "==", "!=", "<",
    "<=", "-", "+", "*", "(", ")", "[", "]", ",", "1", "2.5", ".5", "1.", "1e3", "0x1f", "1_000", "'x'", '"y z"', "''", "'" * 3,
    "r'x'", "|", "glucose", "|glucose(person.unit)", "a._b", "__a", "lambda", "for", "class", "loop", "=", ":=", ".", "@", "1if",
    "x()",
)  # fmt: skip
expressions = st.lists(st.sampled_from(WORDS), min_size=1, max_size=9).map(" ".join)
parts = st.sampled_from((
    "words ", "\n", "{", "}}", "{#", "{{ a }}", "{{b.c}}", "{{ a | glucose(person.unit) }}", "{{ a + 1 }}", "{{- a }}",
    "{{ -a }}", "{{ }}", "{% if a %}", "{% if a == 'x' %}", "{% elif b %}", "{% else %}", "{% endif %}", "{%- endif %}",
    "{% else x %}",    "{{ '}}' }}", "{% for x in a %}", "{% endfor %}", "{{ a,b }}",
))  # fmt: skip


def by_jinja(text: str) -> nodes.Template | None:
    try:
        return _env.parse(text)
    except TemplateError:
        return None


@settings(max_examples=1500, deadline=None)
@given(expressions)
@example("a in ('x', 'y') and not b or c > limits.low")
@example("a if b else c if d else -1")
@example("1 < a <= 2.5")
@example("'a''b' 'c'")
def test_an_expression_has_jinjas_tree_or_none(text: str) -> None:
    reference = by_jinja("{{ (" + text + ") }}")
    try:
        found = syntax.expression(text)
    except BadExpression:
        assert syntax.names(text) is None
        return
    assert reference is not None, text
    assert reference.body == [nodes.Output([found])]
    if (names := syntax.names(text)) is not None:
        assert {name[0] for name in names} == {node.name for node in reference.find_all(nodes.Name)}


@settings(max_examples=1500, deadline=None)
@given(st.lists(parts, min_size=1, max_size=8).map("".join))
@example("Hi {% if a %}{{ a }}{% elif b.c %}x{% else %}y{% endif %}!")
@example("a\n\n")
def test_a_template_has_jinjas_tree_or_none(text: str) -> None:
    try:
        found = syntax.template(text)
    except BadExpression:
        return
    assert found == by_jinja(text)


@pytest.mark.parametrize(
    "text",
    ["x()", "x.y()", "''.__class__", "a._b", "x * 2", "x ** 9", "x[0]", "x | attr('y')", "[a for a in b]", "lambda: a",
     "a) }} {{ (b", "", "a := 1", "f'{a}'", "{1: 2}", "a is none", "a ~ b", "a // b", "self and a", "a in self"],
)  # fmt: skip
def test_an_expression_can_do_no_more_than_it_must(text: str) -> None:
    with pytest.raises(BadExpression):
        compile_expression(text)
    with pytest.raises(BadExpression):
        names_in(text, expression=True)


@pytest.mark.parametrize(
    "text",
    ["not " * 1500 + "a", "(" * 900 + "a" + ")" * 900, "+".join(["a"] * 3000), "-" * 5000 + "a", "a if b else " * 500 + "c",
     " and ".join(["a == 'x' + b"] * 400), "[" * 900 + "]" * 900],
    ids=["not", "brackets", "plus", "minus", "if", "and", "lists"],
)  # fmt: skip
def test_an_expression_cannot_exhaust_the_stack(text: str) -> None:
    with pytest.raises(BadExpression):
        compile_expression(text)({"a": 1, "b": "x"})


def test_a_long_condition_still_runs() -> None:
    assert compile_expression(" and ".join(["a == b"] * 100))({"a": 1, "b": 1}) is True


def test_a_template_cannot_exhaust_the_stack() -> None:
    with pytest.raises(BadExpression):
        compile_template("{% if a %}" * 400 + "{% endif %}" * 400)


def test_a_template_is_checked_before_it_is_ever_said() -> None:
    with pytest.raises(BadExpression, match="no filter 'upper'"):
        compile_template("{% if a %}{{ a | upper }}{% endif %}")
    said = compile_template("{% if a %}{{ a | glucose(b.unit) }}{% else %}none{% endif %}")
    assert [said({"a": 126, "b": {"unit": "mg/dL"}}), said({})] == ["126 mg/dL", "none"]


def test_the_names_of_an_expression_are_those_of_its_variables() -> None:
    names = names_in("a in ('b', 'c') and person.name or not d == 'e f' and g < limits.low", expression=True)
    assert names == {("a",), ("person", "name"), ("d",), ("g",), ("limits", "low")}
    assert names_in("Hi {{ a }}{% if b.c %}{{ d | glucose(e.f) }}{% endif %}") == {("a",), ("b", "c"), ("d",), ("e", "f")}


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("a > 20", {"a": None}),
        ("a > 20", {}),
        ("a > 20", {"a": "x"}),
        ("a + 1", {"a": {}}),
        ("a.b + 1", {}),
        ("a in b", {"b": None}),
    ],
)
def test_a_condition_that_fails_does_not_hold(text: str, values: dict[str, Any]) -> None:
    assert compile_expression(text)(values) is None
    assert compile_template("x {{ " + text + " }} {% if a %}{% endif %}")(values) == ""


def test_what_is_kept_of_a_number_is_bounded() -> None:
    double = compile_expression("a + a")
    for value in (1, 1.0):
        kept: Any = value
        for _ in range(3000):
            kept = bounded(double({"a": kept}))
        assert kept is None
    assert [bounded(value) for value in (True, -5, 2.5, float("nan"), float("inf"), 2**70)] == [True, -5, 2.5, None, None, None]
