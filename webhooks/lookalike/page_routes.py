"""The chat page and the routes that it, the terminal chat and tests use. For this machine only.

GET  /                          the page
GET  /lookalike/static/{name}   its files
GET  /lookalike/state           instances, patients and chats
GET  /lookalike/stream          live updates (Server-Sent Events: message, status, presence, patients)
GET  /lookalike/message/{id}    one message with its JSON events, for the developer drawer
GET  /lookalike/file/{id}       a picture's or voice note's bytes
GET  /lookalike/meaning         what the bot's understanding makes of ``text`` (404 where none was given)
GET  /lookalike/ledger          what was accepted for delivery, optionally of one ``number``
POST /lookalike/say             {patient, text | tap: {message, option} | attach: kind | react: {message, emoji}, quoted?}
POST /lookalike/read            {patient}: the patient looks at the chat
POST /lookalike/patients        {name, instance?}: a new test patient
GET, POST, DELETE /lookalike/faults
"""

from __future__ import annotations

import mimetypes
from collections.abc import Awaitable, Callable
from ipaddress import ip_address
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from aiohttp import web
from msgspec import DecodeError, ValidationError, convert
from msgspec.json import decode, encode

from webhooks.lookalike.core import MAX_PATIENTS, Core, shown
from webhooks.lookalike.faults import Fault
from webhooks.lookalike.ids import digits_of, jid_of
from webhooks.lookalike.people import Patient
from webhooks.lookalike.phones import Phones, Said, Unknown

Meaning = Callable[[str, str | None], dict[str, Any]]
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
MAX_TEXT = 65_536  # characters, as on a phone
MAX_BODY = 512 * 1024
_STATIC = Path(__file__).parent / "static"
_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; media-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}


