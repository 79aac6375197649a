"""Personal data out of a text: of logs, errors, parked messages and of what a language model reads. The one place for it. Pure.

Rather too much than too little: every long number goes, whatever it is. What is put back into an answer are names only; a number
that was taken out never comes back by way of a model.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from itertools import accumulate
from typing import Any, Final

from bot.privacy.names import SHORTEST, Names
from bot.privacy.spoken import rows
from bot.privacy.verhoeff import has_check_digit
from bot.understanding.introductions import CALLED, DOCTOR, NO_NAMES

_UNSEEN: Final = "\u00ad\u200b-\u200f\u2060\u2066-\u2069\ufe0f\u20e3\ufeff"
"""Signs that nobody sees and that would take a number apart; also those that make keys of digits."""
_EMAIL: Final = re.compile(
    r"[\w\u0900-\u0dff.+%-]{1,64}(?:[@\uff20]|\s?[(\[]\s?at\s?[)\]]\s?)[\w\u0900-\u0dff-]{1,63}"
    r"(?:(?:\.|\s?[(\[]\s?dot\s?[)\]]\s?)[\w\u0900-\u0dff-]{1,63})+"  # vowel signs are no letters to Python
    r"|[\w\u0900-\u0dff.+%-]{1,64}\sat\s(?:gmail|yahoo|hotmail|outlook|rediffmail|icloud)(?:\s?(?:\.|dot)\s?[a-z]{2,6}){0,2}",
    re.IGNORECASE,
)
_LINK: Final = re.compile(r"(?:https?://|www\.)\S+|\b(?:wa\.me|t\.me|bit\.ly)/\S+", re.IGNORECASE)
_ABHA: Final = re.compile(r"[\w.]{2,64}@(?:abdm|sbx|ndhm)\b", re.IGNORECASE)
_UPI: Final = re.compile(
    r"[\w\u0900-\u0dff.-]{2,64}@[A-Za-z][A-Za-z0-9]{1,63}"
    r"|[\w\u0900-\u0dff.-]{2,64}\s?@\s?(?:ok(?:axis|sbi|icici|hdfcbank)|ybl|ibl|axl|apl|upi|paytm|pt(?:axis|sbi|hdfc|yes))\b"
)
_PAN: Final = re.compile(
    r"(?<![A-Za-z0-9])(?:[A-Za-z]{5}[ \-]?\d{4}[ \-]?[A-Za-z]|(?:[A-Za-z]\s){5}(?:\d\s){4}[A-Za-z])(?![A-Za-z0-9])"
)
_MONTH: Final = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?"
    r"|nov(?:ember)?|dec(?:ember)?)"
)
_WORD: Final = r"(?:[A-Za-z]{3,12}|[^\W\d_A-Za-z][\w\u0900-\u0dff]{1,14})"
_DATE: Final = re.compile(
    r"(?<!\d)\d{1,2}[/.,\-\s]\d{1,2}[/.,\-\s](?:19|20)\d\d(?!\d)"  # 12/05/1961
    r"|(?<!\d)(?:19|20)\d\d([/.\-])\d{1,2}\1\d{1,2}(?!\d)"  # 1961-05-12
    r"|(?<![\d/.\-])\d{1,2}([/.\-])\d{1,2}\2['’]?\d\d(?![\d/.\-])"  # 12.5.61
    # 12 May 1961, in any script
    rf"|(?<![\d.])\d{{1,2}}(?:st|nd|rd|th)?(?:\sof)?[\s.,/\-]{{1,2}}{_WORD}[\s.,/\-]{{1,2}}(?:19|20)\d\d(?!\d)"
    r"|(?<![\d.])\d{1,2}[/\-][A-Za-z]{3,9}[/\-]\d\d(?!\d)"  # 12-May-61
    # 12may1961, 12th May 61, 12 May '05
    rf"|(?<![\d.])\d{{1,2}}(?:st|nd|rd|th)?[\s.,/\-]{{0,2}}(?i:{_MONTH})[\s.,/\-]{{0,2}}"
    r"(?:(?:19|20)\d\d|['’]\d\d|[3-9]\d)(?!\d)"
    rf"|(?<!\w){_WORD}[\s.]\d{{1,2}}(?:st|nd|rd|th)?,?\s(?:19|20)\d\d(?!\d)"  # May 12, 1961
)
_HARD: Final = r"(?:[\s\u00a0.\-\u2010-\u2015]{1,3}|[^\S\n]{4,40})"
_ANY: Final = rf"(?:{_HARD}|\s?[,/|*_•·…~]\s?)"
"""The second kind stands as often between readings, so that more is wanted there."""
_AADHAAR: Final = re.compile(rf"(?<!\d)\d{{4}}{_ANY}?\d{{4}}{_ANY}?\d{{4}}(?!\d)")
_NUMBER: Final = re.compile(
    r"(?<![\d.])\+?\(?(?:"
    r"00\d{1,3}[\s\-]{1,2}\d{7,}"  # a code of a country, and one long number
    r"|\d{7,}"  # one long number
    rf"|\d{{1,6}}(?:(?:\)?{_HARD}\(?|[()])\d{{1,6}}){{1,14}}\)?"  # or groups of it
    r")(?![\d])"
)
_LOOSE: Final = re.compile(rf"(?<!\d)\d{{1,6}}(?:{_ANY}\d{{1,6}}){{1,14}}(?!\d)")
_PLACEHOLDER: Final = re.compile(r"\[\[([A-Z]+)_(\d+)\]\]")
_BETWEEN_DIGITS: Final = re.compile(rf"(?<=\d)[{_UNSEEN}]+(?=\d)")
_MAILS: Final = ("@", "\uff20", "(", "[", "gmail", "yahoo", "hotmail", "outlook", "rediffmail", "icloud")
_SHAPES: Final[tuple[tuple[re.Pattern[str], str, tuple[str, ...], int], ...]] = (
    (_EMAIL, "EMAIL", _MAILS, 0),
    (_LINK, "LINK", ("://", "www.", "wa.me", "t.me", "bit.ly"), 0),
    (_ABHA, "ABHA", ("@",), 0),
    (_UPI, "UPI", ("@",), 0),
    (_PAN, "PAN", (), 4),
    (_DATE, "DATE", (), 3),
    (_AADHAAR, "AADHAAR", (), 12),
    (_NUMBER, "NUMBER", (), 7),
    (_LOOSE, "LOOSE", tuple(",/|*_•·…~"), 8),
)
"""In this order; with signs of which one, and so many digits, must stand in the text: most lines have nothing to look for."""


HIGHEST: Final = 600
"""mg/dL; meters for sugar show no more."""


class Redactor:
    """One use: the same value has the same placeholder in all its texts. ``names``: those that we know of. ``prose`` False: a
    line of ours about something, in which addresses of servers and words after "name" are nobody's."""

    def __init__(self, names: Iterable[str] = (), *, prose: bool = True) -> None:
        self._names, self._prose = Names(names), prose
        self._held: dict[str, str] = {}
        self._given: dict[tuple[str, str], str] = {}

    def redact(self, text: str) -> str:
        text = unicodedata.normalize("NFC", text).replace("[[", "[ [")  # nobody writes our placeholders but we
        text = _BETWEEN_DIGITS.sub("", text)
        lowered, digits = text.casefold(), sum(map(str.isdigit, text))
        for pattern, kind, signs, least in _SHAPES:
            there = digits >= least and (not signs or any(sign in lowered for sign in signs))
            if there and (self._prose or kind != "LINK"):
                text = self._without(pattern, kind, text)
        text = self._nameless(self._unsaid(text))
        return DOCTOR.sub(self._introduced, CALLED.sub(self._introduced, text)) if self._prose else text

    def redacted(self, value: Any) -> Any:
        """The same for everything inside plain data."""
        if isinstance(value, str):
            return self.redact(value)
        if isinstance(value, Mapping):
            return {key: self.redacted(one) for key, one in value.items()}
        if isinstance(value, list | tuple):
            return [self.redacted(one) for one in value]
        return value

    def restore(self, text: str) -> str:
        """Names back in. Other placeholders, and those that we never gave, stay as they are."""
        return _PLACEHOLDER.sub(lambda found: self._held.get(found[0], found[0]) if found[1] == "NAME" else found[0], text)

    def _without(self, pattern: re.Pattern[str], kind: str, text: str) -> str:
        """Found with the digits of all scripts as 0 to 9, which leaves every letter in its place."""
        parts, end = [], 0
        plain = _plain_digits(text)
        for found in pattern.finditer(plain):
            named = _JUDGED[kind](found[0]) if kind in _JUDGED else kind
            if named is not None:
                parts += [text[end : found.start()], self._place(named, text[found.start() : found.end()], found[0])]
                end = found.end()
        return "".join([*parts, text[end:]]) if parts else text

    def _unsaid(self, text: str) -> str:
        """Without the numbers that are said in words."""
        parts, end = [], 0
        for start, stop, digits in rows(text):
            if named := _number_kind(digits):
                parts += [text[end:start], self._place(named, text[start:stop], digits)]
                end = stop
        return "".join([*parts, text[end:]]) if parts else text

    def _nameless(self, text: str) -> str:
        taken: list[tuple[int, int]] = [found.span() for found in _PLACEHOLDER.finditer(text)]
        whole = len(taken)
        for start, end in self._names.found(text):
            if all(end <= other[0] or start >= other[1] for other in taken):
                taken.append((start, end))
        parts, at = [], 0
        for start, end in sorted(taken[whole:]):
            parts += [text[at:start], self._place("NAME", text[start:end])]
            at = end
        return "".join([*parts, text[at:]])

    def _place(self, kind: str, value: str, plain: str | None = None) -> str:
        key = (kind, (plain or value).casefold())
        if key not in self._given:
            number = sum(known == kind for known, _ in self._given) + 1
            self._given[key] = f"[[{kind}_{number}]]"
            self._held[self._given[key]] = value
        return self._given[key]

    def _introduced(self, found: re.Match[str]) -> str:
        words = [word for word in found[1].split() if word.casefold() not in NO_NAMES and not word.startswith("[[")]
        name = " ".join(words)
        if len(name) < SHORTEST:
            return found[0]
        return found[0].replace(found[1].rstrip(), self._place("NAME", name), 1)


