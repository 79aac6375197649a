"""A master that no replica hears any more, as after a cut of the network: what it alone has is told to nobody."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from redis import Redis
from redis.asyncio.sentinel import MasterNotFoundError

from bot.adapters.redis import Coalescing
from bot.adapters.redis.address import Watchers
from bot.errors import SessionsUnavailable
from tests.servers.embedded import ValkeyServer


@pytest.fixture
def pair() -> Iterator[tuple[ValkeyServer, ValkeyServer]]:
    """Like Redis since 7.2 it lets a WAIT behind a read pass; Debian 12's Redis does not."""
    master, replica = (ValkeyServer("--repl-diskless-sync-delay", "0") for _ in range(2))
    try:
        master.start()
        replica.start()
        with Redis(port=replica.port, protocol=2) as admin, Redis(port=master.port, protocol=2) as asked:
            admin.replicaof("127.0.0.1", str(master.port))
            while not (asked.incr("pings") and asked.wait(1, 200)):
                pass
        yield master, replica
    finally:
        for one in (master, replica):
            one.kill()  # a master that is asked to stop waits for its replica
            one.close()


@pytest.mark.services
async def test_what_no_replica_holds_is_not_read_either(pair: tuple[ValkeyServer, ValkeyServer]) -> None:
    master, replica = pair
    async with Coalescing.open(master.url, timeout=60.0, replicas=1) as patient:
        assert await patient.call("SET", "k", "kept") == b"OK"
        assert await patient.call("GET", "k") == b"kept"
        replica.freeze()
        async with Coalescing.open(master.url, connections=2, timeout=1.5, replicas=1) as client:
            with pytest.raises(SessionsUnavailable):
                await client.call("SET", "k", "here alone")
            for _ in range(2):  # a repeat of the turn, on either connection
                with pytest.raises(SessionsUnavailable):
                    await client.call("GET", "k")
        async with Coalescing.open(master.url, timeout=1.5, replicas=1) as another:
            with pytest.raises(SessionsUnavailable):
                await another.call("GET", "k")
        with Redis(port=master.port, protocol=2) as asked:
            asked.set("k", "here alone")  # also where a slow machine ended the write above before it was sent
        replica.thaw()
        assert await patient.call("GET", "k") == b"here alone"


class Said:
    def __init__(self, port: int, epoch: int, *, down: bool = False) -> None:
        self._state = {"ip": "10.0.0.1", "port": port, "config-epoch": epoch, "is_master": True, "is_sdown": down,
                       "is_odown": False, "num-other-sentinels": 2}  # fmt: skip

    async def sentinel_masters(self) -> dict[str, object]:
        return {"care": self._state}


class Silent:
    async def sentinel_masters(self) -> dict[str, object]:
        raise TimeoutError


@pytest.mark.parametrize(
    ("sentinels", "found"),
    [
        ([Said(1, 0), Said(2, 1), Said(2, 1)], 2),  # the first is cut off from the others
        ([Said(1, 0), Silent(), Said(2, 1)], 2),
        ([Said(1, 0), Silent(), Silent()], 1),
        ([Said(2, 1, down=True), Said(2, 1), Said(1, 0)], 2),
        ([Said(1, 0), Said(2, 1, down=True)], None),  # the newest is down: the one of before is no master for that
        ([Silent()], None),
    ],
    ids=["cut off", "cut off and one silent", "two silent", "one sees it down", "the newest is down", "silent"],
)
async def test_of_sentinels_that_disagree_the_newest_is_believed(sentinels: list[Any], found: int | None) -> None:
    watchers = Watchers([], sentinel_kwargs={})  # type: ignore[no-untyped-call]
    watchers.sentinels = sentinels
    if found is None:
        with pytest.raises(MasterNotFoundError):
            await watchers.discover_master("care")
    else:
        assert await watchers.discover_master("care") == ("10.0.0.1", found)
