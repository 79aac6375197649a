"""The port ``Gateway`` on the Graph API. One shared client for all numbers of an install."""

from __future__ import annotations

import asyncio
import logging
import re
from collections.abc import Awaitable, Callable, Collection, Mapping
from typing import Any

import httpx
from msgspec import Raw, Struct
from msgspec.json import Decoder, encode

from bot.errors import BotError, GatewayUnavailable, Malformed, OutcomeUnknown, Refused, StoreUnavailable
from bot.model.effects import Outbound, mime_of
from bot.model.ids import GatewayId
from webhooks.meta.answers import failure, file_id, sent_id
from webhooks.meta.payloads import body_for, token_of
from webhooks.raw import NOTHING, opened, string, whole
from webhooks.transport import transport_error

log = logging.getLogger(__name__)

MAX_ANSWER = 1024 * 1024  # bytes
LOOK_EVERY, LOOK_FOR = 0.5, 6.0
"""Seconds. Meta's first status of a message comes within a second or two of its send."""
_HOST = re.compile(r"[a-z0-9.-]{1,253}")
_FILE_HOSTS = (".whatsapp.net", ".fbsbx.com", ".fbcdn.net", ".facebook.com")
"""Where Meta keeps what people send. No other address is asked, whatever an answer names."""

Seen = Callable[[str], Awaitable[tuple[GatewayId, float] | None]]
"""WhatsApp's id of the message whose statuses carry this token, and when it had the newest; None while there was none."""
SLACK = 120.0  # seconds that two clocks may differ


class _File(Struct):
    url: Raw = NOTHING
    file_size: Raw = NOTHING


class _Number(Struct):
    id: Raw = NOTHING
    status: Raw = NOTHING


_files, _numbers = Decoder(_File), Decoder(_Number)


