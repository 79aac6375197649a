"""The transit engine of HashiCorp Vault and OpenBao: ``POST /encrypt/KEY`` and ``/decrypt/KEY`` under its mount.

The key must be of a type that takes associated data (``aes256-gcm96``, ``chacha20-poly1305``): a wrapped key opens for its own
place only. Calls are rare (at a start, and every seven minutes), so that no connection is kept. A token that ends is renewed when
half of its life is over (``/v1/auth/token/renew-self``, which the policy ``default`` allows).
"""

from __future__ import annotations

import asyncio
import hashlib
import ssl
import time
from base64 import b64decode, b64encode
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import quote

import httpx

from bot.adapters.kms.token import TokenLife
from bot.errors import BotError, ConfigError, KeysUnavailable, Malformed, Tampered

LARGEST = 64 * 1024  # bytes of an answer


class TransitKey:
    """Implements ``bot.ports.keys.MasterKey``. ``url``: the mount, like ``https://vault.example:8200/v1/transit``.

    ``id`` names mount and key, not the version: the service itself remembers which version wrapped what. ``token`` is read anew
    for each call: who puts another into its file need not start us anew."""

    def __init__(
        self,
        url: str,
        key: str,
        token: Callable[[], str],
        *,
        namespace: str | None = None,
        ca_file: Path | None = None,
        seconds: float = 5.0,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._url, self._key, self._seconds, self._ca_file = url.rstrip("/"), key, seconds, ca_file
        self._token, self._clock, self._known, self._life = token, clock, "", TokenLife(clock)
        self._headers = {"X-Vault-Request": "true"} | ({"X-Vault-Namespace": namespace} if namespace else {})
        self.id = "kms-" + hashlib.sha256(f"{self._url}\0{namespace or ''}\0{key}".encode()).hexdigest()[:8]

    async def wrap(self, key: bytes, bound: bytes) -> bytes:
        status, data = await self._asked("encrypt", {"plaintext": b64encode(key).decode(), "associated_data": _encoded(bound)})
        if status != 200:
            raise ConfigError(
                f"PROCARE_KMS_KEY: the key service does not encrypt with {self._key}: it must exist and be of a type that takes"
                " associated data, like aes256-gcm96.",
                code="kms_refused",
            )
        return _text(data, "ciphertext").encode()

    async def unwrap(self, wrapped: bytes, master: str, bound: bytes) -> bytes:
        if master != self.id:
            raise ConfigError(
                f"What is stored needs the master key {master}, and the key service of the settings is {self.id}. Give the right"
                " one, or PROCARE_MASTER_KEY beside it while you change from one to the other.",
                code="master_key_missing",
            )
        try:
            asked = {"ciphertext": wrapped.decode("ascii"), "associated_data": _encoded(bound)}
        except UnicodeDecodeError as error:
            raise Tampered(code="kms_cannot_open") from error
        status, data = await self._asked("decrypt", asked)
        if status != 200:
            raise Tampered("The key service cannot open a stored key with that name and place.", code="kms_cannot_open")
        try:
            return b64decode(_text(data, "plaintext"), validate=True)
        except ValueError as error:
            raise Malformed("The key service's answer is unreadable.", code="kms_unreadable") from error

    async def sustain(self) -> None:
        token = self._token()
        if token != self._known:
            answer = await self._called("GET", "auth/token/lookup-self")
            self._known, self._life = token, TokenLife(self._clock)  # what may not be looked up is asked once
            if answer.status_code != 200:
                raise ConfigError(
                    "PROCARE_KMS_TOKEN: how long it lives cannot be looked up, so it is not renewed: it lacks the policy"
                    " `default`, or it has ended.",
                    code="kms_token_unknown",
                )
            self._life.looked_up(_inner(answer, "data"))
        if self._life.due:
            answer = await self._called("POST", "auth/token/renew-self", {})
            if answer.status_code != 200:
                raise ConfigError("PROCARE_KMS_TOKEN: the key service does not renew it.", code="kms_token_not_renewed")
            self._life.renewed(_inner(answer, "auth"))

    @property
    def left(self) -> float:
        return self._life.left

    async def _asked(self, what: str, body: dict[str, str]) -> tuple[int, dict[str, Any]]:
        """200, or 400 where it will not do that with these bytes."""
        answer = await self._called("POST", f"{what}/{quote(self._key, safe='')}", body, self._url)
        if answer.status_code in (200, 400):
            return answer.status_code, _inner(answer, "data")
        raise _trouble(answer.status_code)

    async def _called(
        self, method: str, path: str, body: dict[str, str] | None = None, base: str | None = None
    ) -> httpx.Response:
        """No redirect is followed: it would take the token along. Raises KeysUnavailable where it cannot answer now."""
        base = base or self._url.partition("/v1/")[0] + "/v1"
        try:
            verify = ssl.create_default_context(cafile=self._ca_file)  # without one: the system's authorities
            async with asyncio.timeout(self._seconds), httpx.AsyncClient(verify=verify, trust_env=False) as client:
                headers = self._headers | {"X-Vault-Token": self._token()}
                answer = await client.request(method, f"{base}/{path}", json=body, headers=headers, timeout=self._seconds)
        except TimeoutError as error:
            raise KeysUnavailable("The key service does not answer in time.", code="kms_timeout") from error
        except OSError as error:
            raise ConfigError(f"PROCARE_KMS_CA_FILE: cannot be read: {error.strerror}", code="kms_ca_file") from error
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise KeysUnavailable(f"The key service does not answer: {type(error).__name__}.", code="kms_away") from error
        if answer.status_code in (200, 400, 401, 403, 404):
            return answer
        raise _trouble(answer.status_code)


def _trouble(status: int) -> BotError:
    match status:
        case 401 | 403:
            return ConfigError("PROCARE_KMS_TOKEN: the key service refuses it, or it may not use this key.", code="kms_refused")
        case 404:
            return ConfigError("PROCARE_KMS_URL, PROCARE_KMS_KEY: the key service has no such mount or key.", code="kms_refused")
        case _:  # sealed, standby, busy, or a redirect
            return KeysUnavailable(f"The key service answers with status {status}.", code="kms_away")


def _inner(answer: httpx.Response, name: str) -> dict[str, Any]:
    """Empty where it is not what was agreed."""
    try:
        found = answer.json() if len(answer.content) <= LARGEST else None
    except ValueError:
        return {}
    data = found.get(name) if isinstance(found, dict) else None
    return data if isinstance(data, dict) else {}


def _text(data: dict[str, Any], name: str) -> str:
    value = data.get(name)
    if not isinstance(value, str) or not value.isascii():
        raise Malformed("The key service's answer is unreadable.", code="kms_unreadable")
    return value


def _encoded(bound: bytes) -> str:
    return b64encode(bound).decode()
