"""YAML text as a tree of nodes with their places, by libyaml where it is there; nothing is resolved or constructed."""

from __future__ import annotations

from typing import Any

import yaml

try:
    from yaml._yaml import CParser

    class _Parser(CParser):
        """libyaml's parser alone. PyYAML's own loader spends a third of its time on YAML 1.1 types that we do not have."""

        def __init__(self, text: str) -> None:
            CParser.__init__(self, text)

    SAFE = 1000  # collections in one another that its recursion bears with room to spare
except ImportError:  # PyYAML without libyaml: slower, the same

    class _Parser(yaml.SafeLoader):  # type: ignore[no-redef]
        """The parser in Python."""

    SAFE = 0

TOO_DEEP = "the file is nested too deeply"


class TooDeep(yaml.MarkedYAMLError):
    """The file is nested too deeply."""


class _Composer(_Parser):
    """No type is guessed: a node without a tag keeps an empty one."""

    resolve = staticmethod(lambda *_: "")
    descend_resolver = ascend_resolver = staticmethod(lambda *_: None)


class _Counting(_Composer):
    """Refuses what would exhaust the stack while it is read. It takes a quarter longer, for two calls at every node."""

    def __init__(self, text: str, most: int) -> None:
        super().__init__(text)
        self.depth = 0
        self.most = most + 1

    def descend_resolver(self, parent: Any, _: Any) -> None:
        self.depth += 1
        if self.depth > self.most:
            raise TooDeep(None, None, TOO_DEEP, parent.start_mark)

    def ascend_resolver(self) -> None:
        self.depth -= 1


def compose(text: str, depth: int) -> yaml.Node | None:
    """The tree of a text; one that may exhaust the stack is refused beyond ``depth`` nested collections. Raises YAMLError.

    An alias is the very node that it names, so that even a bomb of aliases is small here; whoever walks must refuse anchors.
    """
    reader = _Composer(text) if _most_nested(text) <= SAFE else _Counting(text, depth)
    found: yaml.Node | None = reader.get_single_node()
    return found


def _most_nested(text: str) -> int:
    """No text nests deeper: each level takes a bracket, or at least one more column of its line."""
    return text.count("[") + text.count("{") + max(map(len, text.splitlines()), default=0)
