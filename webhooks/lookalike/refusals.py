"""Evolution's ways of saying no, and Meta's way inside a 201."""

from __future__ import annotations

import os
from typing import Any

_NAMES = {400: "Bad Request", 401: "Unauthorized", 403: "Forbidden", 404: "Not Found", 500: "Internal Server Error"}
UNREADABLE = "TypeError: Cannot read properties of undefined (reading 'message')"


class Refusal(Exception):
    """An answer other than success. ``body`` is sent as JSON."""

    def __init__(self, status: int, body: Any) -> None:
        super().__init__(status)
        self.status = status
        self.body = body


def refused(status: int, message: Any) -> Refusal:
    return Refusal(status, {"status": status, "error": _NAMES.get(status, "Error"), "response": {"message": message}})


def bad(*messages: Any) -> Refusal:
    """A business rule: a list of strings."""
    return refused(400, list(messages))


def schema(*violations: str) -> Refusal:
    """A schema violation: a list inside a list."""
    return refused(400, [list(violations)])


def crash(message: str) -> Refusal:
    return refused(500, message)


def not_json(detail: str) -> Refusal:
    return Refusal(400, {"status": 400, "error": _NAMES[500], "response": {"message": detail}})


def meta(code: int, title: str, details: str | None = None) -> Refusal:
    """What Evolution passes on when Meta refuses: HTTP 201, and no key."""
    body: dict[str, Any] = {"message": f"(#{code}) {title}", "type": "OAuthException", "code": code}
    if details is not None:
        body["error_data"] = {"messaging_product": "whatsapp", "details": details}
    body["fbtrace_id"] = "A" + os.urandom(8).hex()
    return Refusal(201, body)


def window_closed() -> Refusal:
    return meta(131047, "Re-engagement message", "More than 24 hours have passed")
