"""A repository of restic for each test that asks for one."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.servers.fixtures import missing


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """An empty folder, and restic's environment set to it."""
    if shutil.which("restic") is None:
        missing("restic is not installed (Debian: apt-get install restic)")
    folder = str(tmp_path / "repository")
    monkeypatch.setenv("RESTIC_REPOSITORY", folder)
    monkeypatch.setenv("RESTIC_PASSWORD", "a long sentence of the tests")
    return folder
