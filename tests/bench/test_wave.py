"""The bench of the wave, small and on the embedded engines: it must measure what it says."""

from __future__ import annotations

from pathlib import Path

from agents.registry import NAMES
from bench.wave import EIGHT, Bench
from bot import queues
from bot.app.engines import open_engines
from config.settings import Settings


async def test_a_small_wave_is_sent_whole_medicines_first_at_the_channels_rate(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path, port=0)
    async with open_engines(settings) as engines:
        await engines.bus.declare(queues.topology(settings.partitions, NAMES))
        bench = Bench(engines, 80, rate=40.0)
        await bench.prepare()
        waves, took = await bench.wave()
        assert await bench.claims() > 0
    assert [one.batch.name for wave in waves for one in wave.served] == ["medicine", "walk"]
    assert bench.seen.sent == {"medicine": 40, "walk": 40}
    assert (bench.seen.before_walks, bench.seen.twice) == (40, 0)
    assert took >= waves[0].served[0].done - EIGHT - 1.5, "a second's worth may go at once"
    assert max(bench.seen.queued) <= 400