class MetaGateway:
    """``numbers``: instance -> Meta's id of its phone number. Close it with ``aclose`` or ``async with``."""

    def __init__(
        self,
        url: str,
        token: str,
        numbers: Mapping[str, str],
        *,
        seen: Seen,
        files: Callable[[str], Awaitable[bytes | None]] | None = None,
        total_seconds: float = 30.0,
        look_for: float = LOOK_FOR,
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        self._url = url.rstrip("/")
        self._numbers = dict(numbers)
        self._seen, self._files, self._total, self._look_for = seen, files, total_seconds, look_for
        self._client = httpx.AsyncClient(
            headers={"authorization": f"Bearer {token}", "accept-encoding": "identity"},
            timeout=httpx.Timeout(total_seconds, connect=5.0),
            limits=httpx.Limits(max_connections=64, max_keepalive_connections=64, keepalive_expiry=50.0),
            follow_redirects=False,
            trust_env=False,
            transport=transport,
        )

    async def __aenter__(self) -> MetaGateway:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.aclose()

    async def aclose(self) -> None:
        await self._client.aclose()

    def serves(self, instance: str) -> bool:
        return instance in self._numbers

    async def send(self, message: Outbound) -> GatewayId:
        number = self._number(message.instance)
        media = await self._uploaded(message, number)
        body = encode(body_for(message, media=media))
        status, answer, _ = await self._request("POST", f"{self._url}/{number}/messages", content=body)
        return sent_id(status, answer)

    async def find(self, message: Outbound, *, since: float, known: Collection[GatewayId]) -> GatewayId | None:
        """The Graph API has no history. But each status that Meta sends repeats the token of its message, and the ingress
        notes it: what went out is named there within moments, and what did not never is."""
        token = token_of(message)
        deadline = asyncio.get_running_loop().time() + self._look_for
        while True:
            found = await self._seen(token)
            if found is not None:
                return found[0] if found[0] not in known and found[1] >= since - SLACK else None
            if asyncio.get_running_loop().time() >= deadline:
                return None
            await asyncio.sleep(LOOK_EVERY)

    async def ping(self, instance: str) -> str:
        status, answer, retry_after = await self._asking(f"{self._url}/{self._number(instance)}?fields=id,status")
        number = opened(Raw(answer), _numbers) if status == 200 else None
        if number is None or string(number.id) is None:
            raise _unavailable(failure(status, answer, retry_after))
        word = (string(number.status, 100) or "CONNECTED").lower()
        return "open" if word == "connected" else word

    async def fetch(self, file: str, largest: int) -> bytes | None:
        """The bytes of a person's file; None when Meta has none, or more than ``largest``. Raises GatewayUnavailable."""
        if not file.isalnum():
            return None
        status, answer, retry_after = await self._asking(f"{self._url}/{file}")
        if status in (400, 404):
            return None
        place = opened(Raw(answer), _files) if status == 200 else None
        address = string(place.url, 4096) if place is not None else None
        if place is None or address is None:
            raise _unavailable(failure(status, answer, retry_after))
        trusted, size = self._trusted(address), whole(place.file_size)
        if not trusted or (size is not None and size > largest):
            log.warning("a file is not fetched", extra={"action": "file_refused", "reason": "size" if trusted else "address"})
            return None
        status, data, retry_after = await self._asking(address, largest=largest)
        if status == 200:
            return data
        if status in (400, 404):
            return None
        raise _unavailable(failure(status, b"", retry_after))

    def _trusted(self, address: str) -> bool:
        """Only Meta's own hosts, over TLS; or where the API itself is, so that a look-alike can stand in. Taken apart by whoever
        asks it afterwards, so that no two readings of one address differ."""
        try:
            wanted, ours = httpx.URL(address), httpx.URL(self._url)
        except (httpx.InvalidURL, ValueError):
            return False
        if not _HOST.fullmatch(wanted.host) or wanted.userinfo:
            return False
        if (wanted.scheme, wanted.host, wanted.port) == (ours.scheme, ours.host, ours.port):
            return True
        return wanted.scheme == "https" and wanted.port is None and any(wanted.host.endswith(end) for end in _FILE_HOSTS)

    def _number(self, instance: str) -> str:
        if instance not in self._numbers:
            raise Refused("No number of that name.", code="no_instance")
        return self._numbers[instance]

    async def _uploaded(self, message: Outbound, number: str) -> str | None:
        """Meta's id of the message's file. An upload that fails sent nothing: it can be tried again."""
        if message.media is None or message.as_template or self._files is None:
            return None
        try:
            data = await self._files(message.media.ref)
        except Malformed:
            data = None  # no reference of ours: the words are sent alone
        except StoreUnavailable as error:
            raise GatewayUnavailable("The file cannot be read now.") from error
        if data is None:
            log.warning("a file is not there", extra={"action": "file_missing", "kind": message.media.kind})
            return None
        mime = mime_of(data) or "application/pdf"
        form = {"messaging_product": "whatsapp", "type": mime}
        name = message.media.name or "file." + mime.rsplit("/", 1)[1]
        try:
            status, answer, retry_after = await self._request(
                "POST", f"{self._url}/{number}/media", data=form, files={"file": (name, data, mime)}
            )
        except OutcomeUnknown as error:
            raise _unavailable(error) from error
        uploaded = file_id(status, answer)
        if uploaded is None:
            problem = failure(status, answer, retry_after)
            if not isinstance(problem, Refused):
                raise _unavailable(problem)
            log.warning("a file was refused; its words go alone", extra={"action": "file_refused", "code": problem.code})
        return uploaded

    async def _asking(self, url: str, *, largest: int = MAX_ANSWER) -> tuple[int, bytes, str | None]:
        """A call that changes nothing, so that an unknown outcome is only an unavailable gateway."""
        try:
            return await self._request("GET", url, largest=largest)
        except OutcomeUnknown as error:
            raise _unavailable(error) from error

    async def _request(
        self, method: str, url: str, *, content: bytes | None = None, largest: int = MAX_ANSWER, **more: Any
    ) -> tuple[int, bytes, str | None]:
        """Status, body and Retry-After of any answer. Raises GatewayUnavailable or OutcomeUnknown without one."""
        headers = {"content-type": "application/json"} if content is not None else None
        try:
            async with asyncio.timeout(self._total):
                async with self._client.stream(method, url, content=content, headers=headers, **more) as response:
                    body = bytearray()
                    async for chunk in response.aiter_bytes():
                        body += chunk
                        if len(body) > largest:
                            raise OutcomeUnknown(code="answer_too_large")
                    return response.status_code, bytes(body), response.headers.get("retry-after")
        except (httpx.HTTPError, httpx.InvalidURL, TimeoutError, OSError) as error:
            raise transport_error(error) from error


def _unavailable(error: BotError) -> BotError:
    if isinstance(error, GatewayUnavailable):
        return error
    return GatewayUnavailable("Meta cannot be asked.", code=error.code, retry_after=error.retry_after)
