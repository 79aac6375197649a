"""One use of a model: private, bounded in time and money, in form, written down; and whatever goes wrong is None."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any

import httpx
import pytest

from agents.llm.asking import File
from agents.llm.config import LlmConfig, Provider
from agents.llm.failures import ModelFailed
from agents.llm.gateway import OPEN_SECONDS, SHUT_SECONDS, THRESHOLD
from agents.llm.http import HttpProvider
from agents.llm.specialists import LocalProvider
from bot.ports.advice import Portion
from tests.llm.lookalike import OpenRouter, error, says
from tests.llm.made import Desk, Scripted, config
from tests.runtime.parts import ASHA, RAVI

GOOD = {"urgency": "none", "intent": "log_meal"}
INTENTS = ("log_meal", "log_activity")


@asynccontextmanager
async def routed(settings: LlmConfig | None = None, *, kind: str = "openrouter") -> AsyncIterator[tuple[OpenRouter, Desk]]:
    router = OpenRouter()
    async with router.listening() as url, httpx.AsyncClient(timeout=60.0) as client:
        provider = Provider.model_validate({"kind": kind, "url": url, "only": ["safe-provider"]})
        yield router, Desk(HttpProvider(provider, "key", client), settings)


async def opinion(desk: Desk, message: str = "i had 2 idlis, call me 9812345678", cause: str = "in:1") -> Any:
    return await desk.uses.opinion(ASHA, cause, message, INTENTS, names=["Asha"])


async def test_a_good_answer_is_used_and_written_down_without_a_word_of_it() -> None:
    async with routed() as (router, desk):
        router.always = says(GOOD, cost=0.0002)
        form = await opinion(desk)
    assert (form.urgency, form.intent) == ("none", "log_meal")
    (use,) = desk.ledger.uses
    assert (use.outcome, use.task, use.by, use.model, use.cost, use.tokens) == (
        "used", "second_opinion", "big", "small/one", 0.0002, 50,
    )  # fmt: skip
    assert use.mark.startswith("second_opinion@1:")
    assert "idli" not in repr(use)
    assert desk.purse.own == {(ASHA, "2026-11-24"): 200}


async def test_what_leaves_us_is_redacted_private_and_strict() -> None:
    async with routed() as (router, desk):
        router.always = says(GOOD)
        await opinion(desk, "Asha here: 9812345678, asha@okaxis")
    (request,) = router.requests
    assert router.keys == ["Bearer key"]
    assert request["provider"] == {
        "zdr": True, "data_collection": "deny", "require_parameters": True, "allow_fallbacks": True, "only": ["safe-provider"],
    }  # fmt: skip
    assert request["models"] == ["small/one", "other/two"]
    assert request["response_format"]["json_schema"]["strict"] is True
    assert request["response_format"]["json_schema"]["schema"]["additionalProperties"] is False
    user = json.loads(request["messages"][1]["content"])
    assert user == {"given": {"intents": sorted(INTENTS)}, "data": {"message": "[[NAME_1]] here: [[NUMBER_1]], [[UPI_1]]"}}
    assert not any(word in json.dumps(request) for word in ("9812345678", "okaxis", "Asha", ASHA))


@pytest.mark.parametrize(
    ("act", "outcome"),
    [
        ((500, b"oops"), "down"),
        ((502, error(502)), "down"),
        ((503, error(503)), "no_provider"),
        ((404, error(404)), "no_provider"),
        ((408, error(408)), "timeout"),
        ((429, error(429)), "busy"),
        ((402, error(402)), "credits"),
        ((401, error(401)), "key"),
        ((403, error(403, "flagged by moderation")), "moderated"),
        ((403, error(403, "Key limit exceeded")), "key"),
        ((400, error(400)), "bad_request"),
        ((200, error(402)), "credits"),
        ((200, error(429)), "busy"),
        ((200, error("server_error")), "down"),
        ((200, {"choices": [{"finish_reason": "error", "message": {"content": "x"}}]}), "down"),
        ((200, {"choices": [{"error": {"code": 503}, "finish_reason": None}]}), "no_provider"),
        (says(GOOD, finish="content_filter"), "moderated"),
        (says(GOOD, finish="length"), "malformed"),
        (says(""), "malformed"),
        ((200, {"choices": []}), "down"),
        ((200, b"<html>"), "malformed"),
        ((200, b"[" * 100_000), "malformed"),
        ((200, b"x" * 300_000), "malformed"),
        (says("I would say it is a meal."), "malformed"),
        (says(GOOD | {"more": 1}), "malformed"),
        (says({"urgency": "emergency", "intent": "log_meal"}), "malformed"),
        (says({"urgency": "none", "intent": "delete_data"}), "refused"),
        ("cut", "down"),
        ("hang", "timeout"),
    ],
)
async def test_whatever_goes_wrong_is_no_answer_and_has_its_name(act: Any, outcome: str) -> None:
    async with routed(config(seconds=0.6) if act == "hang" else None) as (router, desk):
        router.always = act
        assert await opinion(desk) is None
    assert desk.ledger.outcomes == [outcome]


async def test_the_deadline_is_kept_whatever_the_model_does() -> None:
    async with routed(config(seconds=0.2)) as (router, desk):
        router.always = "hang"
        async with asyncio.timeout(60):  # the model never answers
            assert await opinion(desk) is None


async def test_an_answer_of_another_form_is_repaired_once() -> None:
    async with routed() as (router, desk):
        router.script += [says("```json\n{}\n```"), says(GOOD)]
        assert (await opinion(desk)).intent == "log_meal"
        again = router.requests[1]["messages"]
        router.script += [says("{"), says("{"), says(GOOD)]
        assert await opinion(desk) is None
    assert "urgency: missing" in again[1]["content"]
    assert [len(one["messages"]) for one in router.requests] == [2, 2, 2, 2]
    assert [(use.outcome, use.repaired) for use in desk.ledger.uses] == [("used", True), ("malformed", True)]
    assert desk.ledger.uses[0].cost == pytest.approx(0.0002)


async def test_no_second_answer_is_waited_for_that_could_not_come_in_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("agents.llm.gateway.LEAST_FOR_REPAIR", 90.0)
    desk = Desk(model := Scripted("I would say it is a meal."))
    assert await opinion(desk) is None
    assert (len(model.calls), desk.ledger.outcomes) == (1, ["malformed"])


async def test_a_fence_round_good_json_is_no_reason_to_ask_again() -> None:
    async with routed() as (router, desk):
        router.always = says("```json\n" + json.dumps(GOOD) + "\n```")
        assert (await opinion(desk)).intent == "log_meal"
        assert len(router.requests) == 1


async def test_after_failures_in_a_row_nobody_is_asked_for_a_while(monkeypatch: pytest.MonkeyPatch) -> None:
    async with routed() as (router, desk):
        router.always = (500, b"")
        for _ in range(THRESHOLD + 2):
            await opinion(desk)
        assert desk.ledger.outcomes == ["down"] * THRESHOLD + ["circuit_open"] * 2
        assert len(router.requests) == THRESHOLD
    assert OPEN_SECONDS > 0


async def test_time_outs_of_our_own_open_the_circuit_too() -> None:
    async with routed(config(seconds=0.05)) as (router, desk):
        router.always = "hang"
        for _ in range(THRESHOLD + 1):
            await opinion(desk)
    assert desk.ledger.outcomes == ["timeout"] * THRESHOLD + ["circuit_open"]


async def test_what_is_wrong_with_one_question_opens_nothing() -> None:
    async with routed() as (router, desk):
        router.always = (403, error(403, "moderation"))
        for _ in range(THRESHOLD + 2):
            await opinion(desk)
        router.always = says(GOOD)
        assert await opinion(desk) is not None


@pytest.mark.parametrize("status", [401, 402])
async def test_a_refused_key_or_spent_credits_shut_at_once_until_somebody_had_time_to_act(status: int) -> None:
    async with routed() as (router, desk):
        router.script += [(status, error(status))]
        router.always = says(GOOD)
        assert await opinion(desk) is None
        assert await opinion(desk) is None
        assert len(router.requests) == 1
        desk.now += SHUT_SECONDS + 1
        assert await opinion(desk) is not None


async def test_a_busy_provider_says_how_long_to_wait() -> None:
    async with routed() as (router, desk):
        router.script += [(429, error(429), {"Retry-After": "20"})]
        router.always = says(GOOD)
        await opinion(desk)
        await opinion(desk)
        assert desk.ledger.outcomes == ["busy", "shut"]
        desk.now += 21
        assert await opinion(desk) is not None


async def test_a_person_and_all_together_have_a_budget_a_day() -> None:
    desk = Desk(Scripted(GOOD), config(person=0.0101))
    assert await opinion(desk) is not None
    desk.purse.own[ASHA, "2026-11-24"] = 9_000
    assert await opinion(desk) is None
    assert await desk.uses.opinion(RAVI, "in:2", "x", INTENTS) is not None
    desk.now += 86_400
    assert await opinion(desk) is not None
    assert desk.ledger.outcomes == ["used", "over_budget", "used", "used"]
    full = Desk(Scripted(GOOD), config(everybody=0.005))
    assert await opinion(full) is None


async def test_many_at_once_never_spend_more_than_there_is() -> None:
    desk = Desk(Scripted(GOOD), config(person=0.055))
    await asyncio.gather(*[opinion(desk) for _ in range(50)])
    assert desk.ledger.outcomes.count("used") >= 5
    assert sum(desk.purse.own.values()) <= 55_000


async def test_a_cost_that_was_not_told_counts_as_the_worst() -> None:
    async with routed() as (router, desk):
        router.always = says(GOOD, cost=None)
        await opinion(desk)
    assert desk.purse.own == {(ASHA, "2026-11-24"): 10_000}


async def test_when_nobody_knows_what_is_left_nothing_is() -> None:
    desk = Desk(model := Scripted(GOOD))
    desk.purse.away = True
    assert await opinion(desk) is None
    assert model.calls == []


async def test_a_budget_that_does_not_answer_costs_no_more_than_the_deadline() -> None:
    desk = Desk(model := Scripted(GOOD), config(seconds=0.05))

    async def never(*words: Any, **more: Any) -> bool:
        await asyncio.Event().wait()
        return True

    desk.purse.reserve = never  # type: ignore[method-assign]
    async with asyncio.timeout(60):
        assert await opinion(desk) is None
    assert (model.calls, desk.ledger.outcomes) == ([], ["timeout"])


async def test_a_compatible_service_is_asked_model_by_model_and_gets_no_preferences() -> None:
    async with routed(kind="compatible") as (router, desk):
        router.script += [(503, b""), says(GOOD)]
        assert await opinion(desk) is not None
    assert [request["model"] for request in router.requests] == ["small/one", "other/two"]
    assert "provider" not in router.requests[0]


async def test_pictures_and_voices_go_along_as_data() -> None:
    meter = {"kind": "meter", "measure": "glucose", "value": 126, "second": None, "unit": "mg/dL", "foods": []}
    async with routed() as (router, desk):
        router.script += [says(meter), says({"text": "sugar 182", "legible": True})]
        picture = await desk.uses.picture(ASHA, "in:1", File(b"JPG", "image/jpeg"))
        assert await desk.uses.voice(ASHA, "in:2", File(b"Ogg", "audio/ogg")) == "sugar 182"
    assert picture is not None
    assert picture.value == 126
    parts = [request["messages"][1]["content"][1] for request in router.requests]
    assert parts[0] == {"type": "image_url", "image_url": {"url": "data:image/jpeg;base64,SlBH"}}
    assert parts[1] == {"type": "input_audio", "input_audio": {"data": "T2dn", "format": "ogg"}}


async def test_giving_a_task_to_a_specialist_is_a_change_of_settings_alone() -> None:
    """The same use, the same check, another provider: here code of our own, or a model of our own, in place of the big one."""
    idlis = {"items": [{"food": "idli", "amount": 2, "words": "idlis"}]}
    big, asked = Scripted({"items": [{"food": "idli", "amount": 1, "words": "idlis"}]}), list[Any]()

    async def meals(said: Mapping[str, Any], given: Mapping[str, Any], files: tuple[File, ...]) -> Any:
        asked.append((said, given))
        return idlis

    own = LocalProvider("meals", meals)
    local: dict[str, Any] = {
        "providers": {"own": {"kind": "local", "name": "meals"}},
        "tasks": {"read_meal": {"by": "own", "seconds": 12}},
    }
    before = Desk({"big": big, "own": own})
    after = Desk({"big": big, "own": own}, config(**local))
    for desk, amount in ((before, 1), (after, 2)):
        assert await desk.uses.meal(ASHA, "in:1", "2 idlis", ["idli"]) == (Portion("idli", amount, "idlis"),)
    assert asked == [({"meal": "2 idlis"}, {"foods": ["idli"]})]
    assert len(big.calls) == 1
    assert [desk.ledger.uses[0].by for desk in (before, after)] == ["big", "own"]
    assert await after.uses.opinion(ASHA, "in:2", "x", INTENTS) is None, "the other tasks stayed with the big one"
    assert len(big.calls) == 3  # asked, and asked to repair


async def test_a_task_that_is_off_costs_nothing() -> None:
    desk = Desk(model := Scripted(ModelFailed("down")))
    desk.gateway._on = frozenset({"rephrase"})
    assert await opinion(desk) is None
    assert (model.calls, desk.ledger.uses) == ([], [])
