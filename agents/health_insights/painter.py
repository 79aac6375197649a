"""Has pictures and pages made in a process of their own, so that drawing never holds up a conversation."""

from __future__ import annotations

import asyncio
import logging
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from typing import Protocol

from agents.health_insights.picture.order import LENGTH, MADE, Order, encode_order

log = logging.getLogger(__name__)

DEADLINE = 4.0
"""Seconds for one file, the wait for the process included: a flow waits eight."""
WARMING = 60.0
"""Seconds for a process to start, on a machine that is busy starting everything else."""
LARGEST = 4_000_000


class NotMade(Exception):
    """The file could not be made, or not in time. The numbers go out without it."""


class Painter(Protocol):
    async def make(self, order: Order) -> bytes:
        """The bytes of a PNG or a PDF. Raises NotMade."""


class PaintProcess:
    """Starts its process with ``warm``, or when it is first needed; ends it in ``aclose``. One order at a time; a process that is
    late is ended, and the next order gets a new one."""

    def __init__(self, deadline: float = DEADLINE, command: tuple[str, ...] = ()) -> None:
        self._deadline = deadline
        self._command = command or (sys.executable, "-m", "agents.health_insights.picture.work")
        self._process: Process | None = None
        self._turn = asyncio.Lock()

    async def make(self, order: Order) -> bytes:
        return await self._made(order, self._deadline)

    async def warm(self, order: Order) -> None:
        """Start the process and have it draw something, so that nobody waits for that later. What goes wrong is told in the log
        alone: the next order tries again."""
        try:
            await self._made(order, WARMING)
        except NotMade as error:
            log.warning("the process that draws is not ready yet", extra={"action": "painter_cold", "code": str(error)[:40]})

    async def _made(self, order: Order, deadline: float) -> bytes:
        body = encode_order(order)
        try:
            async with asyncio.timeout(deadline), self._turn:
                return await self._ask(len(body).to_bytes(LENGTH) + body)
        except TimeoutError as error:
            raise NotMade("late") from error
        except (OSError, asyncio.IncompleteReadError) as error:
            raise NotMade("broken") from error

    async def aclose(self) -> None:
        """Idempotent."""
        await self._end()

    async def _ask(self, message: bytes) -> bytes:
        """A process whose answer was not waited for must not answer the next order: it is ended."""
        whole = False
        try:
            process = await self._running()
            assert process.stdin is not None and process.stdout is not None  # noqa: S101, PT018 (both are pipes)
            process.stdin.write(message)
            await process.stdin.drain()
            head = await process.stdout.readexactly(1 + LENGTH)
            length = int.from_bytes(head[1:])
            if length > LARGEST:
                raise NotMade("too large")
            answer = await process.stdout.readexactly(length)
            whole = True
        finally:
            if not whole:
                await asyncio.shield(self._end())
        if head[:1] != MADE:
            raise NotMade(answer.decode())
        return answer

    async def _running(self) -> Process:
        if self._process is None or self._process.returncode is not None:
            # A session of its own: Ctrl-C at the terminal is for us; the process ends with its input.
            self._process = await asyncio.create_subprocess_exec(
                *self._command, stdin=PIPE, stdout=PIPE, stderr=DEVNULL, start_new_session=True
            )
        return self._process

    async def _end(self) -> None:
        process, self._process = self._process, None
        if process is None or process.returncode is not None:
            return
        process.kill()
        await process.wait()
