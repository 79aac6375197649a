"""Meta's own webhook: what its recorded deliveries say, who may deliver, and what is bounded."""

from __future__ import annotations

import hmac
import json
from collections.abc import AsyncIterator
from hashlib import sha256
from pathlib import Path
from typing import Any

import httpx
import pytest
from aiohttp import web
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from bot.errors import Malformed
from bot.model.events import Receipt
from bot.model.ids import person_of
from bot.model.inbound import Inbound
from config.policy import load_policy
from tests.runtime.parts import outbound
from tests.servers.site import listening
from tests.webhooks.fakes import NOW, World
from webhooks.intake import Opened
from webhooks.meta.edge import MetaEdge
from webhooks.meta.parsing import parse
from webhooks.meta.payloads import body_for
from webhooks.parsed import Arrived, Ignored, Parsed

CAPTURED = sorted((Path(__file__).parent / "captured").glob("cloud-in-*.json"))
NUMBER_ID = "100200300400500"
MARIA = "5511987654321"
SECRET, OLD, VERIFY = "app-secret", "app-secret-before", "verify-me"


def delivered(name: str) -> dict[str, Any]:
    path = Path(__file__).parent / "captured" / f"cloud-in-{name}.json"
    body: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))["meta_webhook_in"]
    return body


def read(body: Any) -> list[Parsed]:
    return parse(json.dumps(body).encode(), {NUMBER_ID: "clinic"}, NOW)


def arrived(name: str) -> list[Inbound]:
    return [one.inbound for one in read(delivered(name)) if isinstance(one, Arrived)]


@pytest.mark.parametrize("path", CAPTURED, ids=lambda path: path.stem)
def test_every_recorded_delivery_is_read_to_the_last_message(path: Path) -> None:
    body = json.loads(path.read_text(encoding="utf-8"))["meta_webhook_in"]
    values = [change["value"] for entry in body["entry"] for change in entry["changes"]]
    wanted = sum(len(value.get("messages", [])) + len(value.get("statuses", [])) for value in values)
    found = read(body)
    assert len(found) == wanted > 0
    assert all(not isinstance(one, Ignored) or one.reason == "system" for one in found)


def test_a_text_says_who_wrote_it_and_when() -> None:
    [said] = arrived("text")
    assert (said.kind, said.text, said.instance, said.integration) == ("text", "oi, tudo bem?", "clinic", "cloud")
    assert (said.person, said.address, said.name, said.verified) == (person_of(f"phone:{MARIA}"), MARIA, "Maria", True)
    assert said.sent_at == 1_795_422_784


def test_a_tap_keeps_the_id_of_its_option_and_the_question() -> None:
    [row] = arrived("list-reply")
    assert (row.kind, row.choice_id, row.text, row.quoted_id) == ("tap", "row-2", "Segunda via", "wamid.RIGOUT1")
    [button] = arrived("button-reply")
    assert button.kind == "tap"
    assert button.choice_id
    [template] = arrived("template-quick-reply")
    assert template.kind == "tap"
    assert template.choice_id


def test_all_messages_of_a_batch_are_read() -> None:
    assert [one.text for one in arrived("two-messages-in-one-value")] == ["primeira", "segunda"]
    assert len(arrived("two-changes")) == 2


def test_a_file_stays_with_meta_under_its_id() -> None:
    [one] = [one for one in read(delivered("document")) if isinstance(one, Arrived)]
    assert one.inbound.kind == "document"
    assert one.inbound.media is not None
    assert one.remote is not None
    assert one.remote.id


def test_statuses_are_receipts_and_name_what_the_message_carried() -> None:
    body = delivered("status-sent")
    [status] = body["entry"][0]["changes"][0]["value"]["statuses"]
    status["biz_opaque_callback_data"] = "0" * 32
    [receipt] = read(body)
    assert isinstance(receipt, Receipt)
    assert (receipt.status, receipt.instance, receipt.token) == ("sent", "clinic", "0" * 32)
    status["biz_opaque_callback_data"] = "not ours"
    [receipt] = read(body)
    assert isinstance(receipt, Receipt)
    assert receipt.token is None
    failed = delivered("status-failed")
    assert [(one.status, one.code) for one in read(failed) if isinstance(one, Receipt)] == [("failed", "131026")]
    for errors in (None, [], {"code": 1}, [{"code": "x"}, {"code": -1}, 5], [{"code": 1e300}]):
        failed["entry"][0]["changes"][0]["value"]["statuses"][0]["errors"] = errors
        assert [(one.status, one.code) for one in read(failed) if isinstance(one, Receipt)] == [("failed", None)]


