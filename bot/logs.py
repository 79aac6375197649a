"""Structured logs: one JSON object a line, a constant sentence and fields, and nothing that identifies a person.

Two safeguards stand behind the rule that nobody logs such things: only known field names are written, and what looks like a
phone number, an address or an identity is masked wherever it turns up.
"""

from __future__ import annotations

import logging
import re
import sys
import traceback
from contextvars import ContextVar
from hashlib import blake2s
from typing import Any

from msgspec.json import encode

from bot.privacy.redaction import masked

turn_id: ContextVar[str | None] = ContextVar("turn_id", default=None)
person_id: ContextVar[str | None] = ContextVar("person_id", default=None)
trace_id: ContextVar[str | None] = ContextVar("trace_id", default=None)

# fmt: off
FIELDS = frozenset({
    "action", "agent", "attempt", "code", "count", "effect", "engine", "error", "event", "flow", "instance", "intent", "kind",
    "limit", "member", "members", "outcome", "partition", "partitions", "path", "port", "queue", "reason", "role",
    "seconds", "size", "state", "status", "step", "url_host", "version",
})
# fmt: on
_PERSON = re.compile(r"[kp][0-9a-f]{24}(\.[0-9]{1,9})?")  # bot/model/ids.py
_URL_SECRET = re.compile(r"(?<=://)[^/@\s]*@")
_CONTROL = re.compile(r"[\x00-\x1f\x7f\u0085\u2028\u2029]+")


def redact(text: str) -> str:
    """Mask what could name or number a person, user and password in an address, and what would begin a line of its own."""
    return masked(_CONTROL.sub(" ", _URL_SECRET.sub("", text)))


def short(identifier: str) -> str:
    """A short name for an id. WhatsApp's ids hold the sender's number in base64, so they are never logged as they are."""
    return blake2s(identifier.encode(), digest_size=6).hexdigest()


def nameless(key: str) -> str:
    """A bus key for people to read: a person's opaque id as it is, anything else (a receipt's is a message's id) shortened."""
    return key if _PERSON.fullmatch(key) else short(key)


class JsonFormatter(logging.Formatter):
    """One line of JSON. Exceptions are written as class and place, without their message, which may quote a person."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, Any] = {
            "at": round(record.created, 3),
            "level": record.levelname,
            "log": record.name,
            "message": redact(record.getMessage()),
        }
        for name in FIELDS & record.__dict__.keys():
            value = record.__dict__[name]
            line[name] = redact(value) if isinstance(value, str) else value
        if turn := turn_id.get():
            line["turn"] = short(turn)
        if person := person_id.get():
            line["person"] = nameless(person)
        if trace := trace_id.get():
            line["trace"] = trace
        if record.exc_info and record.exc_info[1] is not None:
            error = record.exc_info[1]
            frames = traceback.extract_tb(error.__traceback__)[-4:]
            line["error"] = type(error).__name__
            line["at_code"] = [f"{frame.filename.rsplit('/', 2)[-1]}:{frame.lineno}" for frame in frames]
        return encode(line).decode()


def set_up(level: str) -> None:
    """Send all logs to standard error in our form."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonFormatter())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    for chatty in ("httpx", "httpcore", "aio_pika", "aiormq", "asyncio", "transitions", "aiohttp.access", "pymongo"):
        logging.getLogger(chatty).setLevel(logging.WARNING)
    # These two describe every lost connection with the address of the server; our own lines say it once.
    for noisy in ("aio_pika", "aiormq"):
        logging.getLogger(noisy).setLevel(logging.CRITICAL)
