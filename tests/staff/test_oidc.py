"""People for whom an identity provider vouches, and every way in which its word must not be believed."""

from __future__ import annotations

import base64
from collections.abc import AsyncIterator
from hashlib import sha256
from typing import Any
from urllib.parse import parse_qs, unquote_plus, urlsplit

import httpx
import jwt
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from cryptography.hazmat.primitives.asymmetric import rsa
from jwt.algorithms import RSAAlgorithm

from tests.staff.site import Browser, Site, open_site
from webhooks.staff.oidc import OidcProvider

pytestmark = pytest.mark.anyio
CLIENT, SECRET = "procare", "secret of+the 100% client:"
KEY, OTHER = (rsa.generate_private_key(public_exponent=65537, key_size=2048) for _ in range(2))


class Issuer:
    """A provider on a port. ``claims`` replaces what it says; ``key``, ``algorithm`` and ``kid`` how it signs; ``published`` are
    its keys; ``info`` is what it tells whoever has the access token."""

    def __init__(self) -> None:
        self.url, self.claims, self.key, self.algorithm, self.kid = "", dict[str, Any](), KEY, "RS256", "k1"
        self.asked: dict[str, str] = {}
        self.status = 200
        self.now, self.later = 0.0, 0.0
        self.published, self.info = {"k1": KEY}, dict[str, Any]()

    def app(self) -> web.Application:
        app = web.Application()
        app.router.add_get("/.well-known/openid-configuration", self._described)
        app.router.add_get("/keys", self._keys)
        app.router.add_post("/token", self._token)
        app.router.add_get("/userinfo", self._info)
        return app

    async def _described(self, _: web.Request) -> web.Response:
        ends = {f"{name}_endpoint": f"{self.url}/{name}" for name in ("authorization", "token", "userinfo", "end_session")}
        return web.json_response({"issuer": self.url, "jwks_uri": f"{self.url}/keys", **ends})

    async def _keys(self, _: web.Request) -> web.Response:
        keys = {kid: RSAAlgorithm.to_jwk(key.public_key(), as_dict=True) for kid, key in self.published.items()}
        return web.json_response({"keys": [{**key, "kid": kid, "use": "sig"} for kid, key in keys.items()]})

    async def _info(self, request: web.Request) -> web.Response:
        known = request.headers["Authorization"] == "Bearer opaque"
        return web.json_response(self.info, status=200 if known else 401)

    async def _token(self, request: web.Request) -> web.Response:
        form = await request.post()
        named = base64.b64decode(request.headers["Authorization"].removeprefix("Basic ")).decode().split(":")
        known = [unquote_plus(part) for part in named] == [CLIENT, SECRET]  # RFC 6749, section 2.3.1
        challenge = base64.urlsafe_b64encode(sha256(str(form["code_verifier"]).encode()).digest()).rstrip(b"=").decode()
        if self.status != 200 or not known or challenge != self.asked["code_challenge"]:
            return web.json_response({"error": "invalid_grant"}, status=self.status if self.status != 200 else 400)
        said = {
            "iss": self.url, "aud": CLIENT, "sub": "u1", "iat": self.now, "exp": self.now + 300, "nonce": self.asked["nonce"],
            "preferred_username": "asha@clinic.example", "roles": ["procare-clinician", "other-admin", 5], **self.claims,
        }  # fmt: skip
        key = self.key if self.algorithm == "RS256" else "x" * 32
        said = {name: value for name, value in said.items() if value is not None}
        token = jwt.encode(said, key, self.algorithm, headers={"kid": self.kid})
        return web.json_response({"id_token": token, "access_token": "opaque", "token_type": "Bearer"})


@pytest.fixture
async def issuer() -> AsyncIterator[Issuer]:
    made = Issuer()
    async with TestServer(made.app()) as server:
        made.url = str(server.make_url("/")).rstrip("/")
        yield made


@pytest.fixture
async def site(issuer: Issuer) -> AsyncIterator[Site]:
    import time

    issuer.now = time.time()  # the library that reads tokens looks at the real clock

    def clock() -> float:
        return issuer.now + issuer.later

    async with httpx.AsyncClient(timeout=60.0) as http:
        provider = OidcProvider(http, issuer.url, CLIENT, SECRET, "http://staff/staff/sign-in/back", "roles", clock)
        async with open_site(provider=provider) as opened:
            yield opened


async def through(site: Site, issuer: Issuer, browser: Browser, **changed: str) -> tuple[int, str]:
    """To the provider and back, as a browser goes."""
    status, away = await browser.get("/staff/sign-in/provider")
    assert status == 303
    assert away.startswith(f"{issuer.url}/authorization?")
    issuer.asked = {name: values[0] for name, values in parse_qs(urlsplit(away).query).items()}
    query = {"state": issuer.asked["state"], "code": "c1", **changed}
    return await browser.get("/staff/sign-in/back?" + str(httpx.QueryParams(query)))


