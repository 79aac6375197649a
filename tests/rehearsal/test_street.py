"""Twenty made-up people live three days with the real engine and agents."""

from __future__ import annotations

from msgspec.structs import replace

from bot.app.rehearsing import Stage
from bot.rehearsal.counts import Counts
from bot.rehearsal.figures import at_night


def test_everybody_lives_and_writes(counts: Counts) -> None:
    assert counts.get("people", "patient") == 20
    assert counts.get("act", "greet") == 20
    assert counts.get("act", "reading") > 20
    assert counts.get("in", "patient") < 20 * 3 * 60, "somebody goes round in circles"


def test_nobody_gets_a_sixth_notice_in_a_day(counts: Counts) -> None:
    of_day = {int(name): count for name, count in counts.under("notices of a day").items()}
    assert sum(of_day.values()) == 20 * 3
    assert max(of_day) <= 5


def test_an_emergency_is_answered_in_the_same_turn_whatever_else_goes_on(stage: Stage, counts: Counts) -> None:
    assert counts.get("emergency", "understood and not answered") == 0
    usual = stage.personas
    grave = {name: one.model_copy(update={"emergencies_a_month": 30.0}) for name, one in usual.personas.items()}
    stage.personas = usual.model_copy(update={"personas": grave})
    try:
        found = stage.play(0)
    finally:
        stage.personas = usual
    assert found.get("emergency", "said") >= 20
    assert found.get("emergency", "answered at once") == found.get("emergency", "said")
    assert found.get("emergency", "missed") == found.get("emergency", "understood and not answered") == 0
    assert sum(found.under("case").values()) >= 10
    assert found.get("alarm", "staff", "answered") > 0


def test_nothing_happens_that_must_not(counts: Counts) -> None:
    assert not counts.under("fault")


def test_people_get_through_the_welcome_and_their_readings_are_kept(counts: Counts) -> None:
    assert counts.get("flow", "welcome", "entered") >= 20
    kept = [name for name in counts.under("agent") if name.startswith("clinical_monitor/record_glucose/")]
    assert "clinical_monitor/record_glucose/in_range" in kept


def test_every_message_is_billed_once(counts: Counts) -> None:
    assert sum(counts.under("billed").values()) == sum(counts.under("out").values()) == sum(counts.under("out to").values())


def test_the_same_street_is_the_same_again(stage: Stage, counts: Counts) -> None:
    assert stage.play(0) == counts


def test_another_street_is_another(stage: Stage, counts: Counts) -> None:
    other = stage.wanted
    stage.wanted = replace(other, seed=8)
    try:
        assert stage.play(0).sums != counts.sums
    finally:
        stage.wanted = other


def test_what_the_planner_decided_is_counted_with_its_reason_and_class(counts: Counts) -> None:
    said = sum(counts.under("decision", "send").values())
    assert 0 < said <= counts.get("out", "notice") + sum(counts.under("withheld").values())
    assert counts.under("decision", "at", "quiet_hours"), "in three days somebody's news comes in the night"
    assert not at_night(counts)
