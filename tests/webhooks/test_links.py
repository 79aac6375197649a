"""Whose hidden number it is, asked of those who may know."""

from __future__ import annotations

import pytest

from bot.app.intake import known_phone
from bot.errors import Malformed, StoreUnavailable


class Place:
    def __init__(self, says: str | Exception | None) -> None:
        self.says, self.asked = says, 0

    async def phone_of(self, lid: str) -> str | None:
        self.asked += 1
        if isinstance(self.says, Exception):
            raise self.says
        return self.says


async def test_the_first_that_knows_is_believed_and_the_next_not_asked() -> None:
    first, second = Place("919800000001"), Place("919800000002")
    assert await known_phone("1", (first, second)) == "919800000001"
    assert second.asked == 0
    assert await known_phone("1", (Place(None), second)) == "919800000002"
    assert await known_phone("1", (Place(None), Place(None))) is None


async def test_a_link_that_cannot_be_read_costs_no_message() -> None:
    assert await known_phone("1", (Place(Malformed("broken")), Place("919800000001"))) == "919800000001"
    assert await known_phone("1", (Place(None), Place(Malformed("broken")))) is None


async def test_a_store_that_is_away_is_waited_for() -> None:
    with pytest.raises(StoreUnavailable):
        await known_phone("1", (Place(None), Place(StoreUnavailable())))
