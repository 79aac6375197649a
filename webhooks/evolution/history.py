"""Our own messages in the gateway's history: was that send, whose answer we never got, made after all?"""

from __future__ import annotations

from collections.abc import Collection

from msgspec import Raw, Struct
from msgspec.json import Decoder

from bot.model.effects import Outbound
from bot.model.ids import GatewayId
from webhooks.evolution.jid import gateway_digits, parse_jid
from webhooks.evolution.payloads import Call
from webhooks.ids import message_id
from webhooks.raw import NOTHING, items, number, opened, string, whole

PAGE = 50
SLACK = 2.0  # seconds by which the gateway's whole-second times and its clock may be early


class Sent(Struct, frozen=True):
    """A record of the history. ``texts`` are what it says, in the forms of all three integrations."""

    id: GatewayId
    at: float
    texts: tuple[str, ...]


class Page(Struct, frozen=True):
    records: list[Sent]
    pages: int


class _Found(Struct):
    messages: Raw = NOTHING


class _Page(Struct):
    pages: Raw = NOTHING
    records: Raw = NOTHING


class _Record(Struct, rename="camel"):
    key: Raw = NOTHING
    message: Raw = NOTHING
    message_timestamp: Raw = NOTHING


class _Key(Struct):
    id: Raw = NOTHING


class _Message(Struct, rename="camel"):
    conversation: Raw = NOTHING
    title: Raw = NOTHING
    extended_text_message: Raw = NOTHING
    list_message: Raw = NOTHING
    view_once_message: Raw = NOTHING
    interactive_message: Raw = NOTHING
    image_message: Raw = NOTHING
    document_message: Raw = NOTHING


class _Inner(Struct):
    message: Raw = NOTHING
    text: Raw = NOTHING
    body: Raw = NOTHING
    title: Raw = NOTHING
    description: Raw = NOTHING
    caption: Raw = NOTHING


_founds, _pages, _records, _keys = Decoder(_Found), Decoder(_Page), Decoder(_Record), Decoder(_Key)
_messages, _inners = Decoder(_Message), Decoder(_Inner)


def query_for(message: Outbound, page: int) -> dict[str, object]:
    """The official API's history is kept under Evolution's rewriting of the number, not under the number that was called."""
    address = message.address
    if message.integration != "evolution" and (jid := parse_jid(address)) is not None and "@" not in address:
        address = f"{gateway_digits(jid.user)}@s.whatsapp.net"
    return {"where": {"key": {"remoteJid": address, "fromMe": True}}, "page": page, "offset": PAGE}


def page_of(body: bytes) -> Page | None:
    """None for what is no page. Newest records come first."""
    found = opened(Raw(body), _founds)
    page = opened(found.messages, _pages) if found else None
    if page is None:
        return None
    return Page([sent for raw in items(page.records, PAGE) if (sent := _sent(raw))], whole(page.pages, top=10**6) or 0)


def match(records: Collection[Sent], call: Call, *, since: float, known: Collection[GatewayId]) -> GatewayId | None:
    """The earliest record that says the same and is nobody else's."""
    echoes = {_folded(echo) for echo in call.echoes}
    candidates = (
        record
        for record in records
        if record.at >= since - SLACK and record.id not in known and any(_folded(text) in echoes for text in record.texts)
    )
    first = min(candidates, key=lambda record: record.at, default=None)
    return first.id if first else None


def _sent(raw: Raw) -> Sent | None:
    record = opened(raw, _records)
    key = opened(record.key, _keys) if record else None
    identifier = message_id(string(key.id)) if key else None
    at = number(record.message_timestamp) if record else None
    if record is None or identifier is None or at is None:
        return None
    return Sent(identifier, at, tuple(_texts(record.message)))


def _texts(raw: Raw) -> list[str]:
    message = opened(raw, _messages)
    if message is None:
        return []
    extended, view_once = opened(message.extended_text_message, _inners), opened(message.view_once_message, _inners)
    inner = opened(view_once.message, _messages) if view_once else None
    interactive = opened((inner or message).interactive_message, _inners)
    body = opened(interactive.body, _inners) if interactive else None
    listed = opened(message.list_message, _inners)
    fields = [message.conversation, message.title]
    fields += [part.text for part in (extended, body) if part is not None]
    texts = [text for field in fields if (text := string(field))]
    files = (opened(message.image_message, _inners), opened(message.document_message, _inners))
    texts += [text for file in files if file is not None and (text := string(file.caption))]
    if listed is not None:
        texts.append(f"{string(listed.title) or ''}\n{string(listed.description) or ''}")
    return texts


def _folded(text: str) -> str:
    return " ".join(text.split())
