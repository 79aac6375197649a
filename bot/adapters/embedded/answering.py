"""A word with a server on a unix socket, without a client: is it there, and stop."""

from __future__ import annotations

import os
import signal
import socket as sockets
import time
from pathlib import Path

PING = b"*1\r\n$4\r\nPING\r\n"
SECONDS = 2.0  # for its answer


def answers(socket: Path) -> bool:
    """True when a server answers and has read its data. One that cannot write its file (a full disk) says so, and lives."""
    return _say(socket, PING, SECONDS).startswith((b"+PONG", b"-MISCONF"))


def wait_while_reading(socket: Path, seconds: float) -> None:
    """Return when no server is there that still reads its data, or the time is over."""
    deadline = time.monotonic() + seconds
    while _say(socket, PING, SECONDS).startswith(b"-LOADING") and time.monotonic() < deadline:
        time.sleep(0.05)


def shut_down(socket: Path, seconds: float) -> None:
    """Ask the server to write its data and stop; wait until it is gone."""
    _say(socket, b"*1\r\n$8\r\nSHUTDOWN\r\n", seconds)
    deadline = time.monotonic() + seconds
    while answers(socket) and time.monotonic() < deadline:
        time.sleep(0.02)


def end_stray(pid_file: Path, folder: Path, seconds: float) -> None:
    """End a server of that folder that lives on without its socket: two must never write the same file. Linux only: elsewhere
    nothing tells what a process id belongs to, and temporary folders keep their sockets."""
    try:
        pid = int(pid_file.read_text(encoding="ascii"))
        if Path(f"/proc/{pid}/cwd").resolve(strict=True) != folder:
            return
        os.kill(pid, signal.SIGTERM)
        deadline = time.monotonic() + seconds
        while Path(f"/proc/{pid}/cwd").resolve(strict=True) == folder:
            if time.monotonic() > deadline:
                os.kill(pid, signal.SIGKILL)
            time.sleep(0.02)
    except (OSError, ValueError):
        return  # no such file or process (any more)


def _say(socket: Path, words: bytes, seconds: float) -> bytes:
    try:
        with sockets.socket(sockets.AF_UNIX, sockets.SOCK_STREAM) as line:
            line.settimeout(seconds)
            line.connect(str(socket))
            line.sendall(words)
            return line.recv(64)
    except OSError:
        return b""
