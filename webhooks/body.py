"""Reading a request's body within its bounds."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager

from aiohttp import web

from webhooks.budget import Budget
from webhooks.limits import EdgeLimits


class BodyRefused(Exception):
    """The body will not be read (further). ``status`` is the answer, ``code`` the word for metrics and the log."""

    def __init__(self, status: int, code: str) -> None:
        super().__init__(code)
        self.status = status
        self.code = code


@asynccontextmanager
async def held_body(request: web.Request, limits: EdgeLimits, budget: Budget) -> AsyncIterator[bytes | bytearray]:
    """The whole body; while it is held, a large one keeps its place in the budget."""
    if request.headers.get("Content-Encoding", "identity").lower() != "identity":
        raise BodyRefused(415, "encoded")  # the gateway never compresses; a small bomb would become a large body
    length = request.content_length
    if length is not None and length > limits.max_body:
        raise BodyRefused(413, "too_large")
    async with AsyncExitStack() as places:
        if length is not None and length > limits.small_body:
            await _place(places, budget, length, limits)
        body = bytearray()  # joining a list of chunks would hold everything twice
        reserved = length is not None
        deadline = asyncio.get_running_loop().time() + limits.read_seconds
        while chunk := await _chunk(request, deadline):
            if len(body) + len(chunk) > limits.max_body:
                raise BodyRefused(413, "too_large")
            if len(body) + len(chunk) > limits.small_body and not reserved:
                # A body of unknown length takes the largest place at once: growing bit by bit, two could block each other.
                await _place(places, budget, limits.max_body, limits)
                reserved = True
            body += chunk
        yield body


async def _chunk(request: web.Request, deadline: float) -> bytes:
    try:
        async with asyncio.timeout_at(deadline):
            return await request.content.readany()
    except TimeoutError as error:
        raise BodyRefused(408, "too_slow") from error
    except (web.RequestPayloadError, ConnectionError) as error:
        raise BodyRefused(400, "broken_off") from error


async def _place(places: AsyncExitStack, budget: Budget, amount: int, limits: EdgeLimits) -> None:
    try:
        async with asyncio.timeout(limits.wait_seconds):
            await places.enter_async_context(budget.taken(amount))
    except TimeoutError as error:
        raise BodyRefused(503, "no_room") from error
