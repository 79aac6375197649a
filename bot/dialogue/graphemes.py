"""Texts measured and cut as a phone shows them: by what people see as one letter, never through its middle."""

from __future__ import annotations

from functools import lru_cache

import regex

_CLUSTER = regex.compile(r"(?:\X(?<=\p{ccc=9})(?=\p{L}))*\X")  # a conjunct (after a virama) is one letter, too


def length(text: str) -> int:
    """Characters as WhatsApp counts them at most: UTF-16 units. A combining mark is one, most emojis are two or more."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2


def cut(text: str, limit: int) -> str:
    """The longest beginning of whole letters that fits."""
    return text if length(text) <= limit else _cut(text, limit)


@lru_cache(maxsize=1024)
def _cut(text: str, limit: int) -> str:
    kept, used = [], 0
    for found in _CLUSTER.finditer(text):
        used += length(found[0])
        if used > limit:
            break
        kept.append(found[0])
    return "".join(kept).rstrip()
