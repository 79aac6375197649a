"""A person as an operator names them."""

from __future__ import annotations

from bot.model.ids import PersonId, person_of


def person_named(text: str) -> PersonId:
    """Their id as logs have it, or their phone number like +919800000001. With the store open: it holds the key of the ids."""
    digits = text.removeprefix("+").replace(" ", "")
    return person_of(f"phone:{digits}") if text.startswith("+") else PersonId(text)
