"""Ids have types, so that a message id cannot be passed where a person is meant.

A person's id is made of their phone number, which has ten digits: without a secret anybody could make the ids of all numbers
and look which are there. So an installation has a key that ids are made with (``bot/sealing``), and a process takes it before it
names anybody (``named_with``). Without it, in tests and rehearsals, ids are plain hashes.
"""

from __future__ import annotations

import hmac
from collections.abc import Iterator
from contextlib import contextmanager
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


class _Naming:
    """The key of this process's installation. One for the process, because two ids of one person must never meet."""

    key: bytes = b""
    users: int = 0


@contextmanager
def named_with(key: bytes) -> Iterator[None]:
    """Name people with this key meanwhile; empty: by plain hashes. A process serves one installation at a time."""
    if _Naming.users and _Naming.key != key:
        raise RuntimeError("two installations in one process would name people in two ways")
    _Naming.key, _Naming.users = key, _Naming.users + 1
    try:
        yield
    finally:
        _Naming.users -= 1
        if not _Naming.users:
            _Naming.key = b""


def ids_are_keyed() -> bool:
    """Whether people are named with a key now."""
    return bool(_Naming.key)


def person_of(alias: str) -> PersonId:
    """Name a person by one stable alias, for example ``phone:919812345678`` or ``lid:1234``."""
    plain = PersonId("p" + blake2s(alias.encode(), digest_size=12).hexdigest())
    return keyed(plain, _Naming.key) if _Naming.key else plain


def keyed(plain: PersonId, key: bytes) -> PersonId:
    """The id, made with the key, of whom ``plain`` names without one: as long, and seen to be of the other kind."""
    return PersonId("k" + hmac.digest(key, plain.encode(), "sha256")[:12].hex())


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
