"""A private RabbitMQ node with its own epmd, so that the system's own node is never touched."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
from collections.abc import Mapping
from pathlib import Path

from tests.servers.machine import HERE, Machine
from tests.servers.ports import free_port
from tests.servers.process import ServerMissing, ServerProcess

DEBIAN_BINARY = "/usr/lib/rabbitmq/bin/rabbitmq-server"  # the one in the path is a wrapper that insists on the system's node
CONFIG = """
disk_free_limit.absolute = 50MB
raft.wal_max_size_bytes = 67108864
"""


class RabbitmqServer(ServerProcess):
    """One broker without plugins. ``settings`` are further lines of its rabbitmq.conf; ``advanced`` is its advanced.config."""

    name = "rabbitmq"

    def __init__(self, settings: str = "", advanced: str = "[].", machine: Machine = HERE) -> None:
        super().__init__(machine)
        self.settings = settings
        self.advanced = advanced
        self._epmd_port = free_port()
        self._dist_port = free_port()
        self._epmd: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"amqp://guest:guest@{self.machine.address}:{self.port}/"

    def command(self) -> list[str]:
        binary = DEBIAN_BINARY if Path(DEBIAN_BINARY).exists() else shutil.which("rabbitmq-server")
        if binary is None:
            raise ServerMissing("rabbitmq-server is not installed (Debian: apt-get install rabbitmq-server)")
        return [binary]

    def environment(self) -> Mapping[str, str]:
        own = {
            "RABBITMQ_NODENAME": f"procare{self.port}@localhost",
            "RABBITMQ_NODE_IP_ADDRESS": self.machine.address,
            "RABBITMQ_NODE_PORT": str(self.port),
            "RABBITMQ_DIST_PORT": str(self._dist_port),
            "RABBITMQ_MNESIA_BASE": str(self.folder / "data"),
            "RABBITMQ_LOG_BASE": str(self.folder / "logs"),
            "RABBITMQ_PID_FILE": str(self.folder / "pid"),
            "RABBITMQ_CONF_ENV_FILE": str(self.folder / "env.conf"),
            "RABBITMQ_CONFIG_FILE": str(self.folder / "rabbitmq.conf"),
            "RABBITMQ_ADVANCED_CONFIG_FILE": str(self.folder / "advanced.config"),
            "RABBITMQ_ENABLED_PLUGINS_FILE": str(self.folder / "plugins"),
            "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS": f"-kernel inet_dist_use_interface {self.machine.erlang_address} -noinput",
            "RABBITMQ_ALLOW_INPUT": "1",  # the script then becomes the broker, so that our pid is the broker's pid
            "HOME": str(self.folder),
            "ERL_EPMD_PORT": str(self._epmd_port),
            "ERL_EPMD_ADDRESS": self.machine.address,
        }
        inherited = {key: value for key, value in os.environ.items() if not key.startswith(("RABBITMQ_", "NOTIFY_SOCKET"))}
        return inherited | own

    def start(self) -> None:
        (self.folder / "rabbitmq.conf").write_text(CONFIG + self.settings)
        (self.folder / "advanced.config").write_text(self.advanced)
        (self.folder / "env.conf").write_text("")
        (self.folder / "plugins").write_text("[].")
        self.command()  # says what is missing before anything is started
        self._start_epmd()
        super().start()

    def close(self) -> None:
        try:
            super().close()
        finally:
            if self._epmd is not None:
                self._epmd.kill()
                self._epmd.wait()
                self._epmd = None

    def wipe(self) -> None:
        """Lose everything: SIGKILL, delete the data, start empty on the same port."""
        self.kill()
        shutil.rmtree(self.folder / "data")
        self.start()

    def answers(self) -> bool:
        with socket.create_connection((self.machine.address, self.port), timeout=1) as connection:
            connection.sendall(b"AMQP\x00\x00\x09\x01")
            return connection.recv(7)[:1] == b"\x01"  # a method frame: Connection.Start

    def _start_epmd(self) -> None:
        """Ours, in the foreground: a broker that finds none would leave a daemon behind."""
        if self._epmd is not None:
            return
        binary = shutil.which("epmd")
        if binary is None:
            raise ServerMissing("epmd is not installed (it comes with Erlang)")
        command = [*self.machine.enter, binary, "-port", str(self._epmd_port), "-address", self.machine.address]
        self._epmd = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
        )
