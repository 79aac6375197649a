"""An object store for tests: moto's server, a look-alike of S3."""

from __future__ import annotations

import sys
from pathlib import Path

import httpx

from bot.adapters.media.signing import Key, signed
from tests.servers.process import ServerProcess

KEY = Key("access", "secret")


class S3Server(ServerProcess):
    """Each test makes a bucket of its own."""

    name = "s3"

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def command(self) -> list[str]:
        return [str(Path(sys.executable).with_name("moto_server")), "-H", "127.0.0.1", "-p", str(self.port)]

    def answers(self) -> bool:
        try:
            return httpx.get(self.url, timeout=2.0).status_code < 500
        except httpx.TransportError:
            return False

    def make_bucket(self, name: str) -> str:
        with httpx.Client(timeout=60.0) as client:
            client.send(signed(KEY, "PUT", self.url, f"/{name}", {}, b"", now=1_800_000_000)).raise_for_status()
        return f"{self.url}/{name}"
