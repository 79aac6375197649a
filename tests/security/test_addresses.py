"""Nobody makes us ask an address of their choice (SSRF). The plain cases of it: tests/gateway/test_graph.py."""

from __future__ import annotations

import asyncio
import datetime
import ssl
from collections.abc import AsyncIterator
from ipaddress import ip_address
from pathlib import Path

import httpx
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from bot.errors import GatewayUnavailable, Unavailable
from webhooks.calling import Caller
from webhooks.meta.client import MetaGateway

API = "https://graph.facebook.com/v23.0"
TRICKS = [
    "http://169.254.169.254/latest/meta-data/", "https://[::ffff:169.254.169.254]/x", "https://[::1]/x", "https://2852039166/x",
    "https://0x7f000001/x", "https://0177.0.0.1/x", "https://127.1/x", "https://10.0.0.8/x", "https://localhost/x", "https://redis/x",
    "https://lookaside.fbsbx.com@127.0.0.1/x", "https://user:word@lookaside.fbsbx.com/x",
    "https://127.0.0.1#.whatsapp.net", "https://127.0.0.1?.whatsapp.net",
    "https://127.0.0.1/.whatsapp.net", "https://127.0.0.1\\.whatsapp.net/x", "https://evil.example%2f.whatsapp.net/x",
    "https://whatsapp.net.evil.example/x", "https://evilwhatsapp.net/x", "https://lookaside.fbsbx.com:22/x", "//127.0.0.1/x",
    "gopher://lookaside.fbsbx.com/x", "https://lookaside.fbsbx.com\r\nHost: evil.example/x", "https://①②⑦.0.0.1/x", "ftp://a.fbcdn.net/x",
    "https://graph.facebook.com@169.254.169.254/v23.0", "https:///x", "https://[fd00::1]/x", "https://evil.example\x00.whatsapp.net/x",
]  # fmt: skip


async def never(_: str) -> None:
    return None


class Told(httpx.AsyncBaseTransport):
    """Meta as it might be: names an address, and answers a fetch with a redirect."""

    def __init__(self, address: str) -> None:
        self.address = address
        self.asked: list[str] = []

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(str(request.url))
        if len(self.asked) == 1:
            return httpx.Response(200, json={"url": self.address})
        return httpx.Response(302, headers={"location": "http://169.254.169.254/latest/meta-data/"})


async def test_no_trick_of_an_address_leads_anywhere_but_to_meta() -> None:
    for address in TRICKS:
        told = Told(address)
        async with MetaGateway(API, "token", {}, seen=never, transport=told) as gateway:
            assert await gateway.fetch("77", 5000) is None, address
        assert told.asked == [f"{API}/77"], address


async def test_a_redirect_is_not_followed() -> None:
    told = Told("https://lookaside.fbsbx.com/x")
    async with MetaGateway(API, "token", {}, seen=never, transport=told) as gateway:
        with pytest.raises(GatewayUnavailable):
            await gateway.fetch("77", 5000)
    assert told.asked == [f"{API}/77", "https://lookaside.fbsbx.com/x"]


@pytest.fixture
async def impostor(tmp_path: Path) -> AsyncIterator[tuple[int, list[bytes]]]:
    """A server on this machine with a certificate that nobody signed, for Meta's name; and all that it was told."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "lookaside.fbsbx.com")])
    now = datetime.datetime.now(datetime.UTC)
    builder = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    builder = builder.serial_number(1).not_valid_before(now).not_valid_after(now + datetime.timedelta(days=1))
    names = x509.SubjectAlternativeName([x509.DNSName("lookaside.fbsbx.com"), x509.IPAddress(ip_address("127.0.0.1"))])
    signed = builder.add_extension(names, critical=False).sign(key, hashes.SHA256())
    (tmp_path / "cert").write_bytes(signed.public_bytes(serialization.Encoding.PEM))
    (tmp_path / "key").write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(tmp_path / "cert", tmp_path / "key")
    heard: list[bytes] = []

    async def hear(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        heard.append(await reader.read(4096))
        writer.close()

    server = await asyncio.start_server(hear, "127.0.0.1", 0, ssl=context)
    async with server:
        yield server.sockets[0].getsockname()[1], heard


async def test_a_name_that_leads_to_a_private_address_gets_neither_token_nor_request(
    impostor: tuple[int, list[bytes]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever answers for Meta's names must prove to be Meta; a machine of our own network cannot."""
    port, heard = impostor
    loop = asyncio.get_running_loop()
    real, asked = loop.getaddrinfo, list[object]()

    async def hijacked(host: object, at: object, **more: object) -> object:
        asked.append(host)
        return await real("127.0.0.1", at, **more)  # type: ignore[arg-type]  # as it came

    monkeypatch.setattr(loop, "getaddrinfo", hijacked)
    async with MetaGateway(f"https://lookaside.fbsbx.com:{port}", "token", {}, seen=never) as gateway:
        with pytest.raises(GatewayUnavailable):
            await gateway.fetch("77", 5000)
    assert asked, "the name was looked up here"
    assert not any(heard), "nothing was said to it"


async def test_calls_to_partners_follow_no_redirect_and_keep_to_their_host() -> None:
    async with asyncio.timeout(60):
        answers: list[bytes] = []

        async def redirect(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            answers.append(await reader.readuntil(b"\r\n\r\n"))
            writer.write(b"HTTP/1.1 302 Found\r\nLocation: http://169.254.169.254/\r\nContent-Length: 0\r\n\r\n")
            await writer.drain()
            writer.close()

        server = await asyncio.start_server(redirect, "127.0.0.1", 0)
        async with server:
            port = server.sockets[0].getsockname()[1]
            caller = Caller("lab", f"http://127.0.0.1:{port}", {}, total_seconds=60.0)
            try:
                for path in ("orders/1", "//169.254.169.254/x", "@169.254.169.254/x", "..//x"):
                    assert (await caller.call("GET", path)).status == 302
            except Unavailable as error:  # pragma: no cover - says which
                pytest.fail(str(error))
            finally:
                await caller.aclose()
        assert len(answers) == 4
        assert all(f"127.0.0.1:{port}".encode() in answer for answer in answers)
