"""JSON in and out of the model: typed decoders made once, strict about form."""

from __future__ import annotations

from typing import TypeVar

from msgspec import DecodeError, Struct, ValidationError
from msgspec.json import Decoder, Encoder

from bot.errors import Malformed, NewerRelease
from bot.model.effects import Effect
from bot.model.events import GatewayEvent, TurnEvent
from bot.model.session import FORM, Formed, Session, Standing

T = TypeVar("T")

_encoder = Encoder()
_turn_events: Decoder[TurnEvent] = Decoder(TurnEvent)
_effects: Decoder[Effect] = Decoder(Effect)
_outboxes: Decoder[list[Effect]] = Decoder(list[Effect])
_gateway_events: Decoder[GatewayEvent] = Decoder(GatewayEvent)
_sessions: Decoder[Session] = Decoder(Session)
_forms: Decoder[Formed] = Decoder(Formed)
_standings: Decoder[Standing] = Decoder(Standing)


def encode(value: Struct | list[Effect]) -> bytes:
    """As JSON, the same bytes for the same value."""
    return _encoder.encode(value)


def decode_turn_event(raw: bytes) -> TurnEvent:
    """From a queue of turns. Raises Malformed, as all of these do, for what is none."""
    return _decode(_turn_events, raw)


def decode_effect(raw: bytes) -> Effect:
    """From the queue of the agent or sender that an effect is for."""
    return _decode(_effects, raw)


def decode_outbox(raw: bytes) -> list[Effect]:
    """What one turn decided and may not have published yet, in its order."""
    return _decode(_outboxes, raw)


def decode_gateway_event(raw: bytes) -> GatewayEvent:
    """A receipt or the state of an instance."""
    return _decode(_gateway_events, raw)


def decode_session(raw: bytes) -> Session:
    """Raises NewerRelease for a form that this release does not know: what we do not know of would be lost with our commit."""
    try:
        session = _decode(_sessions, raw)
    except Malformed:
        if _decode(_forms, raw).form > FORM:
            raise NewerRelease(code="session_newer") from None
        raise
    if session.form > FORM:
        raise NewerRelease(code="session_newer")
    return session


def decode_standing(raw: bytes) -> Standing:
    """Of a stored session, only where the person stands."""
    return _decode(_standings, raw)


def _decode(decoder: Decoder[T], raw: bytes) -> T:
    try:
        return decoder.decode(raw)
    except (ValidationError, DecodeError, RecursionError, UnicodeDecodeError) as error:
        # The reason names a field and a type, never a value: it is safe to log and to park.
        raise Malformed(str(error)) from error
