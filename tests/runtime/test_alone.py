"""What a role needs to run in a process of its own."""

from __future__ import annotations

import gc

import pytest
from pydantic import SecretStr

from bot.app.engines import split_problem
from bot.cli.run import spare_the_collector
from config.settings import Settings

SHARED = Settings(redis_url=SecretStr("redis://127.0.0.1"), mongodb_url=SecretStr("mongodb://127.0.0.1"))


@pytest.mark.parametrize("role", ["worker", "scheduler", "staff", "agent clinical_monitor"])
def test_who_does_not_talk_with_a_gateway_needs_none(role: str) -> None:
    assert split_problem(SHARED, role) is None


@pytest.mark.parametrize("role", ["ingress", "sender"])
def test_who_talks_with_a_gateway_needs_one(role: str) -> None:
    assert f"{role} alone needs a gateway: set PROCARE_EVOLUTION_URL" in str(split_problem(SHARED, role))
    assert split_problem(SHARED.model_copy(update={"evolution_url": "http://127.0.0.1:9"}), role) is None


def test_engines_that_nobody_else_sees_are_refused() -> None:
    assert "set PROCARE_REDIS_URL and PROCARE_MONGODB_URL" in str(split_problem(Settings(), "worker"))


def test_the_collector_that_the_start_did_without_works_again_when_all_is_ready(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gc, "collect", lambda: 0)  # all that a run of tests holds would take it seconds
    before = gc.get_threshold()
    gc.disable()
    try:
        spare_the_collector()
        assert gc.isenabled()
        assert gc.get_freeze_count() > 0
        assert gc.get_threshold() > before
    finally:
        gc.unfreeze()
        gc.set_threshold(*before)
        gc.enable()
