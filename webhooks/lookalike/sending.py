"""Messages from the bot: checked, accepted, answered, and followed by receipts."""

from __future__ import annotations

import asyncio
from typing import Any, Literal

from webhooks.lookalike import refusals
from webhooks.lookalike.chats import Entry
from webhooks.lookalike.checks import check
from webhooks.lookalike.contents import Content, content_of, context_info, decoded
from webhooks.lookalike.core import Core
from webhooks.lookalike.faults import Fault
from webhooks.lookalike.ids import baileys_id, database_id, digits_of, jid_of, wamid
from webhooks.lookalike.ledger import Accepted
from webhooks.lookalike.people import Channel, View

Receipts = Literal["none", "sent", "delivered", "read"]
DAY = 86_400.0
_STEPS = (("sent", "SENT", "SERVER_ACK"), ("delivered", "DELIVERED", "DELIVERY_ACK"), ("read", "READ", "READ"))


class Cut(Exception):
    """The connection is to be cut instead of answered."""


class Sent:
    """The answer to a send, and what was accepted for it."""

    def __init__(self, answer: dict[str, Any], accepted: Accepted | None, entry: Entry) -> None:
        self.answer = answer
        self.accepted = accepted
        self.entry = entry


class Sending:
    """``receipts``: how far receipts go by themselves; the page adds ``read`` when a chat is looked at."""

    def __init__(self, core: Core, *, receipts: Receipts, receipt_pause: float, window: bool) -> None:
        self._core = core
        self._receipts = receipts
        self._pause = receipt_pause
        self._window = window
        self._last_written: dict[str, float] = {}

    def heard(self, number: str, now: float) -> None:
        """A person wrote: the official API's 24 hours begin."""
        if self._window:
            self._last_written[number] = now

    async def send(self, channel: Channel, endpoint: str, body: Any) -> Sent:
        """Raises Refusal or Cut."""
        check(endpoint, body, cloud=channel.cloud)
        if channel.state != "open" and not channel.cloud:
            raise refusals.bad("Error: Connection Closed")
        given = body["key"]["remoteJid"] if endpoint == "sendReaction" else str(body.get("number", ""))
        number = digits_of(given) if "@lid" not in given and "@g.us" not in given else given
        fault = self._core.faults.draw(number, sending=True)
        if fault is not None:
            await self._refuse(fault, channel, endpoint, body, number, given)
        if self._window and channel.cloud and endpoint != "sendTemplate":  # noqa: SIM102  two questions
            if self._core.clock() - self._last_written.get(number, 0.0) > DAY:
                raise refusals.window_closed()
        if not channel.cloud and isinstance(body.get("delay"), int) and body["delay"] > 0:
            await self._core.sleep(min(body["delay"], 60_000) / 1000)
        early = fault is not None and fault.kind == "early_receipt"
        sent = self._accept(channel, endpoint, body, number, given, told=True, receipts=not early)
        if early and (first := self._receipt(channel, sent.entry, 0)) is not None:
            await asyncio.wait({first})
        if fault is not None and fault.kind == "delay":
            await self._core.sleep(fault.seconds)
        return sent

    async def _refuse(self, fault: Fault, channel: Channel, endpoint: str, body: Any, number: str, given: str) -> None:
        if fault.accepted or fault.kind == "reset_after":
            self._accept(channel, endpoint, body, number, given, told=False, receipts=True)
        match fault.kind:
            case "http_500":
                raise refusals.crash("Internal server error")
            case "http_429":
                raise refusals.refused(429, "Too Many Requests")
            case "timed_out":
                raise refusals.bad("Error: Timed Out")
            case "unreadable":
                raise refusals.bad(refusals.UNREADABLE)
            case "refused":
                raise refusals.meta(fault.code, "Message undeliverable", "A fault on demand")
            case "not_on_whatsapp":
                raise refusals.bad({"jid": jid_of(given), "exists": False, "number": number})
            case "hang":
                await self._core.sleep(fault.seconds)
                raise Cut
            case "reset_before" | "reset_after":
                raise Cut
            case _:
                return  # delay and early_receipt succeed

    def _accept(
        self, channel: Channel, endpoint: str, body: dict[str, Any], number: str, given: str, *, told: bool, receipts: bool
    ) -> Sent:
        core, now = self._core, self._core.clock()
        jid = jid_of(given)
        content = content_of(endpoint, body, cloud=channel.cloud, now=now)
        key_id = wamid(number or "0", from_me=True) if channel.cloud else baileys_id(from_me=True)
        answer = _answer(channel, key_id, jid, content, now)
        text = _words(body)
        accepted = core.ledger.add(
            id=key_id, instance=channel.name, number=number, endpoint=endpoint, text=text, at=now, told=told, body=body
        )
        view = content.view or View("text", text=text)
        quoted = ((body.get("quoted") or {}).get("key") or {}).get("id")
        entry = Entry(
            key_id, database_id(), channel.name, number, jid, False, now, content.message, content.message_type, view,
            quoted=quoted if isinstance(quoted, str) else None,
        )  # fmt: skip
        if core.chats is not None:
            self._show(channel, endpoint, body, entry, content)
        core.emit(channel, "send.message", answer, entry)
        if receipts and self._receipts != "none" and channel.wants("messages.update"):
            core.spawn(self._follow(channel, entry), "lookalike-receipts")
        return Sent(answer, accepted, entry)

    def _show(self, channel: Channel, endpoint: str, body: dict[str, Any], entry: Entry, content: Content) -> None:
        core = self._core
        if core.chats is None:
            return
        core.note(entry, f"POST /message/{endpoint}", body)
        if content.view is None:
            target = core.chats.entry(body["key"]["id"])
            if target is not None:
                target.reaction = body["reaction"] or None
                core.changed(target)
            return
        data = decoded(str(entry.view.media.get("data", ""))) if entry.view.kind == "image" else None
        if data and core.chats.keep_file(entry.id, str(entry.view.media["mime"]), data):
            entry.view.media["file"] = entry.id
        chat = core.chats.open(entry.number, channel.name, entry.jid)
        core.remember(entry)
        for earlier in reversed(chat.entries):
            if earlier.mine and earlier.status == "read":
                break
            if earlier.mine and earlier.status in ("pending", "delivered") and earlier.advance("read"):
                core.changed(earlier)  # an answer shows that it was read

    async def _follow(self, channel: Channel, entry: Entry) -> None:
        for step, (name, _, _) in enumerate(_STEPS):
            await self._core.sleep(self._pause)
            self._receipt(channel, entry, step)
            if name == self._receipts:
                return

    def read(self, channel: Channel, entry: Entry) -> None:
        """The patient has looked at it."""
        if not entry.mine and entry.status == "delivered":
            self._receipt(channel, entry, 2)

    def _receipt(self, channel: Channel, entry: Entry, step: int) -> asyncio.Task[int | None] | None:
        status, cloud_word, baileys_word = _STEPS[step]
        word = cloud_word if channel.cloud else baileys_word
        if not entry.advance(status):
            return None
        if word not in entry.updates:
            entry.updates = [word, *entry.updates]
        self._core.changed(entry)
        data: dict[str, Any]
        if channel.cloud:
            data = {"messageId": entry.row, "keyId": entry.id, "remoteJid": entry.jid, "fromMe": False}
            data |= {"participant": entry.jid, "status": word, "instanceId": channel.id}
        else:
            data = {"keyId": entry.id, "remoteJid": entry.jid, "fromMe": True, "participant": None}
            data |= {"status": word, "instanceId": channel.id, "messageId": entry.row}
        task = self._core.emit(channel, "messages.update", data, entry)
        if not channel.cloud and step < 2:
            chat = {"remoteJid": entry.jid, "instanceId": channel.id, "unreadMessages": 0}
            self._core.emit(channel, "chats.upsert", [chat])
        return task


