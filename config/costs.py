"""What the channel costs, for estimates: the schema of config/costs.yaml."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field

from bot.handwritten.model import read_model
from bot.model.effects import NoticeClass

FILE = Path(__file__).parent / "costs.yaml"


class Costs(BaseModel):
    """Prices of one delivered message in ``currency``. ``checked``: somebody compared them with the channel's own rate card."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    currency: str
    as_of: date
    checked: bool
    source: str
    free_replies_a_month: int = Field(ge=0)
    window_hours: float = Field(gt=0)
    reply: float = Field(ge=0)
    utility: float = Field(ge=0)
    marketing: float = Field(ge=0)
    marketing_classes: tuple[NoticeClass, ...]

    def of(self, replies: int, utility: int, marketing: int, months: float) -> float:
        """The price of so many messages of one business number in so many months."""
        billed = max(0.0, replies - self.free_replies_a_month * months)
        return billed * self.reply + utility * self.utility + marketing * self.marketing


def load_costs(file: Path = FILE) -> Costs:
    """Read the prices. Raises ConfigError with the place of every mistake."""
    return read_model(file, Costs)