def test_another_number_and_another_field_are_not_ours() -> None:
    body = delivered("text")
    assert parse(json.dumps(body).encode(), {"1": "other"}, NOW) == [Ignored("not_our_number")]
    body["entry"][0]["changes"][0]["field"] = "account_update"
    assert read(body) == [Ignored("other_field")]


def test_errors_of_the_account_are_counted_and_take_no_message_with_them() -> None:
    body = delivered("text")
    body["entry"][0]["changes"][0]["value"]["errors"] = [{"code": 131048, "title": "Spam rate limit hit"}]
    arrived, error = read(body)
    assert isinstance(arrived, Arrived)
    assert error == Ignored("account_error")


def test_one_broken_message_costs_the_others_of_its_batch_nothing() -> None:
    body = delivered("two-messages-in-one-value")
    body["entry"][0]["changes"][0]["value"]["messages"][0] = {"from": 5, "id": []}
    first, second = read(body)
    assert first == Ignored("bad_message")
    assert isinstance(second, Arrived)
    assert second.inbound.text == "segunda"


@pytest.mark.parametrize("body", [b"", b"{", b"null", b"[]", b'{"object": "page", "entry": []}', b"[" * 100_000])
def test_what_is_no_event_of_whatsapp_is_malformed(body: bytes) -> None:
    with pytest.raises(Malformed):
        parse(body, {NUMBER_ID: "clinic"}, NOW)


JSON: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=12,
)


@given(st.sampled_from(CAPTURED), st.data())
def test_no_field_of_another_type_breaks_the_reading(path: Path, data: st.DataObject) -> None:
    body = json.loads(path.read_text(encoding="utf-8"))["meta_webhook_in"]
    at: Any = body["entry"][0]["changes"][0]["value"]
    for _ in range(data.draw(st.integers(0, 5))):
        keys: list[Any] = list(at) if isinstance(at, dict) else list(range(len(at))) if isinstance(at, list) else []
        if not keys:
            break
        key = data.draw(st.sampled_from(keys))
        if data.draw(st.booleans()):
            at[key] = data.draw(JSON)
            break
        at = at[key]
    for one in read(body):
        if isinstance(one, Arrived):
            assert one.inbound.address.isdigit()


class Site:
    def __init__(self, url: str, world: World) -> None:
        self.url, self.world = url, world

    async def post(self, body: bytes, secret: str = SECRET, **headers: str) -> int:
        signature = "sha256=" + hmac.new(secret.encode(), body, sha256).hexdigest()
        async with httpx.AsyncClient(trust_env=False) as client:
            answer = await client.post(self.url, content=body, headers={"X-Hub-Signature-256": signature, **headers})
        return answer.status_code

    async def get(self, **query: str) -> tuple[int, str]:
        asked = {f"hub.{name}": value for name, value in query.items()}
        async with httpx.AsyncClient(trust_env=False) as client:
            answer = await client.get(self.url, params=asked)
        return answer.status_code, answer.text


@pytest.fixture
async def site() -> AsyncIterator[Site]:
    world = World()
    app = web.Application()
    MetaEdge(world.intake, (SECRET, OLD), VERIFY, {"clinic": NUMBER_ID}, lambda: NOW).add_routes(app)
    async with listening(app) as url:
        yield Site(f"{url}/webhooks/meta", world)


async def test_a_signed_delivery_is_on_the_bus_when_it_is_answered(site: Site) -> None:
    assert await site.post(json.dumps(delivered("two-messages-in-one-value")).encode()) == 200
    assert [turn.text for turn in site.world.bus.turns] == ["primeira", "segunda"]


async def test_the_secret_before_a_change_still_signs(site: Site) -> None:
    assert await site.post(json.dumps(delivered("text")).encode(), OLD) == 200


async def test_nobody_else_delivers(site: Site) -> None:
    body = json.dumps(delivered("text")).encode()
    assert await site.post(body, "guessed") == 401
    assert await site.post(body, **{"X-Hub-Signature-256": ""}) == 401
    assert await site.post(body, **{"X-Hub-Signature-256": "sha1=abc"}) == 401
    assert site.world.bus.turns == []


async def test_what_the_bus_does_not_confirm_is_asked_for_again(site: Site) -> None:
    site.world.bus.away = 1
    assert await site.post(json.dumps(delivered("text")).encode()) == 503


async def test_too_much_is_refused_and_nonsense_too(site: Site) -> None:
    assert await site.post(b" " * (4 * 1024 * 1024 + 1)) == 413
    assert await site.post(b"{}") == 400


