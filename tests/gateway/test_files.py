"""Messages with a file: sent in one call, found again by their caption, and never lost because a file is."""

from __future__ import annotations

import json
import time
from typing import Any, Literal

import httpx
import pytest

from bot.errors import GatewayUnavailable, Malformed, OutcomeUnknown, Refused, StoreUnavailable
from bot.model.effects import Attached, Outbound
from bot.model.ids import EffectId, person_of
from tests.webhooks.recordings import recorded
from webhooks.evolution.client import EvolutionGateway
from webhooks.evolution.payloads import call_for
from webhooks.lookalike.people import Instance
from webhooks.lookalike.server import LookAlike

NUMBER = "5511987654321"
PICTURE = b"\x89PNG\r\n\x1a\n" + bytes(40)
SOUND = b"OggS" + bytes(40)


async def files(ref: str) -> bytes | None:
    match ref:
        case "picture":
            return PICTURE
        case "sound":
            return SOUND
        case "away":
            raise StoreUnavailable("away")
        case "odd":
            raise Malformed("odd")
    return None


def message(integration: Literal["cloud", "baileys"], media: Attached, text: str = "Your plate") -> Outbound:
    return Outbound(
        id=EffectId(text), person=person_of("phone:" + NUMBER), instance="one", integration=integration, address=NUMBER,
        kind="reply", text=text, at=time.time(), media=media,
    )  # fmt: skip


@pytest.mark.parametrize("integration", ["cloud", "baileys"])
async def test_a_picture_goes_out_with_its_words_and_is_found_by_them(integration: Literal["cloud", "baileys"]) -> None:
    alike = LookAlike([Instance("one", integration)], api_key="key", seed=1)
    async with alike.listening() as url, EvolutionGateway(url, "key", total_seconds=60.0, files=files) as gateway:
        sent = message(integration, Attached("image", "picture"))
        assert await gateway.send(sent)
        assert await gateway.send(message(integration, Attached("document", "picture", "plan.pdf"), "Your plan"))
        assert await gateway.send(message(integration, Attached("audio", "sound"), ""))
        alike.faults.add("reset_after")
        other = message(integration, Attached("image", "picture"), "Another plate")
        with pytest.raises(OutcomeUnknown):
            await gateway.send(other)
        found = await gateway.find(other, since=other.at, known=set())
        assert (found is None) is (integration == "cloud")  # the official API's files are not in Evolution's history
        assert alike.ledger.total == 4


async def test_a_file_that_is_gone_costs_no_words_and_a_store_that_is_down_no_message() -> None:
    alike = LookAlike([Instance("one", "cloud")], api_key="key", seed=1)
    async with alike.listening() as url, EvolutionGateway(url, "key", total_seconds=60.0, files=files) as gateway:
        for ref in ("gone", "odd"):
            assert await gateway.send(message("cloud", Attached("image", ref)))
        with pytest.raises(GatewayUnavailable):
            await gateway.send(message("cloud", Attached("image", "away")))
        assert alike.ledger.total == 2


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("cloud-send-sendMedia-base64", "image"), ("cloud-send-sendMedia-document-base64", "document"),
        ("cloud-send-sendWhatsAppAudio-base64", "audio"), ("baileys-send-sendWhatsAppAudio-base64", "audio"),
    ],
)  # fmt: skip
def test_what_is_sent_has_the_form_that_the_real_gateway_took(name: str, kind: Any) -> None:
    request = recorded(name)["request"]
    call = call_for(message("cloud", Attached(kind, "x", "plan.pdf")), data=PICTURE)
    assert request["path"].startswith(f"/message/{call.endpoint}/")
    assert set(request["body"]) <= set(call.body) | {"mimetype"}
    assert set(call.body) - set(request["body"]) <= {"fileName", "mimetype", "caption"}


REFUSED_FILES = [("baileys-send-sendMedia-data-uri", None), (None, (413, b"")), (None, (201, b'{"code":131053}'))]


@pytest.mark.parametrize("refusal", REFUSED_FILES)
async def test_a_file_that_is_refused_costs_no_words(refusal: tuple[str | None, tuple[int, bytes] | None]) -> None:
    asked: list[str] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request.url.path)
        if request.url.path.startswith("/message/sendText"):
            assert json.loads(request.content)["text"] == "Your plate"
            return httpx.Response(201, json={"key": {"id": "A5"}})
        name, plain = refusal
        if name:
            said = recorded(name)["response"]
            return httpx.Response(said["status"], json=said["body"])
        assert plain is not None
        return httpx.Response(plain[0], content=plain[1])

    gateway = EvolutionGateway("http://gateway", "key", transport=httpx.MockTransport(answer), files=files)
    assert await gateway.send(message("baileys", Attached("image", "picture"))) == "A5"
    assert asked == ["/message/sendMedia/one", "/message/sendText/one"]
    with pytest.raises(Refused):  # there are no words
        await gateway.send(message("baileys", Attached("image", "picture"), ""))


async def test_another_refusal_of_a_message_with_a_file_stays_one() -> None:
    asked: list[str] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request.url.path)
        return httpx.Response(201, json={"code": 131047})

    gateway = EvolutionGateway("http://gateway", "key", transport=httpx.MockTransport(answer), files=files)
    with pytest.raises(Refused, match="refused") as caught:
        await gateway.send(message("cloud", Attached("image", "picture")))
    assert (caught.value.code, len(asked)) == ("window_closed", 1)
