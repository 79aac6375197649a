"""The laboratory's events as intents of the care coordinator (docs/lab-partner.md). They say that something is new, not what."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

import msgspec

from bot.errors import Malformed
from bot.model.effects import Intent
from bot.model.ids import EffectId, PersonId

AGENT = "care_coordinator"
NOBODY = PersonId("laboratory")
SIGNATURE = "X-Lab-Signature"
_EVENT_ID = re.compile(r"[A-Za-z0-9_.-]{1,80}")
_ORDER = re.compile(r"[a-z][0-9a-f]{16}\.\d{1,3}")


def read_event(clock: Callable[[], float]) -> Callable[[bytes, Mapping[str, str]], list[Intent]]:
    """A reader of bodies whose signature was right."""

    def read(body: bytes, headers: Mapping[str, str]) -> list[Intent]:
        try:
            event = msgspec.json.decode(body)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
            raise Malformed("not JSON", code="not_json") from error
        id_, order = (event.get("id"), event.get("order")) if isinstance(event, dict) else (None, None)
        if not isinstance(id_, str) or not _EVENT_ID.fullmatch(id_):
            raise Malformed("an event without an id", code="not_an_event")
        if not isinstance(order, str) or not _ORDER.fullmatch(order):
            return []
        return [Intent(EffectId(f"lab:{id_}"), NOBODY, AGENT, "lab_event", clock(), {"order": order}, unanswered=True)]

    return read
