"""Fixtures that every test may use."""

from __future__ import annotations

import os

import pytest

from tests.sealed import MASTER_KEY

# Whoever opens engines in a test's own process does so with the key that the processes get which a test starts.
os.environ["PROCARE_MASTER_KEY"] = MASTER_KEY

pytest_plugins = ["tests.servers.fixtures"]


@pytest.fixture
def anyio_backend() -> str:
    """Async tests run on asyncio only."""
    return "asyncio"
