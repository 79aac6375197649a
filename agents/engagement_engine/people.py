"""What the engagement engine knows of a person: where and in which language they live, from their newest session."""

from __future__ import annotations

from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from msgspec import Struct

from bot.model.ids import PersonId, owner_of
from bot.ports.store import Store


class Lives(Struct, frozen=True):
    """``unit``: in which they read sugar. ``second``: the language that they read where theirs lacks a text."""

    zone: str
    language: str = "en"
    unit: str = "mg/dL"
    second: str | None = None


async def life_of(store: Store, person: PersonId, usual_zone: str) -> Lives:
    session = await store.session(owner_of(person)[0])
    if session is None:
        return Lives(usual_zone)
    profile = session.profile
    language, unit, second = profile.get("language"), profile.get("unit"), profile.get("second_language")
    return Lives(
        zone_named(profile.get("zone")) or usual_zone,
        language if isinstance(language, str) and language else "en",
        unit if unit in ("mg/dL", "mmol/L") else "mg/dL",
        second if isinstance(second, str) and second else None,
    )


def zone_named(name: object) -> str | None:
    """The zone of this name; None where there is no such zone."""
    if not isinstance(name, str) or not name:
        return None
    try:
        ZoneInfo(name)
    except (OSError, ValueError, ZoneInfoNotFoundError):
        return None
    return name
