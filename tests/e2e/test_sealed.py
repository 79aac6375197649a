"""After a day of traffic the engines, their files and our logs hold nothing of what people said and who they are."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import bson
import pytest
from pymongo import MongoClient
from redis import Redis

from bot.sealing.keyring import MAGIC
from tests.e2e.service import Service
from tests.e2e.town import Town, started, town
from tests.servers.mongod import MongodServer
from tests.servers.rabbitmq import RabbitmqServer
from tests.servers.redis import RedisServer
from tests.state.raw import everything

ASHA, RAVI = "919876540001", "919876540002"
HASHED = 12
"""Hex digits of a hash that are looked for."""
SAID = ("sugar 217 fasting", "I have a zebra-striped wound on my foot", "Qwertyamma", "सीने में दर्द हो रहा है", "bp 173/109")


async def day(place: Town) -> None:
    """Consent, a name, readings, free text, an emergency, a file: a bit of everything that is stored."""
    await place.say(ASHA, "hi", "ProCare")
    await place.say(ASHA, "English", "Do you agree?")
    await place.say(ASHA, "I agree", "What may I call you?")
    await place.say(ASHA, SAID[2], "born")
    await place.say(ASHA, "cancel", "left")
    await place.say(ASHA, SAID[0], "Noted: 217 mg/dL")
    place.gateway.say(RAVI, SAID[3])
    await place.heard(RAVI, "112")
    place.gateway.say(ASHA, SAID[1])
    place.gateway.say(RAVI, SAID[4])
    for person in (ASHA, RAVI):  # of RAVI, who has agreed to nothing, it is not kept
        place.gateway.attach(person, "image", caption="my report of the zebra")
    await place.say(ASHA, "menu", "What would you like to do?")


def traces() -> dict[str, bytes]:
    """Of what was said and of who said it, in the forms in which it could lie somewhere. Of the number also what is left of it in
    base64, wherever it begins in a group of three (WhatsApp's official ids hold it)."""
    found = {text: text.encode() for text in (*SAID, ASHA, RAVI, "zebra", "Asha", "Noted: 217", "mg/dL", "Do you agree")}
    for number in (ASHA, RAVI):
        for shift in range(3):
            found[f"base64 {shift} of {number}"] = base64.b64encode(b"\0" * shift + number.encode())[4:12]
    return found


def computed() -> dict[bytes, str]:
    """What anybody can work out of a number alone: how its hashes begin, in the spellings and under the names that we or WhatsApp
    use. Ten digits are soon tried, so that a hash of a number says the number."""
    sized = [lambda raw, size=size, make=make: make(raw, digest_size=size) for make in (hashlib.blake2s, hashlib.blake2b)
             for size in range(6, 33)]  # fmt: skip
    makers: list[Callable[[bytes], Any]] = [hashlib.md5, hashlib.sha1, hashlib.sha256, hashlib.sha512, hashlib.sha3_256, *sized]
    found: dict[bytes, str] = {}
    for number in (ASHA, RAVI):
        jid = f"{number}@s.whatsapp.net"
        for text in (number, f"+{number}", jid, *(f"{kind}:{one}" for kind in ("phone", "unverified") for one in (number, jid))):
            for count, make in enumerate(makers):
                found[make(text.encode()).hexdigest()[:HASHED].encode()] = f"hash {count} of {text}"
    return found


def seen(raw: bytes) -> list[str]:
    hashes = computed()
    runs = set(re.findall(rb"[0-9a-f]{%d,}" % HASHED, raw))
    parts = {run[place : place + HASHED] for run in runs for place in range(len(run) - HASHED + 1)}
    return [name for name, trace in traces().items() if trace in raw] + [hashes[one] for one in parts & hashes.keys()]


def files(folder: Path) -> bytes:
    """Every file: SQLite with its WAL, the append-only file, media, queues, logs."""
    return b"\n".join(path.read_bytes() for path in folder.rglob("*") if path.is_file() and not path.is_symlink())


async def test_the_embedded_form(folder: Path) -> None:
    async with town([ASHA, RAVI]) as place:
        service = Service(folder, place.settings, "serve")
        try:
            await started(service)
            place.post_to(service)
            await day(place)
        finally:
            await asyncio.to_thread(service.close)
    raw = files(folder)
    assert seen(raw) == []
    assert raw.count(MAGIC) > 50
    assert list((folder / "data/media/files").rglob("*"))


@pytest.fixture
def engines(
    new_redis: Callable[[], RedisServer],
    new_rabbitmq: Callable[[], RabbitmqServer],
    new_mongod: Callable[[], MongodServer],
    mongodb_url: str,
    mongodb_database: str,
) -> Iterator[tuple[dict[str, object], Callable[[], bytes]]]:
    """Settings, and all that the servers hold."""
    redis, rabbit = new_redis(), new_rabbitmq()

    def raw() -> bytes:
        with Redis.from_url(redis.url, protocol=2) as admin:
            found = [everything(admin)]
        with MongoClient[dict[str, Any]](mongodb_url) as admin_of_mongo:
            base = admin_of_mongo[mongodb_database]
            found += [bson.encode(one) for name in base.list_collection_names() for one in base[name].find()]
        return b"\n".join([*found, files(redis.folder), files(rabbit.folder)])

    named = {"redis_url": redis.url, "rabbitmq_url": rabbit.url, "mongodb_url": mongodb_url, "mongodb_database": mongodb_database}
    yield dict(named), raw
    redis.close()
    rabbit.close()


@pytest.mark.services
async def test_on_redis_rabbitmq_and_mongodb(folder: Path, engines: tuple[dict[str, object], Callable[[], bytes]]) -> None:
    settings, raw = engines
    async with town([ASHA, RAVI]) as place:
        service = Service(folder, place.settings | settings, "serve")
        try:
            await started(service)
            place.post_to(service)
            await day(place)
        finally:
            await asyncio.to_thread(service.close)
    found = await asyncio.to_thread(raw)
    assert seen(found + files(folder)) == []
    assert found.count(MAGIC) > 50
