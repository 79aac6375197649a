"""What a test may expect of the state after a verb: each name of ``expect:`` and what it looks at."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from bot.dialogue.transcript.conversation import Conversation, Differs
from bot.dialogue.transcript.script import seconds_of
from bot.model.consent import in_force
from bot.model.effects import Intent, Record

ABSENT = "(not there)"


def check(talk: Conversation, wanted: Mapping[str, Any]) -> None:
    """Raises Differs that names the first thing that is otherwise."""
    for name, value in wanted.items():
        found = LOOKS[name](talk, value)
        if name == "next_timer":
            value = seconds_of(value)
        if found != value:
            raise Differs(f"expected {name} {value!r}\n     but it is {found!r}")


def _effects(talk: Conversation, kind: type[Record] | type[Intent]) -> list[Any]:
    return [effect for turn in talk.recent() for effect in turn.effects if isinstance(effect, kind)]


def _among(found: Mapping[str, Any], wanted: Any) -> Any:
    """The wanted fields of a mapping, so that only they are compared."""
    return {field: found.get(field) for field in wanted} if isinstance(wanted, Mapping) else dict(found)


def _record(talk: Conversation, wanted: Any) -> Any:
    kept = {record.kind: record.data for record in _effects(talk, Record)}
    return {kind: _among(kept[kind], fields) if kind in kept else ABSENT for kind, fields in wanted.items()}


def _vars(talk: Conversation, wanted: Any) -> Any:
    return _among(talk.session.stack[-1].vars, wanted) if talk.session.stack else ABSENT


def _step(talk: Conversation, wanted: Any) -> Any:
    """``flow/step`` of the question that is open, or null."""
    flows = talk.stage.content.flows
    open_ = [one for one in talk.session.stack if one.wait and one.wait.intent is None and not one.wait.aside]
    waiting = [one for one in open_ if flows[one.flow].steps[one.step].asks]
    return f"{waiting[-1].flow}/{waiting[-1].step}" if waiting else None


def _next_timer(talk: Conversation, wanted: Any) -> Any:
    """Seconds between the last turn and the next wake-up."""
    return round(min(timer.at for timer in talk.timers.values()) - talk.now + 1) if talk.timers else None


def _notices(talk: Conversation, wanted: Any) -> int:
    notices = [message for message in talk.said(everything=True) if message.kind == "notice"]
    return sum(message.day == notices[-1].day for message in notices)


def _options(talk: Conversation, wanted: Any) -> list[str]:
    return [option.id.partition(":")[2] for message in talk.said() for option in message.options]


LOOKS: dict[str, Callable[[Conversation, Any], Any]] = {
    "consent": lambda talk, wanted: in_force(talk.session.consent, talk.policy.behaviour.consent_version),
    "stopped": lambda talk, wanted: talk.session.stopped,
    "stack": lambda talk, wanted: [frame.flow for frame in talk.session.stack if frame.flow != "menu"],
    "step": _step,
    "vars": _vars,
    "profile": lambda talk, wanted: _among(talk.session.profile, wanted),
    "language": lambda talk, wanted: talk.session.profile.get("language"),
    "records": lambda talk, wanted: [record.kind for record in _effects(talk, Record)],
    "record": _record,
    "messages": lambda talk, wanted: len(talk.said()),
    "media": lambda talk, wanted: [message.media.kind for message in talk.said() if message.media],
    "kind": lambda talk, wanted: talk.said()[-1].kind if talk.said() else ABSENT,
    "intents": lambda talk, wanted: len(talk.asked_agents),
    "intent": lambda talk, wanted: _among(talk.asked_agents[-1].data, wanted) if talk.asked_agents else ABSENT,
    "task": lambda talk, wanted: _among(talk.tasks[-1].data, wanted) if talk.tasks else ABSENT,
    "effects": lambda talk, wanted: [effect.__struct_config__.tag for turn in talk.recent() for effect in turn.effects],
    "timers": lambda talk, wanted: len(talk.session.timers),
    "next_timer": _next_timer,
    "overdue": lambda talk, wanted: len(talk.session.overdue),
    "held": lambda talk, wanted: talk.session.stack[-1].vars.get("held") if talk.session.stack else None,
    "notices_today": _notices,
    "options": _options,
}
