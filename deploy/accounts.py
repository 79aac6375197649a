"""Make an account for each role at RabbitMQ, Redis and MongoDB, with the least that it needs: python3 deploy/accounts.py

Writes deploy/secrets/: what each engine loads, and each role's addresses, which it reads through its ``PROCARE_*_FILE`` settings.
Passwords that are there already are kept, so it can be run again after an upgrade. Keep a copy of the folder away from this
machine: without its master_key nobody can read what is stored. Python's standard library is enough.
"""

from __future__ import annotations

import argparse
import base64
import hashlib
import json
import secrets
from pathlib import Path
from typing import Any, NamedTuple

DATABASE = "procare"
NOTHING = "^$"
TO = r"^procare\.to$"
ALL_AGENTS = r"agent\.[a-z_]+"
FIND, ADD, CHANGE, REMOVE = "find", "insert", "update", "remove"
WRITE = (FIND, ADD, CHANGE)
READ_COMMANDS = "+get +hget +hgetall +hvals +zscore +exists +zrangebyscore"
HELD = "+wait +publish &pc:held"  # with replicas: ask whether they have what the server has (bot/adapters/redis/link.py)
SCRIPTS = "+eval +evalsha"  # what a script calls needs its own permission, and its keys must be the account's


class Role(NamedTuple):
    """``reads``: queues it consumes. ``writes``: queues it publishes to. ``redis``: key patterns and commands. ``mongo``: what it
    may do in which collection."""

    reads: str
    writes: str
    redis: str
    mongo: dict[str, tuple[str, ...]]
    makes: bool = False  # queues, collections and indexes
    copies: bool = False  # it reads every collection, and nothing of the queues but how much waits there


AGENT_DATA = {
    "journal": (FIND,), "heads": (FIND,), "records": (FIND, ADD), "readings": (FIND, ADD), "reading_ids": WRITE,
    "documents": WRITE,
}  # fmt: skip
HEARTBEAT = "~pc:m:* +zadd +zrem +zrangebyscore +zremrangebyscore +zrange +expire"
AGENT_REDIS = f"~pc:channels ~pc:$:* ~pc:{{*}}:$:* {READ_COMMANDS} +incrby +expire"
FORGETS = f"~pc:{{*}}:* ~pc:lid:* ~pc:k:* ~pc:w:* {SCRIPTS} +scan +del +zrevrange +hkeys +hdel +zrem"  # a person, in every key
ALL_REDIS = "~pc:* +@all -@admin -@dangerous -flushdb -flushall"
ALL_DATA = {
    name: (*WRITE, REMOVE)
    for name in (
        "journal", "heads", "records", "readings", "reading_ids", "documents", "deliveries", "links", "bundles", "publications",
        "about", "data_keys",
    )
} | {"audit": (FIND, ADD)}  # fmt: skip

