"""How long a chart and a page take, and how large their files are, in every language: ``python -m bench.pictures [FOLDER]``.

Budgets of a chart: under 300 ms off the event loop and under 120 KB. The last lines go through the process that draws, as in
the service. With a folder, the files are written there, to be looked at.
"""

from __future__ import annotations

import asyncio
import statistics
import sys
import time
from pathlib import Path

from agents.health_insights.painter import PaintProcess
from agents.health_insights.picture.order import Order
from agents.health_insights.picture.work import make
from bot.app.pictures import first_order
from tests.agents.health_insights.drawn import a_chart, a_page
from tests.agents.health_insights.phrases import LANGUAGES, our_own

ROUNDS = 7
MOST_BYTES, MOST_SECONDS = 120_000, 0.3


def timed(order: Order) -> tuple[bytes, float]:
    """The file, and the middle of some times; the first, which reads the fonts, does not count."""
    data, times = make(order), []
    for _ in range(ROUNDS):
        started = time.perf_counter()
        make(order)
        times.append(time.perf_counter() - started)
    return data, statistics.median(times)


async def through_the_process() -> tuple[float, float, float]:
    """How long a start takes, until the process has drawn something (nobody waits for that), the first chart that somebody asks
    for, and the middle of the next."""
    painter, times = PaintProcess(deadline=30), []
    try:
        started = time.perf_counter()
        await painter.warm(first_order(our_own(), LANGUAGES))
        ready = time.perf_counter() - started
        for _ in range(ROUNDS + 1):
            started = time.perf_counter()
            await painter.make(Order(chart=a_chart("hi", 90)))
            times.append(time.perf_counter() - started)
    finally:
        await painter.aclose()
    return ready, times[0], statistics.median(times[1:])


def main() -> int:
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else None
    if folder:
        folder.mkdir(parents=True, exist_ok=True)
    print("language   chart: KB     ms    page: KB     ms")
    within = True
    for language in LANGUAGES:
        chart, seconds = timed(Order(chart=a_chart(language, 90)))
        page, page_seconds = timed(Order(page=a_page(language)))
        within = within and len(chart) < MOST_BYTES and seconds < MOST_SECONDS
        print(f"{language:8} {len(chart) / 1000:12.1f} {seconds * 1000:6.0f} {len(page) / 1000:11.1f} {page_seconds * 1000:6.0f}")
        if folder:
            (folder / f"chart-{language}.png").write_bytes(chart)
            (folder / f"page-{language}.pdf").write_bytes(page)
    ready, first, usual = asyncio.run(through_the_process())
    print(f"the process that draws: ready {ready * 1000:.0f} ms after a start")
    print(f"the first chart then {first * 1000:.0f} ms, the next {usual * 1000:.0f} ms")
    within = within and max(first, usual) < MOST_SECONDS
    print("within the budgets" if within else "OVER A BUDGET")
    return 0 if within else 1


if __name__ == "__main__":
    sys.exit(main())
