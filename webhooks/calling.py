"""One call to a partner's HTTP API: a deadline, a bound, JSON out. What went wrong is told as an error of our tree."""

from __future__ import annotations

import asyncio
from typing import Any

import aiohttp
import httpx
import msgspec
from httpx_aiohttp import AiohttpTransport
from msgspec import Struct

from bot.errors import Unavailable

IDLE_SECONDS = 4.0
LARGEST = 1024 * 1024  # bytes of a JSON answer


class Answer(Struct, frozen=True):
    """Any answer below 500 that is not "too many": the caller says what its statuses mean."""

    status: int
    body: bytes

    def json(self) -> dict[str, Any]:
        """Empty where the body is no JSON object."""
        try:
            found = msgspec.json.decode(self.body)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            return {}
        return found if isinstance(found, dict) else {}


class Caller:
    """``name`` stands in error codes: ``razorpay_away``, ``razorpay_busy``, ``razorpay_broken``."""

    def __init__(
        self,
        name: str,
        url: str,
        headers: dict[str, str],
        *,
        total_seconds: float,
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        self._name, self._url, self._total = name, url.rstrip("/"), total_seconds
        self._headers = {"accept-encoding": "identity", **headers}
        timeout = httpx.Timeout(total_seconds, connect=min(3.0, total_seconds))
        self._extensions = {"timeout": timeout.as_dict()}
        self._transport = transport or AiohttpTransport(client=_session)

    async def aclose(self) -> None:
        await self._transport.aclose()

    async def call(
        self,
        method: str,
        path: str,
        body: dict[str, Any] | None = None,
        *,
        query: dict[str, str] | None = None,
        headers: dict[str, str] | None = None,
        largest: int = LARGEST,
    ) -> Answer:
        """Raises Unavailable without an answer, for one of 429 or 5xx, and for one that is too large. Whether it had an effect is
        not known then: every call that changes something must be safe to repeat."""
        content = msgspec.json.encode(body) if body is not None else None
        kind = {"content-type": "application/json"} if content is not None else {}
        url = httpx.URL(f"{self._url}/{path}", params=query or {})
        request = httpx.Request(
            method, url, headers={**self._headers, **kind, **(headers or {})}, content=content, extensions=self._extensions
        )
        try:
            async with asyncio.timeout(self._total):
                response = await self._transport.handle_async_request(request)
                try:
                    data = await _read(response, largest)
                finally:
                    await response.aclose()
        except (httpx.HTTPError, aiohttp.ClientError, TimeoutError, OSError) as error:
            raise Unavailable(f"{self._name} does not answer.", code=f"{self._name}_away") from error
        if data is None:
            raise Unavailable(f"{self._name} answers too much.", code=f"{self._name}_too_large")
        if response.status_code == 429:
            raise Unavailable(f"{self._name} is busy.", code=f"{self._name}_busy")
        if response.status_code >= 500:
            raise Unavailable(f"{self._name} has a fault.", code=f"{self._name}_broken")
        return Answer(response.status_code, data)


def _session() -> aiohttp.ClientSession:
    connector = aiohttp.TCPConnector(limit=32, keepalive_timeout=IDLE_SECONDS)
    return aiohttp.ClientSession(connector=connector, cookie_jar=aiohttp.DummyCookieJar())


async def _read(response: httpx.Response, largest: int) -> bytes | None:
    chunks: list[bytes] = []
    size = 0
    async for chunk in response.aiter_bytes():
        size += len(chunk)
        if size > largest:
            return None
        chunks.append(chunk)
    return b"".join(chunks)
