"""One trace a turn, from the webhook's message to the gateway, over the queues of a real bus, and nothing of the person in it."""

from __future__ import annotations

import asyncio
import dataclasses
import logging
import re
import secrets
import threading
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import aio_pika
import msgspec
import pytest
from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.sdk.trace.export import SimpleSpanProcessor, SpanExportResult
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.trace import TraceFlags

from agents.registry import NAMES
from agents.result import Result
from bot import logs, queues
from bot.adapters.otel.export import OtlpJson, request_of
from bot.adapters.otel.traced import Traced, allowed
from bot.adapters.rabbit import RabbitBus
from bot.adapters.rabbit.message import headers_of
from bot.app.engines import Engines
from bot.app.intake import ToBus
from bot.metrics import Metrics
from bot.model.effects import Intent
from bot.model.ids import effect_of, partition_of
from bot.model.session import Asked, Session
from bot.ports.bus import Bus, Delivery, Envelope
from bot.ports.store import DeliveryRecord, JournalEntry
from bot.running.agent_runner import AgentRunner
from bot.running.consumer import Consumer, Handler
from bot.running.write_behind import WriteBehind
from bot.sending.circuit import Circuits
from bot.sending.pacing import Pacer
from bot.sending.sender import Sender
from bot.traced import TracedBus, TracedGateway
from bot.tracing import ATTRIBUTES, UNTRACED
from bot.turns.outbox import Outbox
from bot.turns.worker import Worker
from tests.agents.town import ROOT
from tests.runtime.conftest import PARTITIONS
from tests.runtime.parts import ASHA, CountingEngine, CountingTurn, message, outbound
from tests.runtime.sending import Phone
from tests.servers.ports import free_port

AGENT = "clinical_monitor"
TEXT = "my sugar is 312"
NUMBER = "919800000001"
PATH = [
    "gateway", "send", "queue sends", "turn", "queue turns", "agent", f"queue agent.{AGENT}", "turn", "queue turns", "ingress",
]  # fmt: skip
"""From the last span to the first."""


class AsksAndAnswers(CountingEngine):
    """The message is put to an agent; what the agent says is told to the person."""

    def turn(self, session: Session, event: Any, *, now: float, asked: Asked | None = None, hint: Any = None) -> CountingTurn:
        turn = super().turn(session, event, now=now)
        if type(event).__name__ == "Inbound":
            turn.effects = [Intent(effect_of(event.id, 5), event.person, AGENT, "weigh", now, {"text": event.text})]
        return turn


class Listens:
    """Answers, and keeps what its log lines would have named."""

    name = AGENT
    seen = ""

    async def handle(self, intent: Intent, *, now: float) -> Result:
        Listens.seen = logs.trace_id.get() or ""
        return Result("weighed")


@asynccontextmanager
async def rabbit(url: str) -> AsyncIterator[Bus]:
    prefix = f"test-{secrets.token_hex(4)}"
    async with RabbitBus.open(url, prefix=prefix) as bus:
        yield bus
    async with await aio_pika.connect(url) as connection, connection.channel() as channel:
        for name in [*(spec.name for spec in queues.topology(PARTITIONS, NAMES)), "parked"]:
            await channel.queue_delete(f"{prefix}.{name}")
        await channel.exchange_delete(f"{prefix}.to")


