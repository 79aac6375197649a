"""Ids have types, so that a message id cannot be passed where a person is meant."""

from __future__ import annotations

from hashlib import blake2s
from typing import NewType

PersonId = NewType("PersonId", str)
"""Opaque name of one person: safe in keys, queues and logs (it is not a phone number)."""

InputId = NewType("InputId", str)
"""Id of one input of a turn. The same event delivered twice carries the same id."""

EffectId = NewType("EffectId", str)
"""Id of one effect, derived from the input that caused it: repeating the turn repeats the id."""

GatewayId = NewType("GatewayId", str)
"""WhatsApp's own id of a message (``key.id``)."""


def numberless(message: GatewayId) -> str:
    """A message's id for keys and queues. One of the official channel holds a phone number (in base64): its hash stands for it,
    which nobody can guess, because half of such an id is random."""
    return blake2s(message.encode(), digest_size=12).hexdigest() if message.startswith("wamid.") else message


def person_of(alias: str) -> PersonId:
    """Name a person by one stable alias, for example ``phone:919812345678`` or ``lid:1234``."""
    return PersonId("p" + blake2s(alias.encode(), digest_size=12).hexdigest())


def member_of(owner: PersonId, member: str) -> PersonId:
    """Name somebody else who uses the phone of ``owner``: a patient with a record, reached through the owner."""
    return PersonId(f"{owner}.{member}")


def owner_of(person: PersonId) -> tuple[PersonId, str | None]:
    """Through whom a person is reached, and which member of that household they are (None: the owner)."""
    owner, dot, member = person.partition(".")
    return PersonId(owner), member if dot else None


def effect_of(cause: str, index: int) -> EffectId:
    """Derive the id of effect number ``index`` (0, 1, ...) of input ``cause``."""
    return EffectId(f"{cause}#{index}")


def partition_of(person: PersonId, partitions: int) -> int:
    """Partition 0..partitions-1 of a person; the same in every process and release."""
    return int.from_bytes(blake2s(person.encode(), digest_size=4).digest(), "big") % partitions
