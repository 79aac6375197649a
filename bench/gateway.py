"""A fake gateway in its own process: accepts every send, and tells the load generator when each arrived.

``python -m bench.gateway PORT TELL_PORT``: HTTP on PORT; whoever connects to TELL_PORT gets a line ``number time`` for each
message, in the order of arrival (``time``: Unix seconds).
"""

from __future__ import annotations

import asyncio
import itertools
import secrets
import sys
import time

import uvloop
from msgspec import Struct
from msgspec.json import Decoder, encode

from bench.wire import Served


class Send(Struct):
    number: str


def response(status: bytes, body: bytes) -> bytes:
    head = b"HTTP/1.1 %b\r\nContent-Type: application/json; charset=utf-8\r\nContent-Length: %d\r\n\r\n" % (status, len(body))
    return head + body


class Gateway:
    def __init__(self) -> None:
        self._listeners: set[asyncio.StreamWriter] = set()
        self._decoder = Decoder(Send)
        self._run, self._count = secrets.token_hex(6).upper(), itertools.count()

    def answer(self, path: bytes, body: bytes) -> bytes:
        arrived = time.time()
        if path.startswith(b"/message/send"):
            number = self._decoder.decode(body).number
            line = f"{number} {arrived!r}\n".encode()
            for listener in self._listeners:
                listener.write(line)
            return response(b"201 Created", self._sent(number))
        if path.startswith(b"/chat/findMessages"):
            return response(b"200 OK", b'{"messages":{"total":0,"pages":0,"currentPage":1,"records":[]}}')
        return response(b"200 OK", b'{"instance":{"instanceName":"bench","state":"open"}}')

    def _sent(self, number: str) -> bytes:
        key = {"fromMe": True, "id": f"wamid.{self._run}{next(self._count):012d}", "remoteJid": f"{number}@s.whatsapp.net"}
        return encode({"key": key, "messageType": "conversation", "status": "PENDING", "source": "unknown"})

    async def listen(self, _: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._listeners.add(writer)


async def main() -> None:
    port, tell_port = int(sys.argv[1]), int(sys.argv[2])
    gateway = Gateway()
    loop = asyncio.get_running_loop()
    await loop.create_server(lambda: Served(gateway.answer), "127.0.0.1", port, backlog=512)
    await asyncio.start_server(gateway.listen, "127.0.0.1", tell_port)
    print("ready", flush=True)
    await asyncio.Event().wait()


if __name__ == "__main__":
    uvloop.run(main())
