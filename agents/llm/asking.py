"""What is asked of a model, and what comes back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

from msgspec import Struct

from bot.model.ids import PersonId


class File(Struct, frozen=True):
    """A picture or a voice note that goes with the question."""

    data: bytes
    mime: str


class Question(Struct, frozen=True):
    """``said``: everything that others wrote (patient, forwarded text, document, contact); it is redacted and sent as data.
    ``given``: ours (allowed ids, passages, the language). ``cause``: the input or intent that this is for."""

    task: str
    person: PersonId
    cause: str
    said: Mapping[str, Any]
    given: Mapping[str, Any] = {}
    names: tuple[str, ...] = ()
    files: tuple[File, ...] = ()


class Call(Struct, frozen=True):
    """One request to a provider: words are final, personal data is out."""

    task: str
    system: str
    user: str
    schema: Mapping[str, Any]
    models: tuple[str, ...]
    tokens: int
    files: tuple[File, ...] = ()


class Answer(Struct, frozen=True):
    """``text`` should be JSON of the schema. ``cost`` in US dollars; None: not told."""

    text: str
    model: str
    cost: float | None = None
    tokens: int = 0


class Provider(Protocol):
    async def complete(self, call: Call) -> Answer:
        """Raises ModelFailed. The caller keeps the deadline."""