ROLES: dict[str, Role] = {
    "ingress": Role(
        NOTHING, rf"turns\.\d+|gateway|records|{ALL_AGENTS}",
        f"%R~pc:lid:* %R~pc:channels %R~pc:{{*}}:seen %R~pc:{{*}}:d ~pc:{{*}}:a:* ~pc:{{b}}:* ~pc:{{*}}:b:* "
        f"{HEARTBEAT} {READ_COMMANDS} {SCRIPTS} +set +hmget",
        {"links": (FIND,), "bundles": (FIND,), "publications": (FIND,)},
    ),
    "worker": Role(
        r"turns\.\d+|records", rf"turns\.\d+|sends\.\d+|urgent\.\d+|{ALL_AGENTS}|records|parked",
        "~pc:{*}:s ~pc:{*}:seen %R~pc:{*}:q ~pc:{t*}:* ~pc:lid:* ~pc:channels ~pc:$:* ~pc:{*}:$:* "
        f"{HEARTBEAT} {READ_COMMANDS} {SCRIPTS} +set +getdel +hset +hdel +hmget +zremrangebyrank +incrby",
        {
            "journal": (FIND, ADD), "heads": WRITE, "records": WRITE, "readings": (FIND, CHANGE), "deliveries": WRITE,
            "links": (*WRITE, REMOVE), "documents": WRITE, "bundles": WRITE, "publications": (FIND,),
        },
    ),
    "agent": Role(ALL_AGENTS, rf"turns\.\d+|{ALL_AGENTS}|records|parked", AGENT_REDIS, AGENT_DATA),
    "eraser": Role(
        r"agent\.engagement_engine|parked", rf"turns\.\d+|{ALL_AGENTS}|records|parked", f"{AGENT_REDIS} {FORGETS}",
        {name: (*actions, REMOVE) for name, actions in AGENT_DATA.items()}
        | {
            "readings": (FIND, ADD, CHANGE, REMOVE), "deliveries": (FIND, REMOVE), "links": (FIND, REMOVE), "audit": (FIND, ADD),
        },
    ),
    "sender": Role(
        r"sends\.\d+|urgent\.\d+|gateway", r"turns\.\d+|sends\.\d+|agent\.clinical_monitor|records|parked",
        "~pc:{*}:d %R~pc:{*}:a:* ~pc:{*}:q ~pc:{*}:n ~pc:k:* ~pc:w:* ~pc:channels ~pc:cost:* "
        f"{HEARTBEAT} {READ_COMMANDS} {SCRIPTS} +incrby +set +hset +hdel +hexists +hlen +hmget",
        {"deliveries": WRITE, "records": (FIND, ADD), "documents": WRITE},
    ),
    "scheduler": Role(
        "parked", rf"turns\.\d+|{ALL_AGENTS}|records",
        f"~pc:{{t*}}:* ~pc:intact ~pc:channels %R~pc:backup %R~pc:{{*}}:s {READ_COMMANDS} {SCRIPTS} "
        "+scan +set +hset +hdel +zadd +zrem +zrange",
        {
            "journal": (FIND, REMOVE), "heads": (FIND,), "records": (FIND, REMOVE), "deliveries": (FIND, REMOVE),
            "documents": (FIND,), "bundles": (FIND, REMOVE), "publications": (FIND,), "about": WRITE, "data_keys": (FIND, ADD),
        },
        makes=True,
    ),
    "operator": Role("parked", ".*", ALL_REDIS, ALL_DATA),
    "backup": Role(NOTHING, NOTHING, "%R~pc:* ~pc:backup +scan +pttl +dump +set", {}, copies=True),
    "restore": Role("parked", "parked", f"{ALL_REDIS} +restore", ALL_DATA, makes=True),
}  # fmt: skip
"""``eraser`` is the engagement engine's: it erases people and makes their copies. ``operator`` is for the command line.
``backup`` copies what is sealed and has no key to open it; ``restore`` puts it back."""


OTHERS = (
    "mongo_root", "minio_root", "s3_secret_key", "grafana", "webhook_token", "evolution_api_key", "staff_key", "restic_password",
)  # fmt: skip
"""Further secrets, each a file of its own."""


def passwords(kept: dict[str, str]) -> dict[str, str]:
    """One for each role, and the engines' own; letters and digits only, because they stand in addresses."""
    names = [*ROLES, *OTHERS, "postgres"]
    made = {name: kept.get(name) or secrets.token_hex(24) for name in names}
    made["master_key"] = kept.get("master_key") or base64.b64encode(secrets.token_bytes(32)).decode()
    return made


def rabbitmq(words: dict[str, str]) -> dict[str, Any]:
    """Definitions that RabbitMQ loads at its start. Who may write to which queue is a matter of topic permissions."""
    own = r"^procare\."
    permissions, topics = [], []
    for name, role in ROLES.items():
        reads = rf"^procare\.({role.reads})$" if role.reads != NOTHING else NOTHING
        write = NOTHING if role.copies else TO
        configure, write, read = (own, rf"{own}|^amq\.default$", own) if role.makes else (NOTHING, write, reads)
        permissions.append({"user": name, "vhost": "/", "configure": configure, "write": write, "read": read})
        keys = rf"^procare\.({role.writes})$" if role.writes != NOTHING else NOTHING
        topics.append({"user": name, "vhost": "/", "exchange": "procare.to", "write": keys, "read": own})
    users = [
        {"name": name, "password_hash": hashed(words[name]), "hashing_algorithm": "rabbit_password_hashing_sha256", "tags": []}
        for name in ROLES
    ]
    return {"vhosts": [{"name": "/"}], "users": users, "permissions": permissions, "topic_permissions": topics}


def hashed(password: str) -> str:
    salt = secrets.token_bytes(4)
    return base64.b64encode(salt + hashlib.sha256(salt + password.encode()).digest()).decode()


def redis(words: dict[str, str]) -> str:
    """An ACL file. Who names no account may say PING and nothing else: health checks do."""
    lines = ["user default on nopass resetkeys resetchannels -@all +ping"]
    for name, role in ROLES.items():
        digest = hashlib.sha256(words[name].encode()).hexdigest()
        rules = f"resetkeys resetchannels -@all +ping +select +hello +auth +cluster|info {HELD} {role.redis}"
        lines.append(f"user {name} on #{digest} {rules}")
    return "\n".join(lines) + "\n"


