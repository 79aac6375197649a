"""What the ingress knows and notes of alarms that it may have to answer itself (Redis).

Every method raises SessionsUnavailable when the engine does not answer in time.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, Protocol

from bot.model.ids import EffectId, GatewayId, InputId, PersonId

Answered = Literal["no", "underway", "yes"]
"""``underway``: a sender has claimed an answer, and has not said how that ended."""


class Aid(Protocol):
    async def answered(self, inputs: Sequence[tuple[PersonId, InputId]]) -> list[Answered]:
        """Of each input, whether the sender has sent (or surely could not send) one of its first answers."""

    async def begin(self, person: PersonId, alarm: EffectId) -> bool:
        """Of several ingresses one gives aid: True for the first, for some seconds. False also when aid was given."""

    async def given(self, person: PersonId, alarm: EffectId, gateway_id: GatewayId) -> None:
        """The alarm's text went out under ``gateway_id``, from an ingress."""

    async def gave(self, person: PersonId, alarm: EffectId) -> GatewayId | None:
        """Under which id an ingress has sent it; None where none did."""
