"""The drawing process: what it makes, what happens when it is late, breaks or gets nonsense, and that it never stays behind."""

from __future__ import annotations

import asyncio
import sys
from contextlib import suppress
from io import BytesIO
from pathlib import Path

import psutil
import pytest

from agents.health_insights.painter import NotMade, PaintProcess
from agents.health_insights.picture.order import LENGTH, MADE, Order, encode_order
from agents.health_insights.picture.work import serve
from tests.agents.health_insights.drawn import a_chart, a_page

pytestmark = pytest.mark.anyio


def _children(word: str) -> list[psutil.Process]:
    """Our own processes with that word in their command; others may come and go meanwhile."""
    found = []
    for child in psutil.Process().children():
        with suppress(psutil.NoSuchProcess):
            if word in child.cmdline():
                found.append(child)
    return found


async def test_charts_and_pages_are_made_elsewhere() -> None:
    painter = PaintProcess(deadline=90)
    try:
        chart, page = await asyncio.gather(painter.make(Order(chart=a_chart())), painter.make(Order(page=a_page())))
        assert chart.startswith(b"\x89PNG")
        assert page.startswith(b"%PDF-")
        children = _children("agents.health_insights.picture.work")
        assert len(children) == 1
    finally:
        await painter.aclose()
    assert not _children("agents.health_insights.picture.work")
    await painter.aclose()


async def test_an_order_that_cannot_be_drawn_is_no_end() -> None:
    painter = PaintProcess(deadline=90)
    try:
        with pytest.raises(NotMade, match="ValueError"):
            await painter.make(Order())
        assert (await painter.make(Order(chart=a_chart()))).startswith(b"\x89PNG")
    finally:
        await painter.aclose()


SLEEPS_ONCE = """
import pathlib, sys, time
mark = pathlib.Path(sys.argv[1])
if not mark.exists():
    mark.touch()
    time.sleep(600)
from agents.health_insights.picture.work import serve
serve(sys.stdin.buffer, sys.stdout.buffer)
"""


async def test_a_late_process_is_ended_and_the_next_order_gets_a_new_one(tmp_path: Path) -> None:
    mark = tmp_path / "slept"
    painter = PaintProcess(deadline=1.0, command=(sys.executable, "-c", SLEEPS_ONCE, str(mark)))
    try:
        with pytest.raises(NotMade, match="late"):
            await _until_it_sleeps(painter, mark)
        assert not _children(str(mark))
        painter._deadline = 90
        assert (await painter.make(Order(chart=a_chart()))).startswith(b"\x89PNG")
    finally:
        await painter.aclose()


async def _until_it_sleeps(painter: PaintProcess, mark: Path) -> None:
    """The process may still be starting when the time is over; that is late, too, but its mark is not there yet."""
    while True:
        try:
            await painter.make(Order(chart=a_chart()))
        except NotMade:
            if mark.exists():  # noqa: ASYNC240 (a test may wait for its own disk)
                raise
            painter._deadline *= 2


async def test_a_process_that_breaks_is_no_answer() -> None:
    painter = PaintProcess(deadline=90, command=(sys.executable, "-c", "raise SystemExit(3)"))
    with pytest.raises(NotMade, match="broken"):
        await painter.make(Order(chart=a_chart()))
    with pytest.raises(NotMade, match="broken"):
        await PaintProcess(command=("/nowhere/to/be/found",)).make(Order())


def test_it_ends_with_its_input() -> None:
    order = encode_order(Order(chart=a_chart()))
    files = BytesIO()
    serve(BytesIO(len(order).to_bytes(LENGTH) + order + b"\x00"), files)
    assert files.getvalue().startswith(MADE)


async def test_what_was_warmed_draws_at_once_and_what_cannot_be_started_is_told_later() -> None:
    painter = PaintProcess(deadline=0.0001)
    try:
        with pytest.raises(NotMade, match="late"):
            await painter.make(Order(chart=a_chart()))  # nobody can start a process in no time
        await painter.warm(Order(chart=a_chart()))
        process = painter._process
        assert process is not None
        painter._deadline = 90
        assert (await painter.make(Order(chart=a_chart()))).startswith(b"\x89PNG")
        assert painter._process is process
    finally:
        await painter.aclose()
    await PaintProcess(command=("/nowhere/to/be/found",)).warm(Order(chart=a_chart()))
