"""A consumer in a process of its own, made to be killed: takes so many messages, says their ids, settles none."""

from __future__ import annotations

import asyncio
import sys

from tests.bus.engines import open_bus, take


async def main(url: str, prefix: str, queue: str, count: int) -> None:
    async with open_bus(url, prefix) as bus, bus.subscribe(queue, prefetch=count) as subscription:
        for delivery in await take(subscription, count):
            print(delivery.envelope.id, flush=True)
        await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], sys.argv[2], sys.argv[3], int(sys.argv[4])))
