"""What may still be spent on a day, for one person and for all. Amounts are millionths of a US dollar."""

from __future__ import annotations

from typing import Protocol

from bot.model.ids import PersonId


class Budget(Protocol):
    """Every method raises SessionsUnavailable when the engine does not answer in time."""

    async def reserve(self, person: PersonId, day: str, amount: int, *, person_limit: int, all_limit: int) -> bool:
        """Hold an amount back. False when it would go above a limit; nothing is held then. Never lets more through, however
        many ask at once."""

    async def settle(self, person: PersonId, day: str, difference: int) -> None:
        """What was held back was too little (above 0) or too much."""
