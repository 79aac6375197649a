"""Every recorded delivery of a real gateway, and what it means to us."""

from __future__ import annotations

import json
from typing import Any

import pytest
from msgspec import UNSET
from msgspec.structs import asdict

from bot.model.events import ChannelState, Receipt
from bot.model.inbound import Contact, Location, Media
from tests.webhooks import recordings
from tests.webhooks.fakes import NOW
from webhooks.evolution.messages import Reading
from webhooks.evolution.parsing import parse
from webhooks.parsed import Arrived, Ignored, Parsed

BAILEYS = {"integration": "baileys", "address": "5511987654321@s.whatsapp.net", "verified": True, "instance": "zap"}
CLOUD = {"integration": "cloud", "address": "5511987654321", "verified": False, "instance": "bot"}  # the rig's wamids hold nobody
EVOLUTION = {"integration": "evolution", "address": "5511987654321", "verified": True, "instance": "evo"}

INBOUND: dict[str, dict[str, Any]] = {
    "baileys-in-audio-ptt": {"kind": "audio", "media": Media("audio/ogg", size=70, seconds=3.0, voice=True)},
    "baileys-in-contact-two": {
        "kind": "contact",
        "contacts": (Contact("Joao", "BEGIN:VCARD\nEND:VCARD"), Contact("Ana", "BEGIN:VCARD\nEND:VCARD")),
    },
    "baileys-in-document-with-caption": {
        "kind": "document",
        "text": "segue",
        "media": Media("application/pdf", "boleto.pdf", 70),
    },
    "baileys-in-document": {"kind": "document", "media": Media("application/pdf", "boleto.pdf", 70)},
    "baileys-in-edit": {
        "kind": "edit",
        "text": "texto corrigido",
        "target_id": "A5B396AD2C4BF92DF8DF1C4EAECC2287",
        "id": "in:zap:A5B396AD2C4BF92DF8DF1C4EAECC2287:edit:1763880005000",
        "sent_at": 1763880005.0,
        "verified": False,
    },
    "baileys-in-empty-message": {"kind": "unknown"},
    "baileys-in-ephemeral-text": {"kind": "text", "text": "temporaria"},
    "baileys-in-image-base64": {"kind": "image", "text": "b64 now", "media": Media("image/jpeg", size=8572)},
    "baileys-in-interactive-response-quick-reply": {
        "kind": "tap",
        "text": "Confirmar",
        "choice_id": "btn-confirmar",
        "quoted_id": "3EB0AC",
    },
    "baileys-in-live-location": {"kind": "location", "location": Location(-23.5, -46.6)},
    "baileys-in-poll-creation": {"kind": "unknown"},
    "baileys-in-ptv": {"kind": "video", "media": Media("video/mp4", size=1000, seconds=3.0)},
    "baileys-in-reaction": {
        "kind": "reaction",
        "text": "👍",
        "target_id": "3EB0AA",
        "id": "in:zap:A5D680382424608E5439CBD617627A8E:reaction",
    },
    "baileys-in-sticker": {"kind": "sticker", "media": Media("image/webp", size=70)},
    "baileys-in-text-append-offline": {"kind": "text", "text": "recebida offline", "sent_at": 1795423512.0},
    "baileys-in-text-conversation-proto": {"kind": "text", "text": "texto simples"},
    "baileys-in-text-in-ephemeral-chat": {"kind": "text", "text": "chat temporario"},
    "baileys-in-text-lid": {"kind": "text", "text": "via lid"},
    "baileys-in-text-link-preview": {"kind": "text", "text": "veja https://a.com"},
    "baileys-in-text-no-pushname": {"kind": "text", "text": "sem nome", "name": None},
    "baileys-in-text-quoting": {"kind": "text", "text": "respondendo", "quoted_id": "A5B396AD2C4BF92DF8DF1C4EAECC2287"},
    "baileys-in-text": {
        "kind": "text",
        "text": "oi, tudo bem?",
        "name": "Maria",
        "id": "in:zap:A5B396AD2C4BF92DF8DF1C4EAECC2287",
        "message_id": "A5B396AD2C4BF92DF8DF1C4EAECC2287",
        "sent_at": 1795423502.0,
        "received_at": NOW,
    },
    "baileys-in-video": {"kind": "video", "text": "v", "media": Media("video/mp4", size=123456, seconds=7.0)},
    "baileys-in-view-once-v2-image": {"kind": "image", "media": Media("image/jpeg", size=10)},
    "cloud-in-brazil-ddd31": {"kind": "text", "text": "oi", "address": "553187654321"},
    "cloud-in-button-reply": {"kind": "tap", "text": "Confirmar", "choice_id": None, "quoted_id": "wamid.RIGOUT1"},
    "cloud-in-document": {"kind": "document", "text": "d", "media": Media("application/pdf", "a.pdf")},
    "cloud-in-flow-nfm-reply": {"kind": "unknown", "quoted_id": "wamid.RIGOUT1"},
    "cloud-in-list-reply": {"kind": "tap", "text": "Segunda via", "choice_id": None, "quoted_id": "wamid.RIGOUT1"},
    "cloud-in-mexico": {"kind": "text", "text": "hola", "address": "525512345678"},
    "cloud-in-sticker": {"kind": "sticker", "media": Media("image/webp")},
    "cloud-in-template-quick-reply": {"kind": "tap", "text": "Quero", "choice_id": None, "quoted_id": "wamid.RIGOUT1"},
    "cloud-in-text-without-contacts": {"kind": "text", "text": "sem contacts", "name": None},
    "cloud-in-text": {"kind": "text", "text": "oi, tudo bem?", "name": "Maria"},
    "cloud-in-two-changes": {"kind": "text", "text": "change A"},
    "cloud-in-two-messages-in-one-value": {"kind": "text", "text": "primeira"},
    "cloud-in-video": {"kind": "video", "text": "v", "media": Media("video/mp4")},
    "evochannel-in-list-response": {"kind": "tap", "text": "R", "choice_id": "r1"},
    "evochannel-in-second-text": {"kind": "text", "text": "oi2"},
    "evochannel-in-text": {"kind": "text", "text": "oi"},
}

