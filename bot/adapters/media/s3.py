"""Files in an S3-compatible service (MinIO, AWS): five plain requests, signed by ourselves."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from urllib.parse import quote, urlsplit
from xml.etree.ElementTree import ParseError, fromstring

import aiohttp
import httpx
from httpx_aiohttp import AiohttpTransport

from bot.adapters.media.signing import Key, signed
from bot.errors import StoreUnavailable

PAGE = 1000
MAX_LIST = 4 * 1024 * 1024  # bytes of one page of names


class S3Blobs:
    """The place ``Blobs`` as a bucket. ``url`` is the service's address and the bucket: ``https://host:9000/bucket``."""

    def __init__(
        self,
        url: str,
        key: Key,
        *,
        transport: httpx.AsyncBaseTransport | None = None,
        clock: Callable[[], float] = time.time,
        seconds: float = 4.0,
        largest: int = 64 * 1024 * 1024,
    ) -> None:
        parts = urlsplit(url.rstrip("/"))
        self._origin, self._bucket = f"{parts.scheme}://{parts.netloc}", parts.path
        self._key, self._clock, self._seconds, self._largest = key, clock, seconds, largest
        self._transport = transport or AiohttpTransport(client=_session)

    @classmethod
    @asynccontextmanager
    async def open(cls, url: str, key: Key, *, seconds: float = 4.0) -> AsyncIterator[S3Blobs]:
        blobs = cls(url, key, seconds=seconds)
        try:
            yield blobs
        finally:
            await blobs.aclose()

    async def aclose(self) -> None:
        await self._transport.aclose()

    async def write(self, name: str, data: bytes) -> None:
        await self._ask("PUT", f"{self._bucket}/{quote(name)}", data=data, expected=(200,))

    async def read(self, name: str) -> bytes | None:
        status, body = await self._ask("GET", f"{self._bucket}/{quote(name)}", expected=(200, 404))
        if status == 404 and b"NoSuchBucket" in body:
            raise StoreUnavailable("The media store has no such bucket.", code="no_such_bucket")
        return body if status == 200 else None

    async def remove(self, name: str) -> None:
        await self._ask("DELETE", f"{self._bucket}/{quote(name)}", expected=(200, 204, 404))

    async def names(self, prefix: str, limit: int) -> list[str]:
        found: list[str] = []
        query = {"list-type": "2", "prefix": prefix, "max-keys": str(min(PAGE, limit))}
        while True:
            _, body = await self._ask("GET", self._bucket, query=query, expected=(200,), largest=MAX_LIST)
            page, token = _listed(body)
            found += page
            if token is None or len(found) >= limit:
                return found[:limit]
            query["continuation-token"] = token

    async def ping(self) -> None:
        await self.names("until/", 1)

    async def _ask(
        self, method: str, path: str, *, expected: tuple[int, ...], query: dict[str, str] | None = None, data: bytes = b"",
        largest: int | None = None,
    ) -> tuple[int, bytes]:  # fmt: skip
        """Status and body of an answer that was expected. Everything here may be repeated, so any failure is one of the store."""
        request = signed(self._key, method, self._origin, path, query or {}, data, now=self._clock())
        request.extensions["timeout"] = httpx.Timeout(self._seconds).as_dict()
        try:
            async with asyncio.timeout(self._seconds):
                response = await self._transport.handle_async_request(request)
                try:
                    body = await _read(response, largest or self._largest)
                finally:
                    await response.aclose()
        except (httpx.HTTPError, aiohttp.ClientError, TimeoutError, OSError) as error:
            raise StoreUnavailable("The media store does not answer.", code="media_unreachable") from error
        if response.status_code not in expected:
            raise StoreUnavailable("The media store refused a request.", code=f"media_{response.status_code}")
        return response.status_code, body


def _session() -> aiohttp.ClientSession:
    return aiohttp.ClientSession(
        connector=aiohttp.TCPConnector(limit=32), cookie_jar=aiohttp.DummyCookieJar(), auto_decompress=False
    )


async def _read(response: httpx.Response, largest: int) -> bytes:
    chunks, size = [], 0
    async for chunk in response.aiter_raw():
        size += len(chunk)
        if size > largest:
            raise StoreUnavailable("The media store's answer is too large.", code="media_too_large")
        chunks.append(chunk)
    return b"".join(chunks)


def _listed(body: bytes) -> tuple[list[str], str | None]:
    """Names on a page of a listing, and where the next page begins. Services differ in the namespace they write."""
    if b"<!" in body:  # no listing declares a document type or entities of its own
        raise StoreUnavailable("The media store's list cannot be read.", code="media_list")
    try:
        root = fromstring(body)  # noqa: S314 - without declarations, and of at most MAX_LIST bytes
    except ParseError as error:
        raise StoreUnavailable("The media store's list cannot be read.", code="media_list") from error
    names = [found.text or "" for found in root.iterfind("{*}Contents/{*}Key")]
    token = root.findtext("{*}NextContinuationToken")
    return names, token if root.findtext("{*}IsTruncated") == "true" else None
