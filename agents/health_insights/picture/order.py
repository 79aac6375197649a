"""What is to be drawn, as it goes to the process that draws. Apart from it: who orders need not load what draws."""

from __future__ import annotations

import msgspec

from agents.health_insights.picture.chart import Chart
from agents.health_insights.picture.page import Page

LENGTH = 4  # bytes, the most significant first
MADE, FAILED = b"+", b"-"


class Order(msgspec.Struct, frozen=True):
    """Exactly one of the two."""

    chart: Chart | None = None
    page: Page | None = None


decode_order = msgspec.msgpack.Decoder(Order).decode
encode_order = msgspec.msgpack.Encoder().encode
