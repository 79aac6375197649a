"""An OpenID Connect provider that vouches for people of the staff: authorization code flow with PKCE (RFC 7636).

What it says is believed only as a signed ID token for us, of this one sign-in, read with the provider's published keys.
"""

from __future__ import annotations

import asyncio
import base64
import hmac
import json
import secrets
from collections.abc import Callable, Mapping
from hashlib import sha256
from typing import Any, Protocol
from urllib.parse import quote_plus, urlencode

import httpx
import jwt
from msgspec import Struct

from bot.errors import BotError, Unavailable

ALGORITHMS = ["RS256", "PS256", "ES256"]
SECONDS = 5.0
LARGEST = 256 * 1024
KEPT, AGAIN = 3600.0, 60.0
"""Seconds that the provider's description and keys are kept; and at least, when a token names a key that is not among them."""
LEEWAY = 60
PREFIX = "procare-"
"""Roles come as values of a claim: ``procare-clinician``."""


class NotVouched(BotError):
    """The identity provider did not vouch for them."""


class Started(Struct, frozen=True):
    """What one sign-in was begun with."""

    state: str
    nonce: str
    verifier: str


class Vouched(Struct, frozen=True):
    """``subject``: the provider and who they are there, unique and lasting."""

    subject: str
    name: str
    roles: tuple[str, ...]


class Provider(Protocol):
    async def start(self) -> tuple[str, Started]:
        """The address to send the browser to. Raises Unavailable."""

    async def finish(self, query: Mapping[str, str], started: Started) -> Vouched:
        """Who came back. Raises NotVouched, Unavailable."""

    async def leaving(self) -> str | None:
        """The address where a browser is signed out of the provider itself; None where it has none. Raises Unavailable."""


