"""Messages that do not get through: is it the gateway's trouble, or this message's alone? What else goes out meanwhile tells.

A gateway that fails for everybody is waited for, however long. A message that fails while others on its instance go out is at
fault itself: it holds back nobody, and after a dozen such failures it is set aside.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable

from msgspec import Struct

from bot.errors import BotError, GatewayUnavailable, OutcomeUnknown, Undeliverable, Unsettled
from bot.model.effects import Outbound
from bot.model.ids import EffectId

HOPELESS = 12
"""So many failures in between which something else went out: the message itself is at fault, and what the same person is told
next does not wait behind it any longer. Fewer would turn the order of people whose messages fail by chance: of a gateway that
fails at every fourth call, three in a row meet one message in 64."""
PASSING = 600.0
"""Seconds in which trouble passes by itself that is surely of the gateway: until then such a message is not set aside."""
URGENT, USUAL = 5.0, 600.0
"""Seconds of failing after which the next message of the same person may go first: of emergencies; of others where the gateway
says that it works."""
NOT_ITS_OWN = frozenset({"circuit_open", "rate_limited", "not_on_whatsapp"})
"""It was not tried, or came too soon; or the gateway said why, and it has a dozen tries whoever else is reached."""
MOST = 10_000


class Standing(Struct):
    """A message that failed, since when, and how often although others went out. ``gone``: so many had, when it failed last."""

    since: float
    gone: int
    refuted: int = 0
    works: bool = False  # the gateway says so


class Standstill:
    """What this sender knows of the messages that it has in hand; a new process begins with a clean sheet."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._standing: OrderedDict[EffectId, Standing] = OrderedDict()
        self._gone: dict[str, int] = {}  # instance -> messages that went out

    def failed_before(self, message: Outbound) -> bool:
        return message.id in self._standing

    def went_out(self, message: Outbound) -> None:
        self._gone[message.instance] = self._gone.get(message.instance, 0) + 1
        self.ended(message)

    def ended(self, message: Outbound) -> None:
        self._standing.pop(message.id, None)

    def failed(self, message: Outbound, error: GatewayUnavailable | OutcomeUnknown) -> BotError:
        """Note it, and say what is to be settled: the same error, or one that tells the message from an outage."""
        if error.code in NOT_ITS_OWN:
            return error
        now, gone = self._clock(), self._gone.get(message.instance, 0)
        one = self._standing.setdefault(message.id, Standing(now, gone))
        if gone > one.gone:
            one.refuted, one.gone = one.refuted + 1, gone
        while len(self._standing) > MOST:
            self._standing.popitem(last=False)
        unknown = isinstance(error, OutcomeUnknown)
        if one.refuted >= HOPELESS and (unknown or now - one.since >= PASSING):
            self.ended(message)
            return Undeliverable(code=error.code)
        return Unsettled(code=error.code, retry_after=error.retry_after) if unknown else error

    def asks(self, message: Outbound) -> bool:
        """Whether it has stood so long that the gateway is to be asked how it is."""
        one = self._standing.get(message.id)
        return one is not None and message.kind != "emergency" and self._clock() - one.since >= USUAL

    def says(self, message: Outbound, works: bool) -> None:
        if one := self._standing.get(message.id):
            one.works = works

    def lets_pass(self, message: Outbound) -> bool:
        """Whether what the same person is told next goes on without it. Order is kept through an outage, not for one that stands
        alone."""
        one = self._standing.get(message.id)
        if one is None:
            return False
        if message.kind == "emergency":
            return self._clock() - one.since >= URGENT
        return one.refuted >= HOPELESS or one.works
