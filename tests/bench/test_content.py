"""The made-up flows of the bench are good content, and loading them takes a few steps for each node of the YAML."""

from __future__ import annotations

from collections.abc import Callable
from cProfile import Profile
from datetime import date
from functools import partial
from pathlib import Path
from pstats import Stats
from unittest.mock import Mock

import pytest

from bench.content import ALL
from bench.flow_turns import turns
from bench.flows import STEPS, make_project
from bot.dialogue import expression
from bot.dialogue.content import load_content
from bot.dialogue.expression import compile_template
from bot.dialogue.lint.check import check_content

FLOWS = 20
LOAD, CHECK = 30, 50  # calls of functions for each node; counted 16 and 26


def steps_for_each_node(work: Callable[[], object]) -> float:
    """The calls of functions, Python's and C's, for each node that the parser made of the YAML."""
    work()  # what is remembered for the whole process is not counted
    profile = Profile()
    profile.runcall(work)
    calls: dict[tuple[str, int, str], int] = {
        place: row[0]
        for place, row in Stats(profile).stats.items()  # type: ignore[attr-defined]  # typeshed leaves it out
    }
    nodes = sum(count for (file, _, name), count in calls.items() if file.endswith("yaml/nodes.py") and name == "__init__")
    return sum(calls.values()) / nodes


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    return make_project(tmp_path_factory.mktemp("bench"), FLOWS)


def test_the_flows_of_the_bench_have_no_findings(project: tuple[Path, Path]) -> None:
    dialogs, locales = project
    findings = check_content(dialogs, locales, languages=ALL, today=date(2026, 6, 1))
    assert [one for one in findings if "madeup_" in one.file] == []
    flows = load_content(dialogs, locales, languages=ALL).flows
    assert [len(flow.steps) for name, flow in flows.items() if name.startswith("madeup_")] == [STEPS] * FLOWS


def test_loading_and_checking_take_so_many_steps_for_each_node_of_yaml(project: tuple[Path, Path]) -> None:
    """A guard against a slip, such as looking at every flow for every flow; counted, for a clock tells of the machine too."""
    dialogs, locales = project
    loads = partial(load_content, dialogs, locales, languages=ALL)
    assert steps_for_each_node(loads) < LOAD
    assert steps_for_each_node(partial(check_content, dialogs, locales, languages=ALL, today=date(2026, 6, 1))) < CHECK


def test_loading_makes_no_template_ready_before_somebody_is_told_it(
    project: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    """That took thirty times as long as the rest of the loading."""
    rendering = Mock(wraps=expression._rendering)
    monkeypatch.setattr(expression, "_rendering", rendering)
    assert load_content(*project, languages=ALL).flows
    assert rendering.call_count == 0
    assert compile_template("{% if name %}{{ name }}{% endif %}")({"name": "Asha"}) == "Asha"
    assert rendering.call_count == 1, "or the test looks at the wrong place"


def test_turns_are_measured_through_every_flow_first_and_again(project: tuple[Path, Path]) -> None:
    first, longest, again = turns(*project, ALL)
    assert again > 0
    assert 0 < first <= longest