class OidcProvider:
    """``issuer`` is the provider's address as its tokens name it, ``back`` our own address that it sends people to."""

    def __init__(
        self,
        http: httpx.AsyncClient,
        issuer: str,
        client_id: str,
        client_secret: str,
        back: str,
        claim: str,
        clock: Callable[[], float],
    ) -> None:
        self._http, self._issuer, self._id, self._back = http, issuer, client_id, back
        self._auth = (quote_plus(client_id), quote_plus(client_secret))  # RFC 6749, section 2.3.1
        self._claim, self._clock = claim, clock
        self._known: tuple[float, dict[str, Any], jwt.PyJWKSet] | None = None

    async def start(self) -> tuple[str, Started]:
        described, _ = await self._described()
        started = Started(*[secrets.token_urlsafe(32) for _ in range(3)])
        challenge = base64.urlsafe_b64encode(sha256(started.verifier.encode()).digest()).rstrip(b"=").decode()
        asked = {
            "response_type": "code", "client_id": self._id, "redirect_uri": self._back, "scope": "openid profile email",
            "state": started.state, "nonce": started.nonce, "code_challenge": challenge, "code_challenge_method": "S256",
        }  # fmt: skip
        return f"{described['authorization_endpoint']}?{urlencode(asked)}", started

    async def finish(self, query: Mapping[str, str], started: Started) -> Vouched:
        if not _same(query.get("state", ""), started.state):
            raise NotVouched(code="state")
        code = query.get("code", "")
        if not code or len(code) > 4096:
            raise NotVouched(code="code")
        described, _ = await self._described()
        form = {"grant_type": "authorization_code", "code": code, "redirect_uri": self._back, "code_verifier": started.verifier}
        answer = await self._asked("POST", described["token_endpoint"], data=form, auth=self._auth)
        token = answer.get("id_token")
        if not isinstance(token, str):
            raise NotVouched(code="no_token")
        claims = await self._read(token)
        if not _same(str(claims.get("nonce", "")), started.nonce):
            raise NotVouched(code="nonce")
        if isinstance(claims["aud"], list) and len(claims["aud"]) > 1 and claims.get("azp") != self._id:
            raise NotVouched(code="azp")
        if self._claim not in claims:
            claims = await self._told_aside(described, answer.get("access_token"), claims["sub"]) | claims
        given = claims.get(self._claim)
        named = [one for one in given if isinstance(one, str)] if isinstance(given, list) else []
        roles = tuple(one.removeprefix(PREFIX) for one in named if one.startswith(PREFIX))
        name = claims.get("preferred_username") or claims.get("email") or ""
        return Vouched(f"{self._issuer} {claims['sub']}", str(name)[:80], roles[:20])

    async def leaving(self) -> str | None:
        described, _ = await self._described()
        asked = {"client_id": self._id, "post_logout_redirect_uri": self._back.removesuffix("/back")}
        address = described.get("end_session_endpoint")
        return f"{address}?{urlencode(asked)}" if address else None

    async def _told_aside(self, described: dict[str, Any], token: Any, subject: str) -> dict[str, Any]:
        """What the provider tells whoever holds the access token. One that keeps to the letter puts no more into an ID token than
        who it is (OpenID Connect Core, section 5.4)."""
        address = described.get("userinfo_endpoint")
        if not isinstance(token, str) or address is None:
            return {}
        told = await self._asked("GET", address, headers={"Authorization": f"Bearer {token}"})
        if told.get("sub") != subject:
            raise NotVouched(code="sub")
        return told

    async def _read(self, token: str) -> dict[str, Any]:
        try:
            key = await self._key(jwt.get_unverified_header(token).get("kid"))
            claims: dict[str, Any] = jwt.decode(
                token, key, algorithms=ALGORITHMS, audience=self._id, issuer=self._issuer, leeway=LEEWAY,
                options={"require": ["exp", "iat", "iss", "aud", "sub"]},
            )  # fmt: skip
        except jwt.PyJWTError as error:
            raise NotVouched(code="token") from error
        return claims

    async def _key(self, named: str | None) -> Any:
        """A provider changes its keys when it likes: what is not among those that we know is looked for once more."""
        for longest in (KEPT, AGAIN):
            _, keys = await self._described(longest)
            fitting = [one for one in keys.keys if named is None or one.key_id == named]
            if len(fitting) == 1:
                return fitting[0].key
        raise NotVouched(code="key")

    async def _described(self, longest: float = KEPT) -> tuple[dict[str, Any], jwt.PyJWKSet]:
        """As it was at most ``longest`` seconds ago."""
        now = self._clock()
        if self._known is None or now - self._known[0] > longest:
            described = await self._asked("GET", self._issuer.rstrip("/") + "/.well-known/openid-configuration")
            needed = ("authorization_endpoint", "token_endpoint", "jwks_uri")
            if described.get("issuer") != self._issuer or not all(isinstance(described.get(one), str) for one in needed):
                raise Unavailable("the identity provider describes itself wrongly", code="oidc_description")
            ends = [described[one] for one in (*needed, "userinfo_endpoint", "end_session_endpoint") if one in described]
            if any(str(one).split(":")[0] != self._issuer.split(":")[0] for one in ends):
                raise Unavailable("the identity provider leaves https", code="oidc_description")
            try:
                keys = jwt.PyJWKSet.from_dict(await self._asked("GET", described["jwks_uri"]))
            except jwt.PyJWTError as error:
                raise Unavailable("the identity provider's keys cannot be read", code="oidc_keys") from error
            self._known = (now, described, keys)
        return self._known[1], self._known[2]

    async def _asked(self, method: str, address: str, **more: Any) -> dict[str, Any]:
        try:
            async with asyncio.timeout(SECONDS), self._http.stream(method, address, follow_redirects=False, **more) as response:
                body = b""
                async for piece in response.aiter_bytes():
                    body += piece
                    if len(body) > LARGEST:
                        raise Unavailable("the identity provider answers too much", code="oidc_size")
        except (httpx.HTTPError, TimeoutError) as error:
            raise Unavailable("the identity provider does not answer", code="oidc_away") from error
        if response.status_code in (400, 401, 403) and method == "POST":
            raise NotVouched(code="refused")
        if response.status_code != 200:
            raise Unavailable("the identity provider does not answer", code=f"oidc_{response.status_code}")
        try:
            answer = json.loads(body)
        except ValueError as error:
            raise Unavailable("the identity provider's answer cannot be read", code="oidc_answer") from error
        if not isinstance(answer, dict):
            raise Unavailable("the identity provider's answer cannot be read", code="oidc_answer")
        return answer


def _same(offered: str, ours: str) -> bool:
    return hmac.compare_digest(offered.encode("utf-8", "surrogateescape"), ours.encode())
