"""A person as somebody of the staff types them."""

from __future__ import annotations

from bot.model.ids import PersonId, ids_are_keyed, owner_of, person_of

FEWEST, MOST = 8, 15
"""Digits of a phone number with its country code."""
LONGEST_MEMBER = 20


def typed(text: str) -> PersonId | None:
    """By their id as logs have it, or by their phone number like +919800000001; with the store open: it holds the key of the ids.

    None for anything else, also for an id of before ids were moved: whoever looked there would find nothing of the person, and
    take that for a proof."""
    text = text.strip()
    if text.startswith("+"):
        digits = text[1:].replace(" ", "").replace("-", "")
        return person_of(f"phone:{digits}") if digits.isascii() and digits.isdigit() and FEWEST <= len(digits) <= MOST else None
    owner, member = owner_of(PersonId(text))
    known = owner[:1] in ("k" if ids_are_keyed() else "pk") and len(owner) == 25
    known = known and all(one in "0123456789abcdef" for one in owner[1:])
    return PersonId(text) if known and (member is None or (member.isalnum() and len(member) <= LONGEST_MEMBER)) else None