async def played(engines: Engines, exporter: InMemorySpanExporter) -> None:
    """Each role has tracing of its own, as in a process of its own: only the queues carry the trace."""
    metrics, stop, phone = Metrics(), asyncio.Event(), Phone()
    here = partition_of(ASHA, PARTITIONS)

    def role() -> tuple[Traced, Bus]:
        traced = Traced(SimpleSpanProcessor(exporter))
        return traced, TracedBus(engines.bus, traced)

    async def nowhere(_: Sequence[object]) -> None:
        raise AssertionError("the store is there")

    at_edge, edge_bus = role()
    at_worker, worker_bus = role()
    at_agent, agent_bus = role()
    at_sender, sender_bus = role()
    journal: WriteBehind[JournalEntry] = WriteBehind(engines.store.append_journal, nowhere, metrics)
    records: WriteBehind[DeliveryRecord] = WriteBehind(engines.store.save_deliveries, nowhere, metrics)
    outbox = Outbox(worker_bus, engines.timers, PARTITIONS, NAMES)
    worker = Worker(AsksAndAnswers(), engines.sessions, engines.store, outbox, journal, metrics, lambda: 1002.0)
    runner = AgentRunner(Listens(), agent_bus, engines.store.documents, metrics, lambda: 1002.0, PARTITIONS, NAMES)
    sender = Sender(
        TracedGateway(phone, at_sender), engines.deliveries, engines.caps, engines.store, records, Pacer(1000.0),
        Circuits(metrics), metrics, lambda: 1002.0, notices_per_day=5,
    )  # fmt: skip

    async def consume(traced: Traced, bus: Bus, queue: str, handler: Handler) -> None:
        await Consumer(bus, queue, handler, metrics, prefetch=5, budget=30.0, tracing=traced).run(stop)

    async with asyncio.timeout(60), asyncio.TaskGroup() as group:
        writers = [group.create_task(one.run()) for one in (journal, records)]
        group.create_task(consume(at_worker, worker_bus, queues.turns(here), worker.handle))
        group.create_task(consume(at_agent, agent_bus, queues.agent(AGENT), runner.handle))
        group.create_task(consume(at_sender, sender_bus, queues.sends(here), sender.handle))
        await ToBus(edge_bus, PARTITIONS, lambda: 1001.0, at_edge).turn(message(1, text=TEXT))
        while len(exporter.get_finished_spans()) < len(PATH):  # noqa: ASYNC110 - the exporter tells nobody
            await asyncio.sleep(0.01)
        stop.set()
        for writer in writers:
            writer.cancel()
    assert phone.arrived == ["turn 2"]


@pytest.mark.parametrize("on", ["streams", pytest.param("rabbitmq", marks=pytest.mark.services)])
async def test_a_turn_is_one_connected_trace_without_the_person(
    engines: Engines, on: str, request: pytest.FixtureRequest
) -> None:
    exporter = InMemorySpanExporter()
    if on == "streams":
        await played(engines, exporter)
    else:
        url: str = await asyncio.to_thread(request.getfixturevalue, "rabbitmq_url")
        async with rabbit(url) as bus:
            await bus.declare(queues.topology(PARTITIONS, NAMES))
            await played(dataclasses.replace(engines, bus=bus), exporter)
    spans = exporter.get_finished_spans()
    assert path_to_root(spans, "gateway") == PATH
    assert len(spans) == len(PATH)
    [trace] = {span.context.trace_id for span in spans}
    assert Listens.seen == f"{trace:032x}"
    assert {name for span in spans for name in span.attributes or {}} <= ATTRIBUTES
    assert {(span.attributes or {}).get("person") for span in spans} == {ASHA, None}
    told = msgspec.json.encode(request_of(spans)).decode()
    for part in (TEXT, NUMBER, "turn 2", "in:test"):
        assert part not in told
    assert not re.search(r"\b312\b", told)  # as a word: ids are hexadecimal
    assert outbound("x").address == NUMBER


def path_to_root(spans: Sequence[ReadableSpan], name: str) -> list[str]:
    by_id = {span.context.span_id: span for span in spans}
    [span] = [span for span in spans if span.name == name]
    path = [span.name]
    while span.parent is not None:
        span = by_id[span.parent.span_id]
        path.append(span.name)
    return path


def test_a_span_says_only_known_words_and_no_number() -> None:
    said = allowed({"person": NUMBER, "code": f"no {NUMBER}", "attempt": 2, "text": TEXT, "address": NUMBER})
    assert said == {"person": logs.short(NUMBER), "code": logs.redact(f"no {NUMBER}"), "attempt": 2}
    assert NUMBER not in str(said)


def test_log_lines_carry_the_trace_as_long_as_it_lasts() -> None:
    record = logging.LogRecord("bot", logging.INFO, __file__, 1, "sentence", None, None)
    traced = Traced(SimpleSpanProcessor(InMemorySpanExporter()))
    with traced.handling(_delivery()):
        line = msgspec.json.decode(logs.JsonFormatter().format(record))
        assert line["trace"] == traced.carried().split("-")[1]
    assert "trace" not in msgspec.json.decode(logs.JsonFormatter().format(record))


