"""Who a person of the channel is to us: by the number, or by the id in its place where WhatsApp hides the number."""

from __future__ import annotations

from bot.model.ids import PersonId, person_of


def phone_person(digits: str) -> PersonId:
    return person_of(f"phone:{digits}")


def lid_person(lid: str) -> PersonId:
    return person_of(f"lid:{lid}")
