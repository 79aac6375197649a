"""The webhook over real HTTP."""

from __future__ import annotations

import asyncio
import json
import logging

import pytest

from bot.errors import BusUnavailable, Unavailable
from tests.webhooks import recordings
from tests.webhooks.fakes import World, upsert
from tests.webhooks.served import HEADERS, served, until
from webhooks.app import PATH
from webhooks.intake import Opened
from webhooks.limits import EdgeLimits


@pytest.mark.parametrize("path", [PATH, PATH + "/", PATH + "/messages-upsert", PATH + "//messages-upsert"])
async def test_a_message_is_published_before_it_is_answered(path: str) -> None:
    async with served() as here:
        assert await here.post(recordings.delivery("baileys-in-text", "messages.upsert"), path) == 200
        assert [turn.text for turn in here.world.bus.turns] == ["oi, tudo bem?"]
        assert here.world.counts.answers == [("messages.upsert", "taken")]


async def test_every_recorded_delivery_is_answered_with_200() -> None:
    bodies = [body for name in recordings.names("*") for body in recordings.deliveries(name)]
    async with served() as here:
        for body in bodies:
            assert await here.post(body) == 200
        here.stop.set()
    assert len(bodies) > 150
    assert {turn.kind for turn in here.world.bus.turns} >= {"text", "tap", "image", "edit", "deletion", "unknown"}


@pytest.mark.parametrize("headers", [{}, {"X-Webhook-Token": "wrong"}, {"Authorization": "Bearer wrong"}])
async def test_a_stranger_is_refused(headers: dict[str, str]) -> None:
    async with served() as here:
        assert await here.post(upsert({"conversation": "x"}), headers=headers) == 401
        assert here.world.bus.attempts == 0


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"null",
        b"[]",
        b'"x"',
        b"{}",
        b'{"event":"messages.upsert"}',
        b'{"event":5,"instance":"zap"}',
        b"\xff\xfe",
        b"[" * 100_000,
        json.dumps(upsert({"conversation": "x"})).encode()[:-9],
    ],
)
async def test_what_is_no_event_is_refused(body: bytes) -> None:
    async with served() as here:
        assert await here.post(body) == 400
        assert here.world.bus.attempts == 0


async def test_an_unknown_event_is_counted_and_ignored() -> None:
    async with served() as here:
        assert await here.post({"event": "brand.new", "instance": "zap", "data": None}) == 200
        assert here.world.counts.reasons == ["unknown_event"]
        assert here.world.counts.answers == [("unknown", "ignored")]


async def test_without_the_bus_the_gateway_is_asked_to_repeat() -> None:
    async with served() as here:
        here.world.bus.away = 1
        body = json.dumps(upsert({"conversation": "x"}))
        async with here.client.post(PATH, data=body, headers=HEADERS) as response:
            assert response.status == 503
            assert response.headers["Retry-After"] == "5"
        assert [one.text for one in here.world.arrived] == ["x", "x"], "first aid knows of it all the same"
        assert await here.post(body.encode()) == 200
        assert len(here.world.bus.turns) == 1


async def test_first_aid_knows_of_a_whole_batch_before_anything_of_it_is_published() -> None:
    world = World()
    world.bus.away = 1
    bodies = [upsert({"conversation": text}, key={"id": f"A5B396AD2C4BF92{text}"}) for text in "12"]
    parsed = [one for body in bodies for one in (await world.intake.open(json.dumps(body).encode())).parsed]
    with pytest.raises(Unavailable):
        await world.intake.publish(Opened("meta", parsed))
    assert {one.text for one in world.arrived} == {"1", "2"}


async def test_a_bus_that_never_confirms_is_a_bus_that_is_away() -> None:
    async with served(EdgeLimits(publish_seconds=0.2)) as here:
        never = asyncio.Event()

        async def silent() -> None:
            await never.wait()

        here.world.bus.before = silent
        assert await here.post(upsert({"conversation": "x"})) == 503


async def test_an_edit_is_answered_at_once_and_published_when_the_bus_is_back() -> None:
    async with served() as here:
        here.world.bus.away = 3
        assert await here.post(recordings.delivery("baileys-in-edit", "messages.edited")) == 200
        await until(lambda: here.world.bus.turns)
        assert here.world.bus.attempts == 4
        assert here.world.bus.turns[0].text == "texto corrigido"


async def test_answered_edits_are_published_before_the_stop() -> None:
    async with served(EdgeLimits(publish_seconds=1.0, drain_seconds=60.0)) as here:
        gate = asyncio.Event()

        async def gated() -> None:
            await gate.wait()

        here.world.bus.before = gated
        for _ in range(3):
            assert await here.post(recordings.delivery("baileys-in-edit", "messages.edited")) == 200
        here.stop.set()
        assert await here.post(upsert({"conversation": "late"}, instance="other")) == 503  # still gated: not confirmed
        gate.set()
    assert len([turn for turn in here.world.bus.turns if turn.kind == "edit"]) == 3


async def test_more_edits_than_fit_are_refused_and_not_lost() -> None:
    async with served(EdgeLimits(max_postponed=2, publish_seconds=0.2, drain_seconds=0.05)) as here:

        async def away() -> None:
            raise BusUnavailable

        here.world.bus.before = away
        edit = recordings.delivery("baileys-in-edit", "messages.edited")
        answers = [await here.post(edit) for _ in range(5)]
        assert answers[:2] == [200, 200]
        assert answers[-1] == 503


async def test_one_line_is_logged_for_a_refusal_and_it_tells_nothing_of_the_message(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG, logger="webhooks")
    body = upsert({"conversation": "my secret"}, key={"id": {"bad": 1}})
    async with served() as here:
        assert await here.post(body) == 400
    lines = [record for record in caplog.records if record.name.startswith("webhooks")]
    assert [record.__dict__["action"] for record in lines] == ["webhook_refused"]
    told = " ".join(str(value) for record in lines for value in record.__dict__.values())
    for word in ("my secret", "5511987654321", "Maria", "s3cret"):
        assert word not in told


async def test_only_posts_are_taken() -> None:
    async with served() as here, here.client.get(PATH, headers=HEADERS) as response:
        assert response.status == 405
