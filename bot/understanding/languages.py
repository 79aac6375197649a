"""Languages by how they are written, as far as reading them depends on it."""

from __future__ import annotations

from typing import Final

EUROPEAN: Final = frozenset({"en", "de", "es", "fr", "pt"})
OPEN_O: Final = frozenset({"bn", "as"})  # the unwritten vowel is an o
SCHWA: Final = frozenset({"hi", "mr", "gu", "pa"})  # the unwritten vowel is often silent
SOFT: Final = frozenset({"ta", "ml"})  # one letter for k/g, t/d, p/b
ALIKE: Final = {"ur": "hi", "hi": "ur"}  # one spoken language: Romanised words are shared
