"""Load -> compare and save -> reply to the bus, confirmed -> journal, batched -> acknowledge many."""

from __future__ import annotations

import asyncio
import time
from typing import Any

import msgspec
import uvloop
from msgspec.json import Decoder

from bench.floor.batch import Batch
from bench.floor.broker import Publisher, connect, consume
from bench.floor.ingress import Webhook
from bench.floor.redis import Redis
from bench.floor.setting import partition_of, sends, setting, turns

SAVE = """
if tonumber(redis.call('HGET', KEYS[1], 'v') or '0') ~= tonumber(ARGV[1]) - 1 then return 0 end
redis.call('HSET', KEYS[1], 'v', ARGV[1], 'd', ARGV[2], 'o', ARGV[3])
return 1
"""
SESSION: dict[str, Any] = {"version": 0, "kept": [{"step": f"step-{i}", "text": "x" * 60} for i in range(12)]}
"""About 1.2 KB as JSON, like a real one."""
REPLY = "I am ProCare, an automated assistant, not a doctor. " * 8


class Reply(msgspec.Struct):
    id: str
    number: str
    text: str
    at: float


async def main() -> None:
    s = setting()
    connection = await connect(s.rabbitmq)
    publisher = await Publisher.open(connection)
    redis = await Redis.open(s.redis)
    sha = await redis.call("SCRIPT", "LOAD", SAVE)
    journal = Batch(s.mongodb, s.database, "journal")
    decoder = Decoder(Webhook)
    encode = msgspec.json.Encoder().encode

    async def handle(body: bytes) -> None:
        key = decoder.decode(body).data.key
        number = key.remote_jid.partition("@")[0]
        reply = encode(Reply(key.id, number, REPLY, time.time()))
        saved = 0
        while not saved:
            version, raw = await redis.call("HMGET", f"floor:{number}", "v", "d")
            session = msgspec.json.decode(raw) if raw else dict(SESSION)
            session["version"] = int(version or 0) + 1
            raw = encode(session)
            saved = await redis.call("EVALSHA", sha, 1, f"floor:{number}", session["version"], raw, reply)
        await publisher.publish(sends(partition_of(number, s.partitions)), reply)
        document = {
            "person": number,
            "input_id": key.id,
            "version": session["version"],
            "at": time.time(),
            "session": raw.decode(),
        }
        await asyncio.gather(journal.add(document), redis.call("HDEL", f"floor:{number}", "o"))

    writer = asyncio.create_task(journal.run())
    for partition in range(s.partitions):
        await consume(connection, turns(partition), s.slots, handle)
    print("ready", flush=True)
    await writer


if __name__ == "__main__":
    uvloop.run(main())