async def test_the_address_is_proved_with_the_token_and_nothing_else(site: Site) -> None:
    assert await site.get(mode="subscribe", verify_token=VERIFY, challenge="1158201444") == (200, "1158201444")
    assert (await site.get(mode="subscribe", verify_token="guessed", challenge="1"))[0] == 403
    assert (await site.get(mode="unsubscribe", verify_token=VERIFY, challenge="1"))[0] == 403
    assert (await site.get(mode="subscribe", verify_token=VERIFY, challenge="<script>"))[0] == 403
    assert (await site.get())[0] == 403


def written(**fields: Any) -> dict[str, Any]:
    """A text of Maria's with other fields; None takes one away."""
    body = delivered("text")
    value = body["entry"][0]["changes"][0]["value"]
    for holder in (value["messages"][0], value["contacts"][0]):
        for name, word in fields.items():
            if word is None:
                holder.pop(name, None)
            elif holder is value["messages"][0] or name == "user_id":
                holder[name] = word
    return body


USER = "IN.16487380430449421"


def test_who_shows_no_number_is_heard_under_the_id_that_meta_gives() -> None:
    """People with a WhatsApp username: "from" is left out, and what they write must not be lost for that."""
    [one] = read(written(**{"from": None, "wa_id": None, "from_user_id": USER, "user_id": USER}))
    assert isinstance(one, Arrived)
    assert (one.inbound.person, one.inbound.address, one.inbound.verified) == (person_of(f"lid:{USER}"), USER, True)
    assert (one.lid, one.phone, one.inbound.name) == (USER, None, "Maria")
    assert (one.inbound.kind, one.inbound.formerly) == ("text", None)
    assert body_for(replace(outbound("x"), address=USER))["recipient"] == USER
    assert "to" not in body_for(replace(outbound("x"), address=USER))


def test_the_number_names_a_person_as_long_as_it_is_told_and_both_are_one() -> None:
    [one] = read(written(from_user_id=USER))
    assert isinstance(one, Arrived)
    assert (one.inbound.person, one.inbound.address) == (person_of(f"phone:{MARIA}"), MARIA)
    assert (one.lid, one.phone, one.inbound.formerly) == (USER, MARIA, person_of(f"lid:{USER}"))


async def test_once_both_were_seen_together_the_id_alone_is_the_same_person() -> None:
    world = World()
    both, alone = read(written(from_user_id=USER)), read(written(**{"from": None, "from_user_id": USER, "id": "wamid.LATER"}))
    await world.intake.publish(Opened("meta", both))
    await world.intake.publish(Opened("meta", alone))
    assert world.directory.links == [(USER, MARIA)]
    assert {turn.person for turn in world.bus.turns} == {person_of(f"phone:{MARIA}")}
    assert [turn.address for turn in world.bus.turns] == [MARIA, USER], "an answer goes where the message came from"


@pytest.mark.parametrize("user", ["", "IN", "IN.", "in.1", "IN.1 2", "IN.ENT.", "IN.1@s.whatsapp.net", "IN." + "1" * 129, 5])
def test_what_is_no_id_of_a_person_names_nobody(user: Any) -> None:
    assert read(written(**{"from": None, "from_user_id": user})) == [Ignored("bad_message")]


def test_the_country_of_a_hidden_number_is_told_by_its_id() -> None:
    policy = load_policy()
    assert policy.country_of(USER).country == "IN"
    assert policy.country_of("GB.ENT.1").country == "GB"
    assert policy.country_of("BR.1").country == "BR"
    assert policy.country_of("XX.1").language == policy.country_of("0").language


def test_an_edit_says_what_the_message_says_now_and_a_revocation_takes_it_back() -> None:
    inner = {"type": "text", "text": {"body": "sugar 38"}}
    [edit] = read(written(type="edit", text=None, edit={"original_message_id": "wamid.A", "message": inner}))
    assert isinstance(edit, Arrived)
    assert (edit.inbound.kind, edit.inbound.text, edit.inbound.target_id) == ("edit", "sugar 38", "wamid.A")
    picture = {"type": "image", "image": {"id": "1", "caption": "chest pain"}}
    [edit] = read(written(type="edit", edit={"original_message_id": "wamid.A", "message": picture}))
    assert isinstance(edit, Arrived)
    assert (edit.inbound.kind, edit.inbound.text, edit.remote) == ("edit", "chest pain", None)
    [gone] = read(written(type="revoke", revoke={"original_message_id": "wamid.A"}))
    assert isinstance(gone, Arrived)
    assert (gone.inbound.kind, gone.inbound.target_id) == ("deletion", "wamid.A")
    for broken in (None, 5, {}, {"message": {"type": "edit", "edit": {"message": inner}}}):
        [unknown] = read(written(type="edit", edit=broken))
        assert isinstance(unknown, Arrived)
        assert unknown.inbound.kind == "unknown"
