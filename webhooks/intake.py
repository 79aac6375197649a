"""From the bytes of a gateway event to confirmed messages on the bus; the webhook and the exchange consumer share it."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import Protocol

from msgspec import Struct
from msgspec.structs import replace

from bot.errors import BotError, Unavailable
from bot.ingress.flood import Gate
from bot.model.events import ChannelState, Receipt
from bot.model.ids import GatewayId
from bot.model.inbound import Inbound
from webhooks.evolution.envelope import open_envelope
from webhooks.evolution.messages import Reading
from webhooks.evolution.parsing import IGNORED_EVENTS, TAKEN_EVENTS, parse_envelope
from webhooks.parsed import Arrived, Attachment, Edited, Ignored, Parsed, Remote
from webhooks.people import lid_person, phone_person
from webhooks.watch import Unwatched, Watch

log = logging.getLogger(__name__)

PublishTurn = Callable[[Inbound], Awaitable[None]]
PublishGatewayEvent = Callable[[Receipt | ChannelState], Awaitable[None]]
PhoneOf = Callable[[str], Awaitable[str | None]]
Link = Callable[[str, str], Awaitable[bool]]
AuthorOf = Callable[[str, GatewayId], Awaitable[bytes | None]]
"""The event of a person's message, from the history of an instance; None where there is none of a person's. Raises BotError."""

LARGE = 1024 * 1024  # bytes from which a body is parsed and decoded off the event loop
_REMEMBERED_LINKS = 10_000
FILES = 8
"""So many files of one event are fetched and checked at once."""
AUTHOR_SECONDS = 2.5
"""For one look into the gateway's history."""


class Completes(Protocol):
    """What becomes of a message's file. It never raises: a file that cannot be kept is told in the message."""

    async def completed(self, inbound: Inbound, attachment: Attachment | Remote | None) -> Inbound: ...


Handed = Arrived | Receipt | ChannelState
"""What goes on to the bus."""


class Opened(Struct, frozen=True):
    """An event that was understood but not yet handed on. ``event`` is a known name or ``unknown``."""

    event: str
    parsed: list[Parsed]


