"""The bench's own arithmetic: a wrong figure would look like a right one."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

import pytest
from msgspec.json import decode

from bench.people import number_of, wamid, webhook
from bench.processes import BenchFailed, Child
from bench.rig import middle_of
from bench.wire import Poster, Served, split
from tests.servers.ports import free_port
from webhooks.evolution.wamid import digits_of


def test_a_made_up_message_id_proves_its_sender() -> None:
    number = number_of(17)
    assert digits_of(wamid(number)) == number
    assert wamid(number) != wamid(number)
    assert decode(webhook(number, "help"))["data"]["key"]["remoteJid"] == f"{number}@s.whatsapp.net"


def test_messages_are_split_wherever_the_network_cuts_them() -> None:
    stream = b"".join(b"POST /a HTTP/1.1\r\ncontent-length: %d\r\n\r\n%b" % (size, b"x" * size) for size in (0, 5, 300))
    found, buffer = [], b""
    for position in range(len(stream)):
        buffer += stream[position : position + 1]
        while (message := split(buffer)) is not None:
            found.append(len(message[1]))
            buffer = message[2]
    assert (found, buffer) == ([0, 5, 300], b"")


async def test_every_post_is_answered_over_a_few_connections() -> None:
    bodies: list[bytes] = []

    def answer(_: bytes, body: bytes) -> bytes:
        bodies.append(body)
        return b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"

    port, statuses, done = free_port(), [], asyncio.Event()

    def on_status(status: int) -> None:
        statuses.append(status)
        if len(statuses) == 50:
            done.set()

    async with await asyncio.get_running_loop().create_server(lambda: Served(answer), "127.0.0.1", port):
        poster = Poster("127.0.0.1", port, "/", {}, on_status, lambda: pytest.fail("a connection was lost"))
        await poster.open(3)
        for number in range(50):
            poster.post(str(number).encode())
        async with asyncio.timeout(60):
            await done.wait()
        poster.close()
    assert statuses == [200] * 50
    assert sorted(bodies) == sorted(str(number).encode() for number in range(50))


def test_the_worker_stage_is_measured_between_a_tenth_and_nine_tenths_of_the_turns() -> None:
    # 1,000 turns a second at half a core; before them a slow start at a whole core, after them a few stragglers.
    times = [100.0 + number / 50 for number in range(50)] + [101.0 + number / 1000 for number in range(2000)] + [104.0, 109.0]
    samples = [
        (100.0 + s / 10, cpu, cpu, cpu + 0.2 * s / 10) for s in range(100) for cpu in [min(s, 10) / 10 + max(0, s - 10) / 20]
    ]
    alone = middle_of(times, samples)
    assert alone.rate == 1000
    assert alone.cpu == pytest.approx(500, abs=1)
    assert alone.per_core == pytest.approx(2000, rel=0.01)
    assert alone.others == pytest.approx(0.2, abs=0.01)


def test_lines_that_a_process_says_at_once_are_all_heard(tmp_path: Path) -> None:
    child = Child("talker", [sys.executable, "-c", r"print('ready\nend\n{}', flush=True); input()"], tmp_path / "log")
    try:
        child.wait_ready()
        assert [child.line(60), child.line(60)] == ["end", "{}"]
        with pytest.raises(BenchFailed, match="said nothing"):
            child.line(0.05)
    finally:
        child.stop()
