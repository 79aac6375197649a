"""Split a message into tokens that remember where they stood in the original text.

Letters are folded the way people vary them (composed forms, invisible characters, nukta, vowel length), digits of every script
become 0-9. Work is bounded: of a very long text only the beginning, the end and the neighbourhood of danger words are read.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from msgspec import Struct

MAX_TEXT: Final = 700  # characters read whole; longer texts are sampled
HEAD: Final = 350
TAIL: Final = 150
WINDOW: Final = 60  # characters read around a danger word found in the middle of a long text
MAX_WINDOWS: Final = 4
MAX_FOUND: Final = 24  # different danger words that are looked for
MAX_SCAN: Final = 32_000  # characters looked through for danger words (the edge keeps 8,000 of a message)
MAX_TOKENS: Final = 110
MAX_WORD: Final = 40

_LETTER = (  # of a text in lower case
    "a-zÀ-ÖØ-öø-ɏ\u0300-\u036f\u0600-\u065f\u066e-\u06d3\u06d5-\u06ef\u06fa-\u06ff\u0750-\u077f\u0900-\u0963\u0971-\u0dff"
)
_TOKEN = re.compile(
    rf"(?P<word>(?:spo2|sp02|hba1c|a1c|h1c|type[12]|b12|o2)(?![{_LETTER}0-9])|[{_LETTER}]+[0-9][{_LETTER}]+|[{_LETTER}]+(?:['’][{_LETTER}]+)*)"
    r"|(?P<number>[0-9]+(?:[.,][0-9]+)?)|(?P<mark>[^\s])",
)

# A letter that may be composed with another, be several, or be invisible. Indic letters are left as typed: they are folded later.
_MOVING = re.compile(
    "[^\x00-\x7f\u00c0-\u00ff\u0620-\u066f\u0671-\u0674\u0679-\u06d5\u06f0-\u06f9\u060c\u061b\u061f\u0900-\u0dff‘’“”–—₹]"
)
_WORD = re.compile(f"[{_LETTER}]+")
_DIGIT = re.compile(r"\d")

# Letters typed for digits: "l40", "2oo", "140/9o". Only in a number of three, or behind a stroke ("3o" is a day in Portuguese).
_SLIP = re.compile(r"(?<![^\W_])(?:l(?=[0-9o]{2}(?!\w))(?!oo)[0-9o]{2}|[0-9](?:[0-9]o|o[0-9o])(?!\w))|(?<=[0-9o]/)[0-9]o(?!\w)")
_SLIPS = str.maketrans("lo", "10")
_MAY_SLIP = re.compile("[0-9]o|l[0-9]")  # looked for in every message, and hardly ever found

# Every letter of the scripts that are read stands in the tables: what is missing from one costs an exception for each letter.
_READ: Final = range(0x0E00)
_DIGITS: dict[int, str | int] = {code: code for code in _READ}
for _base in (0x0660, 0x06F0, 0x0966, 0x09E6, 0x0A66, 0x0AE6, 0x0B66, 0x0BE6, 0x0C66, 0x0CE6, 0x0D66):
    for _n in range(10):
        _DIGITS[_base + _n] = str(_n)
_DIGITS[0x066B] = "."  # Arabic decimal separator
_DIGITS[0x060C] = ","
_DIGITS[0x2044] = "/"
_DIGITS[0x2019] = "'"

_FOLD: dict[int, str | int | None] = {code: code for code in _READ}
for _base in (0x0900, 0x0980, 0x0A00, 0x0A80, 0x0B00, 0x0B80, 0x0C00, 0x0C80, 0x0D00):
    _FOLD[_base + 0x3C] = None  # nukta
    _FOLD[_base + 0x01] = chr(_base + 0x02)  # candrabindu is written as anusvara
for _base in (0x0900, 0x0980, 0x0A80, 0x0B00):  # scripts whose writers mix short and long i, u
    _FOLD[_base + 0x40] = chr(_base + 0x3F)
    _FOLD[_base + 0x42] = chr(_base + 0x41)
    _FOLD[_base + 0x08] = chr(_base + 0x07)
    _FOLD[_base + 0x0A] = chr(_base + 0x09)
    _FOLD[_base + 0x03] = None  # visarga
_FOLD |= {ord("\u0a70"): "\u0a02", ord("\u0a71"): None}  # Gurmukhi tippi, addak
_FOLD |= {ord("ণ"): "ন", ord("ষ"): "স", ord("শ"): "স", ord("ৎ"): "ত"}
_FOLD |= {ord(a): b for a, b in zip("ൺൻർൽൾൿ", ("ണ്", "ന്", "ര്", "ല്", "ള്", "ക്"), strict=True)}
_FOLD |= {
    ord("ي"): "ی",
    ord("ى"): "ی",
    ord("ك"): "ک",
    ord("ه"): "ہ",
    ord("ۃ"): "ہ",
    ord("ھ"): "ہ",
    ord("أ"): "ا",
    ord("إ"): "ا",
    ord("آ"): "ا",
}
for _low in (0x0958, 0x09DC, 0x0A33, 0x0A36, 0x0A59, 0x0B5C):  # letters composed with a nukta, as their plain letter
    for _code in range(_low, _low + 8):
        _parts = unicodedata.normalize("NFD", chr(_code))
        if len(_parts) == 2:
            _FOLD[_code] = _parts[0]
_FOLD |= {code: None for code in range(0x064B, 0x0660)}  # Arabic vowel marks

_BLOCKS: Final = (
    (0x0600, 0x06FF, "Arab"), (0x0900, 0x097F, "Deva"), (0x0980, 0x09FF, "Beng"), (0x0A00, 0x0A7F, "Guru"),
    (0x0A80, 0x0AFF, "Gujr"),
    (0x0B00, 0x0B7F, "Orya"), (0x0B80, 0x0BFF, "Taml"), (0x0C00, 0x0C7F, "Telu"), (0x0C80, 0x0CFF, "Knda"),
    (0x0D00, 0x0D7F, "Mlym"),
)  # fmt: skip
_SCRIPTS: Final = {code >> 7: name for low, high, name in _BLOCKS for code in range(low, high, 0x80)}


class Token(Struct, frozen=True, gc=False):
    """One word, number or mark: ``text`` is folded and lower case, ``start``/``end`` are positions in the original text."""

    text: str
    start: int
    end: int
    kind: str  # word, number, mark
    script: str = ""  # of a word: Latn, Deva, ...


def fold(word: str) -> str:
    """The form native-script words are compared in."""
    return word.translate(_FOLD)


def is_word(text: str) -> bool:
    """Whether the whole text is letters of one or more scripts."""
    return _WORD.fullmatch(text.lower()) is not None and _DIGIT.search(text) is None


def script_of(word: str) -> str:
    """Four-letter script code of the first letter that tells (Latn when none does)."""
    for letter in word:
        code = ord(letter)
        if code < 0x0600:
            return "Latn"
        if (name := _SCRIPTS.get(code >> 7)) is not None:
            return name
    return "Latn"


def _plain(text: str) -> tuple[str, list[int] | None]:
    """The composed text without invisible characters, digits as 0-9; and where each character came from (None: nothing moved)."""
    if text.isascii():
        return text.lower(), None
    if _MOVING.search(text) is None and len(lowered := text.lower()) == len(text):
        return lowered.translate(_DIGITS), None
    moved: list[int] = []
    parts: list[str] = []
    for position, letter in enumerate(text):
        if letter < "\u0080" or "\u0900" <= letter <= "\u0dff":  # Indic letters are left as typed: they are folded later
            parts.append(letter)
            moved.append(position)
            continue
        if unicodedata.category(letter) == "Cf":
            continue
        for one in unicodedata.normalize("NFKC", letter):
            parts.append(one)
            moved.append(position)
    composed = "".join(parts)
    lowered = composed.lower()
    if len(lowered) != len(composed):
        lowered = "".join(one.lower() if len(one.lower()) == 1 else one for one in parts)
    moved.append(len(text))
    return lowered.translate(_DIGITS), moved


def _pieces(text: str, danger: frozenset[str]) -> list[tuple[int, str]]:
    """What is read of a text: all of it, or its beginning, its end and where danger words first stand in between."""
    if len(text) <= MAX_TEXT:
        return [(0, text)]
    spans = [(0, HEAD)]
    middle = text[HEAD : min(len(text), MAX_SCAN) - TAIL].lower()
    found = sorted(danger.intersection(middle.split()))[:MAX_FOUND]
    places = sorted(HEAD + middle.find(word) for word in found)
    for place in places:
        if place - WINDOW >= spans[-1][1] and len(spans) <= MAX_WINDOWS:
            spans.append((place - WINDOW, place + WINDOW))
    spans.append((max(len(text) - TAIL, spans[-1][1]), len(text)))
    return [(start, text[start:end]) for start, end in spans]


def tokenize(text: str, danger: frozenset[str] = frozenset()) -> list[Token]:
    """Tokens of a message in order, at most MAX_TOKENS; positions refer to ``text``. ``danger``: words worth reading around."""
    tokens: list[Token] = []
    for offset, piece in _pieces(text, danger):
        plain, moved = _plain(piece)
        if _MAY_SLIP.search(plain) is not None:
            plain = _SLIP.sub(lambda slip: slip.group().translate(_SLIPS), plain)
        room = MAX_TOKENS - len(tokens)
        for match in _TOKEN.finditer(plain):
            if room <= 0:
                break
            room -= 1
            kind = match.lastgroup or "mark"
            start, end = match.span()
            word = match.group()[:MAX_WORD]
            script = ""
            if kind == "word":
                script = script_of(word)
                if script != "Latn":
                    word = word.translate(_FOLD)
            if moved is not None:
                start, end = moved[start], moved[end - 1] + 1
            tokens.append(Token(word, offset + start, offset + end, kind, script))
    return tokens
