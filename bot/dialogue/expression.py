"""Expressions and templates of authors: a small, closed part of Jinja2, checked and compiled once, bounded in size.

Names, fields of mappings, comparisons, and/or/not, plus and minus, ``a if b else c`` and our own filters. No calls, no
loops, no multiplication: a template can neither reach into Python nor grow beyond the values it is given.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from jinja2 import TemplateError, Undefined, nodes
from jinja2.sandbox import SandboxedEnvironment

from bot.dialogue.display import FILTERS
from bot.dialogue.plain import plain_names, plain_template, variable, words

LIMIT = 4096  # characters of one rendered text; also the channel's own limit
SOURCE_LIMIT = 8192
_ALLOWED = (
    nodes.Template, nodes.Output, nodes.TemplateData, nodes.Name, nodes.Const, nodes.Getattr, nodes.Compare, nodes.Operand,
    nodes.And, nodes.Or, nodes.Not, nodes.Add, nodes.Sub, nodes.Neg, nodes.CondExpr, nodes.If, nodes.Filter, nodes.List,
    nodes.Tuple,
)  # fmt: skip


class BadExpression(ValueError):
    """The text is not an expression or template that we allow; says why."""


class _Environment(SandboxedEnvironment):
    def getattr(self, obj: Any, attribute: str) -> Any:
        if isinstance(obj, Mapping):
            return obj.get(attribute)
        return self.undefined(name=attribute)


def _plain(value: Any) -> str:
    return "" if isinstance(value, Undefined) else words(value)


_env = _Environment(autoescape=False, finalize=_plain, keep_trailing_newline=False)
_env.globals.clear()
_env.filters = dict(FILTERS)
_env.tests = {}

Values = Mapping[str, Any]
Expression = Callable[[Values], Any]
Template = Callable[[Values], str]


def compile_expression(text: str) -> Expression:
    """``glucose and not meal_context`` -> a function of the variables. Raises BadExpression."""
    if found := variable(text):
        return found
    _checked("{{ (" + text + ") }}")
    run = _env.compile_expression(text, undefined_to_none=True)
    return lambda values: run(values)


def compile_value(value: Any) -> Expression:
    """A value of ``with`` or ``set``: one ``{{ expression }}`` keeps its type, other text is a template, the rest constant."""
    if not isinstance(value, str):
        return lambda values: value
    text = value.strip()
    if text.startswith("{{") and text.endswith("}}") and text.count("{{") == 1:
        return compile_expression(text[2:-2])
    return compile_template(value)


def compile_template(text: str) -> Template:
    """A text with ``{{ }}`` -> a function of the variables, its result at most 4096 characters. Raises BadExpression."""
    if len(text) > SOURCE_LIMIT:
        raise BadExpression("it is too long")
    text = text.strip()
    if plain := plain_template(text):
        return lambda values: plain(values)[:LIMIT]
    _checked(text)
    template = _env.from_string(text)
    return lambda values: template.render(values)[:LIMIT]


def names_in(text: str, *, expression: bool = False) -> set[tuple[str, ...]]:
    """The variables that are used: ``{("glucose",), ("person", "unit")}``. Raises BadExpression."""
    plain = plain_names("{{" + text + "}}" if expression else text)
    if plain is not None:
        return plain
    tree = _checked("{{ (" + text + ") }}" if expression else text)
    fields = {(node.node.name, node.attr) for node in tree.find_all(nodes.Getattr) if isinstance(node.node, nodes.Name)}
    owners = {name for name, _ in fields}
    return fields | {(node.name,) for node in tree.find_all(nodes.Name) if node.name not in owners}


def _checked(text: str) -> nodes.Template:
    if len(text) > SOURCE_LIMIT:
        raise BadExpression("it is too long")
    try:
        tree = _env.parse(text)
        for node in tree.find_all(nodes.Node):
            if not isinstance(node, _ALLOWED):
                raise BadExpression(f"{type(node).__name__.lower()} is not allowed here")
            if isinstance(node, nodes.Filter) and node.name not in FILTERS:
                raise BadExpression(f"there is no filter '{node.name}'")
            if isinstance(node, nodes.Getattr) and node.attr.startswith("_"):
                raise BadExpression("names that begin with _ are not allowed")
            if isinstance(node, nodes.Name) and node.ctx != "load":
                raise BadExpression("a template cannot set variables")
        return tree
    except TemplateError as error:
        raise BadExpression(error.message or "it cannot be parsed") from error
