"""What a condition tells about its variables, and which variables a text or formula needs. Reads, never runs."""

from __future__ import annotations

from collections.abc import Iterator

from jinja2 import nodes

from bot.dialogue import syntax
from bot.dialogue.syntax import BadExpression

Names = frozenset[str]
NONE: Names = frozenset()


def parse(text: str) -> nodes.Template | None:
    """The tree of a text; None where it is wrong, which is found elsewhere."""
    try:
        return syntax.template(text)
    except BadExpression:
        return None


def root(expression: str) -> nodes.Node | None:
    """The tree of an expression."""
    try:
        return syntax.expression(expression)
    except BadExpression:
        return None


def name_of(node: nodes.Node) -> str | None:
    """``glucose`` or ``person.name``; a field of a flow's own variable counts as the variable."""
    if isinstance(node, nodes.Name):
        return node.name
    if isinstance(node, nodes.Getattr) and isinstance(node.node, nodes.Name):
        return f"person.{node.attr}" if node.node.name == "person" else node.node.name
    return None


def implied(node: nodes.Node | None, *, holds: bool) -> Names:
    """The variables that surely have a value when a condition holds, or does not hold."""
    if node is None:
        return NONE
    name = name_of(node)
    if name:
        return frozenset((name,)) if holds else NONE
    if isinstance(node, nodes.Not):
        return implied(node.node, holds=not holds)
    if isinstance(node, nodes.And | nodes.Or):
        left, right = implied(node.left, holds=holds), implied(node.right, holds=holds)
        return left | right if isinstance(node, nodes.And) is holds else left & right
    if isinstance(node, nodes.Compare) and len(node.ops) == 1:
        operand = node.ops[0]
        left_name, right_name = name_of(node.expr), name_of(operand.expr)
        empty = isinstance(operand.expr, nodes.Const) and operand.expr.value is None
        if operand.op == "eq" and holds is not empty:
            return frozenset((left_name,)) if left_name and not right_name else NONE
        if operand.op == "ne" and empty and holds:
            return frozenset((left_name,)) if left_name else NONE
        if operand.op == "in" and holds:
            return frozenset((left_name,)) if left_name else NONE
        if operand.op in ("lt", "lteq", "gt", "gteq"):
            return frozenset(one for one in (left_name, right_name) if one)
    return NONE


def needed(node: nodes.Node, known: Names, *, said: bool = False) -> Iterator[str]:
    """The variables without a sure value that are said (``said``) or calculated with. A test guards what it guards."""
    name = name_of(node)
    if name:
        if said and name not in known:
            yield name
    elif isinstance(node, nodes.And | nodes.Or):
        yield from needed(node.left, known)
        yield from needed(node.right, known | implied(node.left, holds=isinstance(node, nodes.And)))
    elif isinstance(node, nodes.CondExpr | nodes.If):
        yield from needed(node.test, known)
        first = [node.expr1] if isinstance(node, nodes.CondExpr) else node.body
        other = ([node.expr2] if node.expr2 else []) if isinstance(node, nodes.CondExpr) else [*node.elif_, *node.else_]
        for one in first:
            yield from needed(one, known | implied(node.test, holds=True), said=said)
        for one in other:
            yield from needed(one, known | implied(node.test, holds=False), said=said)
    elif isinstance(node, nodes.Compare):
        ordered = any(operand.op in ("lt", "lteq", "gt", "gteq") for operand in node.ops)
        for one in (node.expr, *(operand.expr for operand in node.ops)):
            yield from needed(one, known, said=ordered)
    elif isinstance(node, nodes.Add | nodes.Sub):
        yield from needed(node.left, known, said=True)
        yield from needed(node.right, known, said=True)
    elif isinstance(node, nodes.Filter):
        if node.node is not None:
            yield from needed(node.node, known, said=said)
    else:
        for child in node.iter_child_nodes():
            yield from needed(child, known, said=said or isinstance(node, nodes.Output))


def comparisons(expression: str) -> Iterator[tuple[str, str, object]]:
    """``(variable, operator, constant)`` of every comparison of a variable with constants."""
    tree = root(expression)
    own = [tree] if isinstance(tree, nodes.Compare) else []
    for compare in (*own, *tree.find_all(nodes.Compare)) if tree else ():
        name = name_of(compare.expr)
        for operand in compare.ops if name and len(compare.ops) == 1 else ():
            constants = operand.expr.items if isinstance(operand.expr, nodes.List | nodes.Tuple) else [operand.expr]
            for constant in constants:
                if isinstance(constant, nodes.Const):
                    yield name or "", operand.op, constant.value
