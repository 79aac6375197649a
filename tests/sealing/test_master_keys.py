"""One contract for everything that wraps data keys: the environment's key, a file's, a key service; and their change."""

from __future__ import annotations

import asyncio
import base64
import json
import os
import ssl
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest
import respx
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from bot.adapters.kms.transit import TransitKey
from bot.app.keys import wrapping_key
from bot.errors import BotError, ConfigError, KeysUnavailable, Malformed, Tampered
from bot.ports.keys import MasterKey
from bot.sealing.keyring import Keyring
from bot.sealing.master import new_master_key
from config.settings import Settings
from tests.sealed import MemoryKeys
from tests.servers.authority import Authority

URL, TOKEN = "https://vault.test:8200/v1/transit", "hvs.secret-token"
LOCAL = new_master_key()
KEY, BOUND = bytes(range(32)), b"4:test3:key4:data"
Make = Callable[[], MasterKey]


class Vault:
    """Answers as the transit engine's API documents: ciphertexts like ``vault:v1:...``, 400 for what does not open."""

    def __init__(self) -> None:
        self.keys: dict[str, AESGCM] = {}
        self.asked: list[httpx.Request] = []

    def encrypt(self, request: httpx.Request, key: str) -> httpx.Response:
        if (refused := self._refused(request)) is not None:
            return refused
        body, nonce = json.loads(request.content), os.urandom(12)
        bound = base64.b64decode(body["associated_data"], validate=True)
        inner = self._key(key).encrypt(nonce, base64.b64decode(body["plaintext"], validate=True), bound)
        told = {"ciphertext": "vault:v1:" + base64.b64encode(nonce + inner).decode(), "key_version": 1}
        return httpx.Response(200, json={"request_id": "x", "data": told, "warnings": None})

    def decrypt(self, request: httpx.Request, key: str) -> httpx.Response:
        if (refused := self._refused(request)) is not None:
            return refused
        body = json.loads(request.content)
        try:
            raw = base64.b64decode(body["ciphertext"].removeprefix("vault:v1:"), validate=True)
            plain = self._key(key).decrypt(raw[:12], raw[12:], base64.b64decode(body["associated_data"]))
        except (InvalidTag, ValueError):
            return httpx.Response(400, json={"errors": ["cipher: message authentication failed"]})
        return httpx.Response(200, json={"data": {"plaintext": base64.b64encode(plain).decode()}})

    def _refused(self, request: httpx.Request) -> httpx.Response | None:
        self.asked.append(request)
        known = request.headers.get("X-Vault-Token") == TOKEN
        return None if known else httpx.Response(403, json={"errors": ["permission denied"]})

    def _key(self, name: str) -> AESGCM:
        return self.keys.setdefault(name, AESGCM(os.urandom(32)))


