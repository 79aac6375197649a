"""The same conversation on RabbitMQ, Redis and MongoDB, every role a process of its own."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from tests.e2e.service import Service
from tests.e2e.town import Town, town
from tests.servers.rabbitmq import RabbitmqServer
from tests.servers.redis import RedisServer

pytestmark = pytest.mark.services

ASHA, RAVI = "919876540001", "919876540002"
ROLES = {
    "ingress": ("ingress",),
    "worker": ("worker",),
    "agent": ("agent", "clinical_monitor"),
    "sender": ("sender",),
    "scheduler": ("scheduler",),
}


@asynccontextmanager
async def running(folder: Path, place: Town, urls: dict[str, object]) -> AsyncIterator[dict[str, Service]]:
    roles = {name: Service(folder, place.settings | urls, *words, name=name) for name, words in ROLES.items()}
    try:
        for service in roles.values():
            service.start()
        await asyncio.gather(*(asyncio.to_thread(service.wait_until_ready) for service in roles.values()))
        yield roles
    finally:
        await asyncio.gather(*(asyncio.to_thread(service.close) for service in roles.values()))


async def test_a_short_conversation_over_split_roles_on_real_engines(
    folder: Path,
    new_rabbitmq: Callable[[], RabbitmqServer],
    new_redis: Callable[[], RedisServer],
    mongodb_url: str,
    mongodb_database: str,
) -> None:
    rabbit, redis = await asyncio.to_thread(new_rabbitmq), await asyncio.to_thread(new_redis)
    urls: dict[str, object] = {
        "rabbitmq_url": rabbit.url,
        "redis_url": redis.url,
        "mongodb_url": mongodb_url,
        "mongodb_database": mongodb_database,
    }
    async with town([ASHA, RAVI]) as place:
        async with running(folder, place, urls) as roles:
            place.post_to(roles["ingress"])
            place.gateway.say(RAVI, "seene mein dard ho raha hai")
            await place.heard(RAVI, "112", seconds=2.0)
            await place.say(ASHA, "hi", "ProCare")
            await place.say(ASHA, "English", "Do you agree?")
            await place.say(ASHA, "I agree", "What may I call you?")
            await place.say(ASHA, "cancel", "left")
            await place.say(ASHA, "sugar 182 fasting", "Noted: 182 mg/dL")
        for service in roles.values():
            assert service.status == 0, f"{service.name}:\n{service.err[-2000:]}"
            assert ASHA not in service.err
            assert "wamid" not in service.err
    assert place.count(ASHA, "Noted: 182") == 1
    assert place.gateway.undelivered == 0
