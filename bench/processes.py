"""Child processes of a run: started, watched for CPU, ended by their own ids."""

from __future__ import annotations

import os
import select
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

import psutil

ROOT = Path(__file__).resolve().parent.parent
START_SECONDS = 60.0
STOP_SECONDS = 30.0


class BenchFailed(Exception):
    """The run cannot go on; the message says why."""


class Child:
    """One process that says a line with ``ready`` on its standard output when it takes work."""

    def __init__(self, name: str, command: Sequence[str], log: Path, environment: Mapping[str, str] | None = None) -> None:
        self.name, self._log = name, log
        self._heard = b""
        with log.open("ab") as errors:
            self._process = subprocess.Popen(
                command,
                cwd=ROOT,
                env={**_clean(os.environ), **(environment or {})},
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=errors,
            )
        self.pid = self._process.pid

    def wait_ready(self) -> None:
        deadline = time.monotonic() + START_SECONDS
        while "ready" not in self.line(deadline - time.monotonic()):
            pass

    def line(self, seconds: float) -> str:
        """The next line of its standard output. BenchFailed when it ended or said nothing in time."""
        out = self._process.stdout
        assert out is not None
        deadline = time.monotonic() + seconds
        while b"\n" not in self._heard:  # read by hand: select does not see what a buffered reader has read ahead
            if not select.select([out], [], [], max(0.0, deadline - time.monotonic()))[0]:
                raise self._failed("said nothing in time")
            data = os.read(out.fileno(), 65536)
            if not data:
                raise self._failed("ended by itself")
            self._heard += data
        line, _, self._heard = self._heard.partition(b"\n")
        return line.decode().strip()

    def say(self, line: bytes) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(line + b"\n")
        self._process.stdin.flush()

    def cpu(self) -> float:
        """Seconds of CPU so far."""
        return cpu_of(self.pid)

    def stop(self) -> None:
        if self._process.poll() is None:
            self._process.send_signal(signal.SIGTERM)
            try:
                self._process.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                pipe.close()

    def _failed(self, what: str) -> BenchFailed:
        tail = self._log.read_text(errors="replace")[-1500:]
        return BenchFailed(f"{self.name} {what}; the end of {self._log}:\n{tail}")


def python(module: str, *arguments: str) -> list[str]:
    return [sys.executable, "-m", module, *arguments]


def cpu_of(pid: int) -> float:
    times = psutil.Process(pid).cpu_times()
    return float(times.user + times.system)


def machine_cpu() -> float:
    """Seconds that all cores together were busy since the machine started."""
    times = psutil.cpu_times()
    return float(sum(times) - times.idle - getattr(times, "iowait", 0.0) - getattr(times, "guest", 0.0))


def _clean(environment: Mapping[str, str]) -> dict[str, str]:
    """Without the operator's own settings: a bench talks to its private servers only."""
    return {name: value for name, value in environment.items() if not name.startswith("PROCARE_")}