class Intake:
    """``publish_turn`` and ``publish_gateway_event`` return when the bus has confirmed, or raise BusUnavailable.
    ``arrived`` is told of each message that came in, before it is published and again when its person is found."""

    def __init__(
        self,
        *,
        publish_turn: PublishTurn,
        publish_gateway_event: PublishGatewayEvent,
        phone_of: PhoneOf,
        link: Link,
        files: Completes,
        clock: Callable[[], float],
        reading: Reading | None = None,
        watch: Watch | None = None,
        gate: Gate | None = None,
        arrived: Callable[[Inbound], None] | None = None,
        author_of: AuthorOf | None = None,
    ) -> None:
        self._author_of = author_of
        self._publish_turn = publish_turn
        self._publish_gateway_event = publish_gateway_event
        self._phone_of = phone_of
        self._link = link
        self._files = files
        self._clock = clock
        self._reading = reading or Reading()
        self._watch = watch or Unwatched()
        self._gate = gate
        self._arrived = arrived
        self._linked: dict[str, str] = {}

    async def open(self, body: bytes | bytearray) -> Opened:
        """Raises Malformed."""
        if len(body) > LARGE:
            return await asyncio.to_thread(self._open, body)
        return self._open(body)

    def _open(self, body: bytes | bytearray) -> Opened:
        envelope = open_envelope(body)
        name = envelope.event if envelope.event in TAKEN_EVENTS or envelope.event in IGNORED_EVENTS else "unknown"
        return Opened(name, parse_envelope(envelope, self._reading, self._clock()))

    async def publish(self, opened: Opened) -> bool:
        """Hand everything on: of each person in order, different people side by side. True when anything was for us. Raises
        Unavailable; repeating is harmless, because ids and references come out the same. What a flood brings is left out here,
        before any file of it is fetched."""
        parsed = [await self._authored(item) if isinstance(item, Edited) else item for item in opened.parsed]
        passed, held = await self._let_in(parsed)
        for item in passed:
            if isinstance(item, Arrived):
                self._watched(item.inbound)
            elif isinstance(item, Ignored):
                self._watch.ignored(item.reason)
        lanes = _lanes(passed)
        if len(lanes) == 1:
            await self._hand_on(lanes[0], asyncio.Semaphore(FILES))
        elif lanes:
            # A batch of Meta's may hold a thousand messages. One after the other they would take longer than the answer may, on
            # every repeat again, and "chest pain" would stand behind the pictures of other people.
            files = asyncio.Semaphore(FILES)
            ends = await asyncio.gather(*(self._hand_on(lane, files) for lane in lanes), return_exceptions=True)
            for end in ends:
                if isinstance(end, BaseException):
                    raise end
        if held:
            raise Unavailable("More comes in than may.", code="flooded")
        return bool(lanes)

    async def _hand_on(self, lane: list[Handed], files: asyncio.Semaphore) -> None:
        """What has to keep its order. Only the publishes do: all files are looked after at once, or who sends five pictures and
        then writes would wait for each of them."""
        ready = await asyncio.gather(*(self._completed(item, files) for item in lane if isinstance(item, Arrived)))
        for item in (*ready, *(item for item in lane if not isinstance(item, Arrived))):
            if isinstance(item, Inbound):
                await self._publish_turn(self._watched(item))
            else:
                await self._publish_gateway_event(item)

    def _watched(self, inbound: Inbound) -> Inbound:
        """Whoever is in danger is answered in time, whatever becomes of the publish."""
        if self._arrived is not None:
            self._arrived(inbound)
        return inbound

    async def _let_in(self, parsed: list[Parsed]) -> tuple[list[Parsed], bool]:
        """What of an event goes on, and whether the gateway has to bring the rest again."""
        gate = self._gate
        arrived = [item.inbound for item in parsed if isinstance(item, Arrived)]
        if gate is None or not arrived:
            return parsed, False
        # Asked in their order, and waited for together: a thousand looks one after the other take as long as the answer may.
        judged = await asyncio.gather(*(gate.judged(inbound) for inbound in arrived))
        verdicts: dict[str, str] = {inbound.id: verdict for inbound, verdict in zip(arrived, judged, strict=True)}
        free = [inbound for inbound in arrived if verdicts[inbound.id] == "free"]
        held = bool(free) and not await gate.room(free[0].instance, len(free))
        if held:
            for inbound in free:
                verdicts[inbound.id] = "heard" if await gate.heard(inbound) else "held"
        for verdict in verdicts.values():
            if verdict != "free":
                self._watch.flood(verdict)
        gone = {id_ for id_, verdict in verdicts.items() if verdict in ("shed", "held")}
        return [item for item in parsed if not (isinstance(item, Arrived) and item.inbound.id in gone)], held

    async def _authored(self, edit: Edited) -> Parsed:
        """An edit under the name of whoever wrote the message that it changes."""
        inbound, found = edit.inbound, list[Parsed]()
        try:
            async with asyncio.timeout(AUTHOR_SECONDS):
                event = await self._author_of(inbound.instance, inbound.message_id) if self._author_of else None
                found = (await self.open(event)).parsed if event else []
        except (BotError, TimeoutError) as error:
            code = error.code if isinstance(error, BotError) else "timeout"
            log.warning("the author of an edit could not be asked for", extra={"action": "edit_unasked", "code": code})
        for one in found:
            if isinstance(one, Arrived) and one.inbound.message_id == inbound.message_id:
                named = replace(
                    one.inbound, id=inbound.id, kind=inbound.kind, text=inbound.text, truncated=inbound.truncated,
                    target_id=inbound.target_id, sent_at=inbound.sent_at, received_at=inbound.received_at,
                    choice_id=None, quoted_id=None, media=None, location=None, contacts=(),
                )  # fmt: skip
                return Arrived(named, lid=one.lid, phone=one.phone)
        return Ignored("edit_without_author")

    async def _completed(self, arrived: Arrived, files: asyncio.Semaphore) -> Inbound:
        """With the file stored and the person found; what a file's bytes were never reaches the bus."""
        inbound = arrived.inbound
        if arrived.mismatch is not None:
            self._watch.identity_mismatch(arrived.mismatch)
            log.warning("gateway named another sender", extra={"action": "identity_mismatch", "kind": arrived.mismatch})
        if not inbound.verified:
            self._watch.unverified()
        inbound = await self.recognised(arrived)
        if inbound.media is None:
            return await self._files.completed(inbound, None)
        async with files:
            return await self._files.completed(inbound, arrived.attachment or arrived.remote)

    async def recognised(self, arrived: Arrived) -> Inbound:
        """The message under the person whose it is, as its turn will have it."""
        if arrived.lid is None or not arrived.inbound.verified:
            return arrived.inbound
        return await self._joined(arrived.inbound, arrived.lid, arrived.phone)

    async def _joined(self, inbound: Inbound, lid: str, phone: str | None) -> Inbound:
        """One person for a hidden number and its phone, once anybody has told us that they belong together."""
        if phone is not None:
            if self._linked.get(lid) != phone:
                await self._link(lid, phone)
                if len(self._linked) >= _REMEMBERED_LINKS:
                    self._linked.clear()
                self._linked[lid] = phone
            return inbound
        known = self._linked.get(lid) or await self._phone_of(lid)
        if known is None:
            return inbound
        return replace(inbound, person=phone_person(known), formerly=lid_person(lid))


def _lanes(items: list[Parsed]) -> list[list[Handed]]:
    """What has to keep its order, each person's messages, is together."""
    lanes: dict[str, list[Handed]] = {}
    for place, item in enumerate(items):
        match item:
            case Arrived(inbound=inbound):
                lanes.setdefault(item.lid or inbound.person, []).append(item)
            case Receipt() | ChannelState():
                lanes[f"#{place}"] = [item]
            case _:
                pass
    return list(lanes.values())
