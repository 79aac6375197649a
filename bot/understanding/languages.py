"""Languages by how they are written, as far as reading them depends on it."""

from __future__ import annotations

from typing import Final

EUROPEAN: Final = frozenset({"en", "de", "es", "fr", "pt"})
OPEN_O: Final = frozenset({"bn", "as"})  # the unwritten vowel is an o
SCHWA: Final = frozenset({"hi", "mr", "gu", "pa"})  # the unwritten vowel is often silent
SOFT: Final = frozenset({"ta", "ml"})  # one letter for k/g, t/d, p/b
ALIKE: Final = {"ur": "hi", "hi": "ur"}  # one spoken language: Romanised words are shared

# Endings of verbs and cases that tell a Romanised language when the lexicon knows little of a message; each of one language only.
ENDINGS: Final = {
    "kn": ("utte", "ttide", "ttini", "idini", "idare", "beku", "beda", "nalli", "ralli", "adre"),
    "te": ("tundi", "tondi", "unnaru", "nnanu", "tunnayi", "poyindi", "ndandi", "padaku"),
    "ta": ("kiren", "kuren", "kudhu", "rudhu", "raanga", "rangala", "uchu", "iduchu", "nanga", "kitten", "aadhu", "adha"),
    "ml": ("unnu", "unnilla", "alle", "athil", "kkanam", "ayirunnu", "ittund", "aanu"),
    "bn": ("chhe", "chilo", "chilam", "chhilo", "tesi", "boner", "lam"),
    "as": ("isil", "isilu", "isilung", "iboloi", "ibole", "hoisil"),
    "or": ("uchhi", "uchanti", "ithila", "ithili", "uthila", "gala", "nahanti", "chhanti"),
    "mr": ("toy", "tey", "laay", "aycha", "ayla", "nahiye", "chya"),
    "gu": ("vanu", "vani", "vama", "vathi", "yelu", "ishu"),
    "pa": ("nda", "ndi", "nde", "aange"),
}
