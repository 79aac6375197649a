"""What one message of Meta's webhook says. Fields as in Meta's Cloud API reference of webhook payloads, v23.0 (2025)."""

from __future__ import annotations

from msgspec import Raw, Struct, field
from msgspec.json import Decoder

from bot.model.ids import GatewayId
from bot.model.inbound import Contact, Kind, Location, Media
from webhooks.ids import message_id
from webhooks.raw import NOTHING, flag, items, number, opened, string
from webhooks.text import MAX_CONTACTS, MAX_EMOJI, MAX_LABEL, clean, label, mime_of, written

MAX_TEXT_BYTES = 1024 * 1024
FILES: dict[str, Kind] = {
    "image": "image", "audio": "audio", "voice": "audio", "video": "video", "document": "document", "sticker": "sticker",
}  # fmt: skip


class Said(Struct, frozen=True):
    """``file``: Meta's id of the file that belongs to it."""

    kind: Kind
    text: str | None = None
    truncated: bool = False
    choice_id: str | None = None
    target_id: GatewayId | None = None
    media: Media | None = None
    location: Location | None = None
    contacts: tuple[Contact, ...] = ()
    file: str | None = None


UNKNOWN = Said("unknown")


class Message(Struct):
    id: Raw = NOTHING
    sender: Raw = field(name="from", default=NOTHING)
    sender_id: Raw = field(name="from_user_id", default=NOTHING)
    type: Raw = NOTHING
    timestamp: Raw = NOTHING
    context: Raw = NOTHING
    text: Raw = NOTHING
    interactive: Raw = NOTHING
    button: Raw = NOTHING
    reaction: Raw = NOTHING
    location: Raw = NOTHING
    contacts: Raw = NOTHING
    image: Raw = NOTHING
    audio: Raw = NOTHING
    voice: Raw = NOTHING
    video: Raw = NOTHING
    document: Raw = NOTHING
    sticker: Raw = NOTHING
    edit: Raw = NOTHING
    revoke: Raw = NOTHING


class _Text(Struct):
    body: Raw = NOTHING


class _Interactive(Struct):
    button_reply: Raw = NOTHING
    list_reply: Raw = NOTHING


class _Reply(Struct):
    id: Raw = NOTHING
    title: Raw = NOTHING


class _Button(Struct):
    payload: Raw = NOTHING
    text: Raw = NOTHING


class _Reaction(Struct):
    message_id: Raw = NOTHING
    emoji: Raw = NOTHING


class _Place(Struct):
    latitude: Raw = NOTHING
    longitude: Raw = NOTHING
    name: Raw = NOTHING
    address: Raw = NOTHING


class _Card(Struct):
    name: Raw = NOTHING
    phones: Raw = NOTHING


class _CardName(Struct):
    formatted_name: Raw = NOTHING


class _Phone(Struct):
    phone: Raw = NOTHING
    wa_id: Raw = NOTHING


class _Changed(Struct):
    original_message_id: Raw = NOTHING
    message: Raw = NOTHING


class _File(Struct):
    id: Raw = NOTHING
    mime_type: Raw = NOTHING
    filename: Raw = NOTHING
    caption: Raw = NOTHING
    voice: Raw = NOTHING


_texts, _interactives, _replies, _buttons = Decoder(_Text), Decoder(_Interactive), Decoder(_Reply), Decoder(_Button)
_reactions, _places, _cards, _names = Decoder(_Reaction), Decoder(_Place), Decoder(_Card), Decoder(_CardName)
_phones, _files, _changes, _messages = Decoder(_Phone), Decoder(_File), Decoder(_Changed), Decoder(Message)


def said(message: Message) -> Said:
    """``unknown`` for what is of a kind that we do not know, or not of the form of its kind."""
    kind = string(message.type, 100) or ""
    if kind in FILES:
        return _file(FILES[kind], getattr(message, kind), voice=kind == "voice")
    match kind:
        case "text":
            return _text(message.text)
        case "interactive":
            return _tapped(message.interactive)
        case "button":
            return _pressed(message.button)
        case "reaction":
            return _reacted(message.reaction)
        case "location":
            return _located(message.location)
        case "contacts":
            people = tuple(one for entry in items(message.contacts, MAX_CONTACTS) if (one := _person(entry)) is not None)
            return Said("contact", contacts=people) if people else UNKNOWN
        case "edit":
            return _edited(message.edit)
        case "revoke":
            return Said("deletion", target_id=_original(opened(message.revoke, _changes)))
        case _:
            return UNKNOWN


def _edited(raw: Raw) -> Said:
    """Where the number is used in the Business app as well, people's edits come, with all that the message says now."""
    change = opened(raw, _changes)
    inner = opened(change.message, _messages) if change else None
    if inner is None or string(inner.type, 100) == "edit":
        return UNKNOWN
    now = said(inner)
    return Said("edit", now.text, now.truncated, target_id=_original(change))


def _original(change: _Changed | None) -> GatewayId | None:
    return message_id(string(change.original_message_id)) if change else None


def _text(raw: Raw) -> Said:
    text = opened(raw, _texts)
    words = written(string(text.body, MAX_TEXT_BYTES)) if text else None
    return Said("text", words.value, words.truncated) if words and words.value else UNKNOWN


def _tapped(raw: Raw) -> Said:
    answer = opened(raw, _interactives)
    reply = (opened(answer.button_reply, _replies) or opened(answer.list_reply, _replies)) if answer else None
    if reply is None:
        return UNKNOWN
    return Said("tap", label(string(reply.title)), choice_id=clean(string(reply.id), MAX_LABEL).value)


def _pressed(raw: Raw) -> Said:
    """A button of a template: its payload is what we gave it, the option's id."""
    button = opened(raw, _buttons)
    if button is None:
        return UNKNOWN
    return Said("tap", label(string(button.text)), choice_id=clean(string(button.payload), MAX_LABEL).value)


def _reacted(raw: Raw) -> Said:
    reaction = opened(raw, _reactions)
    if reaction is None:
        return UNKNOWN
    return Said("reaction", clean(string(reaction.emoji), MAX_EMOJI).value, target_id=message_id(string(reaction.message_id)))


def _located(raw: Raw) -> Said:
    place = opened(raw, _places)
    latitude, longitude = (number(place.latitude), number(place.longitude)) if place else (None, None)
    if place is None or latitude is None or longitude is None or abs(latitude) > 90 or abs(longitude) > 180:
        return UNKNOWN
    return Said("location", location=Location(latitude, longitude, label(string(place.name)), label(string(place.address))))


def _person(raw: Raw) -> Contact | None:
    """A card as the other gateway gives it: the name, and the numbers as lines of a vCard."""
    card = opened(raw, _cards)
    if card is None:
        return None
    name = opened(card.name, _names)
    lines = []
    for entry in items(card.phones, MAX_CONTACTS):
        phone = opened(entry, _phones)
        digits = (string(phone.wa_id, 100) or string(phone.phone, 100)) if phone else None
        if told := label(digits, 40):
            lines.append(f"TEL:{told if not told.isdigit() else '+' + told}")
    known = label(string(name.formatted_name)) if name else None
    return Contact(known, "\n".join(lines) or None) if known or lines else None


def _file(kind: Kind, raw: Raw, *, voice: bool) -> Said:
    file = opened(raw, _files)
    if file is None:
        return UNKNOWN
    caption = written(string(file.caption, MAX_TEXT_BYTES))
    media = Media(mime=mime_of(string(file.mime_type)), name=label(string(file.filename)), voice=voice or flag(file.voice))
    return Said(kind, caption.value, caption.truncated, media=media, file=string(file.id, 300))
