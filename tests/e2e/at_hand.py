"""Short commands in this process: what they load is loaded already, and a process of their own needs seconds for it.

For what a command says and does. What is a matter of the process itself is tried with ``tests.e2e.service.run``.
"""

from __future__ import annotations

import logging
import os
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import chdir, contextmanager
from pathlib import Path
from unittest.mock import patch

from click.testing import CliRunner

from bot.cli.main import main
from tests.e2e.service import environment


def run_here(folder: Path, settings: Mapping[str, object], *words: str, stdin: str = "") -> subprocess.CompletedProcess[str]:
    """Run one short command to its end, as ``procare WORDS...`` would in ``folder``, with no settings but these."""
    own = environment(settings)
    clean = {name: own.get(name) for name in {*own, *os.environ} if name.startswith("PROCARE_")}  # None: it is not set
    with (
        chdir(folder),
        logs_as_they_were(),
        patch("sys.argv", ["procare", *words]),
        CliRunner().isolation(input=stdin, env=clean) as (out, err, _),
    ):
        status: object = 0
        try:
            main()
        except SystemExit as ended:
            status = ended.code
        return subprocess.CompletedProcess(
            words, status if isinstance(status, int) else int(status is not None), _text(out.getvalue()), _text(err.getvalue())
        )


@contextmanager
def logs_as_they_were() -> Iterator[None]:
    """A command sends this process's logs where it likes; afterwards they go where they went."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    levels = {name: logging.getLogger(name).level for name in logging.root.manager.loggerDict}
    try:
        yield
    finally:
        root.handlers[:] = handlers
        root.setLevel(level)
        for name, before in levels.items():
            logging.getLogger(name).setLevel(before)


def _text(raw: bytes) -> str:
    return raw.decode().replace("\r\n", "\n")
