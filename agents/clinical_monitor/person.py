"""What the monitor knows of a person: from the newest journalled session, so that it never lags behind a withdrawn consent."""

from __future__ import annotations

from datetime import UTC, datetime

from msgspec import Struct

from bot.model.conditions import conditions_of
from bot.model.consent import purposes_of
from bot.model.ids import PersonId, member_of, owner_of
from bot.model.session import Channel
from bot.ports.store import Store
from config.policy import Policy


class Known(Struct, frozen=True):
    """``purposes``: what they allow; empty for somebody of whom nothing is known. ``allowed_last``: the same, though the text may
    have changed since. That is for emergencies: nobody shall lie there alone because we have reworded a sentence."""

    person: PersonId
    name: str = ""
    conditions: frozenset[str] = frozenset()
    birth_year: int | None = None
    purposes: frozenset[str] = frozenset()
    allowed_last: frozenset[str] = frozenset()
    channel: Channel | None = None
    household: tuple[PersonId, ...] = ()  # who else uses this phone, of its owner
    language: str = ""  # in which they read
    unit: str = ""  # in which they measure sugar

    @property
    def phone(self) -> str | None:
        """Digits of their phone number, where it is known."""
        address = self.channel.address if self.channel else ""
        digits = address.split("@")[0]
        return digits if digits.isdigit() and not address.endswith("@lid") else None

    @property
    def called(self) -> str:
        """For people of the clinic: the name, else the number that they see beside it; not everybody has told us theirs."""
        return self.name or (f"+{self.phone}" if self.phone else "")

    def age(self, now: float) -> int | None:
        return None if self.birth_year is None else datetime.fromtimestamp(now, UTC).year - self.birth_year


async def know(store: Store, policy: Policy, person: PersonId) -> Known:
    """Consent to another version of the text does not count: it said something else. A member of a household is reached through
    its owner, by the owner's consent, and has a name and an illness of their own."""
    owner, member = owner_of(person)
    session = await store.session(owner)
    if session is None:
        return Known(person)
    profile, consent = session.profile, session.consent
    household = tuple(member_of(owner, one.id) for one in session.household) if member is None else ()
    if member is not None:
        found = next((one for one in session.household if one.id == member), None)
        profile = {**found.profile, "name": found.name} if found else {}
    name, year = profile.get("name"), profile.get("birth_year")
    return Known(
        person,
        name[:60] if isinstance(name, str) else "",
        frozenset(conditions_of(profile)),
        year if isinstance(year, int) and not isinstance(year, bool) else None,
        purposes_of(consent, policy.behaviour.consent_version),
        purposes_of(consent),
        session.channel,
        household,
        str(session.profile.get("language") or ""),
        str(session.profile.get("unit") or ""),
    )
