"""Webhook in -> the person's partition, confirmed -> 200."""

from __future__ import annotations

import asyncio

import uvloop
from aiohttp import web
from msgspec import Struct
from msgspec.json import Decoder

from bench.floor.broker import Publisher, connect, declare
from bench.floor.setting import partition_of, sends, setting, turns


class Key(Struct, rename="camel"):
    id: str
    remote_jid: str


class Data(Struct):
    key: Key


class Webhook(Struct):
    data: Data


async def main() -> None:
    s = setting()
    connection = await connect(s.rabbitmq)
    await declare(connection, [name(p) for name in (turns, sends) for p in range(s.partitions)])
    publisher = await Publisher.open(connection)
    decoder = Decoder(Webhook)

    async def webhook(request: web.Request) -> web.Response:
        body = await request.read()
        number = decoder.decode(body).data.key.remote_jid.partition("@")[0]
        await publisher.publish(turns(partition_of(number, s.partitions)), body)
        return web.Response()

    app = web.Application()
    app.router.add_post("/webhooks/evolution", webhook)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", s.port, backlog=1024).start()
    print("ready", flush=True)
    await asyncio.Event().wait()


if __name__ == "__main__":
    uvloop.run(main())
