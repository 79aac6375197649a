"""Whether what somebody agreed to still counts: with every new version of the consent text everybody is asked again."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def in_force(consent: Mapping[str, Any], version: str) -> bool:
    """They agreed to the text as it is now."""
    return bool(consent) and consent.get("version") == version


def purposes_of(consent: Mapping[str, Any], version: str | None = None) -> frozenset[str]:
    """What they allow by the text of that version; without one, what they allowed last, whatever the text was."""
    if version is not None and not in_force(consent, version):
        return frozenset()
    found: Any = consent.get("purposes")
    return frozenset(one for one in found if isinstance(one, str)) if isinstance(found, list) else frozenset()
