"""What a reader of the language would trip over in one text: another script, leftover English, digits, spaces, an odd word."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

import regex

from bot.dialogue.folding import fold
from bot.dialogue.tongue import Tongue
from bot.handwritten.finding import Level
from bot.i18n.glossary import Term
from bot.model.locales import decimal_mark

LATIN = "Latn"
LEFT = 3  # small English words in a row are no loan words any more
_HOLE = re.compile(r"\{\{.*?\}\}|\{%.*?%\}|\{\w+\}|https?://\S+", re.DOTALL)
_TYPED = re.compile(r"\*[^*\n]+\*")  # what people are told to type may be English
_QUOTED = re.compile(r"[\"“„«].*?[\"“”»]", re.DOTALL)  # in quotation marks others speak, to each other
_ENGLISH = re.compile(rf"(?<![\w-])[a-z]+(?:[ ,]+[a-z]+){{{LEFT - 1},}}(?![\w-])")
_SPACES = re.compile(r"[^\S\n]{2,}|[^\S\n]+[.,!?;:।](?=\s|$)|[^\S\n]+\n")
_NUMBER = re.compile(r"\d+(?:[.,]\d+)?")
_POINT = re.compile(r"(?<![\d.])\d+\.\d{1,2}(?![\d.])")
_EVENING = re.compile(r"(?<![\d:.])(\d{1,2})(?= ?pm\b)")
_LETTER = re.compile(r"[^\W\d_]")


def slips(
    source: str, text: str, tongue: Tongue, glossary: Sequence[Term], *, kept: bool = False
) -> Iterator[tuple[str, Level, str, str]]:
    """Code, level, what it says, remedy. ``kept``: a text that stays English."""
    bare = _HOLE.sub(" ", text)
    if wrong := _foreign(bare, source, tongue.script):
        yield "script", "warning", f"has letters of another script: {wrong}", "write it in the language's own letters"
    if not kept and (english := _english(bare, source, tongue.script)):
        yield "english", "warning", f"is still English: {english!r}", "translate it"
    if digits := "".join(dict.fromkeys(char for char in bare if char.isdecimal() and not char.isascii())):
        yield "digits", "blocker", f"has the digits {digits}", "write 0-9: people read their meters in them"
    if left := _left_out(_HOLE.sub(" ", source), bare):
        yield "number", "warning", f"has not the number {left} of the source", "say it, in digits"
    if (mark := decimal_mark(tongue.code)) != "." and (found := _POINT.search(bare)):
        yield "number", "warning", f"writes {found[0]} with a point", f"write {found[0].replace('.', mark)}"
    if found := _SPACES.search(text):
        yield "spaces", "warning", f"has a space too many: {text[max(0, found.start() - 8) : found.end() + 8]!r}", "take it out"
    if text != text.strip():
        yield "spaces", "warning", "begins or ends with a space", "take it out"
    said = _words(_TYPED.sub(" ", _QUOTED.sub(" ", bare)))
    if rude := [word for word in tongue.file.rude if word.casefold() in said]:
        yield "rude", "warning", f"says {', '.join(rude)} to the person", "use the polite form"
    if gendered := [ending for ending in tongue.file.gendered if _ends(bare, ending)]:
        yield "gender", "warning", f"tells man from woman: …{', …'.join(gendered)}", "word it so that it is true of both"
    for term in glossary:
        if not kept and term.missing(_HOLE.sub(" ", source), bare):
            yield "glossary", "hint", f"has none of the words for '{term.english}': {term.words}", "use the glossary's word"


def _ends(text: str, ending: str) -> bool:
    """A word of the text, or two, end so."""
    return regex.search(rf"{regex.escape(ending)}(?![\p{{L}}\p{{M}}])", text, regex.IGNORECASE) is not None


def _words(text: str) -> set[str]:
    return {word.casefold() for word in regex.findall(r"[\p{L}\p{M}]+", text)}


def _foreign(text: str, source: str, script: str) -> str:
    """Letters of neither the language's script nor Latin; those of the source itself are meant so."""
    own = regex.sub(rf"[\p{{Script={script}}}\p{{Script=Latn}}\p{{Script=Common}}\p{{Script=Inherited}}]", "", text)
    return "".join(dict.fromkeys(char for char in own if _LETTER.match(char) and char not in source))


def _left_out(source: str, text: str) -> str:
    """Numbers of the source that the text has not, or not as often; 9 pm may be 21 where the clock has 24 hours."""
    said = [number.replace(",", ".") for number in _NUMBER.findall(text)]
    evenings = {hour: str(int(hour) + 12) for hour in _EVENING.findall(source)}
    wanted = [number.replace(",", ".") for number in _NUMBER.findall(source)]
    lacking = (one for one in dict.fromkeys(wanted) if wanted.count(one) > said.count(one) and evenings.get(one) not in said)
    return ", ".join(lacking)


def _english(text: str, source: str, script: str) -> str:
    if script == LATIN:
        words = re.findall(r"[A-Za-z]{2,}", _TYPED.sub(" ", _HOLE.sub(" ", source)))
        return source[:40] if len(words) > LEFT and fold(text) == fold(_HOLE.sub(" ", source)) else ""
    found = _ENGLISH.search(_TYPED.sub(" ", text))
    return found[0] if found else ""
