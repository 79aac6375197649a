"""A key service's token that ends: it is renewed in time, and where that fails somebody hears of it before anything stops,
nothing is lost, and a new token in its file is enough."""

from __future__ import annotations

import asyncio
import base64
import os
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
import respx
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from bot.adapters.kms.transit import TransitKey
from bot.app.keys import wrapping_key
from bot.app.watch import sample_keys
from bot.errors import ConfigError, KeysUnavailable
from bot.metrics import Metrics
from bot.ports.keys import WrappedKey
from bot.sealing import keyring
from bot.sealing.keyring import LIFETIME, Keyring
from config.settings import Settings
from tests.sealed import MemoryKeys

ROOT = "https://vault.test:8200/v1"
DAY = 86_400.0


class Vault:
    """Tokens with an end, as the API documents them: a renewal grants ``grants`` seconds from now on."""

    def __init__(self) -> None:
        self.now, self.ends, self.grants, self.renewable, self.default = 0.0, {"first": DAY}, DAY, True, True
        self.key, self.renewals, self.asked, self.away = AESGCM(os.urandom(32)), 0, 0, False

    def clock(self) -> float:
        return self.now

    def answer(self, request: httpx.Request) -> httpx.Response:
        self.asked += 1
        if self.away:
            raise httpx.ConnectError("no route")
        token, what = request.headers["X-Vault-Token"], request.url.path.removeprefix("/v1/")
        auth = what.startswith("auth/")
        if self.ends.get(token, 0.0) <= self.now or (auth and not self.default):
            return httpx.Response(403, json={"errors": ["permission denied"]})
        if what == "auth/token/lookup-self":
            left = self.ends[token] - self.now
            told = {"ttl": left if left < 1e9 else 0, "creation_ttl": DAY, "renewable": self.renewable, "period": 0}
            return httpx.Response(200, json={"data": told})
        if what == "auth/token/renew-self":
            self.renewals += 1
            self.ends[token] = self.now + self.grants
            return httpx.Response(200, json={"auth": {"lease_duration": self.grants, "renewable": True}})
        body = httpx.Response(200, content=request.content).json()
        if what == "transit/encrypt/procare":
            sealed = self.key.encrypt(b"0" * 12, base64.b64decode(body["plaintext"]), base64.b64decode(body["associated_data"]))
            return httpx.Response(200, json={"data": {"ciphertext": "vault:v1:" + base64.b64encode(sealed).decode()}})
        raw = base64.b64decode(body["ciphertext"].removeprefix("vault:v1:"))
        plain = self.key.decrypt(b"0" * 12, raw, base64.b64decode(body["associated_data"]))
        return httpx.Response(200, json={"data": {"plaintext": base64.b64encode(plain).decode()}})


@pytest.fixture
def vault() -> Iterator[Vault]:
    made = Vault()
    with respx.mock(assert_all_called=False) as router:
        router.route(url__startswith=ROOT).mock(side_effect=made.answer)
        yield made


def transit(vault: Vault, tokens: list[str]) -> TransitKey:
    return TransitKey(f"{ROOT}/transit", "procare", lambda: tokens[-1], clock=vault.clock)


async def test_a_token_is_renewed_when_half_of_its_life_is_over(vault: Vault) -> None:
    key = transit(vault, ["first"])
    for hour in range(72):
        vault.now = hour * 3600.0
        await key.sustain()
        assert key.left > 0.45
    assert vault.renewals == 5
    assert await key.unwrap(await key.wrap(b"x", b"b"), key.id, b"b") == b"x", "it would have ended two days ago"


async def test_one_without_an_end_is_left_alone_and_one_that_cannot_be_renewed_is_told_of_as_it_sinks(vault: Vault) -> None:
    vault.renewable = False
    key = transit(vault, ["first"])
    await key.sustain()
    vault.now = 0.8 * DAY
    await key.sustain()
    assert (round(key.left, 6), vault.renewals) == (0.2, 0)
    vault.ends["root"], vault.asked = float("inf"), 0
    endless = transit(vault, ["root"])
    for _ in range(3):
        await endless.sustain()
    assert (endless.left, vault.asked) == (1.0, 1)


async def test_one_at_the_end_of_its_longest_life_is_told_of_though_it_is_renewed(vault: Vault) -> None:
    key = transit(vault, ["first"])
    await key.sustain()
    vault.now, vault.grants = 0.6 * DAY, 0.1 * DAY
    await key.sustain()
    assert round(key.left, 6) == 0.1


