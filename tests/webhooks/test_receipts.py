"""Receipts and states of instances beyond the recorded ones."""

from __future__ import annotations

import json
from typing import Any

import pytest

from bot.errors import Malformed
from bot.model.events import ChannelState, Receipt
from bot.model.ids import GatewayId
from tests.webhooks.fakes import NOW
from webhooks.evolution.messages import Reading
from webhooks.evolution.parsing import parse
from webhooks.parsed import Ignored, Parsed


def read(event: str, data: Any, *, baileys: bool = True) -> Parsed:
    body = {"event": event, "instance": "zap", "data": data} | ({"sender": "551140000000@s.whatsapp.net"} if baileys else {})
    (item,) = parse(json.dumps(body).encode(), Reading(), NOW)
    return item


@pytest.mark.parametrize(
    ("status", "meant"),
    [
        ("ERROR", "failed"),
        (0, "failed"),
        (1, "pending"),
        ("SERVER_ACK", "sent"),
        (2, "sent"),
        ("2", "sent"),
        ("delivery_ack", "delivered"),
        (3, "delivered"),
        (4, "read"),
        (5, "played"),
        ("DELETED", "deleted"),
    ],
)
def test_a_status_has_one_name_in_every_form(status: Any, meant: str) -> None:
    update = {"keyId": "3EB0", "fromMe": True, "status": status}
    assert read("messages.update", update) == Receipt(GatewayId("3EB0"), meant, "zap", NOW)


@pytest.mark.parametrize("status", ["EDITED", "NEW_WORD", 6, -1, 2.5, None, True, [], {"low": "x"}])
def test_a_status_that_we_do_not_know_is_ignored(status: Any) -> None:
    assert read("messages.update", {"keyId": "3EB0", "fromMe": True, "status": status}) == Ignored("unknown_status")


def test_what_became_of_others_messages_is_not_ours_where_the_gateway_tells_them_apart() -> None:
    update = {"keyId": "A5", "fromMe": False, "status": "READ"}
    assert read("messages.update", update) == Ignored("not_ours")
    assert isinstance(read("messages.update", update, baileys=False), Receipt)  # the official API says false for all


def test_the_id_may_stand_in_a_key() -> None:
    update = {"key": {"id": "3EB0"}, "fromMe": True, "status": "READ"}
    assert read("messages.update", update) == Receipt(GatewayId("3EB0"), "read", "zap", NOW)


@pytest.mark.parametrize("data", [None, [], {}, {"keyId": 5}, {"key": "x"}])
@pytest.mark.parametrize("event", ["messages.update", "send.message"])
def test_a_receipt_without_an_id_is_malformed(event: str, data: Any) -> None:
    with pytest.raises(Malformed):
        read(event, data)


@pytest.mark.parametrize(
    ("event", "data", "state", "reason"),
    [
        ("connection.update", {"state": "open", "statusReason": 200}, "open", None),
        ("connection.update", {"state": "refused", "statusReason": 403}, "refused", "403"),
        ("connection.update", {"state": "connecting", "statusReason": "x"}, "connecting", None),
        ("status.instance", {"status": "closed", "disconnectionReasonCode": 401}, "close", "401"),
        ("qrcode.updated", {"message": "QR code limit reached", "statusCode": 500}, "qrcode", "limit_reached"),
        ("qrcode.updated", None, "qrcode", None),
        ("remove.instance", None, "logged_out", "remove.instance"),
    ],
)
def test_an_instances_state_is_told(event: str, data: Any, state: str, reason: str | None) -> None:
    assert read(event, data) == ChannelState("zap", state, NOW, reason)


@pytest.mark.parametrize("data", [None, {}, {"state": "dancing"}, {"state": 5}])
def test_a_state_that_we_do_not_know_is_ignored(data: Any) -> None:
    assert read("connection.update", data) == Ignored("unknown_state")
