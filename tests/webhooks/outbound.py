"""A message that is to be sent."""

from __future__ import annotations

from typing import Any

from bot.model.effects import Outbound
from bot.model.ids import EffectId, PersonId
from bot.model.inbound import Integration


def outbound(text: str = "Fine?", integration: Integration = "cloud", **fields: Any) -> Outbound:
    return Outbound(
        id=EffectId("in:x#0"),
        person=PersonId("p1"),
        instance="bot",
        integration=integration,
        address="5511987654321",
        kind="reply",
        text=text,
        at=0.0,
        **fields,
    )
