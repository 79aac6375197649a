"""Counts the journal of the durable store, page by page."""

from __future__ import annotations

from bot.dialogue.tally import Tally
from bot.ports.store import Store, TurnNote

PAGE = 1000
MOST = 2_000_000  # turns; a month of 60,000 a day


async def tally_of(store: Store, since: float, *, most: int = MOST) -> tuple[Tally, bool]:
    """The counts of every turn from ``since`` on, and whether that was all of them."""
    tally = Tally()
    last: TurnNote | None = None
    while wanted := min(PAGE, most - tally.turns):
        page = await store.turns(since, wanted, last)
        for note in page:
            tally.add(note.trace)
        if len(page) < wanted:
            return tally, True
        last = page[-1]
    return tally, not await store.turns(since, 1, last)
