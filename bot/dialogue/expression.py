"""Expressions and templates of authors: a small, closed part of Jinja2, checked at load, compiled when first used, bounded.

Names, fields of mappings, comparisons, and/or/not, plus and minus, ``a if b else c`` and our own filters. No calls, no
loops, no multiplication: a template can neither reach into Python nor grow beyond the values it is given.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any

from jinja2 import TemplateError, Undefined, nodes, pass_context
from jinja2.sandbox import SandboxedEnvironment

from bot.dialogue import syntax
from bot.dialogue.display import FILTERS, words
from bot.dialogue.plain import LIMIT, Holed, Words, plain_names, plain_template, variable
from bot.dialogue.syntax import SOURCE_LIMIT, BadExpression

__all__ = [
    "LIMIT",
    "BadExpression",
    "compile_expression",
    "compile_template",
    "compile_value",
    "names_in",
    "tags_of",
    "translated",
]


class _Environment(SandboxedEnvironment):
    def getattr(self, obj: Any, attribute: str) -> Any:
        if isinstance(obj, Mapping):
            return obj.get(attribute)
        return self.undefined(name=attribute)


@pass_context
def _plain(values: Any, value: Any) -> str:
    return "" if isinstance(value, Undefined) else words(value, values)


_env = _Environment(autoescape=False, finalize=_plain, keep_trailing_newline=False)
_env.globals.clear()
_env.filters = dict(FILTERS)
_env.tests = {}

_TAG = re.compile(r"\{[{%].*?[%}]\}", re.DOTALL)
Values = Mapping[str, Any]
Expression = Callable[[Values], Any]
Template = Callable[[Values], str]


@lru_cache(maxsize=syntax.KEPT)
def compile_expression(text: str) -> Expression:
    """``glucose and not meal_context`` -> a function of the variables. Raises BadExpression."""
    if found := variable(text):
        return found
    if syntax.names(text) is None:
        syntax.expression(text)
    # In the brackets in which it was checked: "a," and "a) + (b" are sound in them and nothing without them.
    return _Lazy(lambda: _env.compile_expression(f"({text})", undefined_to_none=True), None)


class _Lazy:
    """A checked expression or template. Compiling takes a hundred times as long as checking: only what is said is compiled.

    One that fails with the values of a turn (nothing is greater than 20) gives ``otherwise``: a condition does not hold, a text
    is not said. The conversation goes on; ``lint`` warns of it before, as empty_variable.
    """

    __slots__ = ("_make", "_otherwise", "_run")

    def __init__(self, make: Callable[[], Callable[[Values], Any]], otherwise: Any) -> None:
        self._otherwise = otherwise
        self._make: Callable[[], Callable[[Values], Any]] | None = make
        self._run: Callable[[Values], Any] | None = None

    def __call__(self, values: Values) -> Any:
        run = self._run
        if run is None and self._make is not None:
            run = self._run = self._make()
            self._make = None
        try:
            return run(values) if run else self._otherwise
        except (TypeError, ValueError, ArithmeticError, TemplateError):
            return self._otherwise


def compile_value(value: Any) -> Expression:
    """A value of ``with`` or ``set``: one ``{{ expression }}`` keeps its type, other text is a template, the rest constant."""
    if not isinstance(value, str):
        return lambda values: value
    inner = lone(value)
    return compile_template(value) if inner is None else compile_expression(inner)


def lone(text: str) -> str | None:
    """The expression, where a text is one ``{{ expression }}`` and nothing else."""
    text = text.strip()
    return text[2:-2] if text[:2] == "{{" and text[-2:] == "}}" and text.count("{{") == 1 else None


def compile_template(text: str) -> Template:
    """A text with ``{{ }}`` -> a function of the variables, its result at most 4096 characters. Raises BadExpression."""
    text = text.strip()
    if len(text) > SOURCE_LIMIT:
        raise BadExpression("it is too long")
    if plain := plain_template(text):
        return plain
    syntax.template(text)
    return _Lazy(lambda: _rendering(text), "")


def tags_of(text: str) -> list[str] | None:
    """All ``{{ }}`` and ``{% %}`` of a text; None where a brace stands outside of them."""
    if "{" not in text and "}" not in text:
        return []
    tags = _TAG.findall(text)
    inside = "".join(tags)
    return tags if text.count("{") == inside.count("{") and text.count("}") == inside.count("}") else None


def translated(template: Template, tags: list[str] | None, text: str) -> Template | None:
    """The template of a translation that has the very ``tags`` of its checked source, and so is as sound as that; else None."""
    if tags is None or len(text) > SOURCE_LIMIT:
        return None
    if isinstance(template, Words):  # most are
        return Words(text.strip()[:LIMIT]) if not tags and "{" not in text and "}" not in text else None
    own = tags_of(text)
    text = text.strip()
    if own is None or not tags:
        return None
    if isinstance(template, Holed):
        return Holed(text) if own == tags or set(own) == set(tags) else None
    return _Lazy(lambda: _rendering(text), "") if isinstance(template, _Lazy) and own == tags else None


def _rendering(text: str) -> Template:
    render = _env.from_string(text).render
    return lambda values: render(values)[:LIMIT]


def names_in(text: str, *, expression: bool = False) -> frozenset[tuple[str, ...]]:
    """The variables that are used: ``{("glucose",), ("person", "unit")}``. Raises BadExpression."""
    if not expression and (inner := lone(text)) is not None:
        text, expression = inner, True
    common = syntax.names(text) if expression else None
    if common is not None:
        return common
    plain = plain_names("{{" + text + "}}" if expression else text)
    if plain is not None:
        return plain
    tree: nodes.Node = syntax.expression(text) if expression else syntax.template(text)
    fields, names = set[tuple[str, ...]](), set[str]()
    ahead = [tree]
    while ahead:
        node = ahead.pop()
        if isinstance(node, nodes.Getattr) and isinstance(node.node, nodes.Name):
            fields.add((node.node.name, node.attr))
        elif isinstance(node, nodes.Name):
            names.add(node.name)
        ahead.extend(node.iter_child_nodes())
    owners = {name for name, _ in fields}
    return frozenset(fields | {(name,) for name in names if name not in owners})