def masked(text: str, names: Iterable[str] = ()) -> str:
    """A line for operators without what names or numbers a person."""
    return Redactor(names, prose=False).redact(text)


def _number_kind(number: str) -> str | None:
    """A phone, a card, an identity; None for readings beside one another."""
    groups = re.findall(r"\d+", number)
    digits, sizes = "".join(groups), [len(group) for group in groups]
    of_a_number = len(digits) >= 7 and (max(sizes) >= 7 or number.startswith("+") or "(" in number)
    in_groups = len(digits) >= 8 and max(sizes) >= 4
    in_threes = any(sizes[at : at + 3] == [3, 3, 4] for at in range(len(sizes)))
    if not (of_a_number or in_groups or _digits_in_row(sizes, 2) >= 10 or in_threes or _in_odd_groups(groups)):
        return None
    return _aadhaar(digits) or ("ABHA" if len(digits) == 14 and digits[:2] != "00" else "NUMBER")


def _in_odd_groups(groups: list[str]) -> bool:
    """ "981 23 45 678": groups that make ten digits, of which the first is higher than a meter measures."""
    for at, first in enumerate(groups):
        ends = accumulate(len(group) for group in groups[at:])
        if len(first) == 3 and int(first) > HIGHEST and 10 in ends:
            return True
    return False


def _loose_kind(number: str) -> str | None:
    """The same with commas and strokes between, which stand between readings, too."""
    sizes = [len(group) for group in re.findall(r"\d+", number)]
    if (sum(sizes) >= 8 and max(sizes) >= 5) or _digits_in_row(sizes, 1) >= 10:
        return _aadhaar(number) or "NUMBER"
    return None


def _digits_in_row(sizes: list[int], most: int) -> int:
    """Digits of the longest row of groups that are no longer than that."""
    best = row = 0
    for size in sizes:
        row = row + size if size <= most else 0
        best = max(best, row)
    return best


def _aadhaar(number: str) -> str | None:
    digits = "".join(re.findall(r"\d", number))
    return "AADHAAR" if len(digits) == 12 and has_check_digit(digits) else None


_JUDGED: Final = {"NUMBER": _number_kind, "LOOSE": _loose_kind, "AADHAAR": _aadhaar}
"""Whose shape alone does not tell."""


def _plain_digits(text: str) -> str:
    if text.isascii():
        return text
    return "".join(str(unicodedata.digit(letter)) if letter.isdigit() else letter for letter in text)
