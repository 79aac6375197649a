"""Ports of servers that a test starts: nobody else gets one between the choice and the server's first word."""

from __future__ import annotations

import fcntl
import os
import random
import socket
import tempfile
from pathlib import Path

LOWEST = 12_000
HELD = Path(tempfile.gettempdir()) / f"procare-ports-{os.getuid()}"
RANGE = Path("/proc/sys/net/ipv4/ip_local_port_range")
_kept: list[int] = []


def free_port() -> int:
    """A loopback port, this process's own until it ends.

    The kernel gives its own ports (those of outgoing connections, and of who asks for any) out of a range of its own; a server
    that starts seconds after the choice would find such a port taken. So it is one below that range, and a lock on a file keeps
    the other processes of a run away from it.
    """
    HELD.mkdir(mode=0o700, exist_ok=True)
    for port in random.sample(range(LOWEST, _the_kernels()), 1000):
        lock = os.open(HELD / str(port), os.O_CREAT | os.O_RDWR, 0o600)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            with socket.socket() as probe:
                probe.bind(("127.0.0.1", port))
        except OSError:
            os.close(lock)
        else:
            _kept.append(lock)
            return port
    raise RuntimeError(f"no free port among 1,000 between {LOWEST} and {_the_kernels()}")


def _the_kernels() -> int:
    """The lowest port that the kernel gives out by itself."""
    lowest = int(RANGE.read_text().split()[0]) if RANGE.exists() else 49_152
    return lowest if lowest >= LOWEST + 2_000 else 32_768
