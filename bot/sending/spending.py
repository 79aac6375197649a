"""What the official channel's messages cost, counted as they go out, and held below a day's limit.

Only notices are held back by it: an answer to a person and an emergency always go, and count. Prices are those of
``config/costs.yaml``; Meta's bill is the truth.
"""

from __future__ import annotations

from datetime import UTC, datetime

from bot.metrics import Metrics
from bot.model.effects import Outbound
from bot.model.ids import PersonId
from bot.notices.window import closed
from bot.ports.budget import Budget
from config.costs import Costs

MILLIONTHS = 1_000_000
EVERYBODY = PersonId("channel")
NO_LIMIT = 10**15


class Spending:
    """``limit``: of one day (UTC), in the currency of the prices; None: it is only counted."""

    def __init__(self, budget: Budget, costs: Costs, limit: float | None, metrics: Metrics) -> None:
        self._budget, self._costs, self._metrics = budget, costs, metrics
        self._limit = NO_LIMIT if limit is None else round(limit * MILLIONTHS)

    async def reserve(self, message: Outbound, now: float) -> bool:
        """False when a notice would cost more than the day has left. Raises SessionsUnavailable."""
        amount = round(self._price(self.category(message, now)) * MILLIONTHS)
        if not amount:
            return True
        if message.kind != "notice":
            await self._budget.settle(EVERYBODY, _day(now), amount)
            return True
        return await self._budget.reserve(EVERYBODY, _day(now), amount, person_limit=self._limit, all_limit=self._limit)

    async def give_back(self, message: Outbound, now: float) -> None:
        """It surely did not go out."""
        amount = round(self._price(self.category(message, now)) * MILLIONTHS)
        if amount:
            await self._budget.settle(EVERYBODY, _day(now), -amount)

    def went_out(self, form: Outbound, now: float) -> None:
        """In the form in which it went."""
        category = self.category(form, now)
        self._metrics.channel_cost.labels(form.instance, category or "free").inc(self._price(category))

    def category(self, message: Outbound, now: float) -> str:
        """``reply``, ``utility`` or ``marketing``; empty for what costs nothing."""
        if message.integration != "cloud":
            return ""
        if not (message.as_template or closed(message.window_until, now)):
            return "reply"
        return "marketing" if message.notice_class in self._costs.marketing_classes else "utility"

    def _price(self, category: str) -> float:
        prices = {"reply": self._costs.reply, "marketing": self._costs.marketing, "utility": self._costs.utility}
        return prices.get(category, 0.0)


def _day(now: float) -> str:
    return datetime.fromtimestamp(now, UTC).date().isoformat()
