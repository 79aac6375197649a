"""Keep durably what turns decided to keep, and the batches that the store could not take at first."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from hashlib import blake2s
from typing import TypeVar

from msgspec import Struct, ValidationError, json

from bot import queues
from bot.errors import Malformed
from bot.model.effects import Record
from bot.model.ids import PersonId, person_of
from bot.ports.bus import Bus, Delivery, Envelope
from bot.ports.sessions import Directory
from bot.ports.store import DeliveryRecord, JournalEntry, Store


class JournalBatch(Struct, frozen=True, tag="journal"):
    entries: list[JournalEntry]


class DeliveryBatch(Struct, frozen=True, tag="deliveries"):
    entries: list[DeliveryRecord]


Batch = JournalBatch | DeliveryBatch
_decoder: json.Decoder[Record | Batch] = json.Decoder(Record | JournalBatch | DeliveryBatch)
T = TypeVar("T")


class Recorder:
    """Handles the deliveries of the records queue. Every write is idempotent, so repeats are harmless."""

    def __init__(self, store: Store, directory: Directory) -> None:
        self._store, self._directory = store, directory

    async def handle(self, delivery: Delivery) -> None:
        try:
            item = _decoder.decode(delivery.envelope.body)
        except ValidationError as error:
            raise Malformed(str(error)) from error
        match item:
            case Record(kind="merge", person=person, data=data):
                await self._store.merge(PersonId(str(data["old"])), person)
            case Record(kind="link", person=person, data=data):
                await self._join(person, str(data["lid"]), str(data["phone"]))
            case Record():
                await self._store.record([item])
            case JournalBatch(entries=entries):
                await self._store.append_journal(entries)
            case DeliveryBatch(entries=deliveries):
                await self._store.save_deliveries(deliveries)

    async def _join(self, person: PersonId, lid: str, phone: str) -> None:
        """What was kept of somebody under a hidden number, before anybody told us whose it is, is theirs. A turn joins the two
        only while the phone has no conversation of its own yet; readings must not stay with nobody for that."""
        if await self._directory.phone_of(lid) != phone:
            await self._store.merge(person_of(f"lid:{lid}"), person)
        await self._store.link(lid, phone)
        await self._directory.link(lid, phone)


def to_bus(bus: Bus, batch: Callable[[list[T]], Batch], clock: Callable[[], float]) -> Callable[[list[T]], Awaitable[None]]:
    """A way to put a batch on the records queue, for WriteBehind to fall back on."""

    async def publish(entries: list[T]) -> None:
        body = json.encode(batch(entries))
        name = blake2s(body, digest_size=8).hexdigest()
        await bus.publish(queues.RECORDS, Envelope(id=f"batch:{name}", key=f"batch:{name}", body=body, at=clock()))

    return publish
