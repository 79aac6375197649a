"""State that must be fast and atomic: sessions with outbox and seen-ids, deliveries, caps, timers, aliases (Redis).

Every method raises SessionsUnavailable when the engine does not answer in time.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from typing import Literal, Protocol

from msgspec import Struct

from bot.model.effects import Effect, Outbound, WakeAt
from bot.model.events import ChannelState, Receipt
from bot.model.ids import EffectId, GatewayId, InputId, PersonId
from bot.model.session import Asked, Session, Standing
from bot.notices.days import Day


class Loaded(Struct, frozen=True):
    """What a turn starts from. ``outbox`` holds effects of earlier turns that are not known to be published."""

    session: Session | None  # None: we have none (a new person, or lost)
    seen: bool  # this input was committed before
    outbox: dict[InputId, list[Effect]]
    asked: Asked | None = None  # the question that the quoted message asked, when we sent it


class Sessions(Protocol):
    async def load(self, person: PersonId, input_id: InputId, quoted: GatewayId | None = None) -> Loaded:
        """All that a turn needs, in one look. ``quoted``: the message that the person replies to or taps. Raises Malformed for
        a session that cannot be read, and NewerRelease for one that a newer release wrote."""

    async def commit(self, session: Session, input_id: InputId, outbox: Sequence[Effect], *, now: float) -> None:
        """Write session, outbox and seen-id in one atomic step.

        ``session.version`` is the version *after* the turn (loaded version + 1; 1 for a new person). Raises Conflict when
        the stored version is not one less, or when ``input_id`` was committed before; nothing is written then.
        """

    async def seen(self, inputs: Sequence[tuple[PersonId, InputId]]) -> set[InputId]:
        """Which of these were committed, as far as that is remembered: for two days, a bounded number a person. An engine that
        lost its data says of all that they were not; turns ask the journal then."""

    async def published(self, person: PersonId, input_id: InputId) -> None:
        """The outbox of that input is on the bus; forget it. Safe to repeat, safe to lose."""

    async def restore(self, session: Session, seen: Sequence[InputId], *, now: float) -> bool:
        """Put back a rebuilt session with its recent input ids, unless one exists by now (then False)."""


class CensusPage(Struct, frozen=True):
    """Some of the people. ``unreadable``: sessions that are damaged. ``complete`` is False when the count was broken off."""

    people: list[Standing]
    unreadable: int
    complete: bool = True


class Census(Protocol):
    def pages(self, most: int) -> AsyncIterator[CensusPage]:
        """Everybody's standing, each person once, in steps that do not hold the engine up. It is broken off after the step that
        brings more than ``most``. Who comes or goes meanwhile may be in it or not."""


DeliveryState = Literal["claimed", "sent", "failed"]


class Claim(Struct, frozen=True):
    """Answer to a claim. ``state`` None: it is yours, nobody tried before. ``claimed``: somebody tried at ``at`` and did not
    say how it ended (it may have been us). ``known`` False: nothing at all is held about this person's deliveries, so the
    engine may have lost them: ask the durable store before sending. ``since``: when the engine began to hold this person's
    deliveries; of a message older than that it may have lost the claim, though it knows younger ones."""

    state: DeliveryState | None
    known: bool
    at: float
    gateway_id: GatewayId | None = None
    since: float = 0.0


class Deliveries(Protocol):
    """Claims and outcomes of outbound messages, by effect id; kept for days, bounded a person."""

    async def claim(self, person: PersonId, effect: EffectId, *, now: float) -> Claim:
        """Take a message for sending, atomically: of several who ask, one hears that nobody tried before."""

    async def sent(
        self, person: PersonId, effect: EffectId, gateway_id: GatewayId, *, now: float, asked: Asked | None = None
    ) -> None:
        """It went out under ``gateway_id``; if it asked a question, a tap that quotes it now finds the options."""

    async def failed(self, person: PersonId, effect: EffectId, code: str, *, now: float) -> None:
        """It will not go out, for this reason; later claims hear so. What is known to be sent stays sent."""

    async def release(self, person: PersonId, effect: EffectId) -> None:
        """It was surely not sent: the next claim is fresh again."""

    async def known_ids(self, person: PersonId) -> set[GatewayId]:
        """Gateway ids already accounted for, so that a look into the gateway's history does not take another's."""

    async def receipt(self, receipt: Receipt) -> bool:
        """Note a receipt by gateway id, also before ``sent`` told us that id. True when it changed the status."""

    async def hold(self, gateway_id: GatewayId, message: Outbound) -> str | None:
        """Hold what was sent for an hour, until a receipt tells that it went through. Returns the code of a failure that a
        receipt has told already (empty where it told none); then nothing is held."""

    async def words(self, gateway_id: GatewayId) -> Outbound | None:
        """The message that is held under this id; None where none is, or it went through."""

    async def status(self, gateway_id: GatewayId) -> str | None:
        """The furthest that a receipt has told of it; None where none came, or longer ago than is remembered."""

    async def carrier(self, token: str) -> tuple[GatewayId, float] | None:
        """The message that a receipt said to carry this token, and when it last did; None while none did."""


class Caps(Protocol):
    async def take(self, person: PersonId, notice: EffectId, limit: int, *, day: Day, now: float) -> bool:
        """Count a notice against the person's local day, atomically. Repeating the id on that day takes no second slot. What was
        taken on a day that is not over in the zone of then counts too."""

    async def give_back(self, person: PersonId, notice: EffectId) -> None:
        """It was surely not sent: its place of the day is free again. Safe to repeat."""


class Timers(Protocol):
    async def set(self, wake: WakeAt) -> None:
        """Keep it until it is due. Setting the same id again replaces it."""

    async def cancel(self, person: PersonId, timer: EffectId) -> None:
        """Forget it, also when it is claimed. Safe to repeat."""

    async def claim_due(self, now: float, limit: int, lease: float) -> list[WakeAt]:
        """Take due timers for ``lease`` seconds: nobody else gets them in that time; afterwards they are due again."""

    async def done(self, wake: WakeAt) -> None:
        """Its turn is on the bus: forget it, unless it was set to another time meanwhile."""

    async def intact(self) -> bool:
        """False once after the engine lost its data (and on first use): open timers must be set again from the store.
        Stays False until ``mark_intact``."""

    async def mark_intact(self) -> None:
        """The open timers are set again."""


class Directory(Protocol):
    """Who is who, and how the gateway's instances are."""

    async def phone_of(self, lid: str) -> str | None:
        """Digits of the phone that a hidden number belongs to; None where no link is remembered here."""

    async def link(self, lid: str, phone: str) -> bool:
        """Remember that a hidden number belongs to a phone. True the first time."""

    async def set_channel(self, state: ChannelState) -> None:
        """Note how an instance is, unless a younger word is known."""

    async def channels(self) -> list[ChannelState]:
        """The newest word on each instance, by its name."""

    async def heartbeat(self, group: str, member: str, *, now: float, ttl: float) -> list[str]:
        """Say that a member lives; returns the sorted names of all living members of the group."""

    async def members(self, group: str, *, now: float) -> list[str]:
        """The sorted names of all living members of the group."""

    async def leave(self, group: str, member: str) -> None:
        """Count a member no more, at once and not only when its heartbeat runs out. Safe to repeat."""

    async def backed_up(self, at: float) -> None:
        """Note that a backup was made that was begun then."""

    async def last_backup(self) -> float | None:
        """When the newest one was begun; None where none was made since the engine was empty."""

    async def ping(self) -> None:
        """Raises SessionsUnavailable when the engine does not answer."""
