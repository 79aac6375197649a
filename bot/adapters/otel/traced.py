"""Spans of OpenTelemetry behind ``bot.tracing.Tracing``."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager

from opentelemetry import trace
from opentelemetry.context import Context
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import SpanLimits, SpanProcessor, TracerProvider
from opentelemetry.sdk.trace.sampling import ParentBased, TraceIdRatioBased
from opentelemetry.trace import NonRecordingSpan, SpanContext, SpanKind, StatusCode, TraceFlags

from bot import logs
from bot.ports.bus import Delivery
from bot.queues import family
from bot.tracing import ATTRIBUTES, Span, Word

DOES = {"turns": "turn", "sends": "send", "urgent": "send", "records": "record", "gateway": "receipt"}
"""What is done with a delivery, by its queue; an agent's is called ``agent``."""
LONGEST = 100
_PARENT = re.compile(r"00-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})")


class _Noted:
    def __init__(self, span: trace.Span) -> None:
        self._span = span

    def note(self, **words: Word) -> None:
        self._span.set_attributes(allowed(words))


class Traced:
    """``share``: of how many traces the spans are kept, 0 to 1. The decision is made once a trace and carried along."""

    def __init__(self, processor: SpanProcessor, *, share: float = 1.0, role: str = "", member: str = "") -> None:
        named = {"service.name": "procare", "service.instance.id": member, "procare.role": role}
        few = SpanLimits(max_attributes=16, max_events=1, max_links=1, max_attribute_length=LONGEST)
        self._provider = TracerProvider(
            sampler=ParentBased(TraceIdRatioBased(share)), resource=Resource(named), span_limits=few, shutdown_on_exit=False
        )
        self._provider.add_span_processor(processor)
        self._tracer = self._provider.get_tracer("procare")

    @contextmanager
    def begun(self, name: str, *, at: float | None = None, **words: Word) -> Iterator[Span]:
        span = self._tracer.start_span(name, attributes=allowed(words), start_time=None if at is None else int(at * 1e9))
        with self._current(span):
            yield _Noted(span)

    @contextmanager
    def handling(self, delivery: Delivery) -> Iterator[Span]:
        envelope, kind = delivery.envelope, family(delivery.queue)
        words = allowed({"queue": delivery.queue, "person": envelope.key})
        waited = self._tracer.start_span(
            f"queue {kind}",
            parent_of(envelope.trace), SpanKind.CONSUMER, words, start_time=int(envelope.at * 1e9)
        )  # fmt: skip
        waited.end()
        agent = kind.startswith("agent.")
        below = trace.set_span_in_context(waited, Context())
        span = self._tracer.start_span("agent" if agent else DOES.get(kind, kind), below, attributes=words)
        if agent:
            span.set_attribute("agent", kind.partition(".")[2])
        with self._current(span):
            yield _Noted(span)

    def carried(self) -> str:
        here = trace.get_current_span().get_span_context()
        return f"00-{here.trace_id:032x}-{here.span_id:016x}-{here.trace_flags:02x}" if here.is_valid else ""

    def close(self) -> None:
        """Hand over what is left. Blocks for as long as the exporter takes."""
        self._provider.shutdown()

    @contextmanager
    def _current(self, span: trace.Span) -> Iterator[None]:
        token = logs.trace_id.set(f"{span.get_span_context().trace_id:032x}")
        try:
            # Never the exception's own words: a stranger's error may quote a person.
            with trace.use_span(span, end_on_exit=True, record_exception=False, set_status_on_exception=False):
                try:
                    yield
                except BaseException as error:
                    span.set_attributes(allowed({"code": type(error).__name__}))
                    span.set_status(StatusCode.ERROR)
                    raise
        finally:
            logs.trace_id.reset(token)


def allowed(words: dict[str, Word]) -> dict[str, Word]:
    """What of it may be said: known names, the person as the logs name them, and no digits that could be a phone number."""
    kept: dict[str, Word] = {}
    for name, word in words.items():
        if name == "person":
            kept[name] = logs.nameless(str(word))
        elif name in ATTRIBUTES:
            kept[name] = logs.redact(word) if isinstance(word, str) else word
    return kept


def parent_of(carried: str) -> Context:
    """The context that a delivery carries; a fresh one where it carries none that can be read."""
    found = _PARENT.fullmatch(carried)
    if found is None:
        return Context()
    ids = SpanContext(int(found[1], 16), int(found[2], 16), is_remote=True, trace_flags=TraceFlags(int(found[3], 16)))
    return trace.set_span_in_context(NonRecordingSpan(ids), Context()) if ids.is_valid else Context()
