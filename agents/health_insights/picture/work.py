"""A process that draws: orders come in by standard input, files go out by standard output, each with its length in front.

It ends when its input does, so it never outlives whoever started it. ``python -m agents.health_insights.picture.work``.
"""

from __future__ import annotations

import sys
from typing import BinaryIO

import msgspec

from agents.health_insights.picture.chart import Chart
from agents.health_insights.picture.draw import draw
from agents.health_insights.picture.page import Page
from agents.health_insights.picture.print import print_page

LENGTH = 4  # bytes, the most significant first
MADE, FAILED = b"+", b"-"


class Order(msgspec.Struct, frozen=True):
    """Exactly one of the two."""

    chart: Chart | None = None
    page: Page | None = None


_decode = msgspec.msgpack.Decoder(Order).decode
encode_order = msgspec.msgpack.Encoder().encode


def make(order: Order) -> bytes:
    """A PNG of a chart, a PDF of a page."""
    if order.page is not None:
        return print_page(order.page)
    if order.chart is not None:
        return draw(order.chart)
    raise ValueError("an order for nothing")


def serve(orders: BinaryIO, files: BinaryIO) -> None:
    """Until the orders end. What cannot be drawn is answered with the name of the error: one bad order ends nothing."""
    while len(head := orders.read(LENGTH)) == LENGTH:
        body = orders.read(int.from_bytes(head))
        try:
            state, answer = MADE, make(_decode(body))
        except Exception as error:
            state, answer = FAILED, type(error).__name__.encode()
        files.write(state + len(answer).to_bytes(LENGTH) + answer)
        files.flush()


if __name__ == "__main__":
    serve(sys.stdin.buffer, sys.stdout.buffer)
