"""Where a process of a test runs: this machine, or one that a test made beside it (``tests/cluster/network.py``)."""

from __future__ import annotations

from msgspec import Struct


class Machine(Struct, frozen=True):
    """``enter``: what is put before a command so that it runs there; it must become the command, not start it."""

    name: str = "here"
    address: str = "127.0.0.1"
    enter: tuple[str, ...] = ()

    @property
    def erlang_address(self) -> str:
        return "{" + self.address.replace(".", ",") + "}"


HERE = Machine()
