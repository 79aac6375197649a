"""What one event of the gateway can mean to us."""

from __future__ import annotations

from msgspec import Raw, Struct

from bot.model.events import ChannelState, Receipt
from bot.model.inbound import Inbound


class Attachment(Struct, frozen=True):
    """A file that travelled inside the payload as base64: still encoded, so that parsing copies nothing."""

    base64: Raw
    mime: str | None


class Remote(Struct, frozen=True):
    """A file that stayed with the gateway, under this id of its."""

    id: str


class Arrived(Struct, frozen=True):
    """A person's message. ``complete`` (intake) stores the file, ``attachment`` or ``remote``, and asks for the phone behind
    ``lid``.

    ``lid`` is the hidden number where one was used; ``phone`` the digits where they are known.
    ``mismatch``: the key named another number than the message id holds (``rewritten``: Evolution's own rewriting of some
    countries' numbers; ``swapped``: somebody else's).
    """

    inbound: Inbound
    attachment: Attachment | None = None
    lid: str | None = None
    phone: str | None = None
    mismatch: str | None = None
    remote: Remote | None = None


class Edited(Struct, frozen=True):
    """What a person changed a message to, where the event does not tell who: ``inbound`` is nobody's until the gateway's history
    has named the author of the message with its id."""

    inbound: Inbound


class Ignored(Struct, frozen=True):
    """Known and not for us. ``reason`` is a constant word for metrics."""

    reason: str


Parsed = Arrived | Edited | Receipt | ChannelState | Ignored
