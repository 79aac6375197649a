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

except ImportError:  # PyYAML without libyaml: slower, the same

    class _Parser(yaml.SafeLoader):  # type: ignore[no-redef]
        """The parser in Python."""


class TooDeep(yaml.MarkedYAMLError):
    """The file is nested too deeply."""


class _Composer(_Parser):
    def __init__(self, text: str, most: int) -> None:
        super().__init__(text)
        self.depth = 0
        self.most = most + 1

    def resolve(self, *_: Any) -> str:
        """No type is guessed: a node without a tag keeps an empty one."""
        return ""

    def descend_resolver(self, parent: Any, _: Any) -> None:
        self.depth += 1
        if self.depth > self.most:
            raise TooDeep(None, None, "the file is nested too deeply", parent.start_mark)

    def ascend_resolver(self) -> None:
        self.depth -= 1


def compose(text: str, depth: int) -> yaml.Node | None:
    """The tree of a text with at most ``depth`` collections in one another. Raises YAMLError.

    An alias is the very node that it names, so that even a bomb of aliases is small here; whoever walks must refuse anchors.
    """
    found: yaml.Node | None = _Composer(text, depth).get_single_node()
    return found
