"""What a browser carries while somebody is signed in: who, since when, and our seal on it. Pure.

Nothing is kept of a session here. Each request reads the account too, so that taking a role away, closing an account or signing
out counts at once.
"""

from __future__ import annotations

import base64
import binascii
import hmac
from hashlib import sha256
from typing import TypeVar

import msgspec
from msgspec import Struct

T = TypeVar("T", bound=Struct)

LONGEST = 2048
"""Characters of a ticket that is looked at at all."""


class Ticket(Struct, frozen=True, array_like=True):
    """``began`` and ``seen``: Unix seconds of the sign-in and of the last renewal."""

    login: str
    began: float
    seen: float
    nonce: str


class Seal:
    """``key``: 32 bytes or more that only our processes have. A text sealed for one use is none for another."""

    def __init__(self, key: bytes) -> None:
        self._key = key

    def sealed(self, use: str, value: Struct) -> str:
        body = base64.urlsafe_b64encode(msgspec.json.encode(value)).decode().rstrip("=")
        return f"{body}.{self._of(use, body)}"

    def opened(self, use: str, text: str, type_: type[T]) -> T | None:
        """None for what was not sealed by this key for this use."""
        body, dot, seal = text.rpartition(".")
        if not dot or len(text) > LONGEST or not self._same(self._of(use, body), seal):
            return None
        try:
            return msgspec.json.decode(base64.urlsafe_b64decode(body + "=="), type=type_)
        except (msgspec.MsgspecError, binascii.Error, ValueError):
            return None

    def form(self, nonce: str) -> str:
        """What a form of ours carries, so that nobody else's page can send it for the one who is signed in."""
        return self._of("form", nonce)

    def is_form(self, nonce: str, offered: str) -> bool:
        return self._same(self.form(nonce), offered)

    def _of(self, use: str, text: str) -> str:
        return hmac.new(self._key, f"{use}:{text}".encode(), sha256).hexdigest()

    @staticmethod
    def _same(ours: str, offered: str) -> bool:
        return hmac.compare_digest(ours.encode(), offered.encode("utf-8", "surrogateescape"))
