"""What a turn decided. Effects are data; they are committed with the session and published afterwards."""

from __future__ import annotations

from typing import Any, Literal

from msgspec import Struct

from bot.model.ids import EffectId, GatewayId, PersonId
from bot.model.inbound import Integration

Urgency = Literal["reply", "notice", "emergency"]
NoticeClass = Literal["clinical", "reminder", "care_team", "coaching", "education"]
"""What a notice is for, the most important first. An emergency is no notice: it has a kind of its own."""


class Option(Struct, frozen=True, omit_defaults=True):
    """One answer a person can tap. Answers are matched on ``id``, never on ``label``."""

    id: str
    label: str
    description: str | None = None


MediaKind = Literal["image", "document", "audio"]
MIMES: dict[str, tuple[str, ...]] = {
    "image": ("image/png", "image/jpeg"), "document": ("application/pdf",), "audio": ("audio/ogg", "audio/mpeg"),
}  # fmt: skip
_MAGIC = (
    (b"\x89PNG\r\n\x1a\n", "image/png"), (b"\xff\xd8\xff", "image/jpeg"), (b"%PDF-", "application/pdf"),
    (b"OggS", "audio/ogg"), (b"ID3", "audio/mpeg"), (b"\xff\xfb", "audio/mpeg"),
)  # fmt: skip


def mime_of(data: bytes) -> str | None:
    """What a file is, by how it begins; None for what we do not send."""
    return next((mime for magic, mime in _MAGIC if data.startswith(magic)), None)


class Attached(Struct, frozen=True, omit_defaults=True):
    """A file of a message. ``ref`` names its stored bytes; ``name`` is shown beside a document."""

    kind: MediaKind
    ref: str
    name: str | None = None


class TemplateWording(Struct, frozen=True, omit_defaults=True):
    """A template in one language with its values. ``form`` names the very words that must be approved; ``options`` are its
    buttons, with the ids of the question's options."""

    language: str
    form: str
    values: tuple[str, ...] = ()
    options: tuple[Option, ...] = ()


class TemplateOffer(Struct, frozen=True, omit_defaults=True):
    """What may be said instead where only approved templates go through: the first wording that is approved. ``language`` is the
    person's own, in which there may be none."""

    name: str
    wordings: tuple[TemplateWording, ...]
    language: str = ""


class Outbound(Struct, frozen=True, omit_defaults=True, tag="outbound"):
    """One message to one person = one call to the gateway. Texts are final: rendered in the person's language.

    ``kind`` says which rules apply: a ``reply`` answers what the person just did, a ``notice`` counts against the daily
    five (``notice_class``, ``topic``, ``day``, ``zone`` and ``expires_at`` then are set), an ``emergency`` is never held back.
    """

    id: EffectId
    person: PersonId
    instance: str
    integration: Integration
    address: str
    kind: Urgency
    text: str
    at: float
    options: tuple[Option, ...] = ()
    header: str | None = None
    footer: str | None = None
    menu_label: str | None = None  # the label of the button that opens a list, when the options are shown as one
    numbered: str | None = None  # the same question as numbered text, for channels that cannot show the options
    step: str | None = None  # "flow/step" of the question, for resolving a tapped answer
    notice_class: NoticeClass | None = None
    topic: str | None = None
    day: str | None = None  # the person's local day when it was decided, "2026-11-24"
    zone: str | None = None  # in which the day of its sending is counted
    expires_at: float | None = None
    quoted_id: GatewayId | None = None
    media: Attached | None = None  # ``text`` is its caption; sound has none
    window_until: float | None = None  # official channel, unasked: until when free words go through; 0 to whom never wrote
    template: TemplateOffer | None = None
    as_template: bool = False  # send the first wording of ``template`` instead of the text
    kinder: bool = False  # before the commit, a model may put the text into warmer words


class Intent(Struct, frozen=True, omit_defaults=True, tag="intent"):
    """A question to one agent. An agent keeps at most one record for one ``id``, however often it hears it."""

    id: EffectId
    person: PersonId
    agent: str
    name: str
    at: float
    data: dict[str, Any] = {}
    expires_at: float | None = None
    subject: PersonId | None = None  # whom it is about, where that is another person of the same phone
    unanswered: bool = False  # nobody waits for the result: it is not sent


class WakeAt(Struct, frozen=True, omit_defaults=True, tag="wake_at"):
    id: EffectId
    person: PersonId
    at: float  # Unix seconds
    data: dict[str, Any] = {}


class CancelWake(Struct, frozen=True, omit_defaults=True, tag="cancel_wake"):
    id: EffectId
    person: PersonId
    timer: EffectId


class Record(Struct, frozen=True, omit_defaults=True, tag="record"):
    """Something to keep durably (consent, profile, emergency). Stored once for one ``id``."""

    id: EffectId
    person: PersonId
    kind: str
    at: float
    data: dict[str, Any] = {}


Effect = Outbound | Intent | WakeAt | CancelWake | Record
