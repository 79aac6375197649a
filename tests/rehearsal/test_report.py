"""What is kept of a rehearsal, and the command."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import msgspec
import pytest
from click.testing import CliRunner

from bot.app.rehearsing import Wanted, rehearse
from bot.cli.main import commands
from bot.rehearsal.counts import Counts, Worst
from bot.rehearsal.figures import cap_hits, figures
from bot.rehearsal.page import page
from bot.rehearsal.report import Report, differences, report_of, to_json
from config.costs import Costs, load_costs
from tests.rehearsal.conftest import ROOT

SECTIONS = (
    "In short", "Notices", "Decisions of the planner", "The worst days of a person", "Emergencies",
    "Flows", "Dead ends", "What was said most", "Agents", "Personas",
)  # fmt: skip


@pytest.fixture(scope="session")
def costs() -> Costs:
    return load_costs()


def made(counts: Counts, costs: Costs, name: str = "here") -> Report:
    return report_of(name, "abc", 20, 3, 7, counts, costs, 1.0, 2.0)


def test_the_figures_are_those_of_the_counts(costs: Costs) -> None:
    counts = Counts()
    counts.add("people", "patient", count=2)
    counts.add("out", "notice", count=12)
    counts.add("out", "reply", count=4)
    counts.add("notices of a day", "5", count=2)
    counts.add("notices of a day", "1", count=2)
    counts.add("withheld", "cap", "coaching", count=3)
    counts.add("decision", "at", "day_full", "coaching", count=4)
    counts.add("decision", "drop", "kept_room", "education", count=5)
    counts.add("decision", "merge", "together", "clinical", count=6)
    counts.add("notice hour", "light", "6", count=7)
    counts.add("notice hour", "light", "7", count=8)
    counts.add("billed", "reply", count=1500)
    counts.add("billed", "marketing", count=10)
    counts.seconds = {"alarm answered/staff": [60.0, 120.0, 600.0]}
    found = figures(counts, 30, costs)
    assert found["messages out"] == 16
    assert found["notices, a person and day"] == 0.2
    assert found["person-days with five notices or more"] == 2
    assert found["notices withheld by the cap"] == 3
    assert found["notices put off by the planner"] == 4
    assert found["notices dropped by the planner"] == 5
    assert found["notices that went along with another"] == 6
    assert cap_hits(counts) == {"education": 5, "coaching": 7}
    assert found["notices for which the day had no room"] == 12
    assert found["coaching and education at night"] == 7
    assert found["minutes until a helper answered, median"] == 2
    assert found["channel cost, INR"] == pytest.approx(500 * costs.reply + 10 * costs.marketing)


def test_the_page_has_every_section_and_fetches_nothing(counts: Counts, costs: Costs) -> None:
    text = page([made(counts, costs)], costs)
    for section in SECTIONS:
        assert f">{section}<" in text
    assert "<td>put off<td>quiet hours<td" in text.replace("</td>", "")
    assert text.count("<svg") >= 4
    assert "Prices are not checked" in text
    assert not any(sign in text for sign in ("http:", "https:", "<script", "<link", "src=", "url("))


def test_what_made_up_people_write_cannot_become_markup(costs: Costs) -> None:
    counts = Counts()
    counts.saw("dead end", Worst(3.0, "<b>hi</b>", "<i>", ""))
    counts.texts = {"<script>": 3}
    text = page([made(counts, costs)], costs)
    assert "<b>hi" not in text
    assert "<script" not in text


def test_the_json_can_be_read_again(counts: Counts, costs: Costs) -> None:
    data = json.loads(to_json([made(counts, costs)], costs))
    assert msgspec.convert(data["reports"][0], Report) == made(counts, costs)
    assert "differences" not in data


def test_differences_are_told_and_only_those(counts: Counts, costs: Costs) -> None:
    other = msgspec.json.decode(msgspec.json.encode(counts), type=Counts)
    assert differences(made(counts, costs), made(other, costs)) == []
    other.add("flow", "menu", "entered", count=100)
    other.add("emergency", "missed")
    found = {one.name: one for one in differences(made(counts, costs), made(other, costs, "there"))}
    assert set(found) == {"emergencies written and not answered at once", "flow menu/entered"}
    assert found["emergencies written and not answered at once"].change is None
    assert "new" in page([made(counts, costs), made(other, costs, "there")], costs)


def test_streets_add_up_in_any_order() -> None:
    one, two = Counts(), Counts()
    for counts, score in ((one, 1.0), (two, 2.0)):
        counts.add("in", "patient", count=int(score))
        counts.saw("day", Worst(score, "x", "y", "z"))
        counts.texts = {"hello": int(score)}
    together, reverse = Counts(), Counts()
    for counts in (one, two):
        together.merge(counts)
    for counts in (two, one):
        reverse.merge(counts)
    assert together == reverse
    assert (together.get("in", "patient"), together.texts["hello"]) == (3, 3)
    assert [seen.score for seen in together.worst["day"]] == [2.0, 1.0]


def test_the_number_of_processes_changes_nothing(wanted: Wanted) -> None:
    many = msgspec.structs.replace(wanted, people=60, days=2)
    heard: list[int] = []
    alone, shared = rehearse(many, 1), rehearse(many, 2, done=heard.append)
    assert alone.counts == shared.counts
    assert sorted(heard) == [10, 50]
    assert shared.cpu > 0


def test_the_command_compares_two_folders_and_tells_what_changed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    other = tmp_path / "dialogs"
    shutil.copytree(ROOT / "dialogs", other, ignore=shutil.ignore_patterns("lexicon", "eval", "tests"))
    shutil.copytree(ROOT / "locales", tmp_path / "locales")
    flow = other / "flows/welcome.yaml"
    flow.write_text(flow.read_text(encoding="utf-8").replace("jump: menu", "jump: help"), encoding="utf-8")
    out = tmp_path / "out/report.html"
    args = ["rehearse", "--people", "6", "--days", "3", "--processes", "1", "--out", str(out), "--compare", "dialogs", str(other)]
    found = CliRunner().invoke(commands, args, catch_exceptions=False)
    assert found.exit_code == 0, found.output
    assert "flow menu/entered" in found.output
    assert "The same people on" in out.read_text(encoding="utf-8")
    data = json.loads(out.with_suffix(".json").read_text(encoding="utf-8"))
    assert "flow menu/entered" in {one["name"] for one in data["differences"]}


def test_a_folder_that_is_not_there_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    monkeypatch.setenv("PROCARE_DIALOGS_DIR", str(tmp_path / "none"))
    found = CliRunner().invoke(commands, ["rehearse", "--people", "1", "--days", "1", "--out", str(tmp_path / "x.html")])
    assert found.exit_code != 0
    assert not (tmp_path / "x.html").exists()
