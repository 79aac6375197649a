"""One function decides what becomes of a delivery."""

from __future__ import annotations

import pytest

from bot.errors import BotError, Conflict, GatewayUnavailable, Malformed, OutcomeUnknown, Refused, StoreUnavailable
from bot.running.settle import LIMIT, UNKNOWN_LIMIT, Settle, pause, settle


def test_success_is_acknowledged() -> None:
    assert settle(None, 1) is Settle.ACK


@pytest.mark.parametrize("error", [StoreUnavailable(), GatewayUnavailable()])
def test_an_outage_is_waited_out_however_long(error: BotError) -> None:
    assert settle(error, 10_000) is Settle.RETRY


@pytest.mark.parametrize("error", [Conflict(), TimeoutError()])
def test_passing_trouble_gets_a_few_attempts_then_is_parked(error: Exception) -> None:
    assert [settle(error, attempt) for attempt in (1, LIMIT - 1, LIMIT)] == [Settle.RETRY, Settle.RETRY, Settle.PARK]


def test_an_unknown_outcome_gets_more_attempts_because_it_is_mostly_the_gateways_trouble() -> None:
    limits = [settle(OutcomeUnknown(), attempt) for attempt in (LIMIT, UNKNOWN_LIMIT - 1, UNKNOWN_LIMIT)]
    assert limits == [Settle.RETRY, Settle.RETRY, Settle.PARK]


@pytest.mark.parametrize("error", [Malformed(), Refused(), ZeroDivisionError()])
def test_bugs_and_bad_data_are_parked_at_once(error: Exception) -> None:
    assert settle(error, 1) is Settle.PARK


def test_pauses_grow_to_a_bound_and_the_other_sides_word_wins() -> None:
    assert pause(1, Conflict()) < pause(5, Conflict()) <= 15 * 1.2
    assert pause(50, Conflict(), longest=2.0) <= 2.4
    assert 2.4 <= pause(1, GatewayUnavailable(retry_after=3.0)) <= 3.6
