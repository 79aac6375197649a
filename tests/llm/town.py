"""A town whose messages are also shown to a model, as the worker does."""

from __future__ import annotations

from msgspec.structs import replace

from agents.result import Agent
from bot.model.codec import decode_session, encode
from bot.model.effects import Effect, Outbound
from bot.model.events import TurnEvent
from bot.model.inbound import Inbound
from bot.model.session import Asked, Session
from bot.ports.advice import Opinions
from bot.ports.store import Store
from tests.agents.town import Town


class AdvisedTown(Town):
    def __init__(self, store: Store, agents: dict[str, Agent], opinions: Opinions) -> None:
        super().__init__(store, agents)
        self.opinions, self.asked = opinions, 0

    async def _turn(self, event: TurnEvent, asked: Asked | None = None) -> None:
        if event.id in self._seen:
            return
        self._seen.add(event.id)
        session = decode_session(encode(self.sessions.get(event.person) or Session(event.person)))
        turn = self.engine.turn(session, event, now=self.now, asked=asked)
        if isinstance(event, Inbound) and self.opinions.wanted(event, session, turn.kind, turn.session):
            self.asked += 1
            if hint := await self.opinions.of(event, session):
                turn = self.engine.turn(session, event, now=self.now, asked=asked, hint=hint)
        turn.effects = [await self._said(turn.session, one) for one in turn.effects]
        self.sessions[event.person] = turn.session
        self.turns.append(turn)
        for effect in turn.effects:
            await self._do(effect)

    async def _said(self, session: Session, effect: Effect) -> Effect:
        if not isinstance(effect, Outbound) or not effect.kinder:
            return effect
        return replace(effect, text=await self.opinions.kinder(session, effect) or effect.text, kinder=False)