def test_only_a_share_of_the_traces_is_kept_and_the_choice_goes_along() -> None:
    exporter = InMemorySpanExporter()
    none, all_ = (Traced(SimpleSpanProcessor(exporter), share=share) for share in (0.0, 1.0))
    with none.begun("ingress"):
        carried = none.carried()
    assert not int(carried.rpartition("-")[2], 16) & TraceFlags.SAMPLED
    with all_.handling(_delivery(carried)):
        assert all_.carried().split("-")[1] == carried.split("-")[1]
    assert not exporter.get_finished_spans()


def test_what_a_stranger_writes_as_a_trace_begins_a_new_one() -> None:
    exporter = InMemorySpanExporter()
    traced = Traced(SimpleSpanProcessor(exporter))
    for carried in ("", "nonsense", f"00-{'0' * 32}-{'0' * 16}-01", "00-" + "a" * 5000):
        with traced.handling(_delivery(carried)):
            pass
    assert all(span.parent is None for span in exporter.get_finished_spans() if span.name.startswith("queue"))


def test_an_exceptions_words_are_not_told() -> None:
    exporter = InMemorySpanExporter()
    with pytest.raises(ValueError, match="hurts"), Traced(SimpleSpanProcessor(exporter)).begun("gateway"):
        raise ValueError("patient said: my chest hurts")
    [span] = exporter.get_finished_spans()
    assert dict(span.attributes or {}) == {"code": "ValueError"}
    assert not span.status.is_ok
    assert "hurts" not in msgspec.json.encode(request_of([span])).decode()


def test_off_it_costs_no_header_and_no_import() -> None:
    assert UNTRACED.carried() == ""
    with UNTRACED.handling(_delivery()) as span, UNTRACED.begun("x", person=ASHA) as again:
        assert span is again
    assert "traceparent" not in headers_of(Envelope("i", ASHA, b"", 1.0))
    files = [path for room in ("bot", "agents", "webhooks", "config") for path in (ROOT / room).rglob("*.py")]
    at_the_top = {
        str(path.relative_to(ROOT).parent)
        for path in files
        for line in path.read_text(encoding="utf-8").splitlines()
        if line.startswith(("import opentelemetry", "from opentelemetry", "from bot.adapters.otel"))
    }
    assert at_the_top == {"bot/adapters/otel"}


def test_a_collector_gets_them_and_one_that_is_away_holds_up_nothing() -> None:
    memory = InMemorySpanExporter()
    traced = Traced(SimpleSpanProcessor(memory), role="worker", member="w-1")
    with traced.begun("turn", person=ASHA, attempt=3):
        pass
    spans = memory.get_finished_spans()
    with collector() as (url, bodies):
        assert OtlpJson(url).export(spans) is SpanExportResult.SUCCESS
    [told] = [msgspec.json.decode(body) for body in bodies]
    [resource] = told["resourceSpans"]
    assert {"key": "procare.role", "value": {"stringValue": "worker"}} in resource["resource"]["attributes"]
    [span] = resource["scopeSpans"][0]["spans"]
    assert (span["name"], len(span["traceId"]), len(span["spanId"])) == ("turn", 32, 16)
    assert {"key": "attempt", "value": {"intValue": "3"}} in span["attributes"]
    away = OtlpJson(f"http://127.0.0.1:{free_port()}")
    assert [away.export(spans) for _ in range(2)] == [SpanExportResult.FAILURE] * 2


@contextmanager
def collector() -> Iterator[tuple[str, list[bytes]]]:
    bodies: list[bytes] = []

    class Takes(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            assert self.path == "/v1/traces"
            bodies.append(self.rfile.read(int(self.headers["Content-Length"])))
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_: Any) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), Takes) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}", bodies
        finally:
            server.shutdown()
            thread.join()


def _delivery(trace: str = "") -> Delivery:
    return Delivery(Envelope(id="in:test:1", key=ASHA, body=b"", at=1.0, trace=trace), "turns.1", 1, redelivered=False)
