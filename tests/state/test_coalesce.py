"""The client itself, against real engines and against servers that misbehave."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import TypeAlias

import pytest
import redis.exceptions
from redis import Redis

from bot.adapters.redis import Coalescing
from bot.adapters.redis.script import Script, script
from bot.adapters.redis.trouble import translated
from bot.errors import Malformed, SessionsUnavailable
from tests.servers.redis import RedisServer

Reader: TypeAlias = asyncio.StreamReader
Writer: TypeAlias = asyncio.StreamWriter
UNUSED = {
    "ChildDeadlockedError",
    "RedisClusterException",
    "SlotNotCoveredError",
    "CrossSlotTransactionError",
    "InvalidPipelineStack",
    "IncorrectPolicyType",
}


@asynccontextmanager
async def fake_server(answer: Callable[[Reader, Writer], Awaitable[None]]) -> AsyncIterator[str]:
    """A server that says what the test wants, by its URL."""

    async def serve(reader: Reader, writer: Writer) -> None:
        try:
            await answer(reader, writer)
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    try:
        yield f"redis://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    finally:
        server.close()


async def read_command(reader: Reader) -> list[bytes]:
    count = int((await reader.readuntil(b"\r\n"))[1:])
    words = []
    for _ in range(count):
        length = int((await reader.readuntil(b"\r\n"))[1:])
        words.append((await reader.readexactly(length + 2))[:-2])
    return words


async def greeted(reader: Reader, writer: Writer) -> list[bytes]:
    """Answer what redis-py says on connecting; return the first command after that."""
    while (words := await read_command(reader))[0].upper() in (b"CLIENT", b"HELLO", b"AUTH", b"SELECT"):
        writer.write(b"+OK\r\n")
    return words


async def test_every_caller_gets_its_own_reply(client: Coalescing, prefix: str) -> None:
    async def one(number: int) -> bytes:
        key = f"{prefix}:{number}"
        await client.call("SET", key, f"v{number}")
        return bytes(await client.call("GET", key))

    assert await asyncio.gather(*map(one, range(2000))) == [b"v%d" % number for number in range(2000)]


async def test_concurrent_commands_share_a_pipeline() -> None:
    batches: list[int] = []

    async def answer(reader: Reader, writer: Writer) -> None:
        await greeted(reader, writer)
        writer.write(b"+PONG\r\n")
        while data := await reader.read(2**20):
            batches.append(data.count(b"PING"))
            writer.write(b"+PONG\r\n" * data.count(b"PING"))

    async with fake_server(answer) as url, Coalescing.open(url, connections=1, most=500) as client:
        await client.call("PING")
        await asyncio.gather(*[client.call("PING") for _ in range(1200)])
    assert batches == [500, 500, 200]


async def test_nothing_is_heard_that_fewer_replicas_hold_than_are_asked_for() -> None:
    held, connections = 1, 0

    async def answer(reader: Reader, writer: Writer) -> None:
        nonlocal connections
        connections += 1
        words = await greeted(reader, writer)
        while True:
            assert words[0] == b"GET"
            assert await read_command(reader) == [b"PUBLISH", b"pc:held", b""], "WAIT alone asks for this connection's own writes"
            assert (await reader.readuntil(b"\r\n")).split() == [b"WAIT", b"1", b"30000"]
            writer.write(b"+OK\r\n:0\r\n:%d\r\n" % held)
            words = await read_command(reader)

    async with fake_server(answer) as url, Coalescing.open(url, connections=1, timeout=60.0, replicas=1) as client:
        assert await client.call("GET", "k") == b"OK"
        held = 0
        with pytest.raises(SessionsUnavailable) as lost:
            await client.call("GET", "k")
        assert (lost.value.code, connections) == ("redis_replicas", 1)
        held = 2
        assert await client.call("GET", "k") == b"OK"
        assert connections == 2, "it may be the old master of a split network: whoever is the master now is asked for anew"


async def test_an_error_reply_reaches_its_caller_only(client: Coalescing, prefix: str) -> None:
    key = f"{prefix}:k"
    await client.call("SET", key, "text")
    commands = [client.call("GET", key), client.call("INCR", key), client.call("GET", key)]
    replies = await asyncio.gather(*commands, return_exceptions=True)
    assert replies[::2] == [b"text", b"text"]
    assert isinstance(replies[1], SessionsUnavailable)
    with pytest.raises(Malformed):
        await client.call("HGETALL", key)
    with pytest.raises(Malformed):
        await client.calls(("GET", key), ("HGETALL", key), ("GET", key))
    assert await client.call("GET", key) == b"text"


async def test_a_cancelled_caller_does_not_disturb_the_others(client: Coalescing, prefix: str) -> None:
    await client.call("SET", f"{prefix}:k", "v")
    tasks = [asyncio.create_task(client.call("GET", f"{prefix}:k")) for _ in range(100)]
    await asyncio.sleep(0)  # all of them are queued, none is answered
    for task in tasks[::2]:
        task.cancel()
    replies = await asyncio.gather(*tasks, return_exceptions=True)
    assert all(isinstance(reply, asyncio.CancelledError) for reply in replies[::2])
    assert replies[1::2] == [b"v"] * 50
    assert await client.call("GET", f"{prefix}:k") == b"v"


async def test_a_caller_cancelled_while_its_command_is_on_the_way_does_not_disturb_the_others() -> None:
    arrived, reply = asyncio.Event(), asyncio.Event()

    async def answer(reader: Reader, writer: Writer) -> None:
        assert await greeted(reader, writer) == [b"GET", b"a"]
        assert await read_command(reader) == [b"GET", b"b"]
        arrived.set()
        await reply.wait()
        writer.write(b"+a\r\n+b\r\n")
        await read_command(reader)
        writer.write(b"+c\r\n")

    async with fake_server(answer) as url, Coalescing.open(url, connections=1) as client:
        first, second = (asyncio.create_task(client.call("GET", key)) for key in "ab")
        await arrived.wait()
        first.cancel()
        reply.set()
        assert await second == b"b"
        assert await client.call("GET", "c") == b"c"
        assert first.cancelled()


async def test_a_script_is_loaded_where_it_is_missing(client: Coalescing, admin: Redis, prefix: str) -> None:
    admin.script_flush()
    take, rest = script("take"), (3, 100, 0, 200, 60)  # limit, now, the day's start and end, seconds to keep
    assert await asyncio.gather(*[client.run(take, (f"{prefix}:c",), f"n{n}", *rest) for n in range(5)]) == [1, 1, 1, 0, 0]
    admin.script_flush()
    assert await client.runs(take, [((f"{prefix}:c",), ("n0", *rest)), ((f"{prefix}:d",), ("n9", *rest))]) == [1, 1]
    assert admin.script_exists(take.sha) == [True]


async def test_a_script_that_fails_is_unavailable(client: Coalescing) -> None:
    with pytest.raises(SessionsUnavailable):
        await client.run(Script("bad", "return redis.call('NOSUCH')", "0" * 40), ())


async def test_a_silent_server_costs_the_deadline_and_no_more() -> None:
    async def answer(reader: Reader, writer: Writer) -> None:
        await greeted(reader, writer)
        await reader.read()  # never answers

    async with fake_server(answer) as url, Coalescing.open(url, timeout=0.2) as client:
        started = asyncio.get_running_loop().time()
        replies = await asyncio.gather(*[client.call("GET", "k") for _ in range(50)], return_exceptions=True)
        assert asyncio.get_running_loop().time() - started < 30.0
    assert {type(reply) for reply in replies} == {SessionsUnavailable}


async def test_a_server_that_is_not_there_is_unavailable_within_the_deadline(tmp_path_factory: pytest.TempPathFactory) -> None:
    nowhere = tmp_path_factory.mktemp("n") / "none.sock"
    async with Coalescing.open(f"unix://{nowhere}", timeout=0.2) as client:
        async with asyncio.timeout(30.0):
            with pytest.raises(SessionsUnavailable):
                await client.call("PING")


async def test_a_broken_link_fails_what_was_in_flight_and_connects_again() -> None:
    connections = 0

    async def answer(reader: Reader, writer: Writer) -> None:
        nonlocal connections
        connections += 1
        first = connections == 1
        await greeted(reader, writer)
        if first:
            writer.write(b"+one\r\n$9\r\nhal")  # two replies were due: one and a third
            await writer.drain()
            return
        writer.write(b"+again\r\n")
        while True:
            await read_command(reader)
            writer.write(b"+again\r\n")

    async with fake_server(answer) as url, Coalescing.open(url, connections=1, timeout=60.0) as client:
        replies = await asyncio.gather(*[client.call("GET", key) for key in "ab"], return_exceptions=True)
        assert replies[0] == b"one"
        assert isinstance(replies[1], SessionsUnavailable)
        assert replies[1].code == "redis_connection", "told at once, not at the deadline"
        assert await client.call("GET", "c") == b"again"


async def test_one_stalled_link_does_not_hold_up_the_others() -> None:
    stalled = asyncio.Event()

    async def answer(reader: Reader, writer: Writer) -> None:
        await greeted(reader, writer)
        if not stalled.is_set():
            stalled.set()
            await reader.read()  # the first command of all is never answered
        while True:
            writer.write(b"+ok\r\n")
            await read_command(reader)

    async with fake_server(answer) as url, Coalescing.open(url, connections=2, timeout=60.0) as client:
        first = asyncio.create_task(client.call("PING"))
        await stalled.wait()
        assert [await client.call("PING") for _ in range(20)] == [b"ok"] * 20
        assert not first.done()
    with pytest.raises(SessionsUnavailable):
        await first


async def test_nonsense_from_the_server_is_unavailable() -> None:
    async def answer(reader: Reader, writer: Writer) -> None:
        await greeted(reader, writer)
        writer.write(b"HTTP/1.1 400 Bad Request\r\n\r\n")

    async with fake_server(answer) as url, Coalescing.open(url, timeout=1.0) as client:
        with pytest.raises(SessionsUnavailable):
            await client.call("PING")


async def test_more_than_the_backlog_is_refused_at_once() -> None:
    async def answer(reader: Reader, writer: Writer) -> None:
        await greeted(reader, writer)
        await reader.read()

    async with fake_server(answer) as url, Coalescing.open(url, timeout=60.0, backlog=10) as client:
        waiting = [asyncio.create_task(client.call("PING")) for _ in range(10)]
        await asyncio.sleep(0)
        with pytest.raises(SessionsUnavailable) as refused:
            await client.calls(("PING",), ("PING",))
        assert refused.value.code == "redis_backlog"
    await asyncio.gather(*waiting, return_exceptions=True)


async def test_a_closed_client_answers_all_who_wait() -> None:
    async def answer(reader: Reader, writer: Writer) -> None:
        await greeted(reader, writer)
        await reader.read()

    async with fake_server(answer) as url:
        async with Coalescing.open(url, connections=1, timeout=30.0) as client:
            waiting = [asyncio.create_task(client.call("PING")) for _ in range(3)]
            await asyncio.sleep(0)
        async with asyncio.timeout(30.0):
            replies = await asyncio.gather(*waiting, return_exceptions=True)
        assert {type(reply) for reply in replies} == {SessionsUnavailable}
        with pytest.raises(SessionsUnavailable):
            await client.call("PING")


async def test_an_error_of_the_user_leaves_as_it_came() -> None:
    with pytest.raises(ValueError, match="mine"):
        async with Coalescing.open("redis://127.0.0.1:9"):
            raise ValueError("mine")
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.05), Coalescing.open("redis://127.0.0.1:9"):
            await asyncio.Event().wait()


@pytest.mark.services
async def test_the_client_survives_the_death_of_its_server(new_redis: Callable[[], RedisServer]) -> None:
    server = await asyncio.to_thread(new_redis)
    async with Coalescing.open(server.url, timeout=5.0) as client:
        await client.call("SET", "k", "v")
        await asyncio.to_thread(server.kill)
        with pytest.raises(SessionsUnavailable):
            await client.call("GET", "k")
        await asyncio.to_thread(server.start)
        async with asyncio.timeout(60.0):
            while True:
                try:
                    assert await client.call("PING") == b"PONG"
                    break
                except SessionsUnavailable:
                    continue


def test_every_error_of_the_library_is_translated() -> None:
    errors = [
        kind
        for kind in vars(redis.exceptions).values()
        if isinstance(kind, type) and issubclass(kind, Exception) and kind.__module__ == redis.exceptions.__name__
    ]
    assert len(errors) > 20
    strangers = {kind.__name__ for kind in errors if not issubclass(kind, redis.exceptions.RedisError)}
    # About forks and cluster-wide commands of the library's own client, which we do not use.
    assert strangers - UNUSED == set(), "an error outside RedisError would pass the seam untranslated"
    assert translated(redis.exceptions.OutOfMemoryError("OOM command")).code == "redis_oom"
    assert translated(redis.exceptions.ConnectionError("gone")).code == "redis_ConnectionError"
    assert isinstance(translated(redis.exceptions.ResponseError("WRONGTYPE Operation")), Malformed)