async def test_what_may_not_be_looked_up_is_said_once_and_a_service_that_is_away_is_asked_again(vault: Vault) -> None:
    vault.default = False
    key = transit(vault, ["first"])
    with pytest.raises(ConfigError, match="`default`"):
        await key.sustain()
    await key.sustain()
    assert key.left == 1.0
    other = transit(vault, ["first"])
    vault.away = True
    with pytest.raises(KeysUnavailable):
        await other.sustain()
    vault.away = False
    vault.default = True
    await other.sustain()
    vault.now = DAY / 2
    await other.sustain()
    assert vault.renewals == 1


async def test_a_failed_renewal_alarms_before_anything_stops_and_loses_nothing(vault: Vault) -> None:
    tokens, place, metrics = ["first"], MemoryKeys(), Metrics()
    ring = Keyring(transit(vault, tokens), "t", clock=vault.clock)
    await ring.load(place)
    sealed = ring.seal(b"sugar 182", "k", "i", "f")
    await ring._master.sustain()
    vault.default = False  # its policy was taken away: no renewal any more
    vault.now = 0.7 * DAY
    await ring.refresh(place)
    with pytest.raises(ConfigError, match="does not renew"):
        await ring._master.sustain()
    await sample_keys(ring, metrics)
    assert value(metrics, "procare_key_token_left") < 0.33, "KeyTokenEnds: seven hours before anything stops"
    assert ring.open(sealed, "k", "i", "f") == b"sugar 182"
    vault.now = DAY - 1
    await ring.refresh(place)
    vault.now += LIFETIME * 0.7
    with pytest.raises(ConfigError):
        await ring.refresh(place)
    await sample_keys(ring, metrics)
    assert 0 < value(metrics, "procare_keys_left_seconds") < 300, "KeysNotRenewed"
    assert ring.open(sealed, "k", "i", "f") == b"sugar 182", "roles go on for the rest of a quarter of an hour"
    vault.now += LIFETIME
    with pytest.raises(KeysUnavailable) as waits:  # and then messages wait: no error that would park them
        ring.open(sealed, "k", "i", "f")
    assert waits.value.retryable
    vault.default, vault.ends["second"] = True, vault.now + DAY
    tokens.append("second")  # somebody puts a new one into the file
    await ring._master.sustain()
    await ring.refresh(place)
    assert ring.open(sealed, "k", "i", "f") == b"sugar 182"
    assert ring.open(ring.seal(b"x", "k", "i", "f"), "k", "i", "f") == b"x"
    await sample_keys(ring, metrics)
    assert value(metrics, "procare_key_token_left") == 1.0


async def test_a_role_renews_beside_its_work_and_looks_for_keys_though_that_fails(
    vault: Vault, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keyring, "REFRESH", 0.001)
    refreshed, failing = asyncio.Event(), 0

    class Failing(TransitKey):
        async def sustain(self) -> None:
            nonlocal failing
            failing += 1
            raise ConfigError("no", code="kms_token_not_renewed")

    class Watched(MemoryKeys):
        async def unkeyed(self) -> bool:
            return False

        async def wrapped(self, tenant: str) -> list[WrappedKey]:
            if failing > 1:
                refreshed.set()
            return await super().wrapped(tenant)

    ring = Keyring(Failing(f"{ROOT}/transit", "procare", lambda: "first", clock=vault.clock), "t", clock=vault.clock)
    async with asyncio.timeout(30), ring.fed(Watched()):
        await refreshed.wait()


def test_the_token_is_read_from_its_file_for_each_call(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PROCARE_MASTER_KEY", raising=False)
    file = tmp_path / "token"
    key = wrapping_key(Settings(kms_url=f"{ROOT}/transit", kms_token_file=file))
    assert isinstance(key, TransitKey)
    for text in ("one\n", "two"):
        file.write_text(text)
        assert key._token() == text.strip()
    file.write_text("")
    with pytest.raises(ConfigError, match=r"KMS_TOKEN_FILE.*empty"):
        key._token()
    file.unlink()
    with pytest.raises(ConfigError, match="KMS_TOKEN_FILE: cannot read"):
        key._token()


def value(metrics: Metrics, name: str) -> float:
    found = metrics.registry.get_sample_value(name)
    assert found is not None
    return found
