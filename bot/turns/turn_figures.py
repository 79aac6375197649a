"""What turns tell of the service's use: where people leave dialogues, what is held back, who is in danger."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from bot.metrics import Metrics
from bot.model.effects import Effect, Record

FLOW_EVENTS = {
    "flow_started": "started", "flow_ended": "ended", "left": "left", "silence": "silence", "unclear": "unclear",
}  # fmt: skip
"""Lines of the trace that tell how a dialogue goes -> what they are called in the metric."""


class TurnFigures:
    """``count`` each turn once it is committed. A repeated input is none: it is not decided again."""

    def __init__(self, metrics: Metrics) -> None:
        self._metrics = metrics

    def count(self, trace: Iterable[Mapping[str, object]], effects: Iterable[Effect]) -> None:
        metrics = self._metrics
        for line in trace:
            action = str(line["action"])
            if action in FLOW_EVENTS:
                metrics.flows.labels(str(line["flow"]), FLOW_EVENTS[action]).inc()
            elif action == "notice":
                metrics.notices.labels(str(line["verdict"]), str(line["reason"])).inc()
            elif action == "untranslated":
                metrics.fallback_texts.labels(line["language"]).inc(float(str(line["count"])))
        for effect in effects:
            if isinstance(effect, Record) and effect.kind == "emergency":
                metrics.emergencies.labels(str(effect.data.get("category", "general"))).inc()
