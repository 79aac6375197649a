"""The state that the look-alike's parts share, and the one way to post an event."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Coroutine
from datetime import UTC, datetime
from typing import Any, Self

from msgspec.json import encode
from msgspec.structs import asdict

from webhooks.lookalike.chats import Chats, Entry
from webhooks.lookalike.delivery import Attempt, Delivery
from webhooks.lookalike.faults import Faults
from webhooks.lookalike.ledger import Ledger
from webhooks.lookalike.people import Channel, Patient
from webhooks.lookalike.stream import Stream

MAX_PATIENTS = 200
MOST_NOTED = 2000  # messages that keep their JSON events
LONGEST_SHOWN = 300  # characters of one string in the developer drawer


class Core:
    def __init__(
        self,
        channels: dict[str, Channel],
        patients: dict[str, Patient],
        *,
        chats: Chats | None,
        ledger: Ledger,
        faults: Faults,
        delivery: Delivery,
        clock: Callable[[], float],
        sleep: Callable[[float], Awaitable[None]],
        noting: bool,
    ) -> None:
        self.channels = channels
        self.patients = patients
        self.chats = chats  # None: nothing is remembered
        self.ledger = ledger
        self.faults = faults
        self.delivery = delivery
        self.clock = clock
        self.sleep = sleep
        self.stream = Stream()
        self._noted: deque[Entry] | None = deque() if noting else None  # for the developer drawer
        self._group = asyncio.TaskGroup()
        self._tasks: set[asyncio.Task[Any]] = set()

    async def __aenter__(self) -> Self:
        await self.delivery.__aenter__()
        await self._group.__aenter__()
        return self

    async def __aexit__(self, *_: object) -> None:
        self.stream.close()
        for task in list(self._tasks):
            task.cancel()
        try:
            await self._group.__aexit__(None, None, None)
        finally:
            await self.delivery.__aexit__()

    def spawn(self, work: Coroutine[Any, Any, Any], name: str) -> asyncio.Task[Any]:
        task = self._group.create_task(work, name=name)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    def emit(
        self, channel: Channel, event: str, data: Any, entry: Entry | None = None, *, late: float = 0.0
    ) -> asyncio.Task[int | None] | None:
        """Post one event in a task of its own. None where nobody wants it. The task gives the last HTTP status."""
        if not channel.wants(event):
            return None
        hook = channel.webhook
        url = str(hook.url)
        if hook.by_events:
            url += "/" + event.replace(".", "-").replace("_", "-")
        now = self.clock()
        body = {"event": event, "instance": channel.name, "data": data, "destination": hook.url, "date_time": _iso(now)}
        if not channel.cloud:
            body["sender"] = channel.jid
        body |= {"server_url": "http://lookalike.invalid", "apikey": channel.token}
        note = None
        if entry is not None and self._noted is not None:
            self.note(entry, event, body)
            note = _noting(entry, event, self.clock)
        return self.spawn(self._post(url, hook.headers, encode(body), note, late), f"lookalike-{event}")

    async def _post(
        self, url: str, headers: dict[str, str], data: bytes, note: Callable[[Attempt], None] | None, late: float
    ) -> int | None:
        if late:
            await self.sleep(late)
        return await self.delivery.post(url, headers, data, note)

    def note(self, entry: Entry, what: str, data: Any) -> None:
        """Keep a JSON event with its message, where there is a page to show it."""
        if self._noted is not None:
            entry.note({"at": self.clock(), "what": what, "json": slim(data)})

    def changed(self, entry: Entry) -> None:
        """Tell open pages how a message is doing."""
        if self.stream.watched:
            update = {"id": entry.id, "number": entry.number, "status": entry.status, "reaction": entry.reaction}
            self.stream.send("status", update)

    def remember(self, entry: Entry) -> None:
        if self.chats is not None:
            self.chats.add(entry)
            if self._noted is not None:
                self._noted.append(entry)
                if len(self._noted) > MOST_NOTED:
                    self._noted.popleft().events.clear()
            if self.stream.watched:
                self.stream.send("message", shown(entry))


def shown(entry: Entry) -> dict[str, Any]:
    """A message as the page gets it."""
    view = {name: value for name, value in asdict(entry.view).items() if value not in ("", [], {})}
    if "media" in view:
        view["media"] = {name: value for name, value in view["media"].items() if name != "data"}
    data = {"id": entry.id, "number": entry.number, "mine": entry.mine, "at": entry.at, "status": entry.status, "view": view}
    return data | ({"quoted": entry.quoted} if entry.quoted else {}) | ({"reaction": entry.reaction} if entry.reaction else {})


def slim(value: Any, depth: int = 0) -> Any:
    """The same JSON with long strings and byte objects cut, for people to read."""
    if depth > 20:
        return "…"
    if isinstance(value, dict):
        if len(value) > 12 and all(isinstance(name, str) and name.isdigit() for name in value):
            return f"<{len(value)} bytes>"
        return {name: slim(inner, depth + 1) for name, inner in value.items()}
    if isinstance(value, list):
        return [slim(inner, depth + 1) for inner in value[:50]]
    if isinstance(value, str) and len(value) > LONGEST_SHOWN:
        return f"{value[:LONGEST_SHOWN]}… ({len(value)})"
    return value


def _noting(entry: Entry, event: str, clock: Callable[[], float]) -> Callable[[Attempt], None]:
    def note(attempt: Attempt) -> None:
        answer = {"attempt": attempt.number, "status": attempt.status, "ms": round(attempt.seconds * 1000, 1)}
        entry.note({"at": clock(), "what": f"{event} →", "json": answer})

    return note


def _iso(now: float) -> str:
    return datetime.fromtimestamp(now, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
