"""Evolution API's routes, as a bot calls them."""

from __future__ import annotations

import hmac
import socket
import struct
from collections.abc import Awaitable, Callable
from typing import Any

from aiohttp import web
from msgspec import DecodeError
from msgspec.json import decode, encode

from webhooks.lookalike import refusals
from webhooks.lookalike.chats import Entry
from webhooks.lookalike.checks import REQUIRED
from webhooks.lookalike.core import Core
from webhooks.lookalike.people import EVENTS, Channel, Webhook
from webhooks.lookalike.phones import Phones
from webhooks.lookalike.refusals import Refusal
from webhooks.lookalike.rows import instance_row, message_row, webhook_row
from webhooks.lookalike.sending import Cut, Sending
from webhooks.lookalike.templates import Templates

_CLOUD_CANNOT = "Method not available on WhatsApp Business API"
_FILES = ("image", "audio", "video", "document", "sticker")
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class EvolutionRoutes:
    def __init__(self, core: Core, sending: Sending, phones: Phones, templates: Templates, api_key: str) -> None:
        self._core = core
        self._sending = sending
        self._phones = phones
        self._templates = templates
        self._key = api_key.encode()

    def routes(self) -> list[web.RouteDef]:
        return [
            web.post("/message/{endpoint}/{instance}", self._answering(self._send)),
            web.post("/chat/findMessages/{instance}", self._answering(self._find)),
            web.post("/chat/markMessageAsRead/{instance}", self._answering(self._mark_read)),
            web.post("/chat/sendPresence/{instance}", self._answering(self._presence)),
            web.post("/chat/getBase64FromMediaMessage/{instance}", self._answering(self._base64)),
            web.get("/instance/connectionState/{instance}", self._answering(self._state)),
            web.get("/instance/fetchInstances", self._answering(self._instances)),
            web.post("/webhook/set/{instance}", self._answering(self._set_webhook)),
            web.get("/webhook/find/{instance}", self._answering(self._webhook)),
            web.post("/template/create/{instance}", self._answering(self._create_template)),
            web.get("/template/find/{instance}", self._answering(self._find_templates)),
        ]

    def _answering(self, handler: Callable[[web.Request], Awaitable[tuple[int, Any]]]) -> Handler:
        async def answer(request: web.Request) -> web.StreamResponse:
            try:
                status, body = await handler(request)
            except Refusal as refusal:
                status, body = refusal.status, refusal.body
            except Cut:
                _cut(request)
                return web.Response()
            return web.Response(status=status, body=encode(body), content_type="application/json", charset="utf-8")

        return answer

    def _channel(self, request: web.Request) -> Channel:
        """First that it exists, then the key: the order of the real one."""
        name = request.match_info["instance"]
        channel = self._core.channels.get(name)
        if channel is None:
            raise refusals.refused(404, [f'The "{name}" instance does not exist'])
        self._authorise(request, channel.token)
        return channel

    def _authorise(self, request: web.Request, token: str | None = None) -> None:
        given = request.headers.get("apikey", "").encode()
        known = hmac.compare_digest(given, self._key) or (token is not None and hmac.compare_digest(given, token.encode()))
        if not known:
            raise refusals.refused(401, "Unauthorized")

    async def _send(self, request: web.Request) -> tuple[int, Any]:
        endpoint = request.match_info["endpoint"]
        if endpoint not in REQUIRED:
            raise refusals.refused(404, [f"Cannot POST {request.path}"])
        channel = self._channel(request)
        body = await _json(request)
        if endpoint == "sendTemplate" and channel.cloud and "name" in body and "language" in body:
            self._templates.check(body)
        sent = await self._sending.send(channel, endpoint, body)
        if sent.accepted is not None and (request.transport is None or request.transport.is_closing()):
            sent.accepted.told = False  # the caller has gone away meanwhile
        return 201, sent.answer

    async def _find(self, request: web.Request) -> tuple[int, Any]:
        channel, body = self._channel(request), await _json(request)
        where = _object(_object(body.get("where")).get("key"))
        page, size = _positive(body.get("page"), 1), min(_positive(body.get("offset"), 50), 1000)
        found = self._matching(channel, where)
        records = [message_row(channel, entry) for entry in found[(page - 1) * size : page * size]]
        pages = -(-len(found) // size)
        return 200, {"messages": {"total": len(found), "pages": pages, "currentPage": page, "records": records}}

    def _matching(self, channel: Channel, where: dict[str, Any]) -> list[Entry]:
        """Newest first. Files of the official API are not in the database."""
        chats = self._core.chats
        if chats is None:
            return []
        if isinstance(where.get("id"), str):
            one = chats.entry(where["id"])
            entries = [one] if one is not None and one.instance == channel.name else []
        elif isinstance(where.get("remoteJid"), str):
            chat = chats.chat(channel.name, where["remoteJid"])
            entries = list(reversed(chat.entries)) if chat else []
        else:
            own = (chat for chat in chats.all() if chat.instance == channel.name)
            entries = sorted((entry for chat in own for entry in chat.entries), key=lambda entry: -entry.at)
        jid, only_own = where.get("remoteJid"), where.get("fromMe") is True
        return [
            entry
            for entry in entries
            if (jid is None or entry.jid == jid)
            and not (only_own and entry.mine)
            and not (channel.cloud and entry.view.kind in _FILES)
        ]

    async def _mark_read(self, request: web.Request) -> tuple[int, Any]:
        channel, body = self._channel(request), await _json(request)
        if channel.cloud:
            raise refusals.bad(_CLOUD_CANNOT)
        if not isinstance(body.get("readMessages"), list):
            raise refusals.schema('instance requires property "readMessages"')
        for key in body["readMessages"]:
            entry = self._core.chats.entry(str(key.get("id"))) if self._core.chats and isinstance(key, dict) else None
            if entry is not None and entry.mine and entry.advance("read"):
                self._core.changed(entry)
        return 201, {"message": "Read messages", "read": "success"}

    async def _presence(self, request: web.Request) -> tuple[int, Any]:
        channel, body = self._channel(request), await _json(request)
        missing = [f'instance requires property "{name}"' for name in ("number", "presence", "delay") if name not in body]
        if missing:
            raise refusals.schema(*missing)
        if channel.cloud:
            raise refusals.bad(_CLOUD_CANNOT)
        self._core.stream.send("presence", {"number": str(body["number"]), "presence": str(body["presence"])})
        await self._core.sleep(min(_positive(body["delay"], 0), 60_000) / 1000)
        return 201, {"presence": body["presence"]}

    async def _base64(self, request: web.Request) -> tuple[int, Any]:
        channel, body = self._channel(request), await _json(request)
        message = _object(body.get("message"))
        if channel.cloud:
            inner = _object(message.get("message"))
            if not isinstance(inner.get("base64"), str):
                raise refusals.bad("TypeError: Cannot read properties of undefined (reading 'includes')")
            return 201, {"base64": inner["base64"], "buffer": None}
        found = self._phones.base64_of(str(_object(message.get("key")).get("id")))
        if found is None:
            raise refusals.bad("Message not found")
        return 201, found

    async def _state(self, request: web.Request) -> tuple[int, Any]:
        channel = self._channel(request)
        return 200, {"instance": {"instanceName": channel.name, "state": channel.state}}

    async def _instances(self, request: web.Request) -> tuple[int, Any]:
        self._authorise(request)
        name = request.query.get("instanceName")
        if name is not None and name not in self._core.channels:
            raise refusals.refused(404, [f'Instance "{name}" not found'])
        return 200, [instance_row(channel) for channel in self._core.channels.values() if name in (None, channel.name)]

    async def _set_webhook(self, request: web.Request) -> tuple[int, Any]:
        channel, body = self._channel(request), await _json(request)
        hook = body.get("webhook")
        if not isinstance(hook, dict):
            raise refusals.schema('instance requires property "webhook"')
        missing = [f'instance.webhook requires property "{name}"' for name in ("enabled", "url") if name not in hook]
        if missing:
            raise refusals.schema(*missing)
        events = hook.get("events")
        if not isinstance(events, list):
            raise refusals.crash("Cannot read properties of undefined (reading 'length')")
        for n, event in enumerate(events):
            if event not in EVENTS:
                raise refusals.schema(f"webhook.events[{n}] is not one of enum values: {','.join(EVENTS)}")
        channel.webhook = Webhook(
            url=str(hook["url"]),
            headers={str(name): str(value) for name, value in (hook.get("headers") or {}).items()},
            events=frozenset(events),
            by_events=hook.get("byEvents") is True,
            base64=hook.get("base64") is True,
            enabled=hook["enabled"] is True,
        )
        return 201, webhook_row(channel)

    async def _create_template(self, request: web.Request) -> tuple[int, Any]:
        return 201, self._templates.create(self._channel(request), await _json(request))

    async def _find_templates(self, request: web.Request) -> tuple[int, Any]:
        channel = self._channel(request)
        return 200, self._templates.listed() if channel.cloud else []

    async def _webhook(self, request: web.Request) -> tuple[int, Any]:
        channel = self._channel(request)
        return 200, webhook_row(channel) if channel.webhook.url else None


def _cut(request: web.Request) -> None:
    """Reset the connection: the caller sees an error, not an answer."""
    transport = request.transport
    if transport is None:
        return
    connection = transport.get_extra_info("socket")
    if connection is not None:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    transport.abort()


async def _json(request: web.Request) -> dict[str, Any]:
    try:
        body = decode(await request.read() or b"{}")
    except (DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise refusals.not_json(str(error)) from None
    return _object(body)


def _object(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _positive(value: Any, otherwise: int) -> int:
    return value if isinstance(value, int) and value > 0 else otherwise
