"""What a model made of a message: to be weighed, never an order."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct


class Hint(Struct, frozen=True, omit_defaults=True):
    """``urgency`` can only raise, as far as the one-tap question. ``intent`` counts only where our own rules found none.
    ``text``: what was heard in a voice message or seen in a picture, to be read like words of the person, with every reading
    asked about before it is kept."""

    source: Literal["words", "voice", "picture"]
    urgency: Literal["none", "confirm"] = "none"
    intent: str | None = None
    text: str | None = None
