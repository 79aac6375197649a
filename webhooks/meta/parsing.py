"""From the bytes of Meta's webhook to events, all of a batch: entries hold changes, and changes hold messages and statuses.

Who wrote is what Meta says: the bytes are signed with the app's secret, and the number is not rewritten on the way. Who has taken
a WhatsApp username may come without a number (Meta's "business-scoped user IDs", 2026): then ``from`` is left out, and
``from_user_id`` alone names them. It is to the number what a hidden number (LID) is on Baileys, and is joined to it in that way.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from msgspec import Raw, Struct
from msgspec.json import Decoder

from bot.errors import Malformed
from bot.model.events import Receipt
from bot.model.inbound import Inbound
from webhooks.ids import input_id, message_id
from webhooks.meta.content import Message, said
from webhooks.meta.payloads import USER_ID
from webhooks.parsed import Arrived, Ignored, Parsed, Remote
from webhooks.people import lid_person, phone_person
from webhooks.raw import NOTHING, items, number, opened, string
from webhooks.text import label
from webhooks.times import seconds_of

MOST = 1_000
"""Of each list; Meta sends up to a thousand changes in one delivery."""
STATUSES = {
    "sent": "sent",
    "delivered": "delivered",
    "read": "read",
    "played": "played",
    "failed": "failed",
    "deleted": "deleted",
}
_DIGITS = re.compile(r"[1-9][0-9]{4,19}")
_TOKEN = re.compile(r"[0-9a-f]{32}")


class _Body(Struct):
    object: Raw = NOTHING
    entry: Raw = NOTHING


class _Entry(Struct):
    changes: Raw = NOTHING


class _Change(Struct):
    field: Raw = NOTHING
    value: Raw = NOTHING


class _Value(Struct):
    metadata: Raw = NOTHING
    contacts: Raw = NOTHING
    messages: Raw = NOTHING
    statuses: Raw = NOTHING
    errors: Raw = NOTHING


class _Metadata(Struct):
    phone_number_id: Raw = NOTHING


class _Contact(Struct):
    wa_id: Raw = NOTHING
    user_id: Raw = NOTHING
    profile: Raw = NOTHING


class _Profile(Struct):
    name: Raw = NOTHING


class _Context(Struct):
    id: Raw = NOTHING


class _Status(Struct):
    id: Raw = NOTHING
    status: Raw = NOTHING
    timestamp: Raw = NOTHING
    biz_opaque_callback_data: Raw = NOTHING
    errors: Raw = NOTHING


class _Error(Struct):
    code: Raw = NOTHING


_bodies, _entries, _changes, _values = Decoder(_Body), Decoder(_Entry), Decoder(_Change), Decoder(_Value)
_metadata, _contacts, _profiles, _contexts = Decoder(_Metadata), Decoder(_Contact), Decoder(_Profile), Decoder(_Context)
_messages, _statuses, _errors = Decoder(Message), Decoder(_Status), Decoder(_Error)


def parse(body: bytes | bytearray, instances: Mapping[str, str], received_at: float) -> list[Parsed]:
    """``instances``: Meta's id of a phone number -> our name of it. Raises Malformed for what is no event of WhatsApp."""
    whole = opened(Raw(bytes(body)), _bodies)
    if whole is None or string(whole.object, 100) != "whatsapp_business_account":
        raise Malformed("No event of WhatsApp.", code="no_event")
    found: list[Parsed] = []
    for raw in items(whole.entry, MOST):
        entry = opened(raw, _entries)
        for change in items(entry.changes, MOST) if entry else []:
            found += _changed(change, instances, received_at)
    return found


def _changed(raw: Raw, instances: Mapping[str, str], received_at: float) -> Iterator[Parsed]:
    change = opened(raw, _changes)
    if change is None or string(change.field, 100) != "messages":
        yield Ignored("other_field")
        return
    value = opened(change.value, _values)
    metadata = opened(value.metadata, _metadata) if value else None
    instance = instances.get(string(metadata.phone_number_id, 100) or "") if metadata else None
    if value is None or instance is None:
        yield Ignored("not_our_number")
        return
    names = dict(_named(value.contacts))
    for entry in items(value.messages, MOST):
        yield _arrived(entry, instance, names, received_at)
    for entry in items(value.statuses, MOST):
        yield _receipt(entry, instance, received_at)
    for _ in items(value.errors, MOST):
        yield Ignored("account_error")  # of the number or the account, about no message of ours: counted for operators


def _named(raw: Raw) -> Iterator[tuple[str, str | None]]:
    for entry in items(raw, MOST):
        contact = opened(entry, _contacts)
        profile = opened(contact.profile, _profiles) if contact else None
        if contact is not None and profile is not None:
            for key in (contact.wa_id, contact.user_id):
                yield string(key, 200) or "", label(string(profile.name))


def _arrived(raw: Raw, instance: str, names: Mapping[str, str | None], received_at: float) -> Arrived | Ignored:
    message = opened(raw, _messages)
    name = message_id(string(message.id)) if message else None
    phone, user = (_named_by(message.sender, _DIGITS), _named_by(message.sender_id, USER_ID)) if message else (None, None)
    address = phone or user
    if message is None or name is None or address is None:
        return Ignored("bad_message")  # one of many: the others of the batch are not given up for it
    if string(message.type, 100) == "system":
        return Ignored("system")
    context = opened(message.context, _contexts)
    content = said(message)
    inbound = Inbound(
        id=input_id(instance, name), person=phone_person(phone) if phone else lid_person(address), instance=instance,
        integration="cloud", address=address, formerly=lid_person(user) if phone and user else None,
        message_id=name, kind=content.kind, sent_at=seconds_of(number(message.timestamp), received_at), received_at=received_at,
        text=content.text, choice_id=content.choice_id, quoted_id=message_id(string(context.id)) if context else None,
        target_id=content.target_id, media=content.media, location=content.location, contacts=content.contacts,
        name=names.get(address), truncated=content.truncated,
    )  # fmt: skip
    return Arrived(inbound, remote=Remote(content.file) if content.file else None, lid=user, phone=phone)


def _named_by(raw: Raw, form: re.Pattern[str]) -> str | None:
    value = string(raw, 200)
    return value if value is not None and form.fullmatch(value) else None


def _receipt(raw: Raw, instance: str, received_at: float) -> Receipt | Ignored:
    status = opened(raw, _statuses)
    name = message_id(string(status.id)) if status else None
    word = STATUSES.get(string(status.status, 100) or "") if status else None
    if status is None or name is None or word is None:
        return Ignored("unknown_status")
    token = string(status.biz_opaque_callback_data, 600) or ""
    return Receipt(
        name, word, instance, seconds_of(number(status.timestamp), received_at), token=token if _TOKEN.fullmatch(token) else None,
        code=_code(status.errors) if word == "failed" else None,
    )  # fmt: skip


def _code(errors: Raw) -> str | None:
    """The first number of a reason. The words beside it are Meta's, and may change."""
    for raw in items(errors, MOST):
        error = opened(raw, _errors)
        code = number(error.code) if error else None
        if code is not None and 0 <= code < 10_000_000:
            return str(int(code))
    return None
