"""The texts, conditions and values of one file, compiled; with every finding, and its place, about what cannot be."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from msgspec import Struct
from pydantic import ValidationError

from bot.dialogue import authored
from bot.dialogue.display import DECIMAL
from bot.dialogue.expression import (
    BadExpression,
    Expression,
    Template,
    compile_expression,
    compile_template,
    compile_value,
    tags_of,
    translated,
)
from bot.dialogue.folding import placeholders
from bot.dialogue.form import in_words
from bot.dialogue.isolates import isolated
from bot.dialogue.plain import Words
from bot.dialogue.text import Text, Wording
from bot.dialogue.tongue import is_rtl
from bot.handwritten.finding import Finding
from bot.handwritten.source import Path_, Source
from bot.model.locales import decimal_mark

LABEL = ".option."  # in the key of an option's label, which is short, and comes back as it was shown
NOTHING = ("", "")  # source and translation of what nobody translated


def _isolating(template: Template) -> Template:
    return lambda values: isolated(template(values))


def _marking(template: Template, mark: str) -> Template:
    """Its numbers with the decimal mark of its language: of the text's own, also where it stands in for another."""
    return template if isinstance(template, Words) else lambda values: template({**values, DECIMAL: mark})


NO_NOTES: Mapping[str, str] = {}


class Written(Struct, frozen=True, gc=False):
    """One text as its author wrote it, for translators. ``meant`` is what its file notes about its variables."""

    source: str
    file: str
    note: str | None
    clinical: bool
    meant: Mapping[str, str] = NO_NOTES


class FileTexts:
    """``translations``: language -> key -> (source, text). ``keys`` and ``paths`` grow as texts are met."""

    def __init__(
        self,
        source: Source,
        translations: Mapping[str, Mapping[str, tuple[str, str]]],
        *,
        clinical: bool = False,
        media: Mapping[str, bytes] | None = None,
    ) -> None:
        self.media = media or {}  # files by their names in dialogs/media
        self.source = source
        self.clinical = clinical
        self.meant: dict[str, str] = {}
        self.translations = translations
        self.rtl = tuple(filter(is_rtl, translations))
        self.marks = {one: mark for one in translations if (mark := decimal_mark(one)) != "."}
        self.findings: list[Finding] = []
        self.keys: dict[str, Written] = {}  # every text met
        self.paths: dict[str, Path_] = {}  # and where it stands in the file
        self.lacking: dict[str, list[str]] = {}  # keys without a current translation, and in which languages
        self.longest: dict[str, int] = {}  # characters of the longest of its languages

    def read(self, model: type[authored.Authored]) -> Any:
        """The authored model, or None with findings."""
        try:
            return model.model_validate(self.source.data)
        except ValidationError as error:
            for one in error.errors():
                place = self._place(one["loc"])
                what, remedy = in_words(one)
                missing = [str(one["loc"][-1])] if one["type"] == "missing" else []
                where = ".".join([*map(str, place), *missing]) or "the file"
                self.find(place, "form", f"{where}: {what}", remedy)
            return None

    def text(self, path: Path_, key: str, say: Sequence[authored.Variant]) -> Text:
        """A part in all languages; several wordings of it are numbered from the second."""
        wordings = []
        for index, variant in enumerate(say):
            own = key if index == 0 else f"{key}.{index + 1}"
            self.keys[own] = Written(variant.text, self.source.name, variant.note, self.clinical, self.meant)
            self.paths[own] = (*path, index)
            when = self.expression(path, variant.when) if variant.when else None
            template = self._template(path, variant.text)
            templates = {"en": template}
            written = variant.text
            tags = tags_of(written)
            longest = len(written)
            isolating = self.rtl if self.rtl and LABEL not in own else ()
            for language, known in self.translations.items():
                source, translation = known.get(own, NOTHING)
                if not translation or source != written:
                    self.lacking.setdefault(own, []).append(language)
                    continue
                if len(translation) > longest:
                    longest = len(translation)
                if (alike := translated(template, tags, translation)) is not None:
                    templates[language] = alike
                elif self._same_placeholders(path, own, language, source, translation):
                    templates[language] = self._template(path, translation)
                if language in self.marks and language in templates:
                    templates[language] = _marking(templates[language], self.marks[language])
                if language in isolating and language in templates:
                    templates[language] = _isolating(templates[language])
            self.longest[own] = longest
            wordings.append(Wording(own, when, variant.text, templates))
        return Text(tuple(wordings))

    def _same_placeholders(self, path: Path_, key: str, language: str, source: str, translation: str) -> bool:
        if ("{" not in source and "{" not in translation) or placeholders(source) == placeholders(translation):
            return True
        remedy = "use each {{ placeholder }} of the source as it is"
        self.find(path, "placeholder", f"the {language} translation of '{key}' has other placeholders", remedy)
        return False

    def find(self, path: Path_, code: str, message: str, remedy: str, **more: Any) -> None:
        self.findings.append(self.source.finding(path, code, message, remedy, **more))

    def part(self, path: Path_, key: str, part: str, say: Sequence[authored.Variant] | None) -> Text | None:
        return self.text((*path, part), f"{key}.{part}", say) if say else None

    def values(self, path: Path_, values: Mapping[str, Any]) -> tuple[tuple[str, Expression], ...]:
        found = []
        for name, value in values.items():
            try:
                found.append((name, compile_value(value)))
            except BadExpression as error:
                self.find(path, "expression", f"'{value}' cannot be used: {error}", "use names, comparisons and our filters")
        return tuple(found)

    def expression(self, path: Path_, text: str) -> Expression:
        try:
            return compile_expression(text)
        except BadExpression as error:
            self.find(path, "expression", f"'{text}' cannot be used: {error}", "use names, comparisons and our filters")
            return lambda values: None

    def _template(self, path: Path_, text: str) -> Template:
        try:
            return compile_template(text)
        except BadExpression as error:
            self.find(path, "template", f"the text cannot be used: {error}", "use {{ name }} with a known name")
            return lambda values: ""

    def _place(self, loc: tuple[Any, ...]) -> Path_:
        """The part of pydantic's location that stands in the file."""
        path: Path_ = ()
        for part in loc:
            if (*path, part) in self.source.places:
                path = (*path, part)
        return path
