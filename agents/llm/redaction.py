"""Personal data out of a text before it leaves us, and names back in afterwards. Pure.

Rather too much than too little: every long number goes, whatever it is. What is put back into an answer are names only; a number
that was taken out never comes back by way of a model.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final

from agents.llm.verhoeff import has_check_digit

_EMAIL: Final = re.compile(r"[\w.+%-]+@[\w-]+(?:\.[\w-]+)+")
_LINK: Final = re.compile(r"(?:https?://|www\.)\S+|\b(?:wa\.me|t\.me|bit\.ly)/\S+", re.IGNORECASE)
_UPI: Final = re.compile(r"[\w.-]{2,}@[A-Za-z][A-Za-z0-9]{1,}")
_PAN: Final = re.compile(r"\b[A-Za-z]{5}\d{4}[A-Za-z]\b")
_DATE: Final = re.compile(r"(?<!\d)\d{1,2}[/.\-\s]\d{1,2}[/.\-\s](?:19|20)\d\d(?!\d)|(?<!\d)(?:19|20)\d\d-\d\d-\d\d(?!\d)")
_NUMBER: Final = re.compile(
    r"(?<![\d.])\+?\(?(?:"
    r"\d{7,}"  # one long number
    r"|\d{1,5}\)?(?:[\s\u00a0.\-\u2013]{1,2}\(?\d{1,6}\)?){1,6}"  # or groups of it
    r")(?![\d])"
)
_CALLED: Final = re.compile(
    r"(?:\bmy name is|\bi am called|\bthis is|\bmera naam|\bmera nam|\bnaam|\bname[:\s]|मेरा नाम|मेरे पति|मेरी पत्नी|नाम)\s+"
    r"([^\W\d_][\w'’.\u0900-\u0dff]*(?:\s[^\W\d_][\w'’.\u0900-\u0dff]*){0,2}?)"
    r"(?=\s+(?:hai|है|and|aur|और|my|i|age|from)(?!\w)|[,.!?\n]|\s*$)",
    re.IGNORECASE,
)
_DOCTOR: Final = re.compile(r"(?:\bdr\.?|\bdoctor|डॉ\.?|डॉक्टर)\s+([^\W\d_][\w\u0900-\u0dff]{2,})", re.IGNORECASE)
_COMMON: Final = frozenset({
    "the", "my", "a", "an", "is", "said", "told", "me", "se", "ne", "ko", "ka", "ki", "ke", "hai", "sahab", "ji", "please", "now",
    "today", "name",
})  # fmt: skip
_PLACEHOLDER: Final = re.compile(r"\[\[([A-Z]+)_(\d+)\]\]")
SHORTEST_NAME: Final = 3


class Redactor:
    """One use: the same value has the same placeholder in all its texts. ``names``: those that we know of."""

    def __init__(self, names: Iterable[str] = ()) -> None:
        words = {word for name in names for word in re.split(r"[\s.]+", name) if len(word) >= SHORTEST_NAME}
        self._names = [
            re.compile(rf"(?<!\w){re.escape(word)}(?!\w)", re.IGNORECASE)
            for word in sorted(words, key=lambda word: (-len(word), word))
        ]
        self._held: dict[str, str] = {}
        self._given: dict[tuple[str, str], str] = {}

    def redact(self, text: str) -> str:
        text = unicodedata.normalize("NFC", text).replace("[[", "[ [")  # nobody writes our placeholders but we
        for pattern, kind in ((_EMAIL, "EMAIL"), (_LINK, "LINK"), (_UPI, "UPI"), (_PAN, "PAN"), (_DATE, "DATE")):
            text = pattern.sub(self._placing(kind), text)
        text = _NUMBER.sub(self._number, text)
        for pattern in self._names:
            text = pattern.sub(self._placing("NAME"), text)
        return _DOCTOR.sub(self._introduced, _CALLED.sub(self._introduced, text))

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

    def _placing(self, kind: str) -> Callable[[re.Match[str]], str]:
        return lambda found: self._place(kind, found[0])

    def _place(self, kind: str, value: str) -> str:
        key = (kind, value.casefold())
        if key not in self._given:
            number = sum(known == kind for known, _ in self._given) + 1
            self._given[key] = f"[[{kind}_{number}]]"
            self._held[self._given[key]] = value
        return self._given[key]

    def _number(self, found: re.Match[str]) -> str:
        """A phone, a card, an identity; but not two or three readings beside one another."""
        groups = re.findall(r"\d+", found[0])
        digits = "".join(str(unicodedata.decimal(digit)) for digit in "".join(groups))
        long = max(len(group) for group in groups)
        of_a_number = len(digits) >= 7 and (long >= 7 or found[0].startswith("+") or "(" in found[0])
        in_groups = len(digits) >= 8 and long >= 4
        in_pairs = len(digits) >= 10 and long <= 2
        in_threes = len(digits) == 10 and len(groups) == 3 and [len(one) for one in groups[:2]] == [3, 3]
        if not (of_a_number or in_groups or in_pairs or in_threes):
            return found[0]
        kind = "AADHAAR" if len(digits) == 12 and has_check_digit(digits) else "ABHA" if len(digits) == 14 else "NUMBER"
        return self._place(kind, found[0])

    def _introduced(self, found: re.Match[str]) -> str:
        words = [word for word in found[1].split() if word.casefold() not in _COMMON and not word.startswith("[[")]
        name = " ".join(words)
        if len(name) < SHORTEST_NAME:
            return found[0]
        return found[0].replace(found[1].rstrip(), self._place("NAME", name), 1)
