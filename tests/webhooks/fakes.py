"""A bus, a directory and a folder that record; and makers of what they are given."""

from __future__ import annotations

import base64
import json
from collections.abc import Awaitable, Callable
from typing import Any

from msgspec.structs import replace

from bot.errors import BusUnavailable
from bot.ingress.flood import Gate
from bot.model.events import ChannelState, Receipt
from bot.model.inbound import Inbound
from webhooks.evolution.attached import decoded
from webhooks.evolution.messages import Reading
from webhooks.intake import AuthorOf, Completes, Intake
from webhooks.parsed import Attachment, Remote
from webhooks.watch import Unwatched

NOW = 1_795_500_000.0


class Bus:
    """Confirms, unless it is told to be away for so many publishes."""

    def __init__(self) -> None:
        self.turns: list[Inbound] = []
        self.events: list[Receipt | ChannelState] = []
        self.away = 0
        self.attempts = 0
        self.before: Callable[[], Awaitable[None]] | None = None  # awaited before a turn is taken

    async def turn(self, inbound: Inbound) -> None:
        if self.before is not None:
            await self.before()
        self._reached()
        self.turns.append(inbound)

    async def gateway_event(self, event: Receipt | ChannelState) -> None:
        self._reached()
        self.events.append(event)

    def _reached(self) -> None:
        self.attempts += 1
        if self.away:
            self.away -= 1
            raise BusUnavailable


class Directory:
    def __init__(self, phones: dict[str, str] | None = None) -> None:
        self.phones = dict(phones or {})
        self.asked: list[str] = []
        self.links: list[tuple[str, str]] = []

    async def phone_of(self, lid: str) -> str | None:
        self.asked.append(lid)
        return self.phones.get(lid)

    async def link(self, lid: str, phone: str) -> bool:
        self.links.append((lid, phone))
        return self.phones.setdefault(lid, phone) == phone


class Media:
    """Takes files out of messages, as they come."""

    def __init__(self) -> None:
        self.files: list[bytes] = []

    async def completed(self, inbound: Inbound, attachment: Attachment | Remote | None) -> Inbound:
        data = decoded(attachment.base64) if isinstance(attachment, Attachment) else None
        if data is None or inbound.media is None:
            return inbound
        self.files.append(data)
        return replace(inbound, media=replace(inbound.media, ref=f"file-{len(self.files)}", size=len(data)))


class Counts(Unwatched):
    def __init__(self) -> None:
        self.answers: list[tuple[str, str]] = []
        self.reasons: list[str] = []
        self.mismatches: list[str] = []
        self.floods: list[str] = []
        self.strangers = 0

    def webhook(self, event: str, outcome: str, seconds: float) -> None:
        self.answers.append((event, outcome))

    def ignored(self, reason: str) -> None:
        self.reasons.append(reason)

    def flood(self, outcome: str) -> None:
        self.floods.append(outcome)

    def identity_mismatch(self, kind: str) -> None:
        self.mismatches.append(kind)

    def unverified(self) -> None:
        self.strangers += 1


class World:
    """An intake among fakes."""

    def __init__(
        self,
        reading: Reading | None = None,
        phones: dict[str, str] | None = None,
        files: Completes | None = None,
        gate: Gate | None = None,
        author_of: AuthorOf | None = None,
    ) -> None:
        self.bus, self.directory, self.media, self.counts = Bus(), Directory(phones), Media(), Counts()
        self.arrived: list[Inbound] = []
        self.intake = Intake(
            publish_turn=self.bus.turn,
            publish_gateway_event=self.bus.gateway_event,
            phone_of=self.directory.phone_of,
            link=self.directory.link,
            files=files or self.media,
            clock=lambda: NOW,
            reading=reading,
            watch=self.counts,
            gate=gate,
            arrived=self.arrived.append,
            author_of=author_of,
        )

    async def take(self, body: dict[str, Any]) -> None:
        await self.intake.publish(await self.intake.open(json.dumps(body).encode()))


def wamid(digits: str, tail: str = "3A4A6599AEE03810144F", from_me: bool = False) -> str:
    """As Meta makes them."""
    inner = bytes([0x1C, 0x18, len(digits)]) + digits.encode() + b"\x15\x02\x00"
    outer = bytes([0x11 if from_me else 0x12, 0x18, len(tail)]) + tail.encode() + b"\x00"
    return "wamid." + base64.b64encode(inner + outer).decode()


def upsert(
    message: Any, *, key: dict[str, Any] | None = None, instance: str = "zap", baileys: bool = True, **data: Any
) -> dict[str, Any]:
    """A messages.upsert of a person, from Baileys unless said otherwise."""
    key = {"remoteJid": "5511987654321@s.whatsapp.net", "fromMe": False, "id": "A5B396AD2C4BF92D", **(key or {})}
    body = {
        "event": "messages.upsert",
        "instance": instance,
        "data": {"key": key, "pushName": "Maria", "message": message, "messageTimestamp": int(NOW) - 5, **data},
        "server_url": "http://127.0.0.1:8080",
        "apikey": None,
    }
    return body | ({"sender": "551140000000@s.whatsapp.net"} if baileys else {})