async def test_who_is_vouched_for_comes_in_with_the_roles_that_the_provider_gives_now(site: Site, issuer: Issuer) -> None:
    async with site.browser() as browser:
        assert await through(site, issuer, browser) == (303, "/staff/")
        _, home = await browser.get("/staff/")
        assert "asha@clinic.example" in home
        assert "clinician" in home
        assert "admin" not in home
        issuer.claims = {"roles": ["procare-auditor"]}
        site.now += 5
        assert await through(site, issuer, browser) == (303, "/staff/")
        assert (await browser.get("/staff/audit"))[0] == 200
        assert (await browser.get("/staff/people"))[0] == 403
        [account] = await site.accounts.all()
        assert account.login.startswith("sso:")
        assert account.password == ""
        form = {"login": account.login, "password": "", "code": "000000"}
        await browser.get("/staff/sign-in")
        assert (await browser.post("/staff/sign-in", form))[0] == 401


@pytest.mark.parametrize(
    "wrong",
    [
        {"claims": {"aud": "another"}}, {"claims": {"iss": "https://evil.example"}}, {"claims": {"exp": 1}},
        {"claims": {"nonce": "of another sign-in"}}, {"claims": {"sub": None}}, {"claims": {"roles": ["clinician", "admin"]}},
        {"claims": {"roles": "procare-operator"}}, {"claims": {"aud": [CLIENT, "another"]}}, {"key": OTHER}, {"kid": "k2"},
        {"algorithm": "HS256"}, {"status": 401},
        {"claims": {"roles": None}, "info": {"sub": "u2", "roles": ["procare-clinician"]}},
        {"claims": {"roles": []}, "info": {"sub": "u1", "roles": ["procare-clinician"]}},
    ],
    ids=[
        "aud", "iss", "exp", "nonce", "sub", "roles without the prefix", "roles as one word", "azp", "another key", "unknown key",
        "HS256", "refused", "told of another", "no roles",
    ],
)  # fmt: skip
async def test_what_is_not_the_providers_word_for_us_and_now_is_not_believed(
    site: Site, issuer: Issuer, wrong: dict[str, Any]
) -> None:
    for name, value in wrong.items():
        setattr(issuer, name, value)
    async with site.browser() as browser:
        status, page = await through(site, issuer, browser)
        assert status == 401
        assert "organisation has not vouched for you" in page
        assert "three fields" not in page, "they have typed none"
        assert await browser.get("/staff/") == (303, "/staff/sign-in")
        assert await site.accounts.all() == []


async def test_roles_that_stand_in_no_id_token_are_asked_for(site: Site, issuer: Issuer) -> None:
    issuer.claims = {"roles": None, "preferred_username": None}
    issuer.info = {"sub": "u1", "preferred_username": "meena@clinic.example", "roles": ["procare-auditor"]}
    async with site.browser() as browser:
        assert await through(site, issuer, browser) == (303, "/staff/")
        assert "meena@clinic.example" in (await browser.get("/staff/"))[1]
        assert (await browser.get("/staff/audit"))[0] == 200


async def test_a_provider_may_change_its_keys(site: Site, issuer: Issuer) -> None:
    async with site.browser() as browser:
        assert await through(site, issuer, browser) == (303, "/staff/")
        issuer.published, issuer.key, issuer.kid = {"k2": OTHER}, OTHER, "k2"
        assert (await through(site, issuer, browser))[0] == 401  # its keys were read just now
        issuer.later = 61.0
        assert await through(site, issuer, browser) == (303, "/staff/")


async def test_who_signs_out_is_shown_the_way_out_of_the_provider_too(site: Site, issuer: Issuer) -> None:
    async with site.browser() as browser:
        await through(site, issuer, browser)
        await browser.get("/staff/")
        assert await browser.post("/staff/sign-out", {}) == (303, "/staff/sign-in?left")
        assert "/staff/sign-out/provider" in (await browser.get("/staff/sign-in?left"))[1]
        assert "/staff/sign-out/provider" not in (await browser.get("/staff/sign-in"))[1]
        status, away = await browser.get("/staff/sign-out/provider")
        assert status == 303
        assert away.startswith(f"{issuer.url}/end_session?")
        back = {"client_id": [CLIENT], "post_logout_redirect_uri": ["http://staff/staff/sign-in"]}
        assert parse_qs(urlsplit(away).query) == back


async def test_an_answer_to_another_browsers_question_is_not_taken(site: Site, issuer: Issuer) -> None:
    async with site.browser() as browser, site.browser() as victim:
        assert (await through(site, issuer, browser, state="another"))[0] == 401
        await browser.get("/staff/sign-in/provider")
        query = httpx.QueryParams({"state": issuer.asked["state"], "code": "c1"})
        status, page = await victim.get(f"/staff/sign-in/back?{query}")
        assert status == 403
        assert "begin again" in page


async def test_a_provider_that_is_away_is_said_to_be_away(site: Site, issuer: Issuer) -> None:
    issuer.status = 500
    async with site.browser() as browser:
        assert (await through(site, issuer, browser))[0] == 503
