"""What a person lives with, as their profile keeps it: several at once. The one condition of earlier records is read on."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

CONDITIONS: Final = (
    "gestational", "type_1", "type_2", "prediabetes", "pregnant", "pressure", "heart_failure", "kidney", "lung", "other",
)  # fmt: skip
"""The first that somebody has is kept under the old name too: conversations on older content, and older workers, read that."""
ALL, ONE = "conditions", "condition"
PREGNANCY: Final = frozenset({"gestational", "pregnant"})


def conditions_of(profile: Mapping[str, Any]) -> list[str]:
    """All that somebody told, in the order of ``CONDITIONS``."""
    many, one = profile.get(ALL), profile.get(ONE)
    told = [*(many if isinstance(many, list | tuple) else ()), one]
    return [condition for condition in CONDITIONS if condition in told]


def keep_conditions(profile: dict[str, Any], told: Any) -> bool:
    """Keep what was told, one or several, instead of what was known; of nothing known nothing stays. Whether that is a change."""
    kept = conditions_of({ALL: told} if isinstance(told, list | tuple) else {ONE: told})
    before = {name: profile.pop(name, None) for name in (ALL, ONE)}
    if kept:
        profile |= {ALL: kept, ONE: kept[0]}
    return before != {name: profile.get(name) for name in (ALL, ONE)}
