"""Edge and client against the look-alike: what we send comes back as the answer to it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from bot.errors import Refused
from bot.model.effects import Option, Outbound
from bot.model.events import Receipt
from bot.model.ids import EffectId, GatewayId, person_of
from bot.model.inbound import Inbound, Integration
from tests.webhooks.served import HEADERS, Served, served, until
from webhooks.app import PATH
from webhooks.evolution.client import EvolutionGateway
from webhooks.lookalike.people import Instance
from webhooks.lookalike.server import LookAlike

NUMBER = "5531987654321"
SIX = tuple(Option(f"o{number}", f"Option {number}") for number in range(6))


class Street:
    def __init__(self, here: Served, look_alike: LookAlike, gateway: EvolutionGateway) -> None:
        self.here, self.look_alike, self.gateway = here, look_alike, gateway

    async def heard(self, count: int = 1) -> Inbound:
        await until(lambda: len(self.here.world.bus.turns) >= count)
        return self.here.world.bus.turns[-1]


@asynccontextmanager
async def street(integration: Integration) -> AsyncIterator[Street]:
    instances = [Instance("bot", "baileys" if integration == "baileys" else "cloud")]
    async with served() as here:
        look_alike = LookAlike(
            instances, api_key="key", webhook_url=str(here.client.make_url(PATH)), webhook_headers=HEADERS, receipt_pause=0.01
        )
        async with look_alike.listening() as url, EvolutionGateway(url, "key") as gateway:
            yield Street(here, look_alike, gateway)


def reply_to(heard: Inbound, text: str, options: tuple[Option, ...] = ()) -> Outbound:
    return Outbound(
        id=EffectId(f"{heard.id}#0"),
        person=heard.person,
        instance=heard.instance,
        integration=heard.integration,
        address=heard.address,
        kind="reply",
        text=text,
        at=heard.received_at,
        options=options,
        menu_label="Choose",
    )


@pytest.mark.parametrize("options", [SIX[:2], SIX])
async def test_a_tap_names_the_question_that_it_answers(options: tuple[Option, ...]) -> None:
    async with street("cloud") as there:
        there.look_alike.say(NUMBER, "hi", name="Maria", instance="bot")
        heard = await there.heard()
        assert (heard.text, heard.verified, heard.address) == ("hi", True, NUMBER)
        asked = await there.gateway.send(reply_to(heard, "Which one?", options))
        there.look_alike.tap(NUMBER, asked, "o1", instance="bot")
        answer = await there.heard(2)
        assert (answer.kind, answer.text, answer.quoted_id, answer.person) == ("tap", "Option 1", asked, heard.person)


async def test_baileys_people_answer_a_numbered_text() -> None:
    async with street("baileys") as there:
        there.look_alike.say(NUMBER, "hi", instance="bot")
        heard = await there.heard()
        assert heard.integration == "baileys"
        sent = await there.gateway.send(reply_to(heard, "Which one?", SIX[:2]))
        assert not sent.startswith("wamid.")
        there.look_alike.say(NUMBER, "2", instance="bot", quoted=sent)
        answer = await there.heard(2)
        assert (answer.kind, answer.text, answer.quoted_id) == ("text", "2", sent)


@pytest.mark.parametrize("integration", ["cloud", "baileys"])
async def test_receipts_come_for_what_was_sent_and_history_knows_it(integration: Integration) -> None:
    async with street(integration) as there:
        there.look_alike.say(NUMBER, "hi", instance="bot")
        heard = await there.heard()
        message = reply_to(heard, "Fine?", SIX[:2])
        sent = await there.gateway.send(message)
        bus = there.here.world.bus
        await until(lambda: any(isinstance(event, Receipt) and event.status == "delivered" for event in bus.events))
        assert {event.gateway_id for event in bus.events if isinstance(event, Receipt)} == {sent}
        assert await there.gateway.find(message, since=0.0, known=()) == sent
        assert await there.gateway.find(message, since=0.0, known={sent}) is None
        assert await there.gateway.ping("bot") == "open"


async def test_every_kind_of_message_arrives_as_its_kind() -> None:
    async with street("cloud") as there:
        for number, kind in enumerate(("image", "audio", "document", "location"), 1):
            there.look_alike.attach(NUMBER, kind, caption="c", instance="bot")
            heard = await there.heard(number)
            assert heard.kind == kind
            assert heard.person == person_of(f"phone:{NUMBER}")
        sent = await there.gateway.send(reply_to(heard, "Nice"))
        there.look_alike.react(NUMBER, sent, "👍", instance="bot")
        reaction = await there.heard(5)
        assert (reaction.kind, reaction.text, reaction.target_id) == ("reaction", "👍", GatewayId(sent))


async def test_a_text_that_is_too_long_never_leaves() -> None:
    async with street("cloud") as there:
        there.look_alike.say(NUMBER, "hi", instance="bot")
        message = reply_to(await there.heard(), "x" * 5000)
        with pytest.raises(Refused):
            await there.gateway.send(message)
