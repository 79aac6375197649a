"""Any events in any order to an engine: no error, the same again, each effect once, and a session that stays small."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from bot.dialogue.engine import Engine, Turn
from bot.model.codec import decode_session, encode
from bot.model.effects import Effect, Intent, Outbound, WakeAt
from bot.model.events import AgentResult, TimerFired, TurnEvent
from bot.model.ids import EffectId, InputId
from bot.model.inbound import Inbound
from bot.model.session import Session

Move = tuple[object, ...]
"""("say", ...), ("tap", which option of late), ("result", of which intent of late, outcome, facts), ("timer", which of late),
("wait", seconds)."""


@dataclass
class Met:
    """What a person has met so far and may come back to."""

    options: list[tuple[str, str]] = field(default_factory=list)  # label, id
    intents: list[EffectId] = field(default_factory=list)
    timers: list[EffectId] = field(default_factory=list)

    def add(self, effects: Iterable[Effect]) -> None:
        for effect in effects:
            match effect:
                case Outbound():
                    self.options += ((option.label, option.id) for option in effect.options)
                case Intent():
                    self.intents.append(effect.id)
                case WakeAt():
                    self.timers.append(effect.id)
                case _:
                    pass


def survive(
    engine: Engine,
    session: Session,
    now: float,
    moves: Iterable[Move],
    *,
    met: Met,
    agent: str,
    say: Callable[[int, float, Move], Inbound],
    tap: Callable[[int, float, str, str], Inbound],
    check: Callable[[Turn], None],
    tick: float = 0.0,
) -> None:
    """``say``, ``tap``: the message of a move, by its number and the time. ``tick``: seconds that each turn takes."""
    seen: set[str] = set()
    for number, move in enumerate(moves):
        event: TurnEvent | None = None
        match move:
            case ("say", *_):
                event = say(number, now, move)
            case ("tap", int(which)) if met.options:
                event = tap(number, now, *met.options[-1 - which % len(met.options)])
            case ("result", int(which), str(outcome), dict(facts)) if met.intents:
                intent = met.intents[-1 - which % len(met.intents)]
                event = AgentResult(InputId(f"{intent}:result{number}"), session.person, intent, agent, outcome, now, facts)
            case ("timer", int(which)) if met.timers:
                timer = met.timers[-1 - which % len(met.timers)]
                event = TimerFired(InputId(f"{timer}:fired{number}"), session.person, timer, now)
            case ("wait", float(seconds)):
                now += seconds
        if event is None:
            continue
        turn = engine.turn(session, event, now=now)
        assert encode(engine.turn(session, event, now=now)) == encode(turn)
        ids = {str(effect.id) for effect in turn.effects}
        assert len(ids) == len(turn.effects)
        assert not ids & seen
        seen |= ids
        assert len([effect for effect in turn.effects if isinstance(effect, Outbound)]) <= 4  # three, and an alarm before them
        met.add(turn.effects)
        check(turn)
        session = decode_session(encode(turn.session))
        assert len(encode(session)) < 8192
        assert len(session.stack) <= 5
        now += tick
