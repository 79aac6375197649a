"""Compares what was said with the texts of the content: by key, by key with fields, by words; and names what was said."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from functools import cache
from typing import Any

from bot.dialogue.catalogue import SOURCE_LANGUAGE
from bot.dialogue.content import Content
from bot.dialogue.display import TONGUES, clock
from bot.model.locales import decimal_mark

Translations = Mapping[str, Mapping[str, tuple[str, str]]]  # language -> key -> (source, translation)

_HOLE = re.compile(r"\{[{%](.*?)[%}]\}", re.DOTALL)
_FIRST = re.compile(r"\s*([a-z_][a-z0-9_.]*)")
_VALUE = r"[^\n]+?"
_CLOCK, _DECIMALS = re.compile(r"\|\s*clock\("), re.compile(r"[+-]?\d+\.\d+( mmol/L)?")
_TAGS = {"if": "(?:", "elif": "|", "else": "|"}  # what a condition leaves out may be missing
ANYTHING = "..."
NUMBER_LINE = "emergency.number_line"


class Wordings:
    """The texts of the content as patterns, in every language."""

    def __init__(self, content: Content, translations: Translations) -> None:
        self._content = content
        self._translations = translations
        self.pattern = cache(self._pattern)

    def is_key(self, text: str) -> bool:
        return text in self._content.keys

    def difference(self, said: str, wanted: Sequence[Any], language: str) -> str | None:
        """Why ``said`` is not exactly ``wanted``, in plain words; None when it is."""
        for one in wanted:
            key = one if isinstance(one, str) else next(iter(one))
            if isinstance(one, str) and re.fullmatch(r"[a-z][a-z0-9_]*(\.[a-z0-9_]+)+", key) and not self.is_key(key):
                return f"there is no text with the key '{key}' any more"
            if isinstance(one, dict) and not _spoken(one, language) and not self.is_key(key):
                return f"there is no text with the key '{key}' any more"
        parts = [self._part(one, language) for one in wanted]
        if re.fullmatch(r"\n\n".join(parts), said, re.DOTALL):
            return None
        wished = " + ".join(_shown(one, language) for one in wanted)
        names = self.name(said, language, [_key(one) for one in wanted])
        if names == [_key(one) for one in wanted]:
            return f"expected {wished}\n     but their words or fields differ: {said!r}"
        return f"expected {wished or 'nothing'}\n     but it said {' + '.join(names) or 'nothing'}"

    def name(self, said: str, language: str, prefer: Collection[str] = ()) -> list[str]:
        """The keys of what was said; words that no key explains stand in quotes."""
        order = sorted(self._known(language), key=lambda one: (one[0] not in prefer, -one[1], one[0]))
        names, at = [], 0
        while at < len(said):
            for key, _ in order:
                if not said.startswith(self._beginning(key, language), at):
                    continue  # nearly all; a pattern of each would take seconds to make
                found = re.compile(f"(?:{self.pattern(key, language)})(?=\\n\\n|\\Z)", re.DOTALL).match(said, at)
                if found and found.end() > at:
                    names.append(key)
                    at = found.end()
                    break
            else:
                end = said.find("\n\n", at)
                end = len(said) if end < 0 else end
                names.append(repr(said[at:end]))
                at = end
            at += 2
        return names

    @cache  # noqa: B019  - one per run of the tests
    def _known(self, language: str) -> list[tuple[str, int]]:
        """Keys that can be a message of their own, and how many of their characters are fixed. One of a variable alone names
        nothing."""
        own = [key for key in self._content.keys if not re.search(r"\.(option\.|header|footer|menu_label|description)", key)]
        fixed = ((key, _HOLE.sub("", self._source(key, language))) for key in own)
        return [(key, len(words)) for key, words in fixed if any(char.isalpha() for char in words)]

    @cache  # noqa: B019  - one per run of the tests
    def _beginning(self, key: str, language: str) -> str:
        """The words before its first variable."""
        text = self._source(key, language)
        hole = _HOLE.search(text)
        return text[: hole.start()] if hole else text

    def _source(self, key: str, language: str) -> str:
        source = self._content.keys[key].source
        known, translation = self._translations.get(language, {}).get(key, ("", ""))
        return (translation if translation and known == source else source).strip()

    def _pattern(self, key: str, language: str, fields: tuple[tuple[str, str], ...] = ()) -> str:
        given, text, out, at = dict(fields), self._source(key, language), [], 0
        for hole in _HOLE.finditer(text):
            out.append(re.escape(text[at : hole.start()]))
            first = _FIRST.match(hole[1])
            value = re.escape(self._said(hole[1], given[first[1]], language)) if first and first[1] in given else _VALUE
            out.append(_TAGS.get(first[1] if first else "", ")?") if hole[0].startswith("{%") else value)
            at = hole.end()
        out.append(re.escape(text[at:]))
        alarm = key.startswith("emergency.") and language != "en" and key != NUMBER_LINE
        return "".join(out) + (f"(?:\\n{self._pattern(NUMBER_LINE, 'en')})?" if alarm else "")

    def _said(self, hole: str, value: str, language: str) -> str:
        """A field as the language says it: tests tell clock times as 16:30, and numbers as 7.8."""
        if _CLOCK.search(hole):
            return clock({TONGUES: self._content.tongues}, value, language)
        return value.replace(".", decimal_mark(language)) if _DECIMALS.fullmatch(value) else value

    def _part(self, one: Any, language: str) -> str:
        if isinstance(one, dict):
            if _spoken(one, language):
                return f".*?{re.escape(str(one[language]))}.*?" if language in one else ".*?"
            [(key, fields)] = one.items()
            return f"(?:{self.pattern(key, language, tuple((name, str(value)) for name, value in fields.items()))})"
        if one == ANYTHING:
            return ".*?"
        return f"(?:{self.pattern(one, language)})" if self.is_key(one) else f".*?{re.escape(one)}.*?"


def _spoken(one: Mapping[str, Any], language: str) -> bool:
    """Words by language. In one for which the test has none, anything goes."""
    return language in one or SOURCE_LANGUAGE in one


def _key(one: Any) -> str:
    return one if isinstance(one, str) else str(next(iter(one)))


def _shown(one: Any, language: str) -> str:
    if isinstance(one, dict):
        return repr(one[language]) if language in one else f"{_key(one)} with {next(iter(one.values()))}"
    return str(one)
