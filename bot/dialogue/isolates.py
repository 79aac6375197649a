"""Latin words and numbers in a text that runs from right to left: each run stands by itself (FSI ... PDI), or its parts would
change places on the screen ("180 mg/dL", "130/80", names of medicines)."""

from __future__ import annotations

import re

FSI, PDI = "\u2068", "\u2069"
CONTROLS = "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
_STRIP = dict.fromkeys(map(ord, CONTROLS))
_ADDRESS = r"\w+://\S+"  # phones make a link of what follows it without a space, too
_DONE = "[\u2066-\u2068][^\u2069]*\u2069"
_EDGE, _INSIDE = r"[A-Za-z0-9₹]", r"[A-Za-z0-9₹ \t.,:/%+\-–@()&'#_°]"
_RUN = re.compile(rf"({_ADDRESS}|{_DONE})|(?:(?<![A-Za-z0-9])[+\-])?{_EDGE}(?:{_INSIDE}*{_EDGE})?%?")


def isolated(text: str) -> str:
    """The text with each Latin run isolated; addresses and what is isolated already stay as they are."""
    return _RUN.sub(lambda found: found[0] if found[1] else f"{FSI}{found[0]}{PDI}", text)


def without_controls(text: str) -> str:
    """The text without marks of direction, as somebody types it who copies what we wrote."""
    return text.translate(_STRIP)
