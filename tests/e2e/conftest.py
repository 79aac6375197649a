"""One service with its page for the tests that only talk; the others start their own."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.e2e.page import Page
from tests.e2e.service import Service, serving

TOKEN = "token-of-the-e2e-tests"


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """``procare serve`` on the embedded engines, as ``make run`` starts it."""
    with serving(tmp_path_factory.mktemp("serve"), {"webhook_token": TOKEN}) as running:
        yield running


@pytest.fixture(scope="module")
def page(service: Service) -> Iterator[Page]:
    opened = Page(service.url)
    yield opened
    opened.close()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A working directory of the test alone."""
    made = tmp_path / "work"
    made.mkdir()
    return made
