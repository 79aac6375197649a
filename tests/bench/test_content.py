"""The made-up flows of the bench are good content, and loading them costs a few times what parsing them costs."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from bench.content import ALL, floor, seconds
from bench.flow_turns import turns
from bench.flows import STEPS, make_project
from bot.dialogue.content import load_content
from bot.dialogue.lint.check import check_content

FLOWS = 20
LOAD, CHECK = 15.0, 25.0  # times the floor; measured 4 to 5 and 7 to 9, the loading up to 11 beside others


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    return make_project(tmp_path_factory.mktemp("bench"), FLOWS)


def test_the_flows_of_the_bench_have_no_findings(project: tuple[Path, Path]) -> None:
    dialogs, locales = project
    findings = check_content(dialogs, locales, languages=ALL, today=date(2026, 6, 1))
    assert [one for one in findings if "madeup_" in one.file] == []
    flows = load_content(dialogs, locales, languages=ALL).flows
    assert [len(flow.steps) for name, flow in flows.items() if name.startswith("madeup_")] == [STEPS] * FLOWS


def test_loading_and_checking_cost_no_more_than_some_times_the_parsing(project: tuple[Path, Path]) -> None:
    """A guard against a slip, such as compiling every text at the start (30 times), not a measurement."""
    dialogs, locales = project
    least = min(floor(dialogs) for _ in range(3))
    load = min(seconds(lambda: load_content(dialogs, locales, languages=ALL)) for _ in range(3))
    check = min(seconds(lambda: check_content(dialogs, locales, languages=ALL, today=date(2026, 6, 1))) for _ in range(2))
    assert load / least < LOAD
    assert check / least < CHECK


def test_turns_are_measured_through_every_flow_first_and_again(project: tuple[Path, Path]) -> None:
    first, longest, again = turns(*project, ALL)
    assert 0 < again < first <= longest
