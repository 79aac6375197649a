"""A private Redis with the append-only file on."""

from __future__ import annotations

import shutil
import socket

from tests.servers.process import ServerMissing, ServerProcess


class RedisServer(ServerProcess):
    """``redis-server`` (or ``valkey-server``) on a loopback port, synced every second like a production one."""

    name = "redis"

    @property
    def url(self) -> str:
        return f"redis://{self.machine.address}:{self.port}/0"

    def binary(self) -> str:
        found = shutil.which("redis-server") or shutil.which("valkey-server")
        if found is None:
            raise ServerMissing("redis-server is not installed (Debian: apt-get install redis-server)")
        return found

    def command(self) -> list[str]:
        options = {
            "bind": self.machine.address,
            "protected-mode": "no",
            "port": str(self.port),
            "dir": str(self.folder),
            "appendonly": "yes",
            "appendfsync": "everysec",
            "save": "",
        }
        return [self.binary(), *(word for option, value in options.items() for word in (f"--{option}", value))]

    def connected(self) -> socket.socket:
        return socket.create_connection((self.machine.address, self.port), timeout=1)

    def answers(self) -> bool:
        with self.connected() as connection:
            connection.sendall(b"PING\r\n")
            return connection.recv(64).startswith(b"+PONG")  # "-LOADING" while it reads its file

    def wipe(self) -> None:
        """Lose everything: SIGKILL, delete the data, start empty on the same port."""
        self.kill()
        for path in self.folder.iterdir():
            if path.is_dir():
                shutil.rmtree(path)
            elif path.name != "server.log":
                path.unlink()
        self.start()
