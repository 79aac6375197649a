"""What is held of people outside of the store and the files: the engine of fast state and what was set aside."""

from __future__ import annotations

from collections.abc import Sequence

from bot.model.ids import PersonId
from bot.ports.bus import Bus
from bot.ports.remains import Footprint
from bot.upkeep.leftovers import MOST_PARKED, is_of


class FastAndParked:
    """Forgets people in both. A parked batch with entries of several people stays: dropping it would take from others too."""

    def __init__(self, state: Footprint, bus: Bus) -> None:
        self._state, self._bus = state, bus

    async def forget(self, people: Sequence[PersonId], until: float) -> None:
        await self._state.forget(people, until)
        await self._drop(people, until)

    async def _drop(self, people: Sequence[PersonId], until: float) -> None:
        for one in await self._bus.parked(MOST_PARKED):
            if is_of(one, people) and one.envelope.at <= until:
                await self._bus.drop(one.id)


class Behind(FastAndParked):
    """The same, some time after a person has erased themselves in the chat. The state of somebody for whom a time runs again
    stays: it may be a recheck after low sugar."""

    async def forget(self, people: Sequence[PersonId], until: float) -> None:
        if not any(one.place == "timers" for one in await self._state.remains(people)):
            await self._state.forget(people, until)
        await self._drop(people, until)
