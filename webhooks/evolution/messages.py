"""Events about a person's message: written (messages.upsert), edited (messages.edited), taken back (messages.delete)."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Raw, Struct
from msgspec.json import Decoder

from bot.errors import Malformed
from bot.model.ids import GatewayId, person_of
from bot.model.inbound import Inbound, Integration
from webhooks.evolution.content import Content, content_of
from webhooks.evolution.envelope import Envelope
from webhooks.evolution.identity import Key, Sender, sender_of, unproven
from webhooks.evolution.integration import integration_of
from webhooks.evolution.jid import parse_jid
from webhooks.ids import input_id, message_id
from webhooks.parsed import Arrived, Attachment, Edited, Ignored
from webhooks.raw import NOTHING, flag, number, opened, present, string
from webhooks.text import label
from webhooks.times import seconds_of


class Reading(Struct, frozen=True):
    """How payloads are read. ``integrations`` overrides the guess for instances whose kind the operator told."""

    integrations: Mapping[str, Integration] = {}
    trust_unverified: bool = False


class _Upsert(Struct, rename="camel"):
    key: Raw = NOTHING
    push_name: Raw = NOTHING
    message: Raw = NOTHING
    context_info: Raw = NOTHING
    message_type: Raw = NOTHING
    message_timestamp: Raw = NOTHING
    status: Raw = NOTHING


class _Edit(Struct, rename="camel"):
    key: Raw = NOTHING
    type: Raw = NOTHING
    edited_message: Raw = NOTHING
    timestamp_ms: Raw = NOTHING


class _Key(Struct, rename="camel"):
    id: Raw = NOTHING
    remote_jid: Raw = NOTHING
    remote_jid_alt: Raw = NOTHING
    from_me: Raw = NOTHING
    addressing_mode: Raw = NOTHING
    key: Raw = NOTHING  # a deletion made through the API nests the key


_upserts, _edits, _keys = Decoder(_Upsert), Decoder(_Edit), Decoder(_Key)
ALBUM = "albumMessage"
"""Says how many pictures follow, each of which is a message of its own."""
_NOBODY = {"group": "group", "broadcast": "broadcast", "newsletter": "newsletter"}


def written(envelope: Envelope, reading: Reading, received_at: float) -> Arrived | Ignored:
    data = opened(envelope.data, _upserts)
    if data is None:
        raise Malformed("A message without its object.", code="no_message")
    form = _key_form(data.key)
    key = _key(form)
    integration = integration_of(
        envelope.instance,
        key.id,
        baileys_fields=envelope.from_baileys or present(form.addressing_mode) or present(data.status),
        known=reading.integrations,
    )
    sender = _sender(key, integration, reading)
    if isinstance(sender, Ignored):
        return sender
    message_type = string(data.message_type, 256)
    content = content_of(data.message, message_type, data.context_info)
    if message_type == ALBUM and content.kind == "unknown":
        return Ignored("album")
    suffix = content.kind if content.kind in ("reaction", "edit") else ""
    return _arrived(
        envelope,
        integration,
        key,
        sender,
        content,
        suffix=suffix,
        sent_at=seconds_of(number(data.message_timestamp), received_at),
        received_at=received_at,
        name=label(string(data.push_name)),
    )


def edited(envelope: Envelope, reading: Reading, received_at: float) -> Arrived | Edited | Ignored:
    """The payload is the author's own protocol message, and its key is *their* word: on real phones it says ``fromMe`` and
    names our own number, and a forged one may name anybody. So an edit whose key names somebody never counts as proven; of one
    that names ourselves the gateway's history knows the author. A revocation is taken from ``messages.delete``, whose key the
    gateway wrote."""
    data = opened(envelope.data, _edits)
    if data is None:
        raise Malformed("An edit without its object.", code="no_message")
    kind = string(data.type, 256)
    if kind == "REVOKE":
        return Ignored("revocation_comes_as_delete")
    if kind != "MESSAGE_EDIT":
        return Ignored("protocol_message")
    form = _key_form(data.key)
    key = _key(form)
    own = parse_jid(envelope.own)
    ourselves = key.from_me or (own is not None and own.user == key.remote.user)
    integration: Integration = reading.integrations.get(envelope.instance, "baileys")
    nameless = Sender(person_of("unverified:"), "", verified=False)
    sender = nameless if ourselves else _sender(key, integration, reading)
    if isinstance(sender, Ignored):
        return sender
    inner = content_of(data.edited_message)
    stamp = number(data.timestamp_ms)
    content = Content("edit", inner.text, inner.truncated, target_id=GatewayId(key.id))
    arrived = _arrived(
        envelope,
        integration,
        key,
        sender if reading.trust_unverified or ourselves else unproven(sender),
        content,
        suffix=f"edit:{int(stamp)}" if stamp is not None else "edit",
        sent_at=seconds_of(stamp, received_at),
        received_at=received_at,
    )
    return Edited(arrived.inbound) if ourselves else arrived


def deleted(envelope: Envelope, reading: Reading, received_at: float) -> Arrived | Ignored:
    form = _key_form(envelope.data)
    if present(form.key):
        form = _key_form(form.key)
    key = _key(form)
    baileys_fields = envelope.from_baileys or present(form.addressing_mode)
    integration = integration_of(envelope.instance, key.id, baileys_fields=baileys_fields, known=reading.integrations)
    sender = _sender(key, integration, reading)
    if isinstance(sender, Ignored):
        return sender
    content = Content("deletion", target_id=GatewayId(key.id))
    return _arrived(envelope, integration, key, sender, content, suffix="deletion", sent_at=received_at, received_at=received_at)


def _key_form(raw: Raw) -> _Key:
    form = opened(raw, _keys)
    if form is None:
        raise Malformed("A message without a key.", code="no_key")
    return form


def _key(form: _Key) -> Key:
    identifier, remote = message_id(string(form.id)), parse_jid(string(form.remote_jid))
    if identifier is None or remote is None:
        raise Malformed("A message whose key has no id or no address.", code="bad_key")
    return Key(identifier, remote, parse_jid(string(form.remote_jid_alt)), flag(form.from_me))


def _sender(key: Key, integration: Integration, reading: Reading) -> Sender | Ignored:
    if key.from_me:
        return Ignored("own_message")
    if (reason := _NOBODY.get(key.remote.kind)) is not None:
        return Ignored(reason)
    return sender_of(key, integration, trust_unverified=reading.trust_unverified) or Ignored("no_person")


def _arrived(
    envelope: Envelope,
    integration: Integration,
    key: Key,
    sender: Sender,
    content: Content,
    *,
    suffix: str,
    sent_at: float,
    received_at: float,
    name: str | None = None,
) -> Arrived:
    inbound = Inbound(
        id=input_id(envelope.instance, GatewayId(key.id), suffix),
        person=sender.person,
        instance=envelope.instance,
        integration=integration,
        address=sender.address,
        message_id=GatewayId(key.id),
        kind=content.kind,
        sent_at=sent_at,
        received_at=received_at,
        text=content.text,
        choice_id=content.choice_id,
        quoted_id=content.quoted_id,
        target_id=content.target_id,
        media=content.media,
        location=content.location,
        contacts=content.contacts,
        name=name,
        verified=sender.verified,
        formerly=sender.formerly,
        truncated=content.truncated,
    )
    attachment = Attachment(content.file, content.media.mime) if content.media and len(content.file) else None
    return Arrived(inbound, attachment, sender.lid, sender.phone, sender.mismatch)
