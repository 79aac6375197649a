"""Latin words and numbers in a text that runs from right to left: each run stands by itself (FSI ... PDI), or its parts would
change places on the screen ("180 mg/dL", "130/80", names of medicines)."""

from __future__ import annotations

import re
from unicodedata import bidirectional

FSI, PDI, RLM = "\u2068", "\u2069", "\u200f"
CONTROLS = "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
RIGHT = frozenset({"R", "AL"})
STRONG = RIGHT | {"L"}
_STRIP = dict.fromkeys(map(ord, CONTROLS))
_ADDRESS = r"\w+://\S+"  # phones make a link of what follows it without a space, too
_DONE = "[\u2066-\u2068][^\u2069]*\u2069"
_EDGE, _INSIDE = r"[A-Za-z0-9₹]", r"[A-Za-z0-9₹ \t.,:/%+\-–@()&'#_°]"
_RUN = re.compile(rf"({_ADDRESS}|{_DONE})|(?:(?<![A-Za-z0-9])[+\-])?{_EDGE}(?:{_INSIDE}*{_EDGE})?(?: ?%)?")


def isolated(text: str) -> str:
    """The text with each Latin run isolated; addresses and what is isolated already stay as they are.

    One that begins with such a run gets a mark of its direction: browsers (``dir=auto``) look into isolates for it."""
    shown = _RUN.sub(lambda found: found[0] if found[1] else f"{FSI}{found[0]}{PDI}", text)
    first = next((char for char in text if bidirectional(char) in STRONG), "")
    return RLM + shown if bidirectional(first or " ") == "L" and any(bidirectional(char) in RIGHT for char in text) else shown


def beginning_right(text: str) -> str:
    """A text that runs from right to left whatever it begins with: a Latin name, or something that is filled in later."""
    return text if bidirectional(text[:1] or " ") in RIGHT else RLM + text.removeprefix(RLM)


def without_controls(text: str) -> str:
    """The text without marks of direction, as somebody types it who copies what we wrote."""
    return text.translate(_STRIP)
