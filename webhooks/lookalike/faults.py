"""Faults on demand: the next N times, or with a probability.

On sends
  http_500, http_429      an error answer; nothing is sent
  timed_out               400 ["Error: Timed Out"], Baileys' words; with ``accepted`` the message was sent all the same
  unreadable              400 "TypeError ...", when Meta's answer was no JSON; ``accepted`` as above
  refused                 201 with Meta's error ``code`` and no key
  not_on_whatsapp         400 with the number (Baileys)
  hang                    no answer for ``seconds``, then the connection is cut; ``accepted`` as above
  reset_before            the connection is cut; nothing is sent
  reset_after             the message is sent, and the connection is cut instead of the answer
  delay                   the answer comes ``seconds`` late
  early_receipt           the first receipt is posted before the answer of the send
On what patients write
  wrong_sender            another, lately active customer's remoteJid (official API, under load)
  duplicate               the event is posted twice
  lost                    the event is never posted; the gateway's history has the message all the same
  late                    the event is posted ``seconds`` late, so that younger ones overtake it
"""

from __future__ import annotations

import random
from typing import Literal

from msgspec import Struct

Kind = Literal[
    "http_500",
    "http_429",
    "timed_out",
    "unreadable",
    "refused",
    "not_on_whatsapp",
    "hang",
    "reset_before",
    "reset_after",
    "delay",
    "early_receipt",
    "wrong_sender",
    "duplicate",
    "late",
    "lost",
]
ON_PATIENTS = frozenset({"wrong_sender", "duplicate", "late", "lost"})


class Fault(Struct, omit_defaults=True):
    """``count``: how often it happens at most (None: without end). ``number``: only to that person."""

    kind: Kind
    count: int | None = 1
    probability: float = 1.0
    seconds: float = 0.0
    accepted: bool = False
    code: int = 130429
    number: str | None = None


class Faults:
    """Drawn in the order in which they were added; at most one a message."""

    def __init__(self, seed: int | None = None) -> None:
        self._active: list[Fault] = []
        self._random = random.Random(seed)  # noqa: S311  not a secret: which message is hit
        self.fired: dict[str, int] = {}

    def add(self, kind: Kind, **fields: object) -> Fault:
        fault = Fault(kind, **fields)  # type: ignore[arg-type]  # the struct's own fields
        self._active.append(fault)
        return fault

    def put(self, fault: Fault) -> None:
        self._active.append(fault)

    def clear(self) -> None:
        self._active.clear()

    def active(self) -> list[Fault]:
        return list(self._active)

    def draw(self, number: str, *, sending: bool) -> Fault | None:
        if not self._active:
            return None
        for fault in self._active:
            if (fault.kind in ON_PATIENTS) is sending or fault.number not in (None, number):
                continue
            if fault.probability < 1.0 and self._random.random() >= fault.probability:
                continue
            if fault.count is not None:
                fault.count -= 1
                if fault.count <= 0:
                    self._active.remove(fault)
            self.fired[fault.kind] = self.fired.get(fault.kind, 0) + 1
            return fault
        return None
