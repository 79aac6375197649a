"""The forms in which words and placeholders are compared."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from bot.dialogue.isolates import without_controls

_PLACEHOLDER = re.compile(r"\{[{%](.*?)[%}]\}", re.DOTALL)


def fold(text: str) -> str:
    """The form in which typed words are compared: compatibility form, no case, single spaces, no closing full stop."""
    plain = text if text.isascii() else without_controls(unicodedata.normalize("NFKC", text))
    return " ".join(plain.casefold().split()).strip(" .!?।")


@lru_cache(maxsize=4096)
def fold_label(label: str) -> str:
    """``fold`` for words of authors, which are compared in one check after another; what people typed is never kept."""
    return fold(label)


def placeholders(text: str) -> set[str]:
    """What stands in ``{{ }}``, without its spaces."""
    return {"".join(found.split()) for found in _PLACEHOLDER.findall(text)} if "{" in text else set()
