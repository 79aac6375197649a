"""Who wrote it: the guard against a gateway that names the wrong customer."""

from __future__ import annotations

import json
from typing import Any

import pytest

from bot.errors import GatewayUnavailable
from bot.model.ids import person_of
from bot.model.inbound import Inbound
from tests.webhooks.fakes import NOW, World, upsert, wamid
from webhooks.evolution.jid import gateway_digits, parse_jid
from webhooks.evolution.messages import Reading
from webhooks.intake import AuthorOf

TEXT = {"conversation": "oi"}


async def taken(body: dict[str, Any], world: World | None = None) -> Inbound:
    world = world or World()
    await world.take(body)
    (inbound,) = world.bus.turns
    return inbound


def cloud(digits: str, named: str, **kwargs: Any) -> dict[str, Any]:
    return upsert(TEXT, key={"id": wamid(digits), "remoteJid": f"{named}@s.whatsapp.net"}, baileys=False, **kwargs)


async def test_the_number_in_the_message_id_is_the_sender_whoever_the_key_names() -> None:
    world = World()
    inbound = await taken(cloud("5511987654321", "5511900000000"), world)
    assert inbound.person == person_of("phone:5511987654321")
    assert inbound.address == "5511987654321"
    assert inbound.verified
    assert world.counts.mismatches == ["swapped"]


@pytest.mark.parametrize(("digits", "named"), [("5531987654321", "553187654321"), ("5215512345678", "525512345678")])
async def test_numbers_that_the_gateway_rewrites_are_answered_as_they_are(digits: str, named: str) -> None:
    world = World()
    inbound = await taken(cloud(digits, named), world)
    assert inbound.address == digits
    assert world.counts.mismatches == ["rewritten"]


async def test_agreement_is_no_mismatch() -> None:
    world = World()
    assert (await taken(cloud("5511987654321", "5511987654321"), world)).integration == "cloud"
    assert world.counts.mismatches == []


async def test_the_digits_hold_even_when_the_key_names_no_person() -> None:
    body = upsert(TEXT, key={"id": wamid("5511987654321"), "remoteJid": "nobody@s.whatsapp.net"}, baileys=False)
    assert (await taken(body)).person == person_of("phone:5511987654321")


async def test_a_sender_who_cannot_be_proven_touches_no_stored_person() -> None:
    world = World()
    body = upsert(TEXT, key={"id": "wamid.RIGIN1"}, baileys=False)
    inbound = await taken(body, world)
    assert not inbound.verified
    assert inbound.person == person_of("unverified:5511987654321") != person_of("phone:5511987654321")
    assert inbound.address == "5511987654321"
    assert world.counts.strangers == 1


async def test_trust_in_the_unproven_can_be_set() -> None:
    body = upsert(TEXT, key={"id": "wamid.RIGIN1"}, baileys=False)
    inbound = await taken(body, World(Reading(trust_unverified=True)))
    assert inbound.verified
    assert inbound.person == person_of("phone:5511987654321")


async def test_a_forged_message_id_on_baileys_names_nobody_else() -> None:
    """There the sender's own phone chooses the id."""
    inbound = await taken(upsert(TEXT, key={"id": wamid("5511900000000")}))
    assert inbound.integration == "baileys"
    assert inbound.person == person_of("phone:5511987654321")


async def test_what_the_operator_told_about_an_instance_counts_before_any_guess() -> None:
    world = World(Reading(integrations={"bot": "cloud"}))
    inbound = await taken(upsert(TEXT, key={"id": "not-a-wamid"}, baileys=False, instance="bot"), world)
    assert inbound.integration == "cloud"
    assert not inbound.verified


async def test_a_hidden_number_and_its_phone_are_one_person() -> None:
    world = World()
    lid = {"remoteJid": "123456789012345@lid", "remoteJidAlt": "5511987654321@s.whatsapp.net", "addressingMode": "lid"}
    for number in range(3):
        await world.take(upsert(TEXT, key={**lid, "id": f"A{number}"}))
    inbound = world.bus.turns[0]
    assert inbound.person == person_of("phone:5511987654321")
    assert inbound.formerly == person_of("lid:123456789012345")
    assert inbound.address == "5511987654321@s.whatsapp.net"
    assert world.directory.links == [("123456789012345", "5511987654321")]  # told once, not at every message


async def test_a_hidden_number_alone_is_looked_up() -> None:
    world = World(phones={"123456789012345": "5511987654321"})
    inbound = await taken(upsert(TEXT, key={"remoteJid": "123456789012345@lid"}), world)
    assert inbound.person == person_of("phone:5511987654321")
    assert inbound.formerly == person_of("lid:123456789012345")
    assert inbound.address == "123456789012345@lid"


async def test_a_hidden_number_that_nobody_knows_is_a_person_too() -> None:
    inbound = await taken(upsert(TEXT, key={"remoteJid": "123456789012345@lid"}))
    assert inbound.person == person_of("lid:123456789012345")
    assert inbound.formerly is None


async def test_the_device_is_no_part_of_a_person() -> None:
    inbound = await taken(upsert(TEXT, key={"remoteJid": "5511987654321:12@s.whatsapp.net"}))
    assert inbound.person == person_of("phone:5511987654321")
    assert inbound.address == "5511987654321@s.whatsapp.net"


async def test_the_third_channel_names_people_by_digits_or_by_name() -> None:
    by_number = await taken(upsert(TEXT, key={"remoteJid": "5511987654321"}, baileys=False))
    by_name = await taken(upsert(TEXT, key={"remoteJid": "maria.web"}, baileys=False))
    assert (by_number.integration, by_number.person) == ("evolution", person_of("phone:5511987654321"))
    assert (by_name.address, by_name.person) == ("maria.web", person_of("evolution:maria.web"))


