"""The loss detector: what no webhook brought goes the usual way, once, with its own id and time, and never in a flood."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import httpx
import pytest
import respx

from bot.errors import BusUnavailable, GatewayUnavailable, Refused
from bot.model.ids import GatewayId, InputId, PersonId, person_of
from bot.ports.tombstones import Tombstone
from config.watch import Losses, load_watch_policy
from tests.webhooks import recordings
from tests.webhooks.fakes import NOW, World, wamid
from tests.webhooks.gateway import URL, gateway
from webhooks.catching_up import CatchingUp
from webhooks.evolution.history import PAGE
from webhooks.evolution.received import Instance, Row, Rows, rows_of
from webhooks.ids import input_id

CLOUD, BAILEYS = Instance("procare", "cloud"), Instance("zap", "baileys", "551140000000@s.whatsapp.net")
PHONE = "919812345678"
HOUR = 3600.0


def row(identifier: str, at: float, text: str = "hi", **key: Any) -> dict[str, Any]:
    named = {"id": identifier, "fromMe": False, "remoteJid": f"{PHONE}@s.whatsapp.net", **key}
    return {
        "id": "c1", "key": named, "pushName": "Asha", "messageType": "conversation", "message": {"conversation": text},
        "messageTimestamp": int(at), "instanceId": "i", "source": "unknown", "contextInfo": None, "MessageUpdate": [],
    }  # fmt: skip


def written(number: int, at: float, text: str = "hi") -> dict[str, Any]:
    return row(wamid(PHONE, f"{number:020d}"), at, text)


class Gateway:
    """A history in pages, newest first, as the real one answers."""

    def __init__(self, *records: dict[str, Any], size: int = PAGE, instance: Instance = CLOUD) -> None:
        self.records = sorted(records, key=lambda one: -one["messageTimestamp"])
        self.size, self.instance = size, instance
        self.asked: list[int] = []

    async def received(self, instance: str, page: int) -> Rows:
        self.asked.append(page)
        records = self.records[(page - 1) * self.size : page * self.size]
        answer = {"messages": {"total": 0, "pages": -(-len(self.records) // self.size), "records": records}}
        rows = rows_of(json.dumps(answer).encode(), self.instance)
        assert rows is not None
        return rows


class Told:
    def __init__(self) -> None:
        self.outcomes: list[str] = []
        self.until: dict[str, float] = {}

    def missed(self, outcome: str) -> None:
        self.outcomes.append(outcome)

    def history_read(self, instance: str, until: float) -> None:
        self.until[instance] = until


class Detector:
    """The detector among fakes; ``processed`` is what turns have committed, ``now`` the time."""

    def __init__(self, history: Gateway, world: World | None = None, **rules: Any) -> None:
        self.world, self.told, self.now = world or World(), Told(), NOW
        self.processed: set[tuple[PersonId, InputId]] = set()
        self.stones: list[Tombstone] = []
        self.waited: list[float] = []
        losses = Losses.model_validate(load_watch_policy().losses.model_dump() | rules)
        self.catching_up = CatchingUp(
            history, self.world.intake, self.seen, self.erased, losses, self.told, clock=lambda: self.now, pause=self.pause
        )

    async def seen(self, inputs: Sequence[tuple[PersonId, InputId]]) -> set[InputId]:
        return {id_ for person, id_ in inputs if (person, id_) in self.processed}

    async def erased(self) -> Sequence[Tombstone]:
        return self.stones

    async def pause(self, seconds: float) -> None:
        self.waited.append(seconds)

    async def look(self, instance: str = "procare") -> bool:
        return await self.catching_up.look(instance)

    @property
    def texts(self) -> list[str | None]:
        return [one.text for one in self.world.bus.turns]


async def test_what_no_webhook_brought_comes_from_the_history_as_the_webhook_would_have_brought_it() -> None:
    one = written(1, NOW - 3 * HOUR, "sugar 182")
    world = World()
    await world.take({"event": "messages.upsert", "instance": "procare", "data": one})
    brought = world.bus.turns[0]
    detector = Detector(Gateway(one, row("3EB0", NOW - 2 * HOUR, "ours", fromMe=True)))
    assert await detector.look()
    assert detector.world.bus.turns == [brought]
    assert (brought.text, brought.sent_at, brought.person) == ("sugar 182", NOW - 3 * HOUR, person_of(f"phone:{PHONE}"))
    assert (detector.told.outcomes, detector.told.until) == (["caught_up"], {"procare": NOW})


async def test_messages_of_one_second_keep_their_order() -> None:
    """Also over the end of a page, and however the gateway orders what has the same time."""
    texts = ["hi", "I agree", "Parcels", "one", "two"]
    rows = [{**written(number, NOW - HOUR, text), "id": f"cm{number:03d}"} for number, text in enumerate(texts)]
    for listed, size in ((rows[::-1], 2), ([rows[1], rows[0], rows[2], rows[4], rows[3]], 9)):
        history = Gateway(size=size)
        history.records = listed
        detector = Detector(history)
        await detector.look()
        assert detector.texts == texts


def named(number: int) -> GatewayId:
    return GatewayId(wamid(PHONE, f"{number:020d}"))


async def test_what_was_processed_or_is_on_its_way_is_left_alone() -> None:
    upgraded = written(3, NOW - HOUR, "before the upgrade")
    detector = Detector(Gateway(written(1, NOW - HOUR, "old"), written(2, NOW - 60, "just now"), upgraded))
    old, before = input_id("procare", named(1)), InputId(f"in:procare:{named(3)}")
    assert PHONE[-8:] not in old
    assert named(1) not in old, "base64 would tell the number"
    detector.processed |= {(person_of(f"phone:{PHONE}"), id_) for id_ in (old, before)}
    await detector.look()
    assert detector.texts == []
    detector.now += HOUR
    await detector.look()
    assert detector.texts == ["just now"]


async def test_the_history_brings_nothing_back_of_who_was_erased() -> None:
    """What was processed of them is not known any more, and looks as if no webhook had brought it."""
    detector = Detector(Gateway(written(1, NOW - 2 * HOUR, "sugar 142"), written(2, NOW - HOUR, "hi again")))
    asha = person_of(f"phone:{PHONE}")
    detector.stones = [
        Tombstone("r1", person_of("phone:910000000009"), (), NOW),
        Tombstone("r2", asha, (asha,), NOW - 1.5 * HOUR),
        Tombstone("r3", asha, (asha,), NOW - 5 * HOUR),
    ]
    await detector.look()
    assert detector.texts == ["hi again"], "they wrote again since"


async def test_who_was_erased_is_erased_under_the_hidden_number_too() -> None:
    one = row("A5B396AD2C4BF92D", NOW - HOUR, remoteJid="99887766@lid")
    detector = Detector(Gateway(one, instance=BAILEYS), World(phones={"99887766": PHONE}))
    detector.stones = [Tombstone("r", person_of("lid:99887766"), (), NOW - HOUR)]
    await detector.look("zap")
    assert detector.texts == []


async def test_a_message_that_was_heard_under_a_hidden_number_is_not_caught_up_again() -> None:
    one = row("A5B396AD2C4BF92D", NOW - HOUR, remoteJid="99887766@lid")
    detector = Detector(Gateway(one, instance=BAILEYS), World(phones={"99887766": PHONE}))
    detector.processed.add((person_of("lid:99887766"), InputId("in:zap:A5B396AD2C4BF92D")))
    await detector.look("zap")
    assert detector.texts == []


async def test_on_baileys_an_id_that_looks_official_names_nobody() -> None:
    forged = wamid("911111111111")
    detector = Detector(Gateway(row(forged, NOW - HOUR), instance=BAILEYS))
    await detector.look("zap")
    (message,) = detector.world.bus.turns
    assert (message.integration, message.person) == ("baileys", person_of(f"phone:{PHONE}"))


async def test_they_go_in_the_order_in_which_they_were_written_and_not_faster_than_allowed() -> None:
    records = [written(n, NOW - HOUR + n, f"word {n}") for n in range(7)]
    detector = Detector(Gateway(*records, size=3), per_second=4.0)
    assert await detector.look()
    assert detector.texts == [f"word {n}" for n in range(7)]
    assert detector.waited == [0.25] * 7


async def test_a_long_history_is_read_in_bounded_looks_and_nothing_is_left_out_when_it_grows_meanwhile() -> None:
    records = [written(n, NOW - HOUR - n, f"word {n}") for n in range(20)]
    history = Gateway(*records, size=2)
    detector = Detector(history, pages=3)
    assert not await detector.look()
    assert history.asked == [1, 2, 3]
    history.records.insert(0, written(99, NOW - 10))
    looks = 1
    while not await detector.look():
        looks += 1
    assert looks < 8
    assert sorted(detector.texts, key=str) == sorted((f"word {n}" for n in range(20)), key=str)


async def test_no_look_goes_behind_the_horizon_and_the_next_one_only_behind_the_last() -> None:
    records = [written(n, NOW - n * HOUR, f"{n} hours") for n in range(1, 40)]
    history = Gateway(*records, size=2)
    detector = Detector(history, pages=100)
    assert await detector.look()
    assert len(detector.texts) == 24
    history.asked.clear()
    detector.now += 300
    assert await detector.look()
    assert history.asked == [1]
    detector.catching_up.from_the_start("procare")
    history.asked.clear()
    await detector.look()
    assert len(history.asked) > 10


async def test_an_instance_that_comes_and_goes_is_read_to_its_end_all_the_same() -> None:
    records = [written(n, NOW - HOUR - n, f"word {n}") for n in range(20)]
    history = Gateway(*records, size=2)
    detector = Detector(history, pages=3)
    for _ in range(12):
        detector.catching_up.from_the_start("procare")
        await detector.look()
    assert len(detector.texts) == 20
    while not await detector.look():
        detector.processed |= {(one.person, one.id) for one in detector.world.bus.turns}
    history.asked.clear()
    assert await detector.look()
    assert history.asked == [1]


async def test_what_waits_in_a_queue_is_not_caught_up_at_every_look() -> None:
    detector = Detector(Gateway(written(1, NOW - 600)))
    for _ in range(3):
        await detector.look()
    assert len(detector.texts) == 1
    detector.now += 901
    await detector.look()
    assert len(detector.texts) == 2


async def test_with_the_bus_away_the_look_is_repeated_and_loses_nothing() -> None:
    detector = Detector(Gateway(*(written(n, NOW - HOUR + n, f"word {n}") for n in range(3))))
    detector.world.bus.away = 1
    with pytest.raises(BusUnavailable):
        await detector.look()
    assert await detector.look()
    assert detector.texts == ["word 0", "word 1", "word 2"]


async def test_a_row_that_cannot_be_read_costs_no_other() -> None:
    broken = row("not an id", NOW - HOUR)
    detector = Detector(Gateway(broken, written(1, NOW - HOUR)))
    await detector.look()
    assert (detector.texts, sorted(detector.told.outcomes)) == (["hi"], ["caught_up", "unreadable"])


@pytest.fixture
def router() -> respx.MockRouter:
    return respx.MockRouter(assert_all_called=False)


@pytest.mark.parametrize(
    ("kind", "name", "integration"), [("baileys", "zap", "WHATSAPP-BAILEYS"), ("cloud", "bot", "WHATSAPP-BUSINESS")]
)
async def test_a_recorded_page_of_the_history_is_read_and_its_instance_asked_once(
    router: respx.MockRouter, kind: str, name: str, integration: str
) -> None:
    found = recordings.recorded(f"{kind}-chat-findMessages")["response"]["body"]
    ours = found["messages"]["records"]
    theirs = {**ours[0], "key": {**ours[0]["key"], "fromMe": False}, "messageTimestamp": ours[0]["messageTimestamp"] - 5}
    found["messages"]["records"] = [*ours, theirs]
    listing = [{"name": name, "integration": integration, "ownerJid": "551140000000@s.whatsapp.net", "token": "secret"}]
    instances = router.get(URL + "/instance/fetchInstances", params={"instanceName": name}).respond(200, json=listing)
    page = router.post(URL + f"/chat/findMessages/{name}").respond(200, json=found)
    async with gateway(router) as client:
        rows = await client.received(name, 2)
        await client.received(name, 3)
    assert (len(rows.rows), rows.oldest, rows.pages) == (1, theirs["messageTimestamp"], found["messages"]["pages"])
    event = json.loads(rows.rows[0].event)
    assert (event["event"], event["instance"], event["data"], "sender" in event) == (
        "messages.upsert",
        name,
        theirs,
        kind == "baileys",
    )
    assert [json.loads(call.request.content) for call in page.calls] == [
        {"where": {}, "page": number, "offset": PAGE} for number in (2, 3)
    ]
    assert instances.call_count == 1


async def test_an_instance_that_is_not_there_and_a_gateway_that_fails_are_told_apart(router: respx.MockRouter) -> None:
    unknown = recordings.recorded("baileys-instance-fetchInstances-unknown")["response"]
    route = router.get(URL + "/instance/fetchInstances").respond(unknown["status"], json=unknown["body"])
    async with gateway(router) as client:
        with pytest.raises(Refused) as caught:
            await client.received("zap", 1)
        assert caught.value.code == "no_instance"
        route.mock(side_effect=httpx.ConnectError("no"))
        with pytest.raises(GatewayUnavailable):
            await client.received("zap", 1)


def test_what_is_no_page_is_none_and_an_empty_one_ends_the_look() -> None:
    assert rows_of(b"[]", CLOUD) is None
    assert rows_of(b'{"messages":{"pages":0,"records":[]}}', CLOUD) == Rows([], float("inf"), 0)
    assert rows_of(b'{"messages":{"pages":1,"records":[5,{},{"key":5,"messageTimestamp":1}]}}', CLOUD) == Rows(
        [], float("inf"), 1
    )


def test_only_baileys_events_name_the_instances_own_number() -> None:
    body = json.dumps({"messages": {"pages": 1, "records": [row("x", 5.0)]}}).encode()
    events = [rows_of(body, instance) for instance in (CLOUD, BAILEYS)]
    assert [json.loads(one.rows[0].event).get("sender") for one in events if one] == [None, BAILEYS.own]
    assert isinstance(events[0] and events[0].rows[0], Row)