def mongodb(words: dict[str, str], database: str = DATABASE) -> list[dict[str, Any]]:
    """Commands for the database ``admin``, each with how to change what is there already."""
    commands: list[dict[str, Any]] = []
    for name, role in ROLES.items():
        privileges = [
            {"resource": {"db": database, "collection": collection}, "actions": sorted(set(actions))}
            for collection, actions in ({"about": (FIND,), "data_keys": (FIND,)} | role.mongo).items()
        ]
        if role.makes:
            makes = ["createCollection", "createIndex", "listCollections", "listIndexes"]
            privileges.append({"resource": {"db": database, "collection": ""}, "actions": makes})
        if role.copies:
            privileges = [{"resource": {"db": database, "collection": ""}, "actions": [FIND, "listCollections"]}]
        one = f"procare_{name}"
        commands.append({"createRole": one, "privileges": privileges, "roles": []})
        commands.append({"createUser": name, "pwd": words[name], "roles": [{"role": one, "db": "admin"}]})
    return commands


def mongo_script(commands: list[dict[str, Any]]) -> str:
    lines = ["const admin = db.getSiblingDB('admin');", "function make(one) {", "  const made = admin.runCommand(one);"]
    lines.append("  if (made.ok || made.code !== 51002 && made.code !== 51003) return made.ok || print(made.errmsg);")
    lines.append("  const {createRole, createUser, ...rest} = one;  // it is there already: bring it up to date")
    lines.append("  admin.runCommand(createRole ? {updateRole: createRole, ...rest} : {updateUser: createUser, ...rest});")
    return "\n".join([*lines, "}", *(f"make({json.dumps(one)});" for one in commands)]) + "\n"


def addresses(words: dict[str, str], hosts: dict[str, str]) -> dict[str, dict[str, str]]:
    """Of each role: the name of a setting -> its value. ``hosts`` are host:port of the three engines."""
    return {
        name: {
            "rabbitmq_url": f"amqp://{name}:{words[name]}@{hosts['rabbitmq']}/",
            "redis_url": f"redis://{name}:{words[name]}@{hosts['redis']}/0",
            "mongodb_url": f"mongodb://{name}:{words[name]}@{hosts['mongo']}/?replicaSet=rs0&authSource=admin",
        }
        for name in ROLES
    }


def evolution(words: dict[str, str]) -> str:
    """Evolution reads its secrets from the environment only."""
    database = f"postgresql://evolution:{words['postgres']}@postgres:5432/evolution"
    return f"AUTHENTICATION_API_KEY={words['evolution_api_key']}\nDATABASE_CONNECTION_URI={database}\n"


FURTHER = """# Settings of the README's table that deploy/.env does not name, a line each, for every role: PROCARE_SEND_RATE=1
# This file is yours: the script made it and does not touch it again.
"""


def write(folder: Path, hosts: dict[str, str]) -> None:
    """Files may be read inside a container by whoever runs there; on this machine only whom ``folder`` (0700) lets in."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    folder.chmod(0o700)
    kept = folder / "passwords.json"
    words = passwords(json.loads(kept.read_text()) if kept.exists() else {})
    files = {"passwords.json": json.dumps(words, indent=1), "rabbitmq.json": json.dumps(rabbitmq(words), indent=1)}
    files |= {"redis.acl": redis(words), "mongo.js": mongo_script(mongodb(words))}
    files |= {name: words[name] for name in (*OTHERS, "postgres", "master_key")} | {"evolution.env": evolution(words)}
    for role, settings in addresses(words, hosts).items():
        files |= {f"{role}_{name}": value for name, value in settings.items()}
    for name, text in files.items():
        path = folder / name
        path.touch(mode=0o600)
        path.chmod(0o600)
        path.write_text(text)  # in place: a running container goes on seeing the file that it was given, not the name
        path.chmod(0o600 if name == "passwords.json" else 0o444)
    further = folder / "procare.env"
    if not further.exists():
        further.touch(mode=0o600)
        further.write_text(FURTHER)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--folder", type=Path, default=Path(__file__).parent / "secrets")
    for engine, host in (("rabbitmq", "rabbitmq:5672"), ("redis", "redis:6379"), ("mongo", "mongo:27017")):
        parser.add_argument(f"--{engine}", default=host, help="host:port as the roles reach it")
    asked = parser.parse_args()
    write(asked.folder, {"rabbitmq": asked.rabbitmq, "redis": asked.redis, "mongo": asked.mongo})
