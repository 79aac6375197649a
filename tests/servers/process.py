"""One server process of a test: started in its own folder on a port of its own, stopped by its own pid."""

from __future__ import annotations

import atexit
import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path

from tests.servers.machine import HERE, Machine
from tests.servers.ports import free_port

START_SECONDS = 150.0
STOP_SECONDS = 40.0


class ServerMissing(Exception):
    """The server is not installed here. The message says how to get it."""


class ServerFailed(Exception):
    """The server did not start in time. The message ends with the tail of its log."""


class ServerProcess:
    """Start, stop, kill and restart one server. All calls block; call them in a thread from a running event loop."""

    name = "server"

    def __init__(self, machine: Machine = HERE) -> None:
        self.machine = machine
        self.folder = Path(tempfile.mkdtemp(prefix=f"procare-{self.name}-"))
        self.port = free_port()
        self._process: subprocess.Popen[bytes] | None = None
        atexit.register(self.close)

    @property
    def url(self) -> str:
        raise NotImplementedError

    def command(self) -> list[str]:
        raise NotImplementedError

    def environment(self) -> Mapping[str, str]:
        return os.environ

    def answers(self) -> bool:
        """True when the server takes work. Called until it does; an OSError means not yet."""
        raise NotImplementedError

    @property
    def pid(self) -> int | None:
        return self._process.pid if self._process else None

    def start(self) -> None:
        """Start it and wait until it takes work. Its data and its port stay the same over its whole life."""
        if self._process is not None:
            return
        with (self.folder / "server.log").open("ab") as log:
            self._process = subprocess.Popen(
                [*self.machine.enter, *self.command()],
                cwd=self.folder,
                env=dict(self.environment()),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,  # Ctrl-C in the test's terminal must not stop it before the tests have ended
            )
        self._wait_until_it_answers()

    def stop(self) -> None:
        """SIGTERM, then wait. SIGKILL when it does not go."""
        self._end(signal.SIGTERM)

    def kill(self) -> None:
        """SIGKILL, then wait."""
        self._end(signal.SIGKILL)

    def freeze(self) -> None:
        """SIGSTOP: nobody hears of it any more, its connections stay open, and it does not know that time passes."""
        self._signal(signal.SIGSTOP)

    def thaw(self) -> None:
        """SIGCONT: it goes on as if nothing had been."""
        self._signal(signal.SIGCONT)

    def _signal(self, number: signal.Signals) -> None:
        if self._process is not None and self._process.poll() is None:
            self._process.send_signal(number)

    def restart(self) -> None:
        self.stop()
        self.start()

    def close(self) -> None:
        """Stop it and delete its folder."""
        atexit.unregister(self.close)
        self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    def _end(self, how: signal.Signals) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        process.send_signal(how)
        process.send_signal(signal.SIGCONT)  # it may be frozen
        try:
            process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait(STOP_SECONDS)

    def _wait_until_it_answers(self) -> None:
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline:
            if self._process is None or self._process.poll() is not None:
                break
            try:
                if self.answers():
                    return
            except OSError:
                pass  # it does not listen yet
            time.sleep(0.02)
        self.kill()
        tail = (self.folder / "server.log").read_text(errors="replace")[-2000:]
        raise ServerFailed(f"{self.name} did not start within {START_SECONDS:.0f} seconds:\n{tail}")
