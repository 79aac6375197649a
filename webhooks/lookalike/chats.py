"""What was written, by chat: bounded, and enough for the page and for ``findMessages``."""

from __future__ import annotations

from collections import OrderedDict, deque
from typing import Any

from msgspec import Struct

from webhooks.lookalike.people import View

MAX_ENTRIES = 100_000  # over all chats
MAX_EVENTS = 16  # JSON events kept with one message, for the developer drawer
MAX_FILES = 64
MAX_FILE_BYTES = 16 * 1024 * 1024
_RANK = {"pending": 0, "failed": 1, "sent": 2, "delivered": 3, "read": 4}


class Entry(Struct, eq=False):
    """One message. ``mine``: the patient wrote it. ``updates``: the words of ``MessageUpdate``, newest first."""

    id: str
    row: str
    instance: str
    number: str
    jid: str
    mine: bool
    at: float
    message: dict[str, Any]
    message_type: str
    view: View
    name: str | None = None
    status: str = "pending"
    updates: list[str] = []
    quoted: str | None = None
    reaction: str | None = None
    events: list[dict[str, Any]] = []

    def advance(self, status: str) -> bool:
        """Ticks only grow."""
        if _RANK[status] <= _RANK[self.status]:
            return False
        self.status = status
        return True

    def note(self, event: dict[str, Any]) -> None:
        self.events.append(event)
        del self.events[:-MAX_EVENTS]


class Chat:
    def __init__(self, number: str, instance: str, jid: str, limit: int) -> None:
        self.number = number
        self.instance = instance
        self.jid = jid
        self.entries: deque[Entry] = deque(maxlen=limit)
        self.read_to = 0.0  # the patient has seen what is older


class Chats:
    """At most ``chats`` chats of ``limit`` messages; the chat used longest ago goes first, unless it is ``pinned``."""

    def __init__(self, limit: int, chats: int) -> None:
        self.limit = limit
        self._most = chats
        self._chats: OrderedDict[tuple[str, str], Chat] = OrderedDict()
        self._by_id: dict[str, Entry] = {}
        self._files: OrderedDict[str, tuple[str, bytes]] = OrderedDict()
        self._file_bytes = 0
        self.pinned: set[tuple[str, str]] = set()

    def open(self, number: str, instance: str, jid: str) -> Chat:
        chat = self._chats.get((instance, jid))
        if chat is None:
            chat = self._chats[(instance, jid)] = Chat(number, instance, jid, self.limit)
            if len(self._chats) > self._most:
                self._forget_one()
        self._chats.move_to_end((instance, jid))
        return chat

    def add(self, entry: Entry) -> None:
        chat = self.open(entry.number, entry.instance, entry.jid)
        if len(chat.entries) == self.limit:
            self._by_id.pop(chat.entries[0].id, None)
        chat.entries.append(entry)
        self._by_id[entry.id] = entry
        if len(self._by_id) > MAX_ENTRIES:
            self._forget_one()

    def entry(self, message_id: str) -> Entry | None:
        return self._by_id.get(message_id)

    def chat(self, instance: str, jid: str) -> Chat | None:
        return self._chats.get((instance, jid))

    def all(self) -> list[Chat]:
        return list(self._chats.values())

    def keep_file(self, message_id: str, mime: str, data: bytes) -> bool:
        """Keep bytes for the page and for ``getBase64FromMediaMessage``; the oldest go first."""
        if len(data) > MAX_FILE_BYTES // 4:
            return False
        self._files[message_id] = (mime, data)
        self._file_bytes += len(data)
        while len(self._files) > MAX_FILES or self._file_bytes > MAX_FILE_BYTES:
            self._file_bytes -= len(self._files.popitem(last=False)[1][1])
        return True

    def file(self, message_id: str) -> tuple[str, bytes] | None:
        return self._files.get(message_id)

    def _forget_one(self) -> None:
        newest = next(reversed(self._chats))
        for key, chat in self._chats.items():
            if key not in self.pinned and key != newest:
                for entry in chat.entries:
                    self._by_id.pop(entry.id, None)
                del self._chats[key]
                return
