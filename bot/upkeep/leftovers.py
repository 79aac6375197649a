"""Whether all of a person is gone: search every store, and judge what is found. The search changes nothing."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

from msgspec import Struct

from bot.model.ids import PersonId
from bot.ports.bus import Bus, Parked
from bot.ports.media import MediaStore
from bot.ports.remains import Footprint, Remain
from bot.ports.store import Store

MOST_PARKED = 10_000
BATCH = "batch:"
"""How the key of a message begins that holds entries of several people."""


class Kept(Struct, frozen=True):
    """What may stay: kinds that the law keeps, and the proofs that it was erased."""

    records: Collection[str]
    documents: Collection[str]
    receipts: str  # the kind of document


class Judged(Struct, frozen=True):
    """``stays``: why it may, empty where it should be gone."""

    remain: Remain
    stays: str = ""


async def search(store: Store, media: MediaStore, state: Footprint, bus: Bus, people: Sequence[PersonId]) -> list[Remain]:
    """Everything that is held of these people and their households, wherever it lies."""
    found = [remain for person in people for remain in await store.remains(person)]
    found += await state.remains(people)
    for person in people:
        for name in await media.names_of(person):
            ref = f"sha256-{name.rpartition('/')[2]}"
            about = await media.about(ref)
            found.append(Remain("media", about.mime if about else "half deleted", ref, about.at if about else None))
    for one in await bus.parked(MOST_PARKED):
        if is_about(one, people):
            found.append(Remain("parked", one.queue, one.id, one.envelope.at))
    return list(dict.fromkeys(found))


def is_of(message: Parked, people: Iterable[PersonId]) -> bool:
    """It is these people's own, so that it may go with them."""
    key = message.envelope.key
    return any(key == person or key.startswith(f"{person}.") for person in people)


def is_about(message: Parked, people: Sequence[PersonId]) -> bool:
    return is_of(message, people) or any(person.encode() in message.envelope.body for person in people)


def judge(found: Iterable[Remain], kept: Kept, until: float | None) -> list[Judged]:
    """``until``: the time of the newest receipt, None where there is none. Who wrote after it began anew."""
    every = list(found)
    anew = until is not None and any(one.at is not None and one.at > until for one in every if one.place in ("journal", "state"))

    def stays(one: Remain) -> str:
        if one.place == "documents" and one.kind == kept.receipts:
            return "proves the erasure"
        if one.kind in {"records": kept.records, "documents": kept.documents}.get(one.place, ()):
            return "the law keeps it"
        if until is not None and (one.at > until if one.at is not None else anew and one.place != "media"):
            return "came after the erasure"
        return ""

    return [Judged(one, stays(one)) for one in every]
