"""Everything that can start a turn."""

from __future__ import annotations

from typing import Any

from msgspec import Struct

from bot.model.ids import EffectId, GatewayId, InputId, PersonId
from bot.model.inbound import Inbound
from bot.model.session import Channel


class AgentResult(Struct, frozen=True, omit_defaults=True, tag="agent_result"):
    """An agent's answer to one intent. The flow branches on ``outcome``; ``failed`` and ``unavailable`` are reserved."""

    id: InputId  # f"{intent}:result": a repeat of the answer is a repeat of the input
    person: PersonId
    intent: EffectId
    agent: str
    outcome: str
    at: float
    facts: dict[str, Any] = {}


class TimerFired(Struct, frozen=True, omit_defaults=True, tag="timer"):
    """A wake-up that the engine asked for. ``timer`` is the id of the WakeAt effect."""

    id: InputId  # f"{timer}:fired"
    person: PersonId
    timer: EffectId
    at: float
    data: dict[str, Any] = {}


class Told(Struct, frozen=True, omit_defaults=True, tag="told"):
    """An agent has something for this person that they did not just ask for. Flows start on ``agent.name``."""

    id: InputId  # f"{agent}:{tell.id}"
    person: PersonId
    agent: str
    name: str
    at: float
    facts: dict[str, Any] = {}
    channel: Channel | None = None  # how to reach somebody who never wrote
    expires_at: float | None = None
    member: str | None = None  # whom of the household it is about


TurnEvent = Inbound | AgentResult | TimerFired | Told


class Receipt(Struct, frozen=True, omit_defaults=True, tag="receipt"):
    """What became of a message we sent. ``status`` is ranked: a later word never lowers it, except ``failed``."""

    gateway_id: GatewayId
    status: str  # pending, sent, delivered, read, played, failed, deleted
    instance: str
    at: float
    token: str | None = None  # what we gave the message to carry, where the gateway repeats it
    code: str | None = None  # of ``failed``: the gateway's number of the reason, where it tells one


class ChannelState(Struct, frozen=True, omit_defaults=True, tag="channel"):
    """The gateway's word on one instance: open, connecting, close, refused, logged_out, qrcode."""

    instance: str
    state: str
    at: float
    reason: str | None = None


GatewayEvent = Receipt | ChannelState
