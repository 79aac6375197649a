"""One process of the service: ``procare WORDS...``, started, asked, stopped and killed as an operator or a crash would."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import httpx

from tests.sealed import MASTER_KEY
from tests.servers.machine import HERE, Machine
from tests.servers.ports import free_port

PROCARE = Path(sys.executable).with_name("procare")
START_SECONDS = 150.0
STOP_SECONDS = 40.0


class NotReady(Exception):
    """The process ended or did not become ready. The message ends with what it wrote."""


def environment(settings: Mapping[str, object]) -> dict[str, str]:
    """This machine's environment with no settings but ours: ``port=8080`` becomes PROCARE_PORT."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("PROCARE_")}
    own = {} if "master_key_file" in settings else {"PROCARE_MASTER_KEY": MASTER_KEY}
    return inherited | own | {f"PROCARE_{name.upper()}": str(value) for name, value in settings.items()}


def run(folder: Path, settings: Mapping[str, object], *words: str, stdin: str = "") -> subprocess.CompletedProcess[str]:
    """Run one short command to its end."""
    return subprocess.run(
        [str(PROCARE), *words], cwd=folder, env=environment(settings), input=stdin, capture_output=True, text=True, timeout=110
    )


class Service:
    """``folder`` is its working directory, its data and its output. The port stays the same over restarts."""

    def __init__(
        self, folder: Path, settings: Mapping[str, object], *words: str, name: str | None = None, machine: Machine = HERE
    ) -> None:
        self.name = name or "-".join(words)
        self.words = words
        self.machine = machine
        self.folder = folder
        self.settings = {"data_dir": folder / "data", "host": machine.address, **settings}
        self.process: subprocess.Popen[bytes] | None = None
        self.listen_on(free_port())

    def listen_on(self, port: int) -> None:
        self.url = f"http://{self.machine.address}:{port}"
        self.settings["port"] = port

    def start(self) -> None:
        if self.running:
            return
        self.folder.mkdir(parents=True, exist_ok=True)
        with (self.folder / f"{self.name}.out").open("ab") as out, (self.folder / f"{self.name}.err").open("ab") as err:
            self.process = subprocess.Popen(
                [*self.machine.enter, str(PROCARE), *self.words],
                cwd=self.folder,
                env=environment(self.settings),
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=err,
                start_new_session=True,
            )

    def wait_until_ready(self) -> httpx.Response:
        """What it says of itself then."""
        deadline = time.monotonic() + START_SECONDS
        with httpx.Client(timeout=10.0) as client:
            while time.monotonic() < deadline and self.running:
                try:
                    if (answer := client.get(f"{self.url}/readyz")).status_code == 200:
                        return answer
                except httpx.TransportError:
                    pass  # it does not listen yet
                time.sleep(0.02)
        raise NotReady(f"{self.name} (exit status {self.status}):\n{self.err[-3000:]}")

    @property
    def running(self) -> bool:
        return self.process is not None and self.process.poll() is None

    @property
    def status(self) -> int | None:
        return self.process.poll() if self.process is not None else None

    @property
    def out(self) -> str:
        return self._written("out")

    @property
    def err(self) -> str:
        return self._written("err")

    def send(self, number: signal.Signals) -> None:
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(number)

    def wait(self) -> int:
        """The exit status, once it has ended."""
        if self.process is None:
            raise NotReady(f"{self.name} was never started")
        return self.process.wait(STOP_SECONDS)

    def stop(self) -> int:
        """SIGTERM, as an operator stops it."""
        self.send(signal.SIGTERM)
        return self.wait()

    def kill(self) -> None:
        """SIGKILL, as the kernel does when memory is short."""
        self.send(signal.SIGKILL)
        self.wait()

    def close(self) -> None:
        """Stop it however it is."""
        if self.running:
            self.send(signal.SIGTERM)
            try:
                self.wait()
            except subprocess.TimeoutExpired:
                self.kill()

    def _written(self, kind: str) -> str:
        path = self.folder / f"{self.name}.{kind}"
        return path.read_text(errors="replace") if path.exists() else ""


@contextmanager
def serving(folder: Path, settings: Mapping[str, object]) -> Iterator[Service]:
    """``procare serve``, ready; it is stopped on leaving."""
    service = Service(folder, settings, "serve")
    service.start()
    try:
        service.wait_until_ready()
        yield service
    finally:
        service.close()