class PageRoutes:
    def __init__(self, core: Core, phones: Phones, meaning: Meaning | None) -> None:
        self._core = core
        self._phones = phones
        self._meaning = meaning
        self._files = {file.name: (_mime(file.name), file.read_bytes()) for file in _STATIC.iterdir() if file.is_file()}

    def routes(self) -> list[web.RouteDef]:
        here = _for_this_machine
        return [
            web.get("/", here(self._page)),
            web.get("/lookalike/static/{name}", here(self._static)),
            web.get("/lookalike/state", here(self._state)),
            web.get("/lookalike/stream", here(self._core.stream.serve)),
            web.get("/lookalike/message/{id}", here(self._message)),
            web.get("/lookalike/file/{id}", here(self._file)),
            web.get("/lookalike/meaning", here(self._what_it_means)),
            web.get("/lookalike/ledger", here(self._ledger)),
            web.post("/lookalike/say", here(self._say)),
            web.post("/lookalike/read", here(self._read)),
            web.post("/lookalike/patients", here(self._add_patient)),
            web.get("/lookalike/faults", here(self._faults)),
            web.post("/lookalike/faults", here(self._add_faults)),
            web.delete("/lookalike/faults", here(self._clear_faults)),
        ]

    async def _page(self, request: web.Request) -> web.Response:
        return self._serve("index.html")

    async def _static(self, request: web.Request) -> web.Response:
        return self._serve(request.match_info["name"])

    def _serve(self, name: str) -> web.Response:
        found = self._files.get(name)
        if found is None:
            raise web.HTTPNotFound()
        return web.Response(body=found[1], headers=_HEADERS | {"Content-Type": found[0]})

    async def _state(self, request: web.Request) -> web.Response:
        core = self._core
        chats = []
        for chat in core.chats.all() if core.chats else ():
            entries = [shown(entry) for entry in chat.entries]
            chats.append({"number": chat.number, "instance": chat.instance, "read_to": chat.read_to, "messages": entries})
        instances = [{"name": channel.name, "cloud": channel.cloud, "state": channel.state} for channel in core.channels.values()]
        people = [_person(patient) for patient in core.patients.values()]
        answer = {"instances": instances, "patients": people, "chats": chats, "meaning": self._meaning is not None}
        return _json(answer | {"now": core.clock()})

    async def _message(self, request: web.Request) -> web.Response:
        entry = self._core.chats.entry(request.match_info["id"]) if self._core.chats else None
        if entry is None:
            return _problem(404, "no such message")
        return _json(shown(entry) | {"events": entry.events, "instance": entry.instance})

    async def _file(self, request: web.Request) -> web.Response:
        found = self._core.chats.file(request.match_info["id"]) if self._core.chats else None
        mime = found[0].split(";")[0] if found else ""
        if found is None or not mime.startswith(("image/png", "image/jpeg", "image/webp", "audio/")):
            raise web.HTTPNotFound()
        return web.Response(body=found[1], headers=_HEADERS | {"Content-Type": mime})

    async def _what_it_means(self, request: web.Request) -> web.Response:
        if self._meaning is None:
            return _problem(404, "no understanding here")
        return _json(self._meaning(request.query.get("text", "")[:4000], request.query.get("lang") or None))

    async def _ledger(self, request: web.Request) -> web.Response:
        number = request.query.get("number")
        ledger = self._core.ledger
        return _json({"total": ledger.total, "accepted": ledger.of(number) if number else ledger.all()})

    async def _say(self, request: web.Request) -> web.Response:
        body = await _body(request)
        patient = self._patient(body)
        try:
            said = self._act(patient, body)
        except Unknown:
            return _problem(404, "no such message or option")
        except (TypeError, KeyError, ValueError):
            return _problem(400, "text, tap, attach or react is needed")
        return _json({"id": said.id}, 201)

    def _act(self, patient: Patient, body: dict[str, Any]) -> Said:
        channel = self._core.channels[patient.instance]
        phones, number, name = self._phones, patient.number, patient.name
        if "tap" in body:
            return phones.tap(number, str(body["tap"]["message"]), str(body["tap"]["option"]), channel=channel, name=name)
        if "react" in body:
            react = body["react"]
            return phones.react(number, str(react["message"]), str(react["emoji"])[:16], channel=channel, name=name)
        if "attach" in body:
            kind, caption = body["attach"], str(body.get("text") or "")[:1024]
            if kind not in ("image", "audio", "document", "location"):
                raise ValueError(kind)
            return phones.attach(number, kind, channel=channel, name=name, caption=caption)
        text = body["text"]
        if not isinstance(text, str) or not text.strip() or len(text) > MAX_TEXT:
            raise ValueError("text")
        quoted = body.get("quoted")
        return phones.say(number, text, channel=channel, name=name, quoted=str(quoted) if quoted else None)

    async def _read(self, request: web.Request) -> web.Response:
        patient = self._patient(await _body(request))
        self._phones.look_at(self._core.channels[patient.instance], patient.number)
        return _json({})

    async def _add_patient(self, request: web.Request) -> web.Response:
        body, core = await _body(request), self._core
        instance = str(body.get("instance") or next(iter(core.channels)))
        name = str(body.get("name") or "").strip()[:40]
        number = digits_of(str(body.get("number") or "")) or self._free_number()
        if instance not in core.channels or not name or not 7 <= len(number) <= 15:
            return _problem(400, "a name and a known instance are needed")
        if len(core.patients) >= MAX_PATIENTS:
            return _problem(429, "there are enough test patients")
        patient = core.patients.setdefault(number, Patient(number, name, instance))
        if core.chats is not None:
            core.chats.pinned.add((instance, jid_of(number)))
        core.stream.send("patients", _person(patient))
        return _json(_person(patient), 201)

    def _free_number(self) -> str:
        return next(str(n) for n in range(919876510001, 919876599999) if str(n) not in self._core.patients)

    async def _faults(self, request: web.Request) -> web.Response:
        return _json({"active": self._core.faults.active(), "fired": self._core.faults.fired})

    async def _add_faults(self, request: web.Request) -> web.Response:
        try:
            fault = convert(await _body(request), Fault)
        except ValidationError as error:
            return _problem(400, str(error))
        self._core.faults.put(fault)
        return _json(fault, 201)

    async def _clear_faults(self, request: web.Request) -> web.Response:
        self._core.faults.clear()
        return _json({})

    def _patient(self, body: dict[str, Any]) -> Patient:
        patient = self._core.patients.get(str(body.get("patient")))
        if patient is None:
            raise web.HTTPNotFound(text='{"error":"no such patient"}', content_type="application/json")
        return patient


def _person(patient: Patient) -> dict[str, Any]:
    return {"number": patient.number, "name": patient.name, "instance": patient.instance}


def _mime(name: str) -> str:
    if name.endswith(".js"):
        return "text/javascript; charset=utf-8"
    kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
    return f"{kind}; charset=utf-8" if kind.startswith("text/") else kind


def _json(data: Any, status: int = 200) -> web.Response:
    return web.Response(status=status, body=encode(data), content_type="application/json", headers=_HEADERS)


def _problem(status: int, words: str) -> web.Response:
    return _json({"error": words}, status)


async def _body(request: web.Request) -> dict[str, Any]:
    """A form of another site cannot send this type without asking first, so it cannot write in a patient's name."""
    if request.content_type != "application/json":
        raise web.HTTPUnsupportedMediaType()
    if (request.content_length or 0) > MAX_BODY:
        raise web.HTTPRequestEntityTooLarge(MAX_BODY, request.content_length or 0)
    try:
        body = decode(await request.read())
    except (DecodeError, UnicodeDecodeError, RecursionError):
        raise web.HTTPBadRequest() from None
    return body if isinstance(body, dict) else {}


def _for_this_machine(handler: Handler) -> Handler:
    """Refuse other machines, names that lead here by DNS rebinding, and other sites' scripts."""

    async def guarded(request: web.Request) -> web.StreamResponse:
        origin = request.headers.get("Origin")
        own = origin is None or urlsplit(origin).netloc == request.host
        if not (_loopback(request.remote or "") and _loopback(urlsplit(f"//{request.host}").hostname or "") and own):
            raise web.HTTPForbidden()
        return await handler(request)

    return guarded


def _loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