def _answer(channel: Channel, key_id: str, jid: str, content: Content, now: float) -> dict[str, Any]:
    message_type, stamp = content.message_type, int(now)
    if channel.cloud:
        key: dict[str, Any] = {"fromMe": True, "id": key_id, "remoteJid": jid}
        answer: dict[str, Any] = {"key": key, "message": content.message, "messageType": message_type}
        return answer | {"messageTimestamp": stamp, "instanceId": channel.id, "status": "PENDING", "source": "unknown"}
    relayed = message_type == "viewOnceMessage"
    key = {"id": key_id, "remoteJid": jid, "participant": jid, "fromMe": True}
    if not relayed:
        key = {"remoteJid": jid, "fromMe": True, "id": key_id}
    answer = {"key": key, "pushName": "Você", "status": "PENDING", "message": content.message}
    if not relayed and message_type != "reactionMessage":
        answer["contextInfo"] = context_info(now)
    return answer | {"messageType": message_type, "messageTimestamp": stamp, "instanceId": channel.id, "source": "web"}


def _words(body: dict[str, Any]) -> str:
    """What the person reads, for the ledger."""
    for name in ("text", "description", "caption", "title", "name", "reaction"):
        if isinstance(body.get(name), str) and body[name]:
            return str(body[name])
    return ""
