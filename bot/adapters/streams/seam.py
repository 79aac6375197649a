"""Where Redis errors become ours."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from redis.asyncio import Redis
from redis.exceptions import RedisError

from bot.errors import BusUnavailable


@asynccontextmanager
async def redis_call(seconds: float) -> AsyncIterator[None]:
    """One deadline round everything inside, and only our errors out of it."""
    try:
        async with asyncio.timeout(seconds):
            yield
    except TimeoutError as error:
        raise BusUnavailable("Redis did not answer in time", code="bus_timeout") from error
    except (RedisError, OSError) as error:
        raise translated(error) from error


async def command(redis: Redis, *words: Any) -> Any:
    """One command outside a pipeline."""
    return await redis.execute_command(*words)  # type: ignore[no-untyped-call]


def translated(error: BaseException) -> BusUnavailable:
    return BusUnavailable(f"Redis refused or went away: {type(error).__name__}", code="bus_lost")


def no_such_queue() -> BusUnavailable:
    return BusUnavailable("the bus has no such queue", code="no_such_queue")
