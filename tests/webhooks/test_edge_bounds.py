"""Large, slow, compressed and broken-off deliveries."""

from __future__ import annotations

import asyncio
import base64
import gzip
import json
import os
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager

import pytest

from tests.webhooks.fakes import upsert
from tests.webhooks.served import HEADERS, served, until
from webhooks.app import PATH
from webhooks.budget import Budget
from webhooks.limits import MIB, EdgeLimits

HEAD = f"POST {PATH} HTTP/1.1\r\nHost: x\r\nX-Webhook-Token: s3cret\r\n".encode()


@asynccontextmanager
async def raw(port: int | None, *parts: bytes) -> AsyncIterator[tuple[asyncio.StreamReader, asyncio.StreamWriter]]:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        for part in parts:
            writer.write(part)
        await writer.drain()
        yield reader, writer
    finally:
        writer.close()


async def status_of(reader: asyncio.StreamReader) -> int:
    async with asyncio.timeout(30):
        return int((await reader.readline()).split()[1])


async def test_100_megabytes_are_refused_by_their_announcement() -> None:
    async with served() as here, raw(here.client.port, HEAD, b"Content-Length: 104857600\r\n\r\n", b"{") as (reader, _):
        assert await status_of(reader) == 413


async def test_100_megabytes_without_announcement_are_refused_on_the_way() -> None:
    sent = 0

    async def endless() -> AsyncIterator[bytes]:
        nonlocal sent
        for _ in range(1600):
            sent += 65_536
            yield b" " * 65_536

    async with (
        served(EdgeLimits(max_body=2 * MIB, large_bodies=4 * MIB, read_seconds=60.0)) as here,
        raw(here.client.port, HEAD, b"Transfer-Encoding: chunked\r\n\r\n") as (reader, writer),
    ):
        async for chunk in endless():
            writer.write(b"%x\r\n%b\r\n" % (len(chunk), chunk))
            if sent >= 3 * MIB:
                break
        await writer.drain()
        assert await status_of(reader) == 413
        assert here.edge.budget.out == 0


async def test_a_body_that_drips_is_given_up() -> None:
    drips = b"Content-Length: 1000\r\n\r\n", b'{"event":'
    async with served(EdgeLimits(read_seconds=0.2)) as here, raw(here.client.port, HEAD, *drips) as (reader, _):
        assert await status_of(reader) == 408


async def test_a_broken_off_body_leaves_nothing_behind() -> None:
    async with served() as here:
        async with raw(here.client.port, HEAD, b"Content-Length: 3000000\r\n\r\n", b"x" * 100_000):
            await until(lambda: here.edge.budget.out == 3_000_000)
        await until(lambda: here.edge.budget.out == 0)
        assert here.world.bus.attempts == 0


async def test_compressed_bodies_are_refused() -> None:
    async with served() as here:
        data = gzip.compress(json.dumps(upsert({"conversation": "x"})).encode())
        assert await here.post(data, headers={**HEADERS, "Content-Encoding": "gzip"}) == 415


async def test_a_file_of_megabytes_is_taken_out_of_the_payload() -> None:
    file = os.urandom(5 * MIB)
    message = {"imageMessage": {"mimetype": "image/jpeg", "caption": "foto"}, "base64": base64.b64encode(file).decode()}
    async with served() as here:
        assert await here.post(upsert(message)) == 200
        assert here.world.media.files == [file]
        (turn,) = here.world.bus.turns
        assert turn.media is not None
        assert (turn.media.ref, turn.media.size) == ("file-1", len(file))


async def test_large_bodies_wait_for_room_while_small_ones_pass() -> None:
    big = json.dumps(upsert({"conversation": "big", "pad": "x" * (2 * MIB)})).encode()
    limits = EdgeLimits(large_bodies=5 * MIB, wait_seconds=0.3, read_seconds=60.0, publish_seconds=60.0)
    async with served(limits) as here:
        async with AsyncExitStack() as holders:
            for _ in range(2):
                await holders.enter_async_context(raw(here.client.port, HEAD, b"Content-Length: 2500000\r\n\r\n", b"{"))
            await until(lambda: here.edge.budget.out == 5_000_000)
            assert await here.post(upsert({"conversation": "small"})) == 200
            assert await here.post(big) == 503
        await until(lambda: here.edge.budget.out == 0)
        assert await here.post(big) == 200
        assert [turn.text for turn in here.world.bus.turns] == ["small", "big"]


async def test_memory_stays_within_the_budget_while_many_large_bodies_come() -> None:
    """Twenty bodies of 2 MiB against room for three: never more than three are held."""
    most = 0
    async with served(EdgeLimits(large_bodies=7 * MIB, wait_seconds=60, read_seconds=60, publish_seconds=60)) as here:

        async def watching() -> None:
            nonlocal most
            most = max(most, here.edge.budget.out)
            await asyncio.sleep(0)

        here.world.bus.before = watching
        big = json.dumps(upsert({"conversation": "big", "pad": "x" * (2 * MIB)})).encode()
        assert await asyncio.gather(*(here.post(big) for _ in range(20))) == [200] * 20
        assert 0 < most <= 7 * MIB
        assert here.edge.budget.out == 0


async def test_the_budget_is_first_come_first_served_and_survives_cancellation() -> None:
    budget = Budget(10)
    order: list[str] = []

    async def hold(name: str, amount: int, release: asyncio.Event) -> None:
        async with budget.taken(amount):
            order.append(name)
            await release.wait()

    free = asyncio.Event()
    async with asyncio.TaskGroup() as group:
        group.create_task(hold("first", 8, free))
        await until(lambda: order == ["first"])
        impatient = group.create_task(hold("impatient", 8, free))
        group.create_task(hold("large", 10, free))
        group.create_task(hold("small", 1, free))
        await asyncio.sleep(0)
        assert order == ["first"]  # the small one does not overtake
        impatient.cancel()
        await asyncio.sleep(0)
        assert budget.out == 8
        free.set()
    assert order == ["first", "large", "small"]
    assert budget.out == 0


async def test_more_than_the_whole_budget_takes_all_of_it() -> None:
    budget = Budget(10)
    async with budget.taken(99):
        assert budget.out == 10
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.01), budget.taken(1):
                pass
    assert budget.out == 0
