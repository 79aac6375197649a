"""Files, places and contact cards inside a message, under Baileys' names and under Meta's."""

from __future__ import annotations

from msgspec import Raw, Struct, field
from msgspec.json import Decoder

from bot.model.inbound import Contact, Location, Media
from webhooks.raw import NOTHING, flag, items, number, opened, string, whole
from webhooks.text import MAX_CONTACTS, MAX_VCARD, clean, label, mime_of

MAX_SECONDS = 24 * 3600
MAX_REMARK = 1024 * 1024  # bytes of what is written below something


class _File(Struct, rename="camel"):
    mimetype: Raw = NOTHING
    mime_type: Raw = field(name="mime_type", default=NOTHING)
    file_name: Raw = NOTHING
    filename: Raw = NOTHING
    title: Raw = NOTHING
    file_length: Raw = NOTHING
    seconds: Raw = NOTHING
    ptt: Raw = NOTHING
    voice: Raw = NOTHING
    caption: Raw = NOTHING


class _Place(Struct, rename="camel"):
    degrees_latitude: Raw = NOTHING
    degrees_longitude: Raw = NOTHING
    name: Raw = NOTHING
    address: Raw = NOTHING
    comment: Raw = NOTHING
    caption: Raw = NOTHING


class _Card(Struct, rename="camel"):
    display_name: Raw = NOTHING
    vcard: Raw = NOTHING
    contacts: Raw = NOTHING


_files, _places, _cards = Decoder(_File), Decoder(_Place), Decoder(_Card)


def media_of(raw: Raw) -> Media | None:
    file = opened(raw, _files)
    if file is None:
        return None
    seconds = number(file.seconds)
    return Media(
        mime=mime_of(string(file.mimetype) or string(file.mime_type)),
        name=label(string(file.file_name) or string(file.filename) or string(file.title)),
        size=whole(file.file_length, top=2**40),
        seconds=seconds if seconds is not None and 0 <= seconds <= MAX_SECONDS else None,
        voice=flag(file.ptt) or flag(file.voice),
    )


def caption_of(raw: Raw) -> str | None:
    file = opened(raw, _files)
    return string(file.caption, MAX_REMARK) if file else None


def location_of(raw: Raw) -> Location | None:
    place = opened(raw, _places)
    if place is None:
        return None
    latitude, longitude = number(place.degrees_latitude), number(place.degrees_longitude)
    if latitude is None or longitude is None or abs(latitude) > 90 or abs(longitude) > 180:
        return None
    return Location(latitude, longitude, label(string(place.name)), label(string(place.address)))


def remark_of(raw: Raw) -> str | None:
    """What a person wrote below a place: WAProto calls it ``comment``, below a live one ``caption``."""
    place = opened(raw, _places)
    return (string(place.comment, MAX_REMARK) or string(place.caption, MAX_REMARK)) if place else None


def contacts_of(raw: Raw) -> tuple[Contact, ...]:
    card = opened(raw, _cards)
    if card is None:
        return ()
    cards = [one for item in items(card.contacts, MAX_CONTACTS) if (one := opened(item, _cards)) is not None] or [card]
    people = (Contact(label(string(one.display_name)), clean(string(one.vcard), MAX_VCARD).value) for one in cards)
    return tuple(person for person in people if person.name or person.vcard)
