"""``procare chat --record`` on the running service writes a test that ``procare dialogs test`` passes."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from tests.e2e.at_hand import run_here
from tests.e2e.service import Service

ROOT = Path(__file__).parents[2]


def procare(*arguments: str, typed: str) -> subprocess.CompletedProcess[str]:
    program = "from bot.cli.main import main; main()"
    command = [sys.executable, "-c", program, *arguments]
    return subprocess.run(command, input=typed, capture_output=True, text=True, timeout=110, cwd=ROOT, check=False)


def test_a_real_chat_becomes_a_test_that_passes(service: Service, tmp_path: Path) -> None:
    path = tmp_path / "chat.yaml"
    typed = "hello\n1\n1\nskip\nskip\nskip\nskip\nskip\nsugar 182 fasting\n/quit\n"
    chat = procare("chat", "--url", service.url, "--patient", "Noor", "--record", str(path), typed=typed)
    assert chat.returncode == 0, chat.stderr
    assert "note:" not in chat.stdout, chat.stdout
    assert "  - agent: {" in path.read_text(encoding="utf-8")
    played = run_here(ROOT, {}, "dialogs", "test", str(path))
    assert played.returncode == 0, played.stdout + played.stderr
    again = run_here(ROOT, {}, "chat", "--url", service.url, "--record", str(path))
    assert again.returncode == 1
    assert "is there already" in again.stderr
