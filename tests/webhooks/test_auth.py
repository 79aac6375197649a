"""Who may deliver."""

from __future__ import annotations

from typing import Any

import jwt
import pytest

from bot.errors import ConfigError
from tests.webhooks import recordings
from webhooks.auth import WebhookAuth

NOW = 1_795_423_700.0
TOKEN = "s3cret-токен"
KEY = "a key of at least thirty-two bytes, as HS256 wants"
CLAIMS = {"iat": NOW - 5, "exp": NOW + 595, "app": "evolution", "action": "webhook"}


def auth(token: str | None = TOKEN, jwt_key: str | None = None) -> WebhookAuth:
    return WebhookAuth(token, jwt_key, lambda: NOW)


def bearer(claims: dict[str, Any], key: str = KEY, algorithm: str = "HS256") -> dict[str, str]:
    return {"Authorization": "Bearer " + jwt.encode(claims, key, algorithm)}


@pytest.mark.parametrize(
    "headers",
    [{"Authorization": "Bearer s3cret-токен"}, {"Authorization": "bearer  s3cret-токен"}, {"X-Webhook-Token": "s3cret-токен"}],
)
def test_the_token_is_taken_from_either_header(headers: dict[str, str]) -> None:
    assert auth().admits(headers)


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Authorization": "s3cret-токен"},
        {"Authorization": "Basic s3cret-токен"},
        {"Authorization": "Bearer"},
        {"Authorization": "Bearer s3cret-токе"},
        {"X-Webhook-Token": ""},
        {"X-Webhook-Token": "S3CRET-ТОКЕН"},
        {"X-Webhook-Token": "s3cret-токен\udc80"},
        {"X-Webhook-Token": "x" * 100_000},
        {"apikey": "s3cret-токен"},
    ],
)
def test_anything_else_is_refused(headers: dict[str, str]) -> None:
    assert not auth().admits(headers)


def test_the_gateways_jwt_is_taken() -> None:
    assert auth(None, KEY).admits(bearer(CLAIMS))


@pytest.mark.parametrize(
    "headers",
    [
        bearer(CLAIMS, "another key of at least thirty-two bytes"),
        bearer({**CLAIMS, "exp": NOW - 31}),
        bearer({**CLAIMS, "app": "other"}),
        bearer({**CLAIMS, "action": "login"}),
        bearer({key: value for key, value in CLAIMS.items() if key != "exp"}),
        bearer({key: value for key, value in CLAIMS.items() if key != "action"}),
        bearer(CLAIMS, KEY * 2, "HS512"),
        {"Authorization": "Bearer " + jwt.encode(CLAIMS, "", algorithm="none")},
        {"Authorization": "Bearer a.b.c"},
        {"X-Webhook-Token": bearer(CLAIMS)["Authorization"].removeprefix("Bearer ")},
    ],
)
def test_any_other_jwt_is_refused(headers: dict[str, str]) -> None:
    assert not auth(None, KEY).admits(headers)


def test_a_late_retry_of_the_gateway_carries_a_stale_jwt() -> None:
    claims = {**CLAIMS, "iat": NOW - 660, "exp": NOW - 60}
    assert not auth(None, KEY).admits(bearer(claims))


def test_the_recorded_jwt_has_the_claims_that_we_demand() -> None:
    header = recordings.recorded("webhook-jwt-header")[0]["headers"]["authorization"]
    claims = jwt.decode(header.removeprefix("Bearer "), options={"verify_signature": False})
    assert claims["app"] == "evolution"
    assert claims["action"] == "webhook"
    assert claims["exp"] - claims["iat"] == 600


def test_token_and_jwt_may_both_be_set() -> None:
    both = auth(jwt_key=KEY)
    assert both.admits(bearer(CLAIMS))
    assert both.admits({"X-Webhook-Token": "s3cret-токен"})
    assert not both.admits({})


def test_a_short_jwt_key_stops_the_start() -> None:
    with pytest.raises(ConfigError):
        auth(None, "short")


def test_without_any_secret_everybody_is_let_in() -> None:
    assert auth(None).open
    assert auth(None).admits({})
    assert not auth().open
