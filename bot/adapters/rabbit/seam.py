"""Where AMQP errors become ours. Every call to the broker happens inside ``broker_call``."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from aiormq.exceptions import (
    AMQPError,
    AuthenticationError,
    ChannelAccessRefused,
    ChannelInvalidStateError,
    ChannelNotFoundEntity,
    ChannelPreconditionFailed,
    DeliveryError,
    ProbableAuthenticationError,
    PublishError,
)

from bot.errors import BotError, BusUnavailable, ConfigError

BROKER_ERRORS = (AMQPError, ChannelInvalidStateError, OSError, RuntimeError, BusUnavailable)
"""What a lost or restarting broker makes the library raise (``RuntimeError``: used after it was closed)."""


def translated(error: BaseException) -> BotError:
    """The error of our tree for an error of the library."""
    match error:
        case BotError():
            return error
        case TimeoutError():
            return BusUnavailable("the broker did not answer in time", code="bus_timeout")
        case PublishError() | ChannelNotFoundEntity():
            return BusUnavailable("the broker has no such queue", code="no_such_queue")
        case DeliveryError():
            return BusUnavailable("the broker refused to hold the message", code="bus_refused")
        case ChannelPreconditionFailed():
            return ConfigError(f"a queue exists with other settings: {error}", code="queue_mismatch")
        case ChannelAccessRefused():
            return ConfigError("the account may not do this at the broker", code="bus_forbidden")
        case AuthenticationError() | ProbableAuthenticationError():
            return ConfigError("the broker refused the user name or the password", code="bus_login")
        case _:
            return BusUnavailable(f"the broker went away: {type(error).__name__}", code="bus_lost")


@asynccontextmanager
async def broker_call(seconds: float) -> AsyncIterator[None]:
    """One deadline round everything inside, and only our errors out of it."""
    try:
        async with asyncio.timeout(seconds):
            yield
    except BROKER_ERRORS as error:  # TimeoutError is an OSError
        raise translated(error) from error
    except asyncio.CancelledError as error:
        task = asyncio.current_task()
        if task is not None and task.cancelling():
            raise
        raise BusUnavailable("the channel was closed under the call", code="bus_lost") from error
