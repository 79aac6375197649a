"""What the engagement engine knows of a person: where and in which language they live, from their newest session."""

from __future__ import annotations

from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from msgspec import Struct

from bot.model.ids import PersonId, owner_of
from bot.ports.store import Store


class Lives(Struct, frozen=True):
    """``stopped``: they want no messages. ``name``: what they are called."""

    zone: str
    language: str = "en"
    name: str = ""
    stopped: bool = False


async def life_of(store: Store, person: PersonId, usual_zone: str) -> Lives:
    owner, member = owner_of(person)
    snapshot = await store.latest(owner)
    if snapshot is None:
        return Lives(usual_zone)
    session = snapshot.session
    profile = session.profile
    name = profile.get("name")
    if member is not None:
        name = next((one.name for one in session.household if one.id == member), "")
    language = profile.get("language")
    return Lives(
        zone_named(profile.get("zone")) or usual_zone,
        language if isinstance(language, str) and language else "en",
        name[:60] if isinstance(name, str) else "",
        session.stopped,
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
