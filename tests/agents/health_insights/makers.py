"""What draws and what keeps, here and now, for tests of the agent."""

from __future__ import annotations

from agents.health_insights.painter import NotMade
from agents.health_insights.picture.order import Order
from agents.health_insights.picture.work import make
from bot.errors import StoreUnavailable
from bot.model.ids import PersonId


class Shelf:
    """Keeps what is put, under a name that follows from it."""

    def __init__(self) -> None:
        self.files: dict[str, tuple[bytes, str, PersonId | None, float | None]] = {}
        self.broken = False

    async def put(self, data: bytes, *, mime: str, person: PersonId | None, now: float, keep_seconds: float | None) -> str:
        if self.broken:
            raise StoreUnavailable("The shelf is broken.")
        ref = f"sha256-{hash((data, person)) & 0xFFFF:x}"
        self.files[ref] = (data, mime, person, keep_seconds)
        return ref


class Hand:
    """Draws here and now."""

    def __init__(self) -> None:
        self.late = False

    async def make(self, order: Order) -> bytes:
        if self.late:
            raise NotMade("late")
        return make(order)
