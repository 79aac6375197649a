"""The patients' phones: what they write, tap, attach and read."""

from __future__ import annotations

import asyncio
import base64
from collections import deque
from typing import Any, NamedTuple

from webhooks.lookalike import writing
from webhooks.lookalike.chats import Entry
from webhooks.lookalike.core import Core
from webhooks.lookalike.files import sample
from webhooks.lookalike.ids import baileys_id, database_id, jid_of, wamid
from webhooks.lookalike.people import Channel
from webhooks.lookalike.sending import Sending
from webhooks.lookalike.writing import Written


class Unknown(LookupError):
    """There is no such person, message or option."""


class Said(NamedTuple):
    """``delivered``: ends with the last HTTP status that the bot gave for it; None when nobody listens."""

    id: str
    delivered: asyncio.Task[int | None] | None


class Phones:
    def __init__(self, core: Core, sending: Sending) -> None:
        self._core = core
        self._sending = sending
        self._lately: deque[str] = deque(maxlen=64)

    def say(
        self, number: str, text: str, *, channel: Channel, name: str | None, quoted: str | None = None, at: float | None = None
    ) -> Said:
        known = self._entry(quoted) if quoted and self._core.chats else None
        written = writing.text(channel, text, quoted, known.message if known else None)
        return self._write(number, written, channel, name, quoted=quoted, at=at)

    def tap(self, number: str, message_id: str, option: str, *, channel: Channel, name: str | None) -> Said:
        asked = self._entry(message_id)
        label, description, from_list = _option(asked, option)
        written = writing.tap(channel, message_id, option, label, from_list=from_list, description=description)
        return self._write(number, written, channel, name, quoted=message_id)

    def attach(self, number: str, kind: str, *, channel: Channel, name: str | None, caption: str = "") -> Said:
        if kind == "location":
            return self._write(number, writing.location(19.076, 72.8777, "Mumbai", "Maharashtra"), channel, name)
        file = sample(kind)
        key_id = self._new_id(channel, number)
        written = writing.media(channel, file, caption, key_id, self._core.clock())
        if self._core.chats is not None and self._core.chats.keep_file(key_id, file.mime, file.data):
            written.view.media["file"] = key_id
        return self._write(number, written, channel, name, key_id=key_id)

    def react(self, number: str, message_id: str, emoji: str, *, channel: Channel, name: str | None) -> Said:
        target = self._entry(message_id)
        target.reaction = emoji or None
        self._core.changed(target)
        written = writing.reaction(channel, target.jid, target.id, not target.mine, emoji, self._core.clock())
        return self._write(number, written, channel, name, silent=True)

    def look_at(self, channel: Channel, number: str) -> None:
        """The chat is open before the patient's eyes."""
        chat = self._core.chats.chat(channel.name, jid_of(number)) if self._core.chats else None
        if chat is not None:
            chat.read_to = self._core.clock()
            for entry in chat.entries:
                self._sending.read(channel, entry)

    def base64_of(self, message_id: str) -> dict[str, Any] | None:
        """Evolution's answer for a kept file."""
        chats = self._core.chats
        entry, file = (chats.entry(message_id), chats.file(message_id)) if chats else (None, None)
        if entry is None or file is None:
            return None
        encoded = base64.b64encode(file[1]).decode("ascii")
        media = entry.view.media
        return {
            "mediaType": entry.message_type,
            "fileName": media.get("name"),
            "caption": entry.view.text,
            "size": {"fileLength": {"low": len(file[1]), "high": 0, "unsigned": True}},
            "mimetype": file[0],
            "base64": encoded,
            "buffer": None,
        }

    def _write(
        self,
        number: str,
        written: Written,
        channel: Channel,
        name: str | None,
        *,
        quoted: str | None = None,
        at: float | None = None,
        key_id: str | None = None,
        silent: bool = False,
    ) -> Said:
        core = self._core
        now = core.clock() if at is None else at
        self._sending.heard(number, now)
        jid = jid_of(number)
        key_id = key_id or self._new_id(channel, number)
        fault = core.faults.draw(number, sending=False)
        told_jid = jid
        if fault is not None and fault.kind == "wrong_sender" and channel.cloud:
            told_jid = next((other for other in reversed(self._lately) if other != jid), jid)
        self._lately.append(jid)
        entry = None
        if core.chats is not None and not silent:
            entry = Entry(
                key_id, database_id(), channel.name, number, jid, True, now, written.message, written.message_type, written.view,
                name=name, quoted=quoted,
            )  # fmt: skip
            core.remember(entry)
        if fault is not None and fault.kind == "lost":
            return Said(key_id, None)
        data = writing.upsert(channel, key_id, told_jid, name, written, now)
        late = fault.seconds if fault is not None and fault.kind == "late" else 0.0
        task = self._announce(channel, told_jid, name, data, entry, late)
        if fault is not None and fault.kind == "duplicate":
            core.emit(channel, "messages.upsert", data, entry)
        if task is not None and entry is not None:
            task.add_done_callback(lambda done: self._delivered(entry, done))
        return Said(key_id, task)

    def _announce(
        self, channel: Channel, jid: str, name: str | None, data: dict[str, Any], entry: Entry | None, late: float
    ) -> asyncio.Task[int | None] | None:
        """The event, among the others that the real one posts around it."""
        emit, row = self._core.emit, {"instanceId": channel.id}
        if channel.cloud:
            task = emit(channel, "messages.upsert", data, entry, late=late)
            emit(channel, "contacts.upsert", {"pushName": name} | row)
            return task
        emit(channel, "chats.update", [{"remoteJid": jid} | row])
        emit(channel, "contacts.update", [{"remoteJid": jid} | row])
        task = emit(channel, "messages.upsert", data, entry, late=late)
        emit(channel, "contacts.update", {"remoteJid": jid, "pushName": name} | row)
        return task

    def _delivered(self, entry: Entry, done: asyncio.Task[int | None]) -> None:
        if done.cancelled() or done.exception() is not None:
            return
        status = done.result()
        if entry.advance("delivered" if status is not None and 200 <= status < 300 else "failed"):
            self._core.changed(entry)

    def _new_id(self, channel: Channel, number: str) -> str:
        return wamid(number, from_me=False) if channel.cloud else baileys_id(from_me=False)

    def _entry(self, message_id: str) -> Entry:
        entry = self._core.chats.entry(message_id) if self._core.chats else None
        if entry is None:
            raise Unknown(message_id)
        return entry


def _option(asked: Entry, option: str) -> tuple[str, str, bool]:
    for button in asked.view.buttons:
        if button["id"] == option:
            return button["label"], "", False
    for section in asked.view.sections:
        for row in section["rows"]:
            if row["id"] == option:
                return row["title"], row["description"], True
    raise Unknown(option)
