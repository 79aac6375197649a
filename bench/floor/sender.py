"""Reply -> claim -> POST to the gateway -> mark as sent -> delivery record, batched -> acknowledge many."""

from __future__ import annotations

import asyncio
import time

import aiohttp
import uvloop
from msgspec import Struct
from msgspec.json import Decoder, encode

from bench.floor.batch import Batch
from bench.floor.broker import connect, consume
from bench.floor.redis import Redis
from bench.floor.setting import sends, setting
from bench.floor.worker import Reply


class AnswerKey(Struct):
    id: str


class Answer(Struct):
    key: AnswerKey


async def main() -> None:
    s = setting()
    connection = await connect(s.rabbitmq)
    redis = await Redis.open(s.redis)
    records = Batch(s.mongodb, s.database, "deliveries")
    replies, answers = Decoder(Reply), Decoder(Answer)
    http = aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=64), cookie_jar=aiohttp.DummyCookieJar())
    headers = {"apikey": "floor", "content-type": "application/json"}

    async def handle(body: bytes) -> None:
        reply = replies.decode(body)
        key = f"floor:sent:{reply.number}"
        if not await redis.call("HSETNX", key, reply.id, "c"):
            return
        content = encode({"number": reply.number, "text": reply.text})
        async with http.post(f"{s.gateway}/message/sendText/bench", data=content, headers=headers) as response:
            gateway_id = answers.decode(await response.read()).key.id
            assert response.status == 201
        await redis.call("HSET", key, reply.id, gateway_id)
        await records.add({"id": reply.id, "person": reply.number, "state": "sent", "at": time.time(), "gateway_id": gateway_id})

    writer = asyncio.create_task(records.run())
    for partition in range(s.partitions):
        await consume(connection, sends(partition), s.slots, handle)
    print("ready", flush=True)
    await writer


if __name__ == "__main__":
    uvloop.run(main())
