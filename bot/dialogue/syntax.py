"""Expressions and templates as Jinja's trees, made the fast way where Python's own parser reads the same, and checked.

Nearly all conditions mean the same in both languages, and Python reads them in a tenth of the time. What is outside of the
common part, a filter for example, goes to Jinja's own parser. Only what we allow comes out.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from jinja2 import Environment, TemplateError, nodes

from bot.dialogue.display import FILTERS

SOURCE_LIMIT = 8192
DEPTH = 40  # of one expression or template; what is compiled of it must not exhaust Python's own stack
KEPT = 4096  # trees; the same conditions come back in every language and every check
_ALLOWED = (
    nodes.Template, nodes.Output, nodes.TemplateData, nodes.Name, nodes.Const, nodes.Getattr, nodes.Compare, nodes.Operand,
    nodes.And, nodes.Or, nodes.Not, nodes.Add, nodes.Sub, nodes.Neg, nodes.CondExpr, nodes.If, nodes.Filter, nodes.List,
    nodes.Tuple,
)  # fmt: skip
_env = Environment(autoescape=False)  # noqa: S701 - parses only; nothing is ever rendered
_COMMON = re.compile(r"""(?:[A-Za-z0-9_]++(?!['"])|[.,()\[\] <>=!+-]|'[^'"\\{}\n]*+'|"[^'"\\{}\n]*+")++""")
_OWN = re.compile(r"""'''|\"\"\"|(?<!\d)\.\d|\d\.(?!\d)|\b\d\w*[A-Za-z_]""")  # what Python reads in its own way: .5, 1e3
ITSELF = "self"
"""A name that Jinja gives a template for its own inside, whatever the values say."""
_WORDS = {"none": None, "None": None, "true": True, "True": True, "false": False, "False": False}
_COMPARES = {
    ast.Eq: "eq", ast.NotEq: "ne", ast.Lt: "lt", ast.LtE: "lteq", ast.Gt: "gt", ast.GtE: "gteq", ast.In: "in", ast.NotIn: "notin",
}  # fmt: skip
_NAME = r"[a-z][a-z0-9_]*+(?:\.[a-z][a-z0-9_]*+)?+"
_FILTERED = re.compile(rf"\s*({_NAME})\s*\|\s*([a-z_]+)(?:\(\s*({_NAME})\s*\))?\s*")
_SPOKEN = frozenset({"and", "or", "not", "in", "if", "else", *_WORDS})
_VARIABLE = re.compile(_NAME)
_TEXT = re.compile(r"'[^']*'")
_FREE = r"(?!(?:and|or|not|in|is|if|else|none|true|false|self)\b)"
_TERM = (
    rf"(?:not )?{_FREE}{_NAME}"
    rf"(?: (?:[<>]=?|==|!=) (?:\d+(?:\.\d+)?|'[\w ./-]*'|none|true|false|{_FREE}{_NAME})| in \('\w*'(?:, '\w*')+\))?"
)
_TERMS = rf"{_TERM}(?: (?:and|or) {_TERM})*"
_VALUE = rf"(?:\d+|'[\w ./-]*'|none|true|false|{_FREE}{_NAME})"
# Nine conditions of ten, in a third of the time of a parser.
_SIMPLE = re.compile(rf" ?(?:{_TERMS}|{_VALUE} if {_TERMS} else {_VALUE}) ?")
SIMPLE = 300
_TAG = re.compile(r"\{\{([^{}]*)\}\}|\{%\s*(if|elif|else|endif)\b([^{}%]*)%\}")


class BadExpression(ValueError):
    """The text is not an expression or template that we allow; says why."""


class _Other(Exception):
    """Not in the part that both languages have in common."""


@lru_cache(maxsize=KEPT)
def expression(text: str) -> nodes.Expr:
    """The tree of an expression. Raises BadExpression."""
    if len(text) > SOURCE_LIMIT:
        raise BadExpression("it is too long")
    if not text.strip():
        raise BadExpression("it is empty")
    try:
        return _common(text)
    except _Other:
        pass
    match _by_jinja("{{ (" + text + ") }}").body:
        case [nodes.Output(nodes=[only])] if not isinstance(only, nodes.TemplateData):
            return only
    raise BadExpression("it is not one expression")


@lru_cache(maxsize=KEPT)
def template(text: str) -> nodes.Template:
    """The tree of a text. Raises BadExpression."""
    if len(text) > SOURCE_LIMIT:
        raise BadExpression("it is too long")
    try:
        return nodes.Template(_outline(text))
    except _Other:
        return _by_jinja(text)


def _by_jinja(text: str) -> nodes.Template:
    try:
        tree = _env.parse(text)
    except TemplateError as error:
        raise BadExpression(error.message or "it cannot be parsed") from error
    except RecursionError:
        raise BadExpression("it is nested too deeply") from None
    for node in _walk(tree):
        if not isinstance(node, _ALLOWED):
            raise BadExpression(f"{type(node).__name__.lower()} is not allowed here")
        if isinstance(node, nodes.Filter) and node.name not in FILTERS:
            raise BadExpression(f"there is no filter '{node.name}'")
        if isinstance(node, nodes.Getattr) and node.attr.startswith("_"):
            raise BadExpression("names that begin with _ are not allowed")
        if isinstance(node, nodes.Name) and node.name == ITSELF:
            raise BadExpression(f"'{ITSELF}' is a word of the template language, choose another name")
        if isinstance(node, nodes.Name) and node.ctx != "load":
            raise BadExpression("a template cannot set variables")
    return tree


def _walk(tree: nodes.Node) -> Iterator[nodes.Node]:
    """Everything in a tree, by levels."""
    level = list(tree.iter_child_nodes())
    for _ in range(DEPTH * 3):  # a comparison is three levels of nodes
        if not level:
            return
        yield from level
        level = [child for node in level for child in node.iter_child_nodes()]
    raise BadExpression("it is nested too deeply")


# -- templates: words, {{ }}, and {% if %}


def _outline(text: str) -> list[nodes.Node]:
    """The text's parts. Raises _Other where it is not plain."""
    pieces, at = list[tuple[str, str]](), 0
    for tag in _TAG.finditer(text):
        if words := text[at : tag.start()]:
            if words.endswith("{"):
                raise _Other  # {{{ is no { and {{
            pieces.append(("words", words))
        pieces.append(("say", tag[1]) if tag[2] is None else (tag[2], tag[3]))
        at = tag.end()
    if rest := text[at:].removesuffix("\n"):
        pieces.append(("words", rest))
    if any(kind == "words" and ("{{" in words or "{%" in words or "{#" in words) for kind, words in pieces):
        raise _Other
    left = iter(pieces)
    body, closed_by = _body(left)
    if closed_by:
        raise _Other
    return body


def _body(left: Iterator[tuple[str, str]]) -> tuple[list[nodes.Node], tuple[str, str] | None]:
    """Parts up to the tag that ends them, and that tag."""
    body: list[nodes.Node] = []
    said: list[nodes.Expr] = []
    for kind, words in left:
        if kind == "words":
            said.append(nodes.TemplateData(words))
        elif kind == "say":
            said.append(_expression(words))
        else:
            if said:
                body.append(nodes.Output(said))
                said = []
            if kind != "if":
                return body, (kind, words)
            body.append(_if(words, left))
    if said:
        body.append(nodes.Output(said))
    return body, None


def _if(test: str, left: Iterator[tuple[str, str]]) -> nodes.If:
    whole = nodes.If(_expression(test), [], [], [])
    branch = whole
    branch.body, end = _body(left)
    while end and end[0] == "elif":
        branch = nodes.If(_expression(end[1]), [], [], [])
        branch.body, end = _body(left)
        whole.elif_.append(branch)
    if end and end[0] == "else" and not end[1].strip():
        whole.else_, end = _body(left)
    if end is None or end[0] != "endif" or end[1].strip():
        raise _Other
    return whole


def _expression(text: str) -> nodes.Expr:
    if text[:1] in ("", "-", "+") or text[-1] in "-+":
        raise _Other  # a sign here eats the spaces before or after
    if "|" not in text:
        return _common(text)
    found = _FILTERED.fullmatch(text)
    if not found or found[2] not in FILTERS:
        raise _Other
    return nodes.Filter(_common(found[1]), found[2], [_common(found[3])] if found[3] else [], [], None, None)


# -- expressions


def _common(text: str) -> nodes.Expr:
    return _tree(_python(text, set()))


@lru_cache(maxsize=KEPT)
def names(text: str) -> frozenset[tuple[str, ...]] | None:
    """The variables of an expression of the common part, which is then checked; None where it is not of that part."""
    found: set[tuple[str, ...]] = set()
    if len(text) <= SIMPLE and _SIMPLE.fullmatch(text):
        return frozenset(tuple(name.split(".")) for name in _VARIABLE.findall(_TEXT.sub("", text)) if name not in _SPOKEN)
    try:
        _python(text, found)
    except _Other:
        return None
    return frozenset(found)


def _python(text: str, found: set[tuple[str, ...]]) -> ast.expr:
    """Python's tree of an expression that means the same in both languages, its variables put in ``found``. Raises _Other."""
    if not _COMMON.fullmatch(text) or _OWN.search(text):
        raise _Other
    try:
        tree = ast.parse(text.strip(), mode="eval").body
    except (SyntaxError, RecursionError, MemoryError):
        raise _Other from None
    _look(tree, found, DEPTH)
    return tree


def _look(node: Any, found: set[tuple[str, ...]], depth: int) -> None:
    """Into all of a tree. By hand: the walk of the standard library takes four times as long."""
    kind = type(node)
    inner: list[ast.expr] = []
    if kind is ast.Name and node.id != ITSELF:
        if node.id not in _WORDS:
            found.add((node.id,))
    elif kind is ast.Attribute and not node.attr.startswith("_"):
        if type(node.value) is ast.Name and node.value.id not in _WORDS:
            found.add((node.value.id, node.attr))
        else:
            inner = [node.value]
    elif kind is ast.Compare and all(type(operator) in _COMPARES for operator in node.ops):
        inner = [node.left, *node.comparators]
    elif kind is ast.BoolOp and len(node.values) <= depth:
        inner = node.values
    elif kind is ast.UnaryOp and type(node.op) in (ast.Not, ast.USub):
        inner = [node.operand]
    elif kind is ast.BinOp and type(node.op) in (ast.Add, ast.Sub):
        inner = [node.left, node.right]
    elif kind is ast.IfExp:
        inner = [node.test, node.body, node.orelse]
    elif kind in (ast.Tuple, ast.List):
        inner = node.elts
    elif kind is not ast.Constant or not isinstance(node.value, str | int | float | None):
        raise _Other
    if inner and depth == 0:
        raise _Other
    for one in inner:
        _look(one, found, depth - 1)


def _tree(node: ast.expr) -> nodes.Expr:
    """Python's tree as Jinja's."""
    match node:
        case ast.Name(id=name):
            return nodes.Const(_WORDS[name]) if name in _WORDS else nodes.Name(name, "load")
        case ast.Constant(value=constant):
            return nodes.Const(constant)
        case ast.Attribute(value=owner, attr=name):
            return nodes.Getattr(_tree(owner), name, "load")
        case ast.BoolOp(op=operator, values=[first, *others]):
            kind = nodes.And if isinstance(operator, ast.And) else nodes.Or
            whole = _tree(first)
            for other in others:
                whole = kind(whole, _tree(other))
            return whole
        case ast.UnaryOp(op=sign, operand=inner):
            return (nodes.Not if isinstance(sign, ast.Not) else nodes.Neg)(_tree(inner))
        case ast.BinOp(left=left, op=sum_, right=right):
            return (nodes.Add if isinstance(sum_, ast.Add) else nodes.Sub)(_tree(left), _tree(right))
        case ast.IfExp(test=test, body=body, orelse=other):
            return nodes.CondExpr(_tree(test), _tree(body), _tree(other))
        case ast.Compare(left=left, ops=ops, comparators=others):
            pairs = zip(ops, others, strict=True)
            return nodes.Compare(_tree(left), [nodes.Operand(_COMPARES[type(op)], _tree(one)) for op, one in pairs])
        case ast.Tuple(elts=items):
            return nodes.Tuple([_tree(item) for item in items], "load")
        case ast.List(elts=items):
            return nodes.List([_tree(item) for item in items])
    raise _Other
