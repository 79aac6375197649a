"""The effects of one turn in the making, each under the id that a repeat of the turn gives it again."""

from __future__ import annotations

from typing import Any

from bot.dialogue.household import subject_of
from bot.model.effects import CancelWake, Effect, Intent, Record, WakeAt
from bot.model.events import TurnEvent
from bot.model.ids import EffectId, effect_of
from bot.model.session import Session

INTENT_LIFE = 86400.0  # an agent may still keep a reading a day later; after that the person has surely been told it failed


class Effecting:
    """What a turn asks the world to do, and the trace of how it came to it."""

    def __init__(self, session: Session, event: TurnEvent, now: float) -> None:
        self.session = session
        self.event = event
        self.now = now
        self.first: list[Effect] = []  # effects with fixed ids, which go before all others
        self.effects: list[Effect] = []
        self.trace: list[dict[str, Any]] = []
        self._ids = 0

    def note(self, action: str, **fields: Any) -> None:
        """A line of the turn's trace: for the journal and the tests, never with anybody's words in it."""
        self.trace.append({"action": action, **fields})

    def next_id(self) -> EffectId:
        self._ids += 1
        return effect_of(self.event.id, self._ids - 1)

    def record(self, kind: str, data: dict[str, Any], about: str | None = None) -> None:
        self.effects.append(Record(self.next_id(), subject_of(self.session, about) or self.session.person, kind, self.now, data))

    def intend(
        self, agent: str, name: str, data: dict[str, Any], about: str | None = None, *, unanswered: bool = False
    ) -> EffectId:
        id_ = self.next_id()
        until, subject = self.now + INTENT_LIFE, subject_of(self.session, about)
        self.effects.append(Intent(id_, self.session.person, agent, name, self.now, data, until, subject, unanswered))
        return id_

    def wake(self, after: float, **data: Any) -> EffectId:
        timer = WakeAt(self.next_id(), self.session.person, self.now + after, data)
        self.effects.append(timer)
        self.session.timers.append(timer)
        return timer.id

    def cancel(self, timer: EffectId | None) -> None:
        """Close a wake-up. One that is not open is left alone; one of this very turn was never sent."""
        if timer is None or not self.close(timer):
            return
        fresh = [effect for effect in self.effects if not (isinstance(effect, WakeAt) and effect.id == timer)]
        if len(fresh) == len(self.effects):
            fresh.append(CancelWake(self.next_id(), self.session.person, timer))
        self.effects = fresh

    def close(self, timer: EffectId) -> bool:
        """Strike a wake-up from the open ones. False when it was not open."""
        left = [one for one in self.session.timers if one.id != timer]
        found = len(left) < len(self.session.timers)
        self.session.timers = left
        return found
