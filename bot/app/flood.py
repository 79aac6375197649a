"""Wire the gate against floods."""

from __future__ import annotations

from collections.abc import Callable

from bot.app.engines import Engines
from bot.ingress.flood import Dangerous, Gate, ends_of
from bot.model.inbound import Inbound
from bot.understanding.meaning import Context
from bot.understanding.reader import Reader
from config.flood import load_flood_limits
from config.policy import Policy
from config.settings import Settings

WORST = ("type_1", "gestational")
"""Conditions that make more an emergency. The edge knows nobody's, so it hears what would be one of anybody."""
SHORT = 12  # characters of a message that may be a number alone


def reading_danger(reader: Reader, policy: Policy, clock: Callable[[], float]) -> Dangerous:
    """The emergency lane's reading, without any session: rather too much than too little, as a turn decides afterwards."""

    def dangerous(inbound: Inbound) -> bool:
        text = ends_of((inbound.text or "").strip())
        if not text:
            return False
        where = policy.country_of(inbound.address)
        context = Context(country=where.country, zone=where.zone, conditions=WORST, now=clock())
        if reader.understand(text, context).urgency != "none":
            return True
        # A number alone may answer the question for a sugar.
        as_answer = Context(expects="glucose", country=where.country, zone=where.zone, now=clock())
        return len(text) <= SHORT and reader.understand(text, as_answer).urgency != "none"

    return dangerous


def make_gate(settings: Settings, engines: Engines, reader: Reader, policy: Policy, clock: Callable[[], float]) -> Gate:
    """Raises ConfigError for limits that cannot be read."""
    return Gate(engines.buckets, load_flood_limits(settings.flood_file), reading_danger(reader, policy, clock), clock)
