"""Real engines with the accounts that ``deploy/accounts.py`` makes: whoever names none, or another's, gets nothing."""

from __future__ import annotations

import importlib.util
import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from types import ModuleType
from typing import Any

from pymongo import MongoClient

from config.settings import ROOT
from tests.servers.mongod import MongodServer
from tests.servers.process import ServerMissing, ServerProcess
from tests.servers.rabbitmq import RabbitmqServer
from tests.servers.redis import RedisServer


def accounts() -> ModuleType:
    """``deploy/accounts.py``, which is a script and not a module of the package."""
    spec = importlib.util.spec_from_file_location("deploy_accounts", ROOT / "deploy/accounts.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


class SecuredRedis(RedisServer):
    def __init__(self, acl: Path) -> None:
        super().__init__()
        self._acl = acl

    def command(self) -> list[str]:
        return [*super().command(), "--aclfile", str(self._acl)]


class SecuredMongod(MongodServer):
    """With a key file, as the compose file has it: members and people must name themselves."""

    def command(self) -> list[str]:
        key = self.folder / "keyfile"
        if not key.exists():
            key.write_text("a" * 64)
            key.chmod(0o400)
        return [*super().command(), "--keyFile", str(key)]

    def make(self, root: str, commands: list[dict[str, Any]]) -> None:
        with MongoClient[dict[str, Any]](f"mongodb://127.0.0.1:{self.port}/?directConnection=true") as client:
            client.admin.command({"createUser": "root", "pwd": root, "roles": ["root"]})
        address = f"mongodb://root:{root}@127.0.0.1:{self.port}/?directConnection=true"
        with MongoClient[dict[str, Any]](address) as client:
            for command in commands:
                client.admin.command(command)


@contextmanager
def secured(folder: Path, missing: Callable[[str], None]) -> Iterator[Mapping[str, Mapping[str, str]]]:
    """The files that the script writes, the engines that load them, and the addresses of each role."""
    made = accounts()
    made.write(folder, {"rabbitmq": "", "redis": "", "mongo": ""})
    words = json.loads((folder / "passwords.json").read_text())
    rabbit = RabbitmqServer(settings=f"load_definitions = {folder / 'rabbitmq.json'}\n")
    servers: list[ServerProcess] = [rabbit, SecuredRedis(folder / "redis.acl"), mongod := SecuredMongod()]
    with ExitStack() as stack:
        for server in servers:
            stack.callback(server.close)
            try:
                server.start()
            except ServerMissing as reason:
                missing(str(reason))
        mongod.make(words["mongo_root"], made.mongodb(words))
        hosts = {name: f"127.0.0.1:{server.port}" for name, server in zip(("rabbitmq", "redis", "mongo"), servers, strict=True)}
        yield made.addresses(words, hosts)
