"""What a reader of the language would trip over in a translation: script, leftover English, digits, spaces, words, labels."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

import regex
from babel.messages.catalog import Catalog

from bot.dialogue.catalogue import DOMAIN
from bot.dialogue.content import Content
from bot.dialogue.file_texts import LABEL, Written
from bot.dialogue.finding import Finding, Level
from bot.dialogue.flow import Flow
from bot.dialogue.folding import fold
from bot.dialogue.graphemes import length
from bot.dialogue.tongue import Tongue
from bot.i18n.book import by_key
from bot.i18n.budget import ASKED, budget_of
from bot.i18n.glossary import Term

LATIN = "Latn"
LEFT = 3  # small English words in a row are no loan words any more
_HOLE = re.compile(r"\{\{.*?\}\}|\{%.*?%\}|https?://\S+", re.DOTALL)
_TYPED = re.compile(r"\*[^*\n]+\*")  # what people are told to type may be English
_ENGLISH = re.compile(rf"(?<![\w-])[a-z]+(?:[ ,]+[a-z]+){{{LEFT - 1},}}(?![\w-])")
_SPACES = re.compile(r"[^\S\n]{2,}|[^\S\n]+[.,!?;:।](?=\s|$)|[^\S\n]+\n")
_LETTER = re.compile(r"[^\W\d_]")
_KEEP = re.compile(r"not translate|keep both", re.IGNORECASE)


def mistakes(content: Content, catalog: Catalog, tongue: Tongue, glossary: Sequence[Term]) -> list[Finding]:
    """Findings of one language, as places in its catalogue; what is missing or fuzzy is told elsewhere."""
    file = f"locales/{tongue.code}/LC_MESSAGES/{DOMAIN}.po"
    known = by_key(catalog)
    found: list[Finding] = []
    rows: dict[str, dict[str, str]] = {}
    for key, written in content.keys.items():
        message = known.get(key)
        if message is None or not message.string or message.fuzzy or message.id != written.source:
            continue
        text = str(message.string)
        line = message.lineno or 1
        for code, level, told, remedy in _of_one(key, written, text, tongue, glossary, content.flows):
            found.append(Finding(code, file, line, 1, f"'{key}' {told}", remedy, level))
        step, _, option = key.partition(".option.")
        if option and not option.endswith(".description"):
            other = rows.setdefault(step, {}).setdefault(fold(text), key)
            if other != key:
                found.append(Finding("label", file, line, 1, f"'{key}' looks like '{other}'", "word them differently"))
    return sorted(found, key=lambda one: one.line)


def _of_one(
    key: str, written: Written, text: str, tongue: Tongue, glossary: Sequence[Term], flows: Mapping[str, Flow]
) -> Iterator[tuple[str, Level, str, str]]:
    bare = _HOLE.sub(" ", text)
    kept = bool(written.note and _KEEP.search(written.note))
    if wrong := _foreign(bare, written.source, tongue.script):
        yield "script", "warning", f"has letters of another script: {wrong}", "write it in the language's own letters"
    if not kept and (english := _english(bare, written.source, tongue.script)):
        yield "english", "warning", f"is still English: {english!r}", "translate it"
    if digits := "".join(dict.fromkeys(char for char in bare if char.isdecimal() and not char.isascii())):
        yield "digits", "blocker", f"has the digits {digits}", "write 0-9: people read their meters in them"
    if found := _SPACES.search(text):
        yield "spaces", "warning", f"has a space too many: {text[max(0, found.start() - 8) : found.end() + 8]!r}", "take it out"
    if text != text.strip():
        yield "spaces", "warning", "begins or ends with a space", "take it out"
    said = _words(bare)
    if rude := [word for word in tongue.file.rude if word.casefold() in said]:
        yield "rude", "warning", f"says {', '.join(rude)} to the person", "use the polite form"
    budget, used = budget_of(key, flows), length(text)
    if used > budget.limit:
        level: Level = "blocker" if used > budget.most and budget.most < ASKED.limit else "warning"
        yield "label" if LABEL in key else "length", level, f"has {used} characters", budget.told()
    for term in glossary:
        if not kept and term.missing(_HOLE.sub(" ", written.source), bare):
            yield "glossary", "hint", f"has none of the words for '{term.english}': {term.words}", "use the glossary's word"


def _words(text: str) -> set[str]:
    return {word.casefold() for word in regex.findall(r"[\p{L}\p{M}]+", text)}


def _foreign(text: str, source: str, script: str) -> str:
    """Letters of neither the language's script nor Latin; those of the source itself are meant so."""
    own = regex.sub(rf"[\p{{Script={script}}}\p{{Script=Latn}}\p{{Script=Common}}\p{{Script=Inherited}}]", "", text)
    return "".join(dict.fromkeys(char for char in own if _LETTER.match(char) and char not in source))


def _english(text: str, source: str, script: str) -> str:
    if script == LATIN:
        words = re.findall(r"[A-Za-z]{2,}", _TYPED.sub(" ", _HOLE.sub(" ", source)))
        return source[:40] if len(words) > LEFT and fold(text) == fold(_HOLE.sub(" ", source)) else ""
    found = _ENGLISH.search(_TYPED.sub(" ", text))
    return found[0] if found else ""