@pytest.fixture(autouse=True)
def no_key_of_the_tests(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PROCARE_MASTER_KEY", raising=False)


@pytest.fixture
def vault() -> Iterator[Vault]:
    made = Vault()
    with respx.mock(assert_all_called=False) as router:
        router.post(url__regex=URL + r"/encrypt/(?P<key>[^/]+)").mock(side_effect=made.encrypt)
        router.post(url__regex=URL + r"/decrypt/(?P<key>[^/]+)").mock(side_effect=made.decrypt)
        yield made


@pytest.fixture(params=["environment", "file", "key service"])
def make(request: pytest.FixtureRequest, vault: Vault, tmp_path: Path) -> Make:
    (tmp_path / "key").write_text(LOCAL)
    ways: dict[str, dict[str, object]] = {
        "environment": {"master_key": LOCAL},
        "file": {"master_key_file": tmp_path / "key"},
        "key service": {"kms_url": URL, "kms_token": TOKEN},
    }
    return lambda: wrapping_key(Settings.model_validate(ways[request.param]))


async def test_every_master_key_keeps_the_contract(make: Make) -> None:
    key, again = make(), make()
    wrapped = await key.wrap(KEY, BOUND)
    assert KEY not in wrapped
    assert base64.b64encode(KEY) not in wrapped
    assert await key.wrap(KEY, BOUND) != wrapped, "two wrappings do not tell that they hold the same"
    assert again.id == key.id
    assert await again.unwrap(wrapped, key.id, BOUND) == KEY, "in another process, or after a restart"
    with pytest.raises(Tampered):
        await key.unwrap(wrapped, key.id, BOUND + b"x")
    for place in (9, len(wrapped) - 5):
        with pytest.raises(Tampered):
            await key.unwrap(wrapped[:place] + bytes([wrapped[place] ^ 1]) + wrapped[place + 1 :], key.id, BOUND)
    with pytest.raises(ConfigError, match="needs the master key"):
        await key.unwrap(wrapped, "00000000", BOUND)
    held = MemoryKeys()
    first, second = Keyring(key, "t"), Keyring(again, "t")
    await first.load(held)
    await second.load(held)
    assert second.open(first.seal(b"x", "k", "i", "f"), "k", "i", "f") == b"x"
    assert first.people == second.people


async def test_an_installation_changes_to_a_key_service_and_back(vault: Vault) -> None:
    place = MemoryKeys()

    async def opened(**given: object) -> Keyring:
        ring = Keyring(wrapping_key(Settings.model_validate(given)), "t")
        await ring.load(place)
        return ring

    service: dict[str, object] = {"kms_url": URL, "kms_token": TOKEN}
    sealed = (await opened(master_key=LOCAL)).seal(b"x", "k", "i", "f")
    with pytest.raises(ConfigError, match="PROCARE_MASTER_KEY"):
        await opened(**service)
    assert await (await opened(master_key=LOCAL, **service)).rewrap(place) == 3
    assert (await opened(**service)).open(sealed, "k", "i", "f") == b"x"
    with pytest.raises(ConfigError, match="needs the master key"):
        await opened(master_key=LOCAL)
    assert await (await opened(master_key=LOCAL, kms_opens_only=True, **service)).rewrap(place) == 3
    assert (await opened(master_key=LOCAL)).open(sealed, "k", "i", "f") == b"x"


@pytest.mark.parametrize(
    ("answer", "error", "code"),
    [
        (httpx.Response(503, json={"errors": ["Vault is sealed"]}), KeysUnavailable, "kms_away"),
        (httpx.Response(429), KeysUnavailable, "kms_away"),
        (httpx.Response(307, headers={"location": "https://elsewhere.test/"}), KeysUnavailable, "kms_away"),
        (httpx.Response(403, json={"errors": ["permission denied"]}), ConfigError, "kms_refused"),
        (httpx.Response(404, json={"errors": []}), ConfigError, "kms_refused"),
        (httpx.Response(200, content=b"<html>"), Malformed, "kms_unreadable"),
        (httpx.Response(200, json={"data": {"ciphertext": 5, "plaintext": "not base64!"}}), Malformed, "kms_unreadable"),
        (httpx.ConnectError("no route"), KeysUnavailable, "kms_away"),
    ],
    ids=["sealed", "busy", "redirect", "forbidden", "no such key", "no json", "other json", "no connection"],
)
async def test_what_goes_wrong_says_who_must_act_and_never_the_token(
    answer: httpx.Response | Exception, error: type[BotError], code: str
) -> None:
    key = TransitKey(URL, "procare", lambda: TOKEN)
    with respx.mock() as router:
        router.post(url__startswith=URL).mock(side_effect=[answer, answer])
        for call in (key.wrap(KEY, BOUND), key.unwrap(b"vault:v1:AAAA", key.id, BOUND)):
            with pytest.raises(error) as told:
                await call
            assert told.value.code == code
            assert TOKEN not in str(told.value)


async def test_a_silent_key_service_is_given_up_after_its_time() -> None:
    async def silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while await reader.read(1000):
            pass  # until it hangs up
        writer.close()

    async with await asyncio.start_server(silent, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        key = TransitKey(f"http://127.0.0.1:{port}/v1/transit", "procare", lambda: TOKEN, seconds=0.05)
        with pytest.raises(KeysUnavailable, match="in time"):
            await key.wrap(KEY, BOUND)
        server.close()


async def test_a_key_of_another_type_is_named_at_the_first_start() -> None:
    refused = httpx.Response(400, json={"errors": ["associated data not supported"]})
    with respx.mock() as router:
        router.post(url__startswith=URL).mock(return_value=refused)
        with pytest.raises(ConfigError, match="aes256-gcm96"):
            await Keyring(TransitKey(URL, "rsa", lambda: TOKEN), "t").load(MemoryKeys())


async def test_what_is_asked_is_what_the_service_documents(vault: Vault, tmp_path: Path) -> None:
    key = TransitKey(URL + "/", "clinic.a", lambda: TOKEN, namespace="care")
    await key.unwrap(await key.wrap(KEY, BOUND), key.id, BOUND)
    assert [one.url.path for one in vault.asked] == ["/v1/transit/encrypt/clinic.a", "/v1/transit/decrypt/clinic.a"]
    assert {one.headers["X-Vault-Namespace"] for one in vault.asked} == {"care"}
    for given in ({"kms_url": URL}, {"kms_url": "http://vault.test/v1/transit", "kms_token": "x"}, {"kms_opens_only": True}):
        with pytest.raises(ValueError, match=r"PROCARE_KMS|https"):
            Settings.model_validate(given)
    missing = TransitKey(URL, "k", lambda: TOKEN, ca_file=tmp_path / "none.pem")
    with pytest.raises(ConfigError, match="KMS_CA_FILE"):
        await missing.wrap(KEY, BOUND)


async def test_a_key_service_proves_itself_by_the_authority_that_is_named(tmp_path: Path) -> None:
    authority = Authority(tmp_path)
    told = json.dumps({"data": {"ciphertext": "vault:v1:AAAA"}})

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(f"HTTP/1.1 200 OK\r\nContent-Length: {len(told)}\r\nConnection: close\r\n\r\n{told}".encode())
        await writer.drain()
        writer.close()

    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(authority.certificate, authority.key)
    async with await asyncio.start_server(answer, "127.0.0.1", 0, ssl=context) as server:
        url = f"https://127.0.0.1:{server.sockets[0].getsockname()[1]}/v1/transit"
        assert await TransitKey(url, "k", lambda: TOKEN, ca_file=authority.ca).wrap(KEY, BOUND) == b"vault:v1:AAAA"
        with pytest.raises(KeysUnavailable):
            await TransitKey(url, "k", lambda: TOKEN).wrap(KEY, BOUND)
        server.close()
