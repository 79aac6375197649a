"""What an agent wants beside its answer: that a person hears something, that another agent does something."""

from __future__ import annotations

from typing import Any

from msgspec import Struct

from bot.model.ids import PersonId
from bot.model.session import Channel


class Tell(Struct, frozen=True, omit_defaults=True):
    """Something that a person should hear without having just asked; the dialogue decides the words.

    ``id`` is unique for its cause and stable ("case:12:doctor2"): a repeat carries the same id and is heard once. Flows start
    on ``AGENT.name``. ``channel`` reaches somebody who never wrote to us. It is not worth telling after ``expires_at``.
    """

    id: str
    person: PersonId
    name: str
    facts: dict[str, Any] = {}
    channel: Channel | None = None
    expires_at: float | None = None


class Ask(Struct, frozen=True, omit_defaults=True):
    """A task for another agent; nobody waits for its answer. ``id`` as in ``Tell``."""

    id: str
    person: PersonId
    agent: str
    name: str
    data: dict[str, Any] = {}
