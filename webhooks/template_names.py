"""What WhatsApp calls a template of ours in one language.

Meta lists neither scripts (Romanised Hindi) nor Assamese nor Odia. Their words go under the code of the language that reviewers
would take them for, and under a name of their own, because a name has one text for each code. Whether they are approved is open:
nothing may depend on it, for ``template_fallback`` in config/policy.yaml stands in. Only the gateways see these names.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

CODES: Final[Mapping[str, str]] = {"hi_Latn": "hi", "as": "bn", "or": "en"}  # no listed language is written in Odia's letters
_MARK: Final = "__"


def outside(name: str, language: str) -> tuple[str, str]:
    """Name and language code at WhatsApp."""
    code = CODES.get(language)
    return (name, language) if code is None else (f"{name}{_MARK}{language.lower()}", code)


def inside(name: str, code: str) -> tuple[str, str]:
    """Our name and language of what WhatsApp lists."""
    own, mark, ending = name.rpartition(_MARK)
    language = next((one for one in CODES if one.lower() == ending and CODES[one] == code), None)
    return (own, language) if mark and language else (name, code)
