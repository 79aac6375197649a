"""What each recorded answer of the gateway says about a send."""

from __future__ import annotations

import json
from typing import Any

import aiohttp
import httpx
import pytest

from bot.errors import BotError, GatewayUnavailable, OutcomeUnknown, Refused
from tests.webhooks import recordings
from webhooks.evolution.errors import sent_id
from webhooks.transport import transport_error

REFUSED: dict[str, str] = {
    "baileys-send-sendButtons-four": "bad_options",
    "baileys-send-sendButtons-mixed": "bad_options",
    "baileys-send-sendList-no-footer": "bad_form",
    "baileys-send-sendLocation-missing-name": "bad_form",
    "baileys-send-sendMedia-data-uri": "bad_media",
    "baileys-send-sendMedia-url-no-tld": "bad_media",
    "baileys-send-sendReaction-not-emoji": "bad_form",
    "baileys-send-sendTemplate": "not_available",
    "baileys-send-sendText-bad-json": "bad_form",
    "baileys-send-sendText-empty": "bad_form",
    "baileys-send-sendText-missing-text": "bad_form",
    "baileys-send-sendText-number-not-on-whatsapp": "not_on_whatsapp",
    "baileys-send-sendText-number-not-string": "bad_form",
    "cloud-send-sendButtons-duplicate": "bad_options",
    "cloud-send-sendButtons-four": "bad_options",
    "cloud-send-sendButtons-missing-buttons": "gateway_bug",
    "cloud-send-sendList-duplicate-section-title": "bad_options",
    "cloud-send-sendList-no-footer": "bad_form",
    "cloud-send-sendList-row-without-description": "gateway_bug",
    "cloud-send-sendMedia-bad-type": "bad_form",
    "cloud-send-sendMedia-data-uri": "bad_media",
    "cloud-send-sendMedia-document-base64-no-filename": "bad_media",
    "cloud-send-sendMedia-url-no-tld": "bad_media",
    "cloud-send-sendPoll": "not_available",
    "cloud-send-sendStatus": "not_available",
    "cloud-send-sendText-meta-24h-window": "window_closed",
    "cloud-send-sendText-meta-400": "meta_100",
    "cloud-send-sendText-missing-text": "bad_form",
    "cloud-send-sendText-number-not-string": "bad_form",
    "evochannel-send-sendList": "not_available",
    "evochannel-send-sendLocation": "not_available",
    "evochannel-send-sendReaction": "not_available",
}
UNAVAILABLE: dict[str, str] = {
    "baileys-send-sendText-no-apikey": "unauthorised",
    "baileys-send-sendText-unknown-instance": "no_instance",
    "baileys-send-sendText-wrong-apikey": "unauthorised",
    "baileys-send-unknown-route": "no_instance",
    "cloud-send-sendText-meta-429": "rate_limited",
    "cloud-send-sendText-meta-500-json": "meta_131000",
    "cloud-send-sendText-no-apikey": "unauthorised",
    "cloud-send-sendText-unknown-instance": "no_instance",
    "cloud-send-sendText-wrong-apikey": "unauthorised",
    "cloud-send-unknown-route": "no_instance",
}
UNKNOWN: dict[str, str] = {
    "baileys-send-sendText-timed-out": "gateway_fault",
    "cloud-send-sendText-empty": "gateway_fault",  # the same words as for a lost answer; we never send an empty text
    "cloud-send-sendText-meta-502-html": "gateway_fault",
}


def answer(name: str) -> tuple[int, bytes]:
    response = recordings.recorded(name)["response"]
    return response["status"], json.dumps(response["body"]).encode()


def said(status: int, body: Any) -> BotError:
    with pytest.raises(BotError) as caught:
        sent_id(status, body if isinstance(body, bytes) else json.dumps(body).encode())
    return caught.value


@pytest.mark.parametrize("name", sorted(REFUSED | UNAVAILABLE | UNKNOWN))
def test_a_recorded_failure_is_classified(name: str) -> None:
    error = said(*answer(name))
    expected = Refused if name in REFUSED else GatewayUnavailable if name in UNAVAILABLE else OutcomeUnknown
    assert type(error) is expected
    assert error.code == (REFUSED | UNAVAILABLE | UNKNOWN)[name]


def outcome(name: str) -> str:
    try:
        sent_id(*answer(name))
    except BotError as error:
        return error.code
    return "sent"


def test_every_recorded_send_is_either_sent_or_classified() -> None:
    expected = REFUSED | UNAVAILABLE | UNKNOWN
    outcomes = {name: outcome(name) for name in recordings.names("*-send-*")}
    assert outcomes == {name: expected.get(name, "sent") for name in outcomes}


