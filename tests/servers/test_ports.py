"""A port belongs to who took it, until that process ends."""

from __future__ import annotations

import subprocess
import sys
from contextlib import ExitStack
from subprocess import PIPE

from tests.servers.ports import LOWEST, free_port

TAKE = "from tests.servers.ports import free_port; print(*(free_port() for _ in range(400)), flush=True); open(0).read()"


def test_processes_of_one_run_never_get_the_same_port() -> None:
    """400 out of twenty thousand, four times over: without the locks dozens would be the same."""
    taken: list[str] = []
    with ExitStack() as stack:
        command = [sys.executable, "-c", TAKE]
        others = [stack.enter_context(subprocess.Popen(command, stdin=PIPE, stdout=PIPE, text=True)) for _ in range(4)]
        for other in others:
            assert other.stdout is not None
            taken += other.stdout.readline().split()
    assert len(taken) == len(set(taken)) == 1600


def test_a_port_is_none_that_the_kernel_gives_to_others() -> None:
    assert all(LOWEST <= free_port() < 49_152 for _ in range(20))
