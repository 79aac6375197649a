"""Webhooks that are lost while the bot is up and while it restarts: nothing that people wrote is lost, nothing is doubled."""

from __future__ import annotations

import asyncio
import time
from pathlib import Path

import httpx

from tests.e2e.service import Service, run
from tests.e2e.town import TOKEN, started, town
from webhooks.app import PATH

ASHA, RAVI, MEENA = "919876550001", "919876550002", "919876550003"
HOUR = 3600.0


async def test_lost_webhooks_are_caught_up_after_a_reconnect_and_after_a_restart_once_each(folder: Path) -> None:
    async with town([ASHA, RAVI, MEENA]) as place:
        service = Service(folder, place.settings, "serve")
        place.post_to(service)
        try:
            await started(service)
            await place.say(ASHA, "hi", "ProCare")
            await place.say(ASHA, "English", "Do you agree?")
            await place.say(ASHA, "I agree", "What may I call you?")
            await place.say(ASHA, "cancel", "left")
            await place.say(ASHA, "sugar 141 fasting", "Noted: 141 mg/dL")

            place.gateway.faults.add("lost", count=2)
            place.gateway.say(ASHA, "sugar 182 fasting", at=time.time() - 200)
            place.gateway.say(RAVI, "seene mein dard ho raha hai", at=time.time() - 3 * HOUR)
            await _reconnects(service)
            await place.heard(ASHA, "Noted: 182 mg/dL")
            await place.heard(RAVI, "112")

            place.gateway.faults.add("lost", count=2)
            place.gateway.say(MEENA, "chest pain", at=time.time() - 7 * HOUR)
            place.gateway.say(ASHA, "sugar 163 fasting", at=time.time() - 150)
            await asyncio.to_thread(service.kill)
            await started(service)
            await place.heard(ASHA, "Noted: 163 mg/dL")
            await place.heard(MEENA, "112")
            assert await _metric(service, 'procare_missed_messages_total{outcome="caught_up"}') == "2.0"
            # The whole history once more: whatever is doubled would be doubled by this.
            before = len(place.gateway.ledger.of(ASHA))
            await _read_again(service)
            await place.say(ASHA, "sugar 154 fasting", "Noted: 154 mg/dL")
            assert len(place.gateway.ledger.of(ASHA)) - before == 1, [one.text for one in place.gateway.ledger.all()]
        finally:
            await asyncio.to_thread(service.close)
    for value in (141, 182, 163, 154):
        assert place.count(ASHA, f"Noted: {value}") == 1
    for number in (RAVI, MEENA):
        texts = [one.text for one in place.gateway.ledger.of(number)]
        assert "112" in texts[0]
        assert ("You wrote this" in texts[0]) is (number == MEENA)
        assert len(texts) == len(set(texts)), texts
    assert ASHA not in service.err


async def test_the_gateways_history_brings_nobody_back_who_was_erased(folder: Path) -> None:
    async with town([ASHA]) as place:
        service = Service(folder, place.settings, "serve")
        place.post_to(service)
        try:
            await started(service)
            for text, part in (("hi", "ProCare"), ("English", "Do you agree?"), ("I agree", "What may I call you?")):
                place.gateway.say(ASHA, text, at=time.time() - 200)  # old enough for the detector to look at
                await place.heard(ASHA, part)
            settings = {"data_dir": service.settings["data_dir"]}
            done = await asyncio.to_thread(run, folder, settings, "erase", f"+{ASHA}", "--reason", "asked", "--yes")
            assert done.returncode == 0, done.stderr
            await _read_again(service)
            assert await _metric(service, 'procare_missed_messages_total{outcome="caught_up"}') in ("", "0.0")
            proved = await asyncio.to_thread(run, folder, settings, "erase", f"+{ASHA}", "--verify")
            assert proved.returncode == 0, proved.stdout
        finally:
            await asyncio.to_thread(service.close)


async def _reconnects(service: Service) -> None:
    """The gateway says that the instance is open again."""
    body = {"event": "connection.update", "instance": "procare", "data": {"instance": "procare", "state": "open"}}
    async with httpx.AsyncClient(timeout=60.0) as client:
        answer = await client.post(service.url + PATH, json=body, headers={"X-Webhook-Token": TOKEN})
    assert answer.status_code == 200


async def _metric(service: Service, name: str) -> str:
    async with httpx.AsyncClient(timeout=60.0) as client:
        lines = (await client.get(f"{service.url}/metrics")).text.splitlines()
    return next((line.rpartition(" ")[2] for line in lines if line.startswith(name)), "")


async def _read_again(service: Service) -> None:
    """Let the gateway reconnect, and wait until the history was read to its end once more."""
    name = 'procare_history_read_time{instance="procare"}'
    before = await _metric(service, name)  # first: the reading may be over before we look
    await _reconnects(service)
    async with asyncio.timeout(60):
        while await _metric(service, name) == before:  # noqa: ASYNC110 - another process: there is no event to wait for
            await asyncio.sleep(0.05)
