"""The whole service with a model behind it: ``procare serve``, a patient on the chat page, a local OpenRouter."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, closing
from pathlib import Path
from typing import Any

from config.settings import Settings
from tests.e2e.conftest import TOKEN
from tests.e2e.page import Page, Patient
from tests.e2e.service import Service
from tests.llm.lookalike import OpenRouter, says
from tests.llm.opened import pointing_at

SKIPS = 5  # questions of the profile
NOT_READ = "blorp zindle quux frob"


def onboard(asha: Patient) -> None:
    asha.say("hi")
    asha.tap("English")
    asha.tap("I agree")
    for _ in range(SKIPS):
        asha.post({"text": "skip"})
    asha.wait_for("your care team sees what you send")


@asynccontextmanager
async def serving(folder: Path) -> AsyncIterator[tuple[OpenRouter, Callable[[Callable[[Page], Any]], Any]]]:
    router = OpenRouter()
    async with router.listening() as url:
        pointed = pointing_at(url, Settings(data_dir=folder), folder, patience=4.0)
        given = {"webhook_token": TOKEN, "llm_tasks": "all", "llm_api_key": "sk", "llm_file": pointed.llm_file}
        service = Service(folder / "work", given, "serve")
        await asyncio.to_thread(service.start)
        try:
            await asyncio.to_thread(service.wait_until_ready)
            with closing(Page(service.url)) as page:

                async def play(act: Callable[[Page], Any]) -> Any:
                    return await asyncio.to_thread(act, page)

                yield router, play
        finally:
            await asyncio.to_thread(service.close)


async def test_a_patient_is_answered_in_time_whatever_the_model_does_and_helped_when_it_helps(tmp_path: Path) -> None:
    async with serving(tmp_path) as (router, play):
        asha: Patient = await play(lambda page: page.new_patient("Asha", "919876520901"))
        await play(lambda page: onboard(asha))
        await play(lambda page: asha.tap("Done"))

        assert "did not understand" in await play(lambda page: asha.say(NOT_READ))
        assert router.requests == [], "no AI help was agreed to"

        await play(lambda page: asha.say("my consent"))
        await play(lambda page: asha.tap("AI help"))
        await play(lambda page: asha.tap("Done"))

        router.always = "hang"
        assert "did not understand" in await play(lambda page: asha.say(NOT_READ))
        assert len(router.requests) == 1

        router.always = says({"urgency": "none", "intent": "help"})
        assert "did not understand" not in await play(lambda page: asha.say(NOT_READ))

        router.always = says({"text": "my sugar is 182 fasting", "legible": True})
        await play(lambda page: asha.post({"attach": "audio"}))
        assert "Is 182 mg/dL right?" in await play(lambda page: asha.wait_for("182"))
        assert "182 mg/dL" in await play(lambda page: asha.tap("Yes, that is right"))

        meter = {"kind": "meter", "measure": "weight", "value": 70, "second": None, "unit": "kg", "foods": []}
        router.always = says(meter)
        await play(lambda page: asha.post({"attach": "image"}))
        assert "70" in await play(lambda page: asha.wait_for("70"))

        router.always = says({"urgency": "none", "intent": "none"})
        assert "112" in await play(lambda page: asha.say("seene mein dard ho raha hai"))
