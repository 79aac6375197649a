"""One YAML file of content with the line of everything in it, so that a mistake can be shown where it stands."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml
from msgspec import Struct

from bot.errors import ConfigError

Place = tuple[str | int, ...]


class Mistake(Struct, frozen=True, order=True):
    """What an author has to mend."""

    file: str
    line: int
    reason: str
    remedy: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.reason}; {self.remedy}"


class YamlFile:
    """``data`` is plain (numbers, strings, lists, mappings; ``no`` and ``on`` are words). ``mistakes``: keys that stand twice."""

    def __init__(self, path: Path) -> None:
        self.name = f"{path.parent.name}/{path.name}"
        self.mistakes: list[Mistake] = []
        self._lines: dict[Place, int] = {}
        try:
            text = path.read_text(encoding="utf-8")
            self._refuse_aliases(text)
            node = yaml.compose(text, Loader=yaml.CSafeLoader)
        except yaml.YAMLError as error:
            mark = getattr(error, "problem_mark", None)
            why = getattr(error, "problem", None) or "it is no YAML"
            line = mark.line + 1 if mark else 1
            raise ConfigError(
                str(Mistake(self.name, line, f"cannot be parsed ({why})", "check quotes, colons and brackets"))
            ) from error
        except (OSError, UnicodeDecodeError) as error:
            raise ConfigError(str(Mistake(self.name, 1, "cannot be read", "check that it exists and is UTF-8 text"))) from error
        self.data: Any = self._plain(node, ()) if node is not None else {}

    def _refuse_aliases(self, text: str) -> None:
        """An alias of aliases of aliases would become more than any memory holds, and one of itself has no end."""
        if "&" not in text:
            return
        for event in yaml.parse(text, Loader=yaml.CSafeLoader):
            if isinstance(event, yaml.AliasEvent):
                line = event.start_mark.line + 1 if event.start_mark else 1
                raise ConfigError(
                    str(Mistake(self.name, line, "anchors and aliases (& and *) are not allowed", "write it out twice"))
                )

    def mistake(self, place: Place, reason: str, remedy: str) -> Mistake:
        """A mistake at ``place``, or at the nearest thing above it."""
        while place and place not in self._lines:
            place = place[:-1]
        return Mistake(self.name, self._lines.get(place, 1), reason, remedy)

    def _plain(self, node: Any, place: Place) -> Any:
        self._lines.setdefault(place, node.start_mark.line + 1)
        if isinstance(node, yaml.SequenceNode):
            return [self._plain(item, (*place, index)) for index, item in enumerate(node.value)]
        if isinstance(node, yaml.MappingNode):
            found: dict[Any, Any] = {}
            for key_node, value_node in node.value:
                key = key_node.value
                here = (*place, key)
                if key in found:
                    line = key_node.start_mark.line + 1
                    self.mistakes.append(Mistake(self.name, line, f"'{key}' stands here twice", "join the two"))
                self._lines[here] = key_node.start_mark.line + 1
                found[key] = self._plain(value_node, here)
            return found
        match node.tag.rpartition(":")[2]:
            case "int" | "float":
                return float(node.value)
            case "null":
                return None
            case _:
                return node.value
