"""A store with something of each kind for three people."""

from __future__ import annotations

from bot.model.ids import member_of
from bot.ports.documents import Document
from bot.ports.store import Store
from tests.store.made import ASHA, RAVI, delivery, entry, reading, record

AMMA = member_of(ASHA, "1")
WHEN = 1_764_000_100.0  # after all that is old


async def fill(store: Store) -> None:
    for person in (ASHA, AMMA, RAVI):
        await store.add_reading(reading(f"r-{person}", person))
        await store.record([record(f"c-{person}", person, "consent"), record(f"m-{person}", person, "meal")])
        for kind in ("reminder", "booking"):
            await store.documents.save(Document(kind, person, person, 1.0, due=5.0))
        await store.save_deliveries([delivery(f"d-{person}", "sent", 1.0, person)])
        await store.append_journal([entry(1, person)])
