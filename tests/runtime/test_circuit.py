"""The circuit of an instance."""

from __future__ import annotations

import pytest

from bot.errors import GatewayUnavailable, Refused
from bot.metrics import Metrics
from bot.sending.circuit import Circuits


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
