"""What people wrote, from the gateway's history: each row as the event that the webhook should have brought."""

from __future__ import annotations

from msgspec import Raw, Struct
from msgspec.json import Decoder, encode

from bot.model.ids import GatewayId
from bot.model.inbound import Integration
from webhooks.evolution.history import PAGE
from webhooks.raw import NOTHING, flag, items, number, opened, string, whole

INTEGRATIONS: dict[str, Integration] = {
    "WHATSAPP-BAILEYS": "baileys",
    "WHATSAPP-BUSINESS": "cloud",
    "EVOLUTION": "evolution",
}


class Instance(Struct, frozen=True):
    """How the gateway runs an instance. A row of the history does not say it, and on Baileys an id proves nobody's number."""

    name: str
    integration: Integration
    own: str | None = None


class Row(Struct, frozen=True):
    """A message of a person. ``event`` is what the intake takes; ``place`` orders those of one second: the gateway's row ids
    (cuid) grow with the time."""

    at: float
    event: bytes
    place: str = ""


class Rows(Struct, frozen=True):
    """One page, newest first. ``oldest`` also counts what is ours."""

    rows: list[Row]
    oldest: float
    pages: int


class _Instance(Struct, rename="camel"):
    name: Raw = NOTHING
    integration: Raw = NOTHING
    owner_jid: Raw = NOTHING


class _Found(Struct):
    messages: Raw = NOTHING


class _Page(Struct):
    pages: Raw = NOTHING
    records: Raw = NOTHING


class _Row(Struct, rename="camel"):
    id: Raw = NOTHING
    key: Raw = NOTHING
    message_timestamp: Raw = NOTHING


class _Key(Struct, rename="camel"):
    from_me: Raw = NOTHING


_instances, _founds, _pages = Decoder(_Instance), Decoder(_Found), Decoder(_Page)
_rows, _keys = Decoder(_Row), Decoder(_Key)


def query(page: int) -> dict[str, object]:
    """All chats: that a row is ours cannot be asked for, as the gateway takes ``fromMe: false`` for no filter."""
    return {"where": {}, "page": page, "offset": PAGE}


def query_for(message: GatewayId) -> dict[str, object]:
    """The one message of that id; whose it is, is what is asked."""
    return {"where": {"key": {"id": message}}, "page": 1, "offset": PAGE}


def instance_of(body: bytes, name: str) -> Instance | None:
    """From the answer of ``fetchInstances``. Its token is never read."""
    for raw in items(Raw(body), 1000):
        found = opened(raw, _instances)
        if found is not None and string(found.name) == name:
            integration = INTEGRATIONS.get(string(found.integration) or "")
            return Instance(name, integration, string(found.owner_jid)) if integration else None
    return None


def rows_of(body: bytes, instance: Instance) -> Rows | None:
    """None for what is no page."""
    found = opened(Raw(body), _founds)
    page = opened(found.messages, _pages) if found else None
    if page is None:
        return None
    rows, oldest = [], float("inf")
    for raw in items(page.records, PAGE):
        row = opened(raw, _rows)
        at = number(row.message_timestamp) if row else None
        key = opened(row.key, _keys) if row else None
        if row is None or at is None or key is None:
            continue
        oldest = min(oldest, at)
        if not flag(key.from_me):
            rows.append(Row(at, _event(raw, instance), string(row.id) or ""))
    return Rows(rows, oldest, whole(page.pages, top=10**6) or 0)


def _event(row: Raw, instance: Instance) -> bytes:
    event: dict[str, object] = {"event": "messages.upsert", "instance": instance.name, "data": row}
    if instance.integration == "baileys":
        event["sender"] = instance.own or ""  # only Baileys' events have one, and that is how they are told apart
    return encode(event)
