"""What reached us from a person: one channel-neutral message."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

from bot.model.ids import GatewayId, InputId, PersonId

Integration = Literal["baileys", "cloud", "evolution"]
Kind = Literal[
    "text",
    "tap",
    "image",
    "audio",
    "video",
    "document",
    "sticker",
    "location",
    "contact",
    "reaction",
    "edit",
    "deletion",
    "unknown",
]


class Media(Struct, frozen=True, omit_defaults=True):
    """A file that came with a message. ``ref`` names the stored bytes. Where there are none, ``problem`` says why: missing,
    too_large, wrong_kind, broken, unsafe, locked. ``mime`` is what the content says once the bytes were seen."""

    mime: str | None = None
    name: str | None = None
    size: int | None = None  # bytes
    seconds: float | None = None
    voice: bool = False
    ref: str | None = None
    problem: str | None = None


class Location(Struct, frozen=True, omit_defaults=True):
    """Degrees, WGS 84."""

    latitude: float
    longitude: float
    name: str | None = None
    address: str | None = None


class Contact(Struct, frozen=True, omit_defaults=True):
    name: str | None = None
    vcard: str | None = None


class Inbound(Struct, frozen=True, omit_defaults=True, tag="inbound"):
    """One message from one person.

    ``text`` is what they wrote, a caption, or the label of what they tapped. ``choice_id`` is the id of the tapped option
    where the gateway tells it (Cloud does not: then ``quoted_id`` names the question). Times are Unix seconds.
    ``verified`` is False when the sender could not be proven: such a message may be answered in general words only.
    """

    id: InputId
    person: PersonId
    instance: str
    integration: Integration
    address: str  # where a reply goes: digits, or a JID of the gateway
    message_id: GatewayId
    kind: Kind
    sent_at: float
    received_at: float
    text: str | None = None
    choice_id: str | None = None
    quoted_id: GatewayId | None = None
    target_id: GatewayId | None = None  # the message that a reaction, edit or deletion is about
    media: Media | None = None
    location: Location | None = None
    contacts: tuple[Contact, ...] = ()
    name: str | None = None  # the sender's own profile name, not to be trusted
    verified: bool = True
    formerly: PersonId | None = None  # the same person under a hidden number (LID), to be joined
    truncated: bool = False  # the text was longer than we take
