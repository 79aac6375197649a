"""Phone numbers of a message: written, or in a contact card that was shared. Kept as ``+919812345678``."""

from __future__ import annotations

import re

from bot.dialogue.clocks import plain
from bot.dialogue.heard import Heard

_WRITTEN = re.compile(r"(?<![\d+])(\+|00)?(\d(?:[\s().-]{0,2}\d){7,14})(?!\d)")
_CARD = re.compile(r"waid=(\d{8,15})")
_TEL = re.compile(r"^TEL[^:\n]*:([^\n]+)$", re.MULTILINE)
NATIONAL = range(8, 11)  # digits of a number without its country


def phones(heard: Heard) -> list[str]:
    """Every number that can be called from anywhere, in order, each once."""
    found: list[str] = []
    for contact in heard.event.contacts:
        card = contact.vcard or ""
        found += [f"+{number}" for number in _CARD.findall(card)]
        if not _CARD.search(card):
            for line in _TEL.findall(card):
                found += _written(line, heard.calling_code)
    found += _written(plain(heard.text), heard.calling_code)
    return list(dict.fromkeys(found))


def _written(text: str, code: str) -> list[str]:
    found = []
    for mark, number in _WRITTEN.findall(text):
        digits = re.sub(r"\D", "", number)
        if mark:
            found.append(f"+{digits}")
            continue
        if code and digits.startswith(code) and len(digits) - len(code) in NATIONAL and len(digits) > NATIONAL[-1]:
            found.append(f"+{digits}")
            continue
        national = digits.removeprefix("0")
        if code and len(national) in NATIONAL:
            found.append(f"+{code}{national}")
    return found
