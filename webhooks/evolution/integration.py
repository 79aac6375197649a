"""Which of Evolution's three integrations sent a payload; it says so nowhere.

In this order: what the operator said about the instance; Baileys' own fields (``sender`` in the envelope, ``addressingMode``
in the key, ``status`` of an inbound message); an id that begins with ``wamid.``: cloud; else the EVOLUTION channel. Baileys
comes before the id because there the *sender's phone* chooses the id: a forged ``wamid.`` must not name another person.
"""

from __future__ import annotations

from collections.abc import Mapping

from bot.model.inbound import Integration
from webhooks.evolution.wamid import is_wamid


def integration_of(instance: str, message_id: str, *, baileys_fields: bool, known: Mapping[str, Integration]) -> Integration:
    if (told := known.get(instance)) is not None:
        return told
    if baileys_fields:
        return "baileys"
    return "cloud" if is_wamid(message_id) else "evolution"
