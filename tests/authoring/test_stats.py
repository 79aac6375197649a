"""What people did in a flow is counted from the journal as the engine writes it, and told on the command line and on drawings."""

from __future__ import annotations

import asyncio
import json
import shutil
import time
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from bot.adapters.sqlite import SqliteStore
from bot.app.tallying import tally_of
from bot.cli.main import commands
from bot.dialogue.authored import FlowFile
from bot.dialogue.tally import StepCount, Tally
from bot.dialogue.transcript.conversation import Conversation
from bot.model.ids import InputId, PersonId
from bot.ports.store import JournalEntry
from tests.transcripts.stage import DIALOGS, stage

HOUR = 3600.0


def conversation() -> Conversation:
    """Asked for a reading: once unclear, once silent, then left for the menu; asked again and answered in words and by a tap."""
    talk = Conversation(stage(), "en", "tapped", {}, None)
    talk.write("menu")
    talk.tap("log")
    talk.write("blue")
    talk.pass_time(HOUR)
    talk.write("menu")
    talk.tap("log")
    talk.write("126")
    talk.tap("fasting")
    talk.agent("in_range", {"value_mg_dl": 126, "target_low": 80, "target_high": 130})
    return talk


async def journal(path: Path, ago: float = 0.0) -> None:
    talk = conversation()
    now = time.time()
    entries = [
        JournalEntry(PersonId("p1"), InputId(f"{ago}-{number}"), number, now - ago, turn.kind, turn.session, turn.trace)
        for number, turn in enumerate(talk.turns, 1)
    ]
    async with SqliteStore.open(path) as store:
        await store.append_journal(entries)


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    asyncio.run(journal(tmp_path / "procare.sqlite"))
    asyncio.run(journal(tmp_path / "procare.sqlite", ago=10 * 24 * HOUR))
    monkeypatch.setenv("PROCARE_DATA_DIR", str(tmp_path))
    return tmp_path


def run(*arguments: str) -> Result:
    return CliRunner().invoke(commands, ["dialogs", *arguments], catch_exceptions=False)


def test_the_steps_of_a_flow_are_counted(data: Path) -> None:
    found = json.loads(run("stats", "log_glucose", "--format", "json").output)
    steps = {one.pop("step"): one for one in found["steps"]}
    assert steps["ask_value"] == {"entered": 2, "answered": 1, "unclear": 1, "silent": 1, "left": 1}
    assert steps["ask_context"] == {"entered": 1, "answered": 1, "unclear": 0, "silent": 0, "left": 0}
    assert steps["save"] == {"entered": 1, "answered": 1, "unclear": 0, "silent": 0, "left": 0}
    assert steps["critical_high_advice"]["entered"] == 0
    assert (found["started"], found["whole"]) == (2, True)


def test_older_turns_are_counted_when_they_are_asked_for(data: Path) -> None:
    recent, older = run("stats", "log_glucose").output, run("stats", "log_glucose", "--since", "30d").output
    assert "log_glucose was started 2 times" in recent
    assert "log_glucose was started 4 times" in older
    assert "ask_value                           4         2        2       2      2" in older


@pytest.mark.parametrize("since", ["yesterday", "7", "2026-13-40"])
def test_a_moment_that_is_none_is_one_clear_line(data: Path, since: str) -> None:
    result = run("stats", "log_glucose", "--since", since)
    assert result.exit_code == 2
    assert "neither a duration like 12h or 7d nor a day" in result.output


def test_a_step_that_the_flow_lost_is_still_told(data: Path, tmp_path: Path) -> None:
    path = tmp_path / "log_glucose.yaml"
    path.write_text("flow: log_glucose\ntitle: X\nsteps:\n  check:\n    say: Hi\n    next: end\n", encoding="utf-8")
    assert (
        "ask_value                           2         1        1       1      1  (no longer in the flow)"
        in run("stats", str(path)).output
    )


async def test_no_more_turns_are_counted_than_asked_for(data: Path) -> None:
    async with SqliteStore.open(data / "procare.sqlite") as store:
        some, whole = await tally_of(store, 0.0, most=3)
        assert (some.turns, whole) == (3, False)
        every, whole = await tally_of(store, 0.0)
        assert whole
        again, whole = await tally_of(store, 0.0, most=every.turns)
        assert (again.turns, whole) == (every.turns, True)


def test_the_drawing_has_the_counts_on_its_ways(data: Path) -> None:
    drawn = run("graph", "log_glucose", "--counts", "--format", "mermaid").output
    lines = drawn.splitlines()
    number = {
        words.split('"')[1].split("<br/>")[0]: words.split("{")[0].split("[")[0].strip() for words in lines if ":::" in words
    }
    assert f'{number["begin"]} -->|"else (2)"| {number["ask_value"]}' in drawn
    assert f'{number["ask_context"]} -->|"answer (1)' in drawn
    assert f'{number["save"]} -->|"in_range (1)"| {number["not_low"]}' in drawn
    assert f'{number["not_low"]} -->|"else (1)"| {number["praise"]}' in drawn
    cold = {line.split()[1] for line in lines if "linkStyle" in line}
    ways = [line for line in lines if "-->" in line]
    assert {str(index) for index, line in enumerate(ways) if "(" not in line.replace("|glucose(", "")} == cold


def test_the_drawing_shows_what_no_test_goes(data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    few = tmp_path / "dialogs"  # with the one test that says thank you: every test is played elsewhere
    (few / "tests").mkdir(parents=True)
    shutil.copy(DIALOGS / "tests/small_talk.yaml", few / "tests")
    for room in DIALOGS.iterdir():
        if room.name != "tests":
            (few / room.name).symlink_to(room)
    monkeypatch.setenv("PROCARE_DIALOGS_DIR", str(few))
    drawn = run("graph", "thanks", "--coverage").output
    assert "(tested)" in drawn
    assert "dasharray" not in drawn
    path = tmp_path / "thanks.yaml"
    path.write_text("flow: thanks\ntitle: X\nsteps:\n  x:\n    say: Hi\n    next: end\n", encoding="utf-8")
    assert 'stroke="#c62828" stroke-dasharray' in run("graph", str(path), "--coverage").output
    assert run("graph", "thanks", "--coverage", "--counts").exit_code == 2


def test_lines_of_a_trace_that_are_no_steps_are_left_out() -> None:
    tally = Tally()
    tally.add([{"action": "step", "flow": "f", "step": "a"}, {"action": "note"}, {"action": "left", "flow": "f", "step": "a"}])
    assert tally.ways == {}
    assert tally.of(FlowFile(flow="f", title="F")) == [StepCount("a", 1, 0, 0, 0, 1)]
