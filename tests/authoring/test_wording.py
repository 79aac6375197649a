"""The signs by which texts are chosen to be searched for forbidden words: nothing that the words find is without one."""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import product
from typing import Any

import pytest

from bot.dialogue.lint.texts import Forbidden, forbidden

EXAMPLES = {"CATEGORY_DIGIT": "5"}


def ways(tokens: Iterable[Any]) -> list[str]:
    """Every text that a pattern can match, with one example for a class and at most one of what may be repeated."""
    found = [""]
    for operator, argument in tokens:
        match str(operator):
            case "LITERAL":
                next_ = [chr(argument)]
            case "IN":
                kind, what = argument[0]
                next_ = [chr(what) if str(kind) == "LITERAL" else EXAMPLES[str(what)]]
            case "SUBPATTERN":
                next_ = ways(argument[-1])
            case "BRANCH":
                next_ = [text for branch in argument[1] for text in ways(branch)]
            case "MAX_REPEAT":
                least, _, inner = argument
                next_ = [*([""] if least == 0 else []), *ways(inner)]
            case "AT" | "ASSERT_NOT":
                next_ = [""]
            case other:
                raise NotImplementedError(other)
        found = [a + b for a, b in product(found, next_)]
    return found


@pytest.mark.parametrize("kind", forbidden(), ids=lambda kind: kind.message)
def test_all_that_is_forbidden_has_a_sign(kind: Forbidden) -> None:
    for pattern in kind.patterns:
        texts = ways(re._parser.parse(pattern.pattern))  # type: ignore[attr-defined]
        assert sum(pattern.search(f" {text}") is not None for text in texts) > len(texts) // 2, "the examples are examples"
        assert [text for text in texts if not kind.may_be_in(text.lower())] == []