@pytest.mark.parametrize(
    ("remote", "reason"),
    [
        ("120363000000000001@g.us", "group"),
        ("status@broadcast", "broadcast"),
        ("123456789@broadcast", "broadcast"),
        ("120363000000000001@newsletter", "newsletter"),
        ("0@s.whatsapp.net", "no_person"),
    ],
)
@pytest.mark.parametrize("baileys", [True, False])
async def test_what_is_no_person_never_becomes_a_turn(remote: str, reason: str, baileys: bool) -> None:
    world = World(Reading(integrations={"zap": "baileys" if baileys else "cloud"}))
    await world.take(upsert(TEXT, key={"remoteJid": remote}, baileys=baileys))
    assert world.bus.turns == []
    assert world.counts.reasons == [reason]


@pytest.mark.parametrize("baileys", [True, False])
async def test_our_own_messages_never_become_a_turn(baileys: bool) -> None:
    world = World()
    await world.take(upsert(TEXT, key={"fromMe": True, "id": wamid("5511987654321")}, baileys=baileys))
    assert world.bus.turns == []
    assert world.counts.reasons == ["own_message"]


async def test_an_edit_whose_key_names_ourselves_is_nobodys_where_no_history_can_be_asked() -> None:
    """Real phones write the key from their own point of view: fromMe, and our number as the other side."""
    world = World()
    ourselves, somebody = "551140000000@s.whatsapp.net", "5511987654321@s.whatsapp.net"
    for remote, from_me in ((ourselves, True), (ourselves, False), (somebody, True)):
        data = {
            "key": {"id": "A5", "remoteJid": remote, "fromMe": from_me},
            "type": "MESSAGE_EDIT",
            "editedMessage": {"conversation": "x"},
        }
        await world.take({**upsert(TEXT), "event": "messages.edited", "data": data})
    assert world.bus.turns == []
    assert world.counts.reasons == ["edit_without_author"] * 3


def test_addresses_are_read_strictly() -> None:
    for bad in ("", "@", "a b@lid", "5511987654321@evil@lid", "x" * 500, "5511987654321@s.whatsapp.net\n", None):
        assert parse_jid(bad) is None
    jid = parse_jid("5511987654321:3@c.us")
    assert jid is not None
    assert jid.text == "5511987654321@s.whatsapp.net"


def test_the_gateways_rewriting_of_numbers_is_known() -> None:
    assert gateway_digits("5511987654321") == "5511987654321"
    assert gateway_digits("5531987654321") == "553187654321"
    assert gateway_digits("5531967654321") == "5531967654321"
    assert gateway_digits("5215512345678") == "525512345678"
    assert gateway_digits("5491112345678") == "541112345678"
    assert gateway_digits("919812345678") == "919812345678"


EDIT = {
    "key": {"id": "A5", "remoteJid": "551140000000@s.whatsapp.net", "fromMe": True},
    "type": "MESSAGE_EDIT",
    "editedMessage": {"conversation": "sugar 38"},
    "timestampMs": str(int(NOW * 1000) - 1000),
}
"""As real phones write it: from their own side."""


def history(row: dict[str, Any] | None, asked: list[tuple[str, str]] | None = None) -> AuthorOf:
    async def author_of(instance: str, message: str) -> bytes | None:
        if asked is not None:
            asked.append((instance, message))
        return json.dumps(row).encode() if row else None

    return author_of


async def test_the_gateways_history_knows_whose_message_was_edited() -> None:
    asked: list[tuple[str, str]] = []
    row = upsert(
        {"conversation": "sugar 380"}, key={"id": "A5", "remoteJid": "1@lid", "remoteJidAlt": "919812345678@s.whatsapp.net"}
    )
    world = World(author_of=history(row, asked))
    await world.take({**upsert(TEXT), "event": "messages.edited", "data": EDIT})
    assert asked == [("zap", "A5")]
    [turn] = world.bus.turns
    assert (turn.kind, turn.text, turn.target_id, turn.verified) == ("edit", "sugar 38", "A5", True)
    assert (turn.person, turn.address) == (person_of("phone:919812345678"), "919812345678@s.whatsapp.net")
    assert turn.sent_at == NOW - 1
    assert [one.text for one in world.arrived if one.kind == "edit"], "first aid looks after an edit, too"


@pytest.mark.parametrize(
    "row",
    [
        None,
        upsert({"conversation": "x"}, key={"id": "A5", "fromMe": True}),
        upsert({"conversation": "x"}, key={"id": "A5", "remoteJid": "12036300@g.us"}),
        upsert({"conversation": "x"}, key={"id": "B7"}),
        {"event": "messages.upsert"},
    ],
)
async def test_an_edit_of_what_no_person_wrote_is_nobodys(row: dict[str, Any] | None) -> None:
    world = World(author_of=history(row))
    await world.take({**upsert(TEXT), "event": "messages.edited", "data": EDIT})
    assert world.bus.turns == []
    assert world.counts.reasons == ["edit_without_author"]


async def test_a_gateway_that_cannot_be_asked_costs_the_edit_and_nothing_else() -> None:
    async def away(instance: str, message: str) -> bytes | None:
        raise GatewayUnavailable

    world = World(author_of=away)
    await world.take({**upsert(TEXT), "event": "messages.edited", "data": EDIT})
    assert world.counts.reasons == ["edit_without_author"]