@pytest.mark.parametrize(
    ("status", "body", "expected", "code"),
    [
        (201, {"key": {}}, OutcomeUnknown, "no_message_id"),
        (201, {"key": {"id": 7}}, OutcomeUnknown, "no_message_id"),
        (201, b"<html>", OutcomeUnknown, "no_message_id"),
        (200, {"key": {"id": "A"}}, OutcomeUnknown, "no_message_id"),
        (204, b"", OutcomeUnknown, "no_message_id"),
        (201, {"code": 131026, "message": "x"}, Refused, "undeliverable"),
        (201, {"code": 131056}, GatewayUnavailable, "rate_limited"),
        (201, {"code": 190}, GatewayUnavailable, "meta_190"),
        (201, {"code": 131042}, GatewayUnavailable, "meta_131042"),
        (201, {"code": 999999}, Refused, "meta_999999"),
        (201, {"code": 999999, "is_transient": True}, GatewayUnavailable, "meta_999999"),
        (201, {"code": "131047"}, Refused, "window_closed"),
        (400, {"response": {"message": ["Error: Connection Closed"]}}, GatewayUnavailable, "not_connected"),
        (400, {"response": {"message": ["Error: Connection Closed", "Error: Timed Out"]}}, OutcomeUnknown, "gateway_fault"),
        (400, {}, OutcomeUnknown, "gateway_fault"),
        (400, b"Bad Request", OutcomeUnknown, "gateway_fault"),
        (400, {"response": {"message": {"a": [1]}}}, OutcomeUnknown, "gateway_fault"),
        (403, {}, GatewayUnavailable, "forbidden"),
        (408, b"", OutcomeUnknown, "http_408"),
        (413, b"", Refused, "too_long"),
        (418, b"", Refused, "http_418"),
        (429, b"", GatewayUnavailable, "rate_limited"),
        (
            500,
            {"response": {"message": "Cannot read properties of undefined (reading 'onWhatsApp')"}},
            OutcomeUnknown,
            "http_500",
        ),
        (500, b"", OutcomeUnknown, "http_500"),
        (502, b"<html>", OutcomeUnknown, "http_502"),
        (503, b"", OutcomeUnknown, "http_503"),
        (504, b"", OutcomeUnknown, "http_504"),
        (302, b"", GatewayUnavailable, "http_302"),
        (405, b"<html>", GatewayUnavailable, "http_405"),
        (407, b"", GatewayUnavailable, "http_407"),
    ],
)
def test_other_answers_are_classified(status: int, body: Any, expected: type[BotError], code: str) -> None:
    error = said(status, body)
    assert type(error) is expected
    assert error.code == code


def test_the_wait_that_is_told_is_kept_and_nonsense_is_not() -> None:
    waits = []
    for told in ("7", None, "-1", "soon", "9" * 50):
        with pytest.raises(GatewayUnavailable) as caught:
            sent_id(429, b"", told)
        waits.append(caught.value.retry_after)
    assert waits == [7.0, 5.0, 5.0, 5.0, 5.0]


def mapped(error: Exception, cause: Exception) -> Exception:
    """As the transport raises it."""
    error.__cause__ = cause
    return error


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (httpx.ConnectError("x"), GatewayUnavailable),
        (httpx.ConnectTimeout("x"), GatewayUnavailable),
        (httpx.PoolTimeout("x"), GatewayUnavailable),
        (httpx.ReadTimeout("x"), OutcomeUnknown),
        (httpx.ReadError("x"), OutcomeUnknown),
        (httpx.WriteError("x"), OutcomeUnknown),
        (httpx.RemoteProtocolError("x"), OutcomeUnknown),
        (TimeoutError(), OutcomeUnknown),
        (ConnectionResetError(), OutcomeUnknown),
        # The transport calls these a connect timeout, though the request was already out.
        (mapped(httpx.ConnectTimeout("x"), aiohttp.ServerDisconnectedError()), OutcomeUnknown),
        (mapped(httpx.ConnectTimeout("x"), aiohttp.ClientOSError(104, "reset")), OutcomeUnknown),
        (mapped(httpx.TimeoutException("x"), aiohttp.ConnectionTimeoutError()), GatewayUnavailable),
        (mapped(httpx.ReadTimeout("x"), aiohttp.SocketTimeoutError()), OutcomeUnknown),
    ],
)
def test_only_a_connection_that_was_never_made_proves_that_nothing_was_sent(error: Exception, expected: type[BotError]) -> None:
    assert type(transport_error(error)) is expected
