"""The circuit of an instance."""

from __future__ import annotations

import pytest

from bot.errors import GatewayUnavailable, Refused
from bot.metrics import Metrics
from bot.sending.circuit import GRACE, Circuits


@pytest.fixture
def engine_time(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """What the circuits take for the time."""
    now = [1000.0]
    monkeypatch.setattr("purgatory.domain.model.time.time", lambda: now[0])
    return now


async def _fail(circuits: Circuits, instance: str, error: Exception) -> None:
    async with circuits.guard(instance):
        raise error


async def test_it_opens_after_failures_in_a_row_and_only_for_its_instance() -> None:
    circuits = Circuits(Metrics(), threshold=3, open_seconds=60)
    for _ in range(3):
        with pytest.raises(GatewayUnavailable):
            await _fail(circuits, "one", GatewayUnavailable())
    with pytest.raises(GatewayUnavailable) as opened:
        async with circuits.guard("one"):
            pytest.fail("nothing may pass an open circuit")
    assert opened.value.code == "circuit_open"
    async with circuits.guard("two"):
        pass


async def test_a_refused_message_is_not_the_gateways_failure() -> None:
    circuits = Circuits(Metrics(), threshold=2, open_seconds=60)
    for _ in range(5):
        with pytest.raises(Refused):
            await _fail(circuits, "one", Refused())
    async with circuits.guard("one"):
        pass


async def test_it_closes_again_when_a_try_succeeds() -> None:
    circuits = Circuits(Metrics(), threshold=1, open_seconds=0.0)
    with pytest.raises(GatewayUnavailable):
        await _fail(circuits, "one", GatewayUnavailable())
    async with circuits.guard("one"):
        pass
    async with circuits.guard("one"):
        pass


async def test_what_is_urgent_goes_through_an_open_circuit_and_moves_it_neither_way() -> None:
    circuits = Circuits(Metrics(), threshold=2, open_seconds=60)
    for _ in range(3):
        with pytest.raises(GatewayUnavailable):
            async with circuits.guard("one", urgent=True):
                raise GatewayUnavailable
    async with circuits.guard("one"):
        pass
    for _ in range(2):
        with pytest.raises(GatewayUnavailable):
            await _fail(circuits, "one", GatewayUnavailable())
    passed = False
    async with circuits.guard("one", urgent=True):
        passed = True
    assert passed
    with pytest.raises(GatewayUnavailable, match="open"):
        await _fail(circuits, "one", Refused())


async def test_one_message_that_fails_again_and_again_does_not_open_it(engine_time: list[float]) -> None:
    circuits = Circuits(Metrics(), threshold=2, open_seconds=60)
    for _ in range(5):
        with pytest.raises(GatewayUnavailable):
            async with circuits.guard("one", again=True):
                raise GatewayUnavailable(code="away")
    async with circuits.guard("one"):
        pass


async def test_what_went_out_at_last_ends_the_row(engine_time: list[float]) -> None:
    circuits = Circuits(Metrics(), threshold=2, open_seconds=60)
    for _ in range(3):
        with pytest.raises(GatewayUnavailable, match="away"):
            await _fail(circuits, "one", GatewayUnavailable("away"))
        async with circuits.guard("one", again=True):
            pass


async def test_after_its_time_the_first_try_is_for_what_did_not_fail_before(engine_time: list[float]) -> None:
    circuits = Circuits(Metrics(), threshold=1, open_seconds=10)
    with pytest.raises(GatewayUnavailable):
        await _fail(circuits, "one", GatewayUnavailable())
    engine_time[0] += 11
    with pytest.raises(GatewayUnavailable, match="open"):
        async with circuits.guard("one", again=True):
            pytest.fail("it leaves the first try to others")
    async with circuits.guard("one"):
        pass
    async with circuits.guard("one", again=True):
        pass


async def test_where_nobody_else_is_what_failed_before_tries(engine_time: list[float]) -> None:
    circuits = Circuits(Metrics(), threshold=1, open_seconds=10)
    with pytest.raises(GatewayUnavailable):
        await _fail(circuits, "one", GatewayUnavailable())
    engine_time[0] += 11 + GRACE
    async with circuits.guard("one", again=True):
        pass
