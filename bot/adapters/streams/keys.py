"""Names of the keys. They all begin with the prefix: on a Redis Cluster give it braces (``{bus}``) to keep them in one slot."""

from __future__ import annotations

from msgspec import Struct

GROUP = "workers"


class Keys(Struct, frozen=True):
    prefix: str

    @property
    def queues(self) -> str:
        """Hash: name -> "1" for an ordered queue, "0" for a plain one."""
        return f"{self.prefix}:queues"

    @property
    def parked(self) -> str:
        """Stream of parked records."""
        return f"{self.prefix}:parked"

    @property
    def alive(self) -> str:
        """Beginning of the keys that live as long as a consumer renews them."""
        return f"{self.prefix}:alive:"

    def stream(self, queue: str) -> str:
        return f"{self.prefix}:queue:{queue}"

    def lease(self, queue: str) -> str:
        """Holds the name of the one active consumer of an ordered queue."""
        return f"{self.prefix}:lease:{queue}"

    def later(self, queue: str) -> str:
        """Sorted set of delayed messages, by the time when they are due in milliseconds."""
        return f"{self.prefix}:later:{queue}"
