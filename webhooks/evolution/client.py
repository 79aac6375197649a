"""The WhatsApp gateway, spoken to over HTTP."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Collection
from typing import Any
from urllib.parse import quote

import aiohttp
import httpx
from httpx_aiohttp import AiohttpTransport
from msgspec import Raw, Struct
from msgspec.json import Decoder, encode

from bot.errors import BotError, GatewayUnavailable, Malformed, OutcomeUnknown, Refused, StoreUnavailable
from bot.model.effects import Outbound
from bot.model.ids import GatewayId
from bot.model.inbound import Inbound
from bot.ports.templates import NewTemplate, RemoteTemplate
from webhooks.evolution import history, received
from webhooks.evolution import templates as template_answers
from webhooks.evolution.attached import decoded
from webhooks.evolution.errors import failure, sent_id
from webhooks.evolution.payloads import Call, call_for
from webhooks.evolution.received import Rows
from webhooks.raw import NOTHING, opened, string
from webhooks.transport import transport_error

log = logging.getLogger(__name__)

MAX_ANSWER = 16 * 1024 * 1024  # bytes; a page of history with thumbnails stays far below
MAX_PAGES = 4
WITH_FILE = frozenset({"sendMedia", "sendWhatsAppAudio"})
OF_THE_FILE = frozenset({"bad_media", "media_unavailable", "too_long"})
"""Refusals that the words of a message do not share with its file."""
IDLE_SECONDS = 4.0  # Node closes idle connections after 5: reusing one in that moment would make an outcome unknown
EVENTS = (
    "MESSAGES_UPSERT",
    "MESSAGES_UPDATE",
    "MESSAGES_EDITED",
    "MESSAGES_DELETE",
    "SEND_MESSAGE",
    "CONNECTION_UPDATE",
    "QRCODE_UPDATED",
    "LOGOUT_INSTANCE",
    "REMOVE_INSTANCE",
    "STATUS_INSTANCE",
)


class _Connection(Struct):
    instance: Raw = NOTHING


class _State(Struct):
    state: Raw = NOTHING


class _Fetched(Struct):
    base64: Raw = NOTHING


_connections, _states, _fetched = Decoder(_Connection), Decoder(_State), Decoder(_Fetched)


def _transport(connections: int) -> AiohttpTransport:
    # httpx's own transport costs 1,770 us a call with 20 in flight, this one 222 us. No cookies, no proxy from the environment.
    def session() -> aiohttp.ClientSession:
        connector = aiohttp.TCPConnector(limit=connections, keepalive_timeout=IDLE_SECONDS)
        return aiohttp.ClientSession(connector=connector, cookie_jar=aiohttp.DummyCookieJar(), read_bufsize=2**18)

    return AiohttpTransport(client=session)


class EvolutionGateway:
    """The port ``Gateway`` on Evolution API v2. One shared client; close it with ``aclose`` or ``async with``."""

    def __init__(
        self,
        url: str,
        api_key: str,
        *,
        baileys_interactive: bool = False,
        connect_seconds: float = 5.0,
        total_seconds: float = 30.0,
        connections: int = 64,
        transport: httpx.AsyncBaseTransport | None = None,
        files: Callable[[str], Awaitable[bytes | None]] | None = None,
    ) -> None:
        self._url = url.rstrip("/")
        self._baileys_interactive = baileys_interactive
        self._total = total_seconds
        self._instances: dict[str, received.Instance] = {}
        self._files = files  # reference -> the bytes of a file that we send
        self._headers = {"apikey": api_key, "content-type": "application/json", "accept-encoding": "identity"}
        timeout = httpx.Timeout(total_seconds, connect=connect_seconds, pool=max(connect_seconds, total_seconds / 2))
        self._extensions = {"timeout": timeout.as_dict()}
        # The transport alone, without httpx's client round it: cookies, redirects, auth and proxies are not wanted here, and
        # preparing for them costs as much for each message as the call itself.
        self._transport = transport or _transport(connections)

    async def __aenter__(self) -> EvolutionGateway:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.aclose()

    async def aclose(self) -> None:
        await self._transport.aclose()

    async def send(self, message: Outbound) -> GatewayId:
        call = await self._call(message)
        try:
            return await self._sent(message, call)
        except Refused as refusal:
            if refusal.code not in OF_THE_FILE or call.endpoint not in WITH_FILE or not message.text.strip():
                raise
            log.warning("a file was refused; its words go alone", extra={"action": "file_refused", "code": refusal.code})
        return await self._sent(message, call_for(message, baileys_interactive=self._baileys_interactive))

    async def _sent(self, message: Outbound, call: Call) -> GatewayId:
        status, body, retry_after = await self._request("POST", f"message/{call.endpoint}", message.instance, call.body)
        return sent_id(status, body, retry_after)

    async def find(self, message: Outbound, *, since: float, known: Collection[GatewayId]) -> GatewayId | None:
        call = await self._call(message)
        records: list[history.Sent] = []
        for number in range(1, MAX_PAGES + 1):
            page = await self._page(message, number)
            records += page.records
            oldest = min((record.at for record in page.records), default=0.0)
            if number >= page.pages or oldest < since - history.SLACK:
                break
        return history.match(records, call, since=since, known=known)

    async def _call(self, message: Outbound) -> Call:
        data = None
        try:
            if message.media and self._files:
                data = await self._files(message.media.ref)
        except Malformed:
            data = None  # no reference of ours: the words are sent alone
        except StoreUnavailable as error:
            raise GatewayUnavailable("The file cannot be read now.") from error
        if message.media and data is None:
            log.warning("a file is not there", extra={"action": "file_missing", "kind": message.media.kind})
        return call_for(message, data=data, baileys_interactive=self._baileys_interactive)

    async def _page(self, message: Outbound, number: int) -> history.Page:
        query = history.query_for(message, number)
        status, body, retry_after = await self._asking("POST", "chat/findMessages", message.instance, query)
        page = history.page_of(body) if status == 200 else None
        if page is None:
            raise _unavailable(failure(status, body, retry_after))
        return page

    async def fetch(self, message: Inbound, largest: int) -> bytes | None:
        """The bytes of a person's file that did not come with its event; None when the gateway has none, or more than
        ``largest``. Raises GatewayUnavailable."""
        body = {"message": {"key": {"id": message.message_id}}}
        bound = largest * 4 // 3 + 64 * 1024
        status, answer, retry_after = await self._asking(
            "POST", "chat/getBase64FromMediaMessage", message.instance, body, largest=bound
        )
        if status == 400:  # it does not know the message, or WhatsApp no longer has the file
            return None
        if status not in (200, 201):
            raise _unavailable(failure(status, answer, retry_after))
        file = opened(Raw(answer), _fetched)
        return await asyncio.to_thread(decoded, file.base64) if file else None

    async def received(self, instance: str, page: int) -> Rows:
        """A page of what people wrote to this instance, newest first. Raises GatewayUnavailable; Refused where there is no
        such instance."""
        return await self._rows(instance, received.query(page))

    async def written(self, instance: str, message: GatewayId) -> bytes | None:
        """A person's message of that id, as the event that brought it; None where there is none. Raises as ``received``."""
        rows = (await self._rows(instance, received.query_for(message))).rows
        return rows[0].event if rows else None

    async def _rows(self, instance: str, query: dict[str, object]) -> Rows:
        known = self._instances.get(instance)
        if known is None:
            status, body, retry_after = await self._asking(
                "GET", f"instance/fetchInstances?instanceName={quote(instance, safe='')}", None, None
            )
            known = received.instance_of(body, instance) if status == 200 else None
            if known is None:
                raise Refused(code="no_instance") if status in (200, 404) else _unavailable(failure(status, body, retry_after))
            self._instances[instance] = known
        status, body, retry_after = await self._asking("POST", "chat/findMessages", instance, query)
        rows = received.rows_of(body, known) if status == 200 else None
        if rows is None:
            raise _unavailable(failure(status, body, retry_after))
        return rows

    async def ping(self, instance: str) -> str:
        status, body, retry_after = await self._asking("GET", "instance/connectionState", instance, None)
        connection = opened(Raw(body), _connections) if status == 200 else None
        state = opened(connection.instance, _states) if connection else None
        word = string(state.state, 100) if state else None
        if word is None:
            raise _unavailable(failure(status, body, retry_after))
        return word

    async def create_template(self, instance: str, template: NewTemplate) -> RemoteTemplate:
        status, body, _ = await self._request("POST", "template/create", instance, template_answers.creation(template))
        return template_answers.created(template, status, body)

    async def templates(self, instance: str) -> list[RemoteTemplate]:
        status, body, _ = await self._asking("GET", "template/find", instance, None)
        try:
            return template_answers.listing(status, body)
        except OutcomeUnknown as error:
            raise _unavailable(error) from error

    async def set_webhook(
        self, instance: str, url: str, *, token: str | None = None, jwt_key: str | None = None, by_events: bool = False
    ) -> None:
        """Have the instance deliver its events to ``url`` (a full replace of what was set). ``base64`` takes effect when the
        instance connects the next time. Raises GatewayUnavailable or Refused."""
        headers = {name: value for name, value in (("X-Webhook-Token", token), ("jwt_key", jwt_key)) if value}
        webhook = {
            "enabled": True,
            "url": url,
            "byEvents": by_events,
            "base64": True,
            "headers": headers,
            "events": list(EVENTS),  # an empty list would mean all of them
        }
        status, body, retry_after = await self._asking("POST", "webhook/set", instance, {"webhook": webhook})
        if status != 201:
            error = failure(status, body, retry_after)
            raise error if isinstance(error, Refused) else _unavailable(error)

    async def _asking(
        self, method: str, path: str, instance: str | None, body: dict[str, Any] | None, *, largest: int = MAX_ANSWER
    ) -> tuple[int, bytes, str | None]:
        """A call that changes nothing when it is repeated, so that an unknown outcome is only an unavailable gateway."""
        try:
            return await self._request(method, path, instance, body, largest=largest)
        except OutcomeUnknown as error:
            raise _unavailable(error) from error

    async def _request(
        self, method: str, path: str, instance: str | None, body: dict[str, Any] | None, *, largest: int = MAX_ANSWER
    ) -> tuple[int, bytes, str | None]:
        """Status, body and Retry-After of any answer. Raises GatewayUnavailable or OutcomeUnknown without one."""
        url = f"{self._url}/{path}" + (f"/{quote(instance, safe='')}" if instance is not None else "")
        content = encode(body) if body is not None else None
        try:
            request = httpx.Request(method, url, headers=self._headers, content=content, extensions=self._extensions)
            async with asyncio.timeout(self._total):
                response = await self._transport.handle_async_request(request)
                try:
                    return response.status_code, await _read(response, largest), response.headers.get("retry-after")
                finally:
                    await response.aclose()
        except (httpx.HTTPError, httpx.InvalidURL, aiohttp.ClientError, TimeoutError, OSError) as error:
            raise transport_error(error) from error


async def _read(response: httpx.Response, largest: int) -> bytes:
    chunks: list[bytes] = []
    size = 0
    async for chunk in response.aiter_bytes():
        size += len(chunk)
        if size > largest:
            raise OutcomeUnknown(code="answer_too_large")
        chunks.append(chunk)
    return b"".join(chunks)


def _unavailable(error: BotError) -> BotError:
    if isinstance(error, GatewayUnavailable):
        return error
    return GatewayUnavailable("The gateway cannot be asked.", code=error.code, retry_after=error.retry_after)
