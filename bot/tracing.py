"""Tracing, as the running parts see it: who begins a span, and how a trace goes on behind a queue.

Off, it is ``UNTRACED``: two calls that do nothing for each delivery. On, it is ``bot/adapters/otel``.
"""

from __future__ import annotations

from contextlib import AbstractContextManager
from types import TracebackType
from typing import Protocol

from bot.ports.bus import Delivery

ATTRIBUTES = frozenset({"agent", "attempt", "code", "kind", "outcome", "person", "queue"})
"""What a span may say. ``person`` is the opaque id of the logs; nothing here can hold a text, a number or an address."""

Word = str | int


class Span(Protocol):
    def note(self, **words: Word) -> None:
        """Say more about it. Names that are not in ``ATTRIBUTES`` are dropped."""


class Tracing(Protocol):
    def begun(self, name: str, *, at: float | None = None, **words: Word) -> AbstractContextManager[Span]:
        """A span below the current one; the first of a new trace where there is none. ``at``: when it began, if not now."""

    def handling(self, delivery: Delivery) -> AbstractContextManager[Span]:
        """Go on with the trace that a delivery carries: its wait in the queue, then what is done with it."""

    def carried(self) -> str:
        """The current span as a W3C ``traceparent``; empty when there is none."""


class _Nothing:
    def note(self, **words: Word) -> None:
        pass

    def __enter__(self) -> Span:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        pass


class _Untraced:
    _nothing = _Nothing()

    def begun(self, name: str, *, at: float | None = None, **words: Word) -> AbstractContextManager[Span]:
        return self._nothing

    def handling(self, delivery: Delivery) -> AbstractContextManager[Span]:
        return self._nothing

    def carried(self) -> str:
        return ""


UNTRACED: Tracing = _Untraced()