STATUS = {
    "baileys-in-update-played": "played",
    "cloud-in-status-delivered": "delivered",
    "cloud-in-status-failed": "failed",
    "cloud-in-status-read": "read",
    "cloud-in-status-sent": "sent",
}

NOT_FOR_US = {
    "baileys-in-call-offer",
    "baileys-in-contacts-upsert",
    "baileys-in-duplicate-second",
    "baileys-in-ephemeral-setting",
    "baileys-in-groups-update",
    "baileys-in-groups-upsert",
    "baileys-in-presence",
    "baileys-in-text-group-lid",
    "baileys-in-text-mention-group",
    "baileys-in-undecryptable-stub",
    "baileys-in-update-read-repeated",
    "baileys-in-update-unknown-message",
    "cloud-in-contact-two",
    "cloud-in-order",
    "cloud-in-status-unknown-message",
    "cloud-in-system",
}


def meant(name: str) -> list[Parsed]:
    """What of a recording is for us."""
    parsed: list[Parsed] = []
    for body in recordings.deliveries(name):
        parsed += parse(json.dumps(body).encode(), Reading(), NOW)
    return [item for item in parsed if not isinstance(item, Ignored)]


def defaults(name: str) -> dict[str, Any]:
    return BAILEYS if name.startswith("baileys") else CLOUD if name.startswith("cloud") else EVOLUTION


@pytest.mark.parametrize("name", sorted(INBOUND))
def test_a_recorded_message_is_understood(name: str) -> None:
    (arrived,) = meant(name)
    assert isinstance(arrived, Arrived)
    found = asdict(arrived.inbound)
    expected = defaults(name) | INBOUND[name]
    assert {field: found.get(field, UNSET) for field in expected} == expected
    for field in ("text", "choice_id", "quoted_id", "target_id", "media", "location"):
        assert field in expected or found[field] is None, field  # and nothing was read into it


@pytest.mark.parametrize("name", sorted(STATUS))
def test_a_recorded_status_is_a_receipt(name: str) -> None:
    (receipt,) = meant(name)
    assert isinstance(receipt, Receipt)
    assert receipt.status == STATUS[name]


@pytest.mark.parametrize("name", sorted(NOT_FOR_US))
def test_a_recorded_event_that_is_not_for_us_is_ignored(name: str) -> None:
    assert meant(name) == []


def test_a_revocation_comes_once_though_the_gateway_tells_it_twice() -> None:
    (arrived,) = meant("baileys-in-revoke")
    assert isinstance(arrived, Arrived)
    assert arrived.inbound.kind == "deletion"
    assert arrived.inbound.target_id == "A5B396AD2C4BF92DF8DF1C4EAECC2287"
    assert arrived.inbound.verified


def test_a_send_and_its_acknowledgements_follow_each_other() -> None:
    receipts = [item for item in meant("baileys-sendText-and-acks") if isinstance(item, Receipt)]
    assert [receipt.status for receipt in receipts] == ["pending", "sent", "delivered"]
    assert {receipt.gateway_id for receipt in receipts} == {"3EB055D0B2E68D38D2BC70"}


def test_the_channels_state_is_told_and_its_code_never_kept() -> None:
    assert meant("baileys-instance-create-qr") == [
        ChannelState("loja-qr", "connecting", NOW),
        ChannelState("loja-qr", "qrcode", NOW),
    ]
    assert meant("baileys-logout") == [
        ChannelState("loja-qr", "logged_out", NOW, "logout.instance"),
        ChannelState("loja-qr", "close", NOW, "401"),
        ChannelState("loja-qr", "close", NOW, "401"),
    ]


def test_no_recorded_inbound_case_is_left_out() -> None:
    assert set(recordings.names("*-in-*")) == set(INBOUND) | set(STATUS) | NOT_FOR_US | {"baileys-in-revoke"}


def test_every_recorded_delivery_is_a_known_event() -> None:
    for name in recordings.names("*"):
        for body in recordings.deliveries(name):
            for item in parse(json.dumps(body).encode(), Reading(), NOW):
                assert item != Ignored("unknown_event"), (name, body["event"])
