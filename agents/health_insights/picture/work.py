"""A process that draws: orders come in by standard input, files go out by standard output, each with its length in front.

It ends when its input does, so it never outlives whoever started it. ``python -m agents.health_insights.picture.work``.
"""

from __future__ import annotations

import sys
from typing import BinaryIO

from agents.health_insights.picture.draw import draw
from agents.health_insights.picture.order import FAILED, LENGTH, MADE, Order, decode_order
from agents.health_insights.picture.print import print_page


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
            state, answer = MADE, make(decode_order(body))
        except Exception as error:
            state, answer = FAILED, type(error).__name__.encode()
        files.write(state + len(answer).to_bytes(LENGTH) + answer)
        files.flush()


if __name__ == "__main__":
    serve(sys.stdin.buffer, sys.stdout.buffer)
