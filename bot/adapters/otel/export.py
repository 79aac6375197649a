"""Hand spans to a collector: OTLP over HTTP in its JSON form, which every collector reads.

Written here because the library's exporter brings protobuf, requests and nine more packages for one POST.
"""

from __future__ import annotations

import logging
import ssl
import time
from collections.abc import Sequence
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from typing import Any
from urllib.parse import urlsplit

import msgspec
from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.sdk.trace.export import SpanExporter, SpanExportResult
from opentelemetry.trace import StatusCode

log = logging.getLogger(__name__)

SECONDS = 2.0
SHUN = 5.0
"""Seconds in which a collector that failed is not asked: a stop would otherwise wait for each batch."""
KINDS = {"INTERNAL": 1, "SERVER": 2, "CLIENT": 3, "PRODUCER": 4, "CONSUMER": 5}


class OtlpJson(SpanExporter):
    """``url`` is the collector's address, like ``http://collector:4318``. Called in the batch processor's own thread."""

    def __init__(self, url: str) -> None:
        address = urlsplit(url)
        self._secure, self._host = address.scheme == "https", address.netloc
        self._path = f"{address.path.rstrip('/')}/v1/traces"
        self._failing, self._shunned = False, 0.0

    def export(self, spans: Sequence[ReadableSpan]) -> SpanExportResult:
        """A batch that the collector does not take is lost: a trace helps to look, nobody depends on it."""
        if time.monotonic() < self._shunned:
            return SpanExportResult.FAILURE
        try:
            status = self._post(msgspec.json.encode(request_of(spans)))
            trouble = "" if 200 <= status < 300 else f"status {status}"
        except (OSError, HTTPException) as error:
            trouble = type(error).__name__
        if trouble and not self._failing:
            log.warning("spans are lost: no collector", extra={"action": "spans_lost", "error": trouble, "count": len(spans)})
        self._failing = bool(trouble)
        self._shunned = time.monotonic() + SHUN if trouble else 0.0
        return SpanExportResult.FAILURE if trouble else SpanExportResult.SUCCESS

    def _post(self, body: bytes) -> int:
        connection = (
            HTTPSConnection(self._host, timeout=SECONDS, context=ssl.create_default_context())
            if self._secure
            else HTTPConnection(self._host, timeout=SECONDS)
        )
        try:
            connection.request("POST", self._path, body, {"Content-Type": "application/json"})
            response = connection.getresponse()
            response.read()
            return response.status
        finally:
            connection.close()


def request_of(spans: Sequence[ReadableSpan]) -> dict[str, Any]:
    """An ExportTraceServiceRequest in JSON: ids in hexadecimal, 64-bit numbers as text."""
    named = spans[0].resource.attributes if spans else {}
    scope = {"scope": {"name": "procare"}, "spans": [_span(span) for span in spans]}
    return {"resourceSpans": [{"resource": {"attributes": _attributes(named)}, "scopeSpans": [scope]}]}


def _span(span: ReadableSpan) -> dict[str, Any]:
    written: dict[str, Any] = {
        "traceId": f"{span.context.trace_id:032x}",
        "spanId": f"{span.context.span_id:016x}",
        "name": span.name,
        "kind": KINDS[span.kind.name],
        "startTimeUnixNano": str(span.start_time or 0),
        "endTimeUnixNano": str(span.end_time or 0),
        "attributes": _attributes(span.attributes or {}),
        "status": {"code": 2} if span.status.status_code is StatusCode.ERROR else {},
    }
    if span.parent is not None:
        written["parentSpanId"] = f"{span.parent.span_id:016x}"
    return written


def _attributes(words: Any) -> list[dict[str, Any]]:
    return [
        {"key": name, "value": {"intValue": str(word)} if isinstance(word, int) else {"stringValue": str(word)}}
        for name, word in words.items()
    ]
