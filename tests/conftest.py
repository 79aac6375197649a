"""Fixtures that every test may use, and the order and the care for memory of a whole run."""

from __future__ import annotations

import gc
import logging
import os

import pytest
from hypothesis import HealthCheck, settings

from bot.adapters.mongo import MongoStore
from bot.adapters.redis import Coalescing
from bot.adapters.sqlite import SqliteStore
from bot.adapters.streams import StreamsBus
from tests.sealed import MASTER_KEY

# Whoever opens engines in a test's own process does so with the key that the processes get which a test starts.
os.environ["PROCARE_MASTER_KEY"] = MASTER_KEY

# What a busy machine holds up for some seconds has not failed, and who stands still for them is not dead. Who tests such a
# deadline names it.
os.environ["PROCARE_PUBLISH_SECONDS"] = "25"
for _engine in (Coalescing, MongoStore, SqliteStore):
    vars(_engine)["open"].__func__.__wrapped__.__kwdefaults__["timeout"] = 20.0
vars(StreamsBus)["__init__"].__kwdefaults__["lease_seconds"] = 12.0

# "make test" draws the same examples each time: a change is refused for what it breaks, and never for a draw or a slow minute.
# Whoever runs a file alone, and "make fuzz", draw new ones.
settings.register_profile("same", derandomize=True, deadline=None, suppress_health_check=[HealthCheck.too_slow])

pytest_plugins = ["tests.servers.fixtures"]

# Python's cycle collector starts every 700 allocations: a tenth of the CPU of a run that holds thousands of tests, measured.
# What collecting the tests builds stays for the whole run, so that nothing is looked for meanwhile, and less often after it.
gc.disable()


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The suites that take minutes and mostly wait come first, one after the other on one worker: the others work meanwhile.

    Where they stand by name, several workers sometimes come to them at once, or one to the last of them when all else is done.
    """
    items.sort(key=lambda item: item.get_closest_marker("chaos") is None)


def pytest_collection_finish() -> None:
    gc.freeze()  # by way of the frozen objects to the old ones, which are looked at last
    gc.unfreeze()
    gc.set_threshold(20_000, 10, 10)
    gc.enable()


@pytest.fixture(autouse=True)
def logs_are_heard() -> None:
    """Commands of ours that ran in this process before have silenced its logs and sent them elsewhere."""
    root = logging.getLogger()
    root.setLevel(logging.WARNING)
    root.handlers[:] = [one for one in root.handlers if type(one) is not logging.StreamHandler]
    logging.disable(logging.NOTSET)


@pytest.fixture
def anyio_backend() -> str:
    """Async tests run on asyncio only."""
    return "asyncio"
