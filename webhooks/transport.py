"""What a call to a gateway without any answer means."""

from __future__ import annotations

import aiohttp
import httpx

from bot.errors import BotError, GatewayUnavailable, OutcomeUnknown


def transport_error(error: BaseException) -> BotError:
    """A call without an answer. Only a connection that was never made proves that nothing was sent.

    The transport's own translation cannot be used: it calls a reset *after* the request a connect timeout.
    """
    cause = error.__cause__ if isinstance(error.__cause__, aiohttp.ClientError) else error
    if isinstance(cause, aiohttp.ClientError):
        never_connected = isinstance(cause, aiohttp.ClientConnectorError | aiohttp.ConnectionTimeoutError | aiohttp.InvalidURL)
    else:
        never_connected = isinstance(error, httpx.ConnectError | httpx.ConnectTimeout | httpx.PoolTimeout | httpx.InvalidURL)
    if never_connected:
        return GatewayUnavailable("The gateway cannot be reached.", code="unreachable")
    return OutcomeUnknown(code="no_answer")
