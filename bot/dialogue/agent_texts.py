"""Texts that an agent writes on what it makes, such as a picture: a flow without steps, translated like all others."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from bot.dialogue.authored import FlowFile
from bot.dialogue.catalogue import SOURCE_LANGUAGE, catalogue_path, read_book, read_bytes, translations_of
from bot.dialogue.compiler import Compiler
from bot.dialogue.text import Text
from bot.dialogue.tongue import Tongue, tongue_of
from bot.dialogue.tongues import load_tongues
from bot.handwritten.finding import Finding, Unreadable
from bot.handwritten.source import parse_source


def uncounted(language: str) -> None:
    """Nobody counts what is said in another language."""


class AgentTexts:
    """Says a text by its name; in English where a language lacks it.

    ``whole`` are the languages that have every text. ``missed`` is told of each picture or list that could not be in one.
    """

    def __init__(
        self,
        texts: Mapping[str, Text],
        tongues: Mapping[str, Tongue],
        whole: Iterable[str] = (SOURCE_LANGUAGE,),
        missed: Callable[[str], None] = uncounted,
    ) -> None:
        self._texts, self._tongues, self._whole, self._missed = texts, tongues, frozenset(whole), missed

    def spoken(self, language: str, second: str | None = None) -> str:
        """The language of a whole picture or list: the person's; where it lacks a text, their second one, then English."""
        if language in self._whole:
            return language
        self._missed(language)
        return second if second in self._whole else SOURCE_LANGUAGE

    def say(self, name: str, language: str, /, **values: Any) -> str:
        return self._texts[name].render(language, values)

    def tongue(self, language: str) -> Tongue:
        """How the language writes days, clock times and lists."""
        return self._tongues.get(language) or tongue_of(language)

    def names(self) -> frozenset[str]:
        return frozenset(self._texts)


def load_agent_texts(
    dialogs: Path,
    locales: Path,
    flow: str,
    needed: Iterable[str],
    *,
    languages: Sequence[str],
    missed: Callable[[str], None] = uncounted,
) -> AgentTexts:
    """Read one flow's texts. Raises Unreadable with file, line and remedy; also when one of ``needed`` is missing."""
    name = f"flows/{flow}.yaml"
    try:
        raw = (dialogs / name).read_bytes()
    except OSError as error:
        message = f"the texts of an agent cannot be read ({error.strerror})"
        raise Unreadable([Finding("file", f"dialogs/{name}", 1, 1, message, "restore the file")]) from error
    source = parse_source(raw, f"dialogs/{name}")
    translations = {
        language: translations_of(read_book(read_bytes(locales, language), language))
        for language in languages
        if catalogue_path(locales, language).is_file()
    }
    compiler = Compiler(source, translations)
    file = compiler.read(FlowFile)
    texts: dict[str, Text] = {}
    if isinstance(file, FlowFile):
        texts = {text: compiler.text(("texts", text), f"{flow}.{text}", say) for text, say in file.texts.items()}
        for missing in sorted(set(needed) - set(texts)):
            compiler.find(("texts",), "needed", f"the text '{missing}' is missing", "write it")
    if compiler.findings:
        raise Unreadable(compiler.findings)
    lacking = {language for lacks in compiler.lacking.values() for language in lacks}
    whole = {SOURCE_LANGUAGE, *translations} - lacking
    return AgentTexts(texts, load_tongues(locales, languages), whole, missed)
