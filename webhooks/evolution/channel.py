"""How an instance is doing, from connection.update, status.instance, qrcode.updated, logout.instance, remove.instance."""

from __future__ import annotations

from msgspec import Raw, Struct
from msgspec.json import Decoder

from bot.model.events import ChannelState
from webhooks.evolution.envelope import Envelope
from webhooks.parsed import Ignored
from webhooks.raw import NOTHING, opened, string, whole

_STATES = {"open": "open", "connecting": "connecting", "close": "close", "closed": "close", "refused": "refused"}


class _State(Struct, rename="camel"):
    state: Raw = NOTHING
    status: Raw = NOTHING
    status_reason: Raw = NOTHING
    disconnection_reason_code: Raw = NOTHING


class _QrCode(Struct, rename="camel"):
    status_code: Raw = NOTHING


_states, _qr_codes = Decoder(_State), Decoder(_QrCode)


def changed(envelope: Envelope, received_at: float) -> ChannelState | Ignored:
    """connection.update and status.instance. ``reason`` is the code, where it tells of trouble."""
    data = opened(envelope.data, _states)
    word = (string(data.state, 100) or string(data.status, 100)) if data else None
    state = _STATES.get(word or "")
    if data is None or state is None:
        return Ignored("unknown_state")
    code = whole(data.status_reason, top=9999) or whole(data.disconnection_reason_code, top=9999)
    return ChannelState(envelope.instance, state, received_at, str(code) if code and code != 200 else None)


def ended(envelope: Envelope, received_at: float) -> ChannelState:
    """logout.instance and remove.instance; their data is null."""
    return ChannelState(envelope.instance, "logged_out", received_at, envelope.event)


def qr_code(envelope: Envelope, received_at: float) -> ChannelState:
    """Somebody must scan. The code itself opens the account, so it is never read, kept or logged."""
    data = opened(envelope.data, _qr_codes)
    gave_up = data is not None and whole(data.status_code, top=9999) is not None
    return ChannelState(envelope.instance, "qrcode", received_at, "limit_reached" if gave_up else None)
