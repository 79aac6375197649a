"""One text of a flow in every language: which wording is said, and what happens where a language lacks it."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct

from bot.dialogue.expression import Expression, Template, Values

FALLBACK = "(fallback)"
"""Among the values of a text, under a name that no author can write: what happens where the language lacks it."""


class Fallback(Struct):
    """The person's second language, and the keys of texts that their first one lacked in this turn."""

    second: str | None
    missed: list[str]


class Wording(Struct, frozen=True):
    """One text in every language. ``key`` is the translators' context, for example ``menu.choose.say``."""

    key: str
    when: Expression | None
    source: str
    templates: Mapping[str, Template]

    def render(self, language: str, values: Values) -> str:
        own = self.templates.get(language)
        return own(values) if own else self._otherwise(values)

    def _otherwise(self, values: Values) -> str:
        """In a language that lacks it: the person's second language, then English; never silently."""
        fallback = values.get(FALLBACK)
        if isinstance(fallback, Fallback):
            fallback.missed.append(self.key)
            if other := self.templates.get(fallback.second or ""):
                return other(values)
        return self.templates["en"](values)


class Text(Struct, frozen=True):
    """The wordings of one part; the first whose condition holds is said. Empty when none does."""

    wordings: tuple[Wording, ...]

    def render(self, language: str, values: Values) -> str:
        for wording in self.wordings:
            if wording.when is None or wording.when(values):
                return wording.render(language, values)
        return ""
