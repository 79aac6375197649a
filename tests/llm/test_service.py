"""The gateway in the service: off by default, opened from the settings, and the turn that waits for it."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from bot import queues
from bot.app.engines import Engines
from bot.app.llm import check_llm, open_llm
from bot.errors import ConfigError
from bot.metrics import Metrics
from bot.model.codec import encode
from bot.model.effects import Outbound
from bot.model.hint import Hint
from bot.model.ids import partition_of
from bot.model.inbound import Inbound
from bot.model.session import Session
from bot.ports.advice import Opinions, Passage
from bot.ports.bus import Delivery, Envelope
from bot.running.consumer import Consumer
from bot.running.write_behind import WriteBehind
from bot.turns.outbox import Outbox
from bot.turns.worker import Worker
from config.settings import Settings
from tests.llm.lookalike import error, says
from tests.llm.opened import NOW, VERSION, opened, pointing_at
from tests.runtime.conftest import PARTITIONS, engines, settings
from tests.runtime.parts import ASHA, CountingEngine, delivery, message, taken

__all__ = ["engines", "settings"]


async def test_it_is_off_by_default_and_says_so(engines: Engines, settings: Settings) -> None:
    assert check_llm(settings) == "off"
    async with open_llm(settings, engines, Metrics(), lambda: NOW, VERSION) as advice:
        assert advice is None


@pytest.mark.parametrize(
    ("more", "part"),
    [
        ({"llm_tasks": "dance"}, "no task 'dance'"),
        ({"llm_api_key": None}, "PROCARE_LLM_API_KEY"),
        ({"llm_file": Path("/nowhere/llm.yaml")}, r"llm\.yaml"),
        ({"dialogs_dir": Path("/nowhere")}, "no prompt"),
    ],
)
async def test_what_is_missing_stops_the_start(
    engines: Engines, settings: Settings, tmp_path: Path, more: dict[str, Any], part: str
) -> None:
    wrong = pointing_at("http://127.0.0.1:9", settings, tmp_path, **more)
    with pytest.raises(ConfigError, match=part):
        check_llm(wrong)
    with pytest.raises(ConfigError, match=part):
        async with open_llm(wrong, engines, Metrics(), lambda: NOW, VERSION):
            pass


async def test_a_use_leaves_a_figure_and_a_record_without_words(engines: Engines, settings: Settings, tmp_path: Path) -> None:
    async with opened(engines, settings, tmp_path) as (router, advice, metrics):
        router.always = says({"urgency": "none", "intent": "log_meal"}, model="google/gemini-2.5-flash-lite")
        hint = await advice.opinions.of(message(1, text="idly vada sapten"), Session(ASHA))
    assert hint == Hint("words", intent="log_meal")
    (record,) = await taken(engines.bus, queues.RECORDS, 1)
    kept = json.loads(record.body)
    assert kept["id"] == f"{message(1).id}:llm:second_opinion"
    assert {name: kept["data"][name] for name in ("task", "by", "outcome", "model", "cost")} == {
        "task": "second_opinion", "by": "openrouter", "outcome": "used", "model": "google/gemini-2.5-flash-lite", "cost": 0.0001,
    }  # fmt: skip
    assert b"sapten" not in record.body
    shown = metrics.render().decode()
    assert 'procare_llm_uses_total{outcome="used",reason="",task="second_opinion"} 1.0' in shown
    assert 'procare_llm_dollars_total{model="google/gemini-2.5-flash-lite",task="second_opinion"} 0.0001' in shown


async def test_only_tasks_that_are_on_are_asked(engines: Engines, settings: Settings, tmp_path: Path) -> None:
    async with opened(engines, settings, tmp_path, llm_tasks="rephrase, grounded_answer") as (router, advice, _):
        assert await advice.opinions.of(message(1, text="hello there"), Session(ASHA)) is None
        assert router.requests == []
        router.always = says({"answers": True, "text": "Walking lowers sugar.", "citations": ["a"]})
        passages = [Passage("a", "Walking lowers sugar.")]
        assert await advice.uses.answered(ASHA, "in:1", "does walking help?", passages, "en") is not None


class Fixed:
    """Opinions that are always wanted; ``hint`` may be a number of seconds, or forever."""

    def __init__(self, hint: Hint | None = None, *, wanted: bool = True) -> None:
        self.hint, self.is_wanted, self.asked = hint, wanted, 0

    def wanted(self, event: Inbound, session: Session, kind: str, after: Session) -> bool:
        return self.is_wanted

    async def of(self, event: Inbound, session: Session) -> Hint | None:
        self.asked += 1
        return self.hint

    async def kinder(self, session: Session, said: Outbound) -> str | None:
        return None


@asynccontextmanager
async def working(engines: Engines, engine: CountingEngine, opinions: Opinions | None) -> AsyncIterator[Worker]:
    metrics = Metrics()

    async def refuse(entries: list[Any]) -> None:
        raise AssertionError

    journal = WriteBehind(engines.store.append_journal, refuse, metrics, delay=0.0)
    outbox = Outbox(engines.bus, engines.timers, PARTITIONS, ())
    async with asyncio.TaskGroup() as group:
        writer = group.create_task(journal.run())
        yield Worker(engine, engines.sessions, engines.store, outbox, journal, metrics, lambda: 2000.0, opinions=opinions)
        writer.cancel()


@pytest.mark.parametrize(
    ("opinions", "hints"),
    [
        (None, [None]),
        (Fixed(wanted=False), [None]),
        (Fixed(), [None]),
        (Fixed(Hint("words", "confirm")), [None, Hint("words", "confirm")]),
    ],
)
async def test_a_turn_is_decided_anew_with_a_hint_and_committed_once(
    engines: Engines, opinions: Opinions | None, hints: list[Hint | None]
) -> None:
    engine = CountingEngine()
    async with working(engines, engine, opinions) as worker:
        await worker.handle(delivery(message(1), ASHA, "in"))
        await worker.handle(delivery(message(1), ASHA, "in", redelivered=True))
    assert engine.hints == hints
    snapshot = await engines.store.latest(ASHA)
    assert snapshot is not None
    assert snapshot.session.version == 1


async def test_who_waits_for_a_file_hears_that_it_takes_a_moment_once(engines: Engines, monkeypatch: pytest.MonkeyPatch) -> None:
    """Before the answer, under the same id however often the message comes; and with words nobody says so."""
    monkeypatch.setattr("bot.turns.worker.PATIENCE", 0.01)

    class Slow(Fixed):
        async def of(self, event: Inbound, session: Session) -> Hint | None:
            if event.kind == "audio":  # until it was said that it takes a moment
                assert (await taken(engines.bus, sends, 1))[0].id == f"{event.id}#moment"
            return await super().of(event, session)

    sends = queues.sends(partition_of(ASHA, PARTITIONS))
    engine = CountingEngine()
    async with working(engines, engine, Slow(Hint("voice", text="x"))) as worker:
        await worker.handle(delivery(replace(message(1), kind="audio"), ASHA, "in"))
        await worker.handle(delivery(message(2), ASHA, "in"))
    said = [json.loads(one.body)["text"] for one in await taken(engines.bus, sends, 2)]
    assert said == ["turn 1", "turn 2"]
    assert engine.hints == [None, Hint("voice", text="x"), None, Hint("voice", text="x")]


@pytest.mark.parametrize("first", ["danger_comes", "danger_is_there"])
async def test_danger_does_not_wait_behind_a_picture_that_a_model_looks_at(engines: Engines, first: str) -> None:
    """The look is broken off, the picture is answered as without a model, and what is behind it keeps its place."""
    looks, done = asyncio.Event(), asyncio.Event()

    class Endless(Fixed):
        def wanted(self, event: Inbound, session: Session, kind: str, after: Session) -> bool:
            return event.kind == "image"

        async def of(self, event: Inbound, session: Session) -> Hint | None:
            self.asked += 1
            looks.set()
            await asyncio.Event().wait()
            return None

    opinions, engine, handled, stop = Endless(), CountingEngine(), list[str](), asyncio.Event()
    queue = queues.turns(partition_of(ASHA, PARTITIONS))
    messages = [replace(message(1), kind="image"), replace(message(2), text="thanks"), replace(message(3), text="danger")]
    async with working(engines, engine, opinions) as worker, asyncio.timeout(60), asyncio.TaskGroup() as group:

        async def handle(got: Delivery) -> None:
            if first == "danger_is_there" and not handled:
                await there.wait()
            await worker.handle(got)
            handled.append(got.envelope.id)
            if len(handled) == len(messages):
                done.set()

        def behind(got: Delivery) -> None:
            worker.behind(got)
            if got.envelope.id == messages[-1].id:
                there.set()

        there = asyncio.Event()
        consumer = Consumer(engines.bus, queue, handle, Metrics(), prefetch=9, budget=60.0, behind=behind)
        group.create_task(consumer.run(stop))
        for number, one in enumerate(messages):
            if number and first == "danger_comes":
                await looks.wait()
            await engines.bus.publish(queue, Envelope(id=one.id, key=ASHA, body=encode(one), at=1.0))
        await done.wait()
        stop.set()
    assert handled == [one.id for one in messages]
    assert opinions.asked == (1 if first == "danger_comes" else 0)
    assert engine.hints == [None, None, None]


@pytest.mark.parametrize("act", ["hang", "cut", (500, b""), (200, error(402)), (200, b"<html>"), (429, error(429))])
async def test_a_turn_waits_for_its_seconds_at_most_and_goes_on_as_if_there_were_no_model(
    engines: Engines, settings: Settings, tmp_path: Path, act: Any
) -> None:
    class Wanting:
        """The real opinions, of a person who agreed, about a message that was not understood."""

        def __init__(self, opinions: Opinions) -> None:
            self._opinions = opinions

        def wanted(self, event: Inbound, session: Session, kind: str, after: Session) -> bool:
            agreed = Session(ASHA, consent={"version": VERSION, "purposes": ["ai_processing"]})
            return self._opinions.wanted(event, agreed, "fallback", after)

        async def of(self, event: Inbound, session: Session) -> Hint | None:
            return await self._opinions.of(event, session)

        async def kinder(self, session: Session, said: Outbound) -> str | None:
            return await self._opinions.kinder(session, said)

    engine = CountingEngine()
    async with opened(engines, settings, tmp_path, patience=4.0 if act == "hang" else 12.0) as (router, advice, _):
        router.always = act
        async with working(engines, engine, Wanting(advice.opinions)) as worker:
            async with asyncio.timeout(60):
                await worker.handle(delivery(message(1), ASHA, "in"))
    assert engine.hints == [None]
    assert len(router.requests) == 1


async def test_kinder_words_are_committed_and_sent_once_and_only_where_a_step_allows_it(engines: Engines) -> None:
    """Two texts of one turn are offered at the same time: nobody waits for one answer after the other."""
    both = asyncio.Barrier(2)

    class Marking(CountingEngine):
        def turn(self, *words: Any, **more: Any) -> Any:
            turn = super().turn(*words, **more)
            first = bool(words[1].id == message(1).id)
            [said] = [one for one in turn.effects if isinstance(one, Outbound)]
            turn.effects = [replace(said, id=f"{said.id}.{part}", kinder=first) for part in range(2 if first else 1)]
            return turn

    class Kind(Fixed):
        async def kinder(self, session: Session, said: Outbound) -> str | None:
            await both.wait()
            return f"kindly: {said.text}"

    async with working(engines, Marking(), Kind(wanted=False)) as worker, asyncio.timeout(60):
        for number in (1, 1, 2):
            await worker.handle(delivery(message(number), ASHA, "in"))
    said = [json.loads(one.body) for one in await taken(engines.bus, queues.sends(partition_of(ASHA, PARTITIONS)), 3)]
    assert [(one["text"], one.get("kinder")) for one in said] == [("kindly: turn 1", None)] * 2 + [("turn 2", None)]
