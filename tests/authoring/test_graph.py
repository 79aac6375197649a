"""A flow as a picture: every step and every way is in it, nothing lies on anything, nothing comes from elsewhere."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from bot.cli.dialogs import dialogs
from bot.cli.main import main
from bot.dialogue import authored
from bot.dialogue.compiler import Compiler
from bot.dialogue.drawing import as_mermaid, as_svg, cards_of, lines_of
from bot.dialogue.graph import edges_of, uses_next
from bot.dialogue.layers import arrange
from bot.dialogue.machine import NoSuchMove
from bot.handwritten.source import read_source
from tests.authoring.project import ROOT

SVG = "{http://www.w3.org/2000/svg}"
FLOWS = sorted((ROOT / "dialogs/flows").glob("*.yaml"))
WITH_STEPS = [path for path in FLOWS if path.stem != "system"]


def flow(path: Path) -> authored.FlowFile:
    return authored.FlowFile.model_validate(read_source(path, path.name).data)


def graph(*arguments: object) -> Result:
    return CliRunner().invoke(dialogs, ["graph", *map(str, arguments)], catch_exceptions=False)


def test_the_edges_are_the_ways_of_the_engine() -> None:
    for path in WITH_STEPS:
        file = flow(path)
        known = {(edge.source, edge.way, edge.target) for edge in edges_of(file) if edge.way != "silence"}
        compiled = Compiler(read_source(path, path.name), {}).compile(file)
        assert compiled is not None
        for name, step in compiled.steps.items():
            ways = {"unclear", "skip"} | {choice.way for choice in step.choices}
            ways |= {f"on.{outcome}" for outcome in step.agent.outcomes} if step.agent else set()
            ways |= {"on.cancelled"} if step.cancelled else set()
            ways |= {"told_again"} if step.told_again else set()
            ways |= {"put_again"} if step.put_again else set()
            ways |= {way for _, way in step.ways} if uses_next(file.steps[name]) else set()
            for way in ways:
                try:
                    target = compiled.graph.follow(name, way)
                except NoSuchMove:
                    assert way in ("unclear", "skip", "next")
                else:
                    known.remove((name, way, target))
        assert not known


def test_where_a_flow_mends_all_its_questions_each_of_them_leads_there() -> None:
    file = authored.FlowFile.model_validate({
        "flow": "trial", "title": "A trial", "repair": {"cancel": {"then": "leave"}, "back": "off"},
        "steps": {
            "ask": {"say": "Which?", "options": {"one": "One"}, "next": "leave"},
            "ask_own": {"say": "And?", "options": {"two": "Two"}, "next": "leave", "repair": {"cancel": {"then": "ask"}}},
            "leave": {"say": "Bye"},
        },
    })  # fmt: skip
    mends = {(edge.source, edge.way, edge.target) for edge in edges_of(file) if edge.way.startswith("repair")}
    assert mends == {("ask", "repair.cancel", "leave"), ("ask_own", "repair.cancel", "ask")}


@pytest.mark.parametrize("path", FLOWS, ids=lambda path: path.stem)
def test_the_svg_has_every_step_and_every_way(path: Path) -> None:
    file = flow(path)
    root = ET.fromstring(as_svg(file))  # noqa: S314 - our own text
    words = [text.text for text in root.iter(f"{SVG}text")]
    assert [name for name in file.steps if name not in words] == []
    for edge in edges_of(file):
        assert not edge.label or edge.label in words
    for step in file.steps.values():
        assert all(f"• {choice.label}" in words for choice in step.options.values())
        assert not (step.call or step.jump) or f"flow {step.call or step.jump}" in words
    arrows = [one for one in root.iter(f"{SVG}path") if one.get("marker-end")]
    assert len(arrows) == len(lines_of(file))
    assert len({(edge.source, edge.target) for edge in edges_of(file)}) <= len(arrows)


@pytest.mark.parametrize("path", FLOWS, ids=lambda path: path.stem)
def test_the_svg_needs_nothing_from_elsewhere(path: Path) -> None:
    svg = as_svg(flow(path))
    assert svg.count("http") == 1  # the name of the format
    assert not {"<script", "<style", "href", "@import", "<image"} & set(svg.split())


@pytest.mark.parametrize("path", FLOWS, ids=lambda path: path.stem)
def test_mermaid_has_every_step_and_every_way(path: Path) -> None:
    file = flow(path)
    text = as_mermaid(file)
    assert text.startswith("flowchart TD\n")
    assert text.count(" -->") == len(lines_of(file))
    assert all(f'"{card.title}' in text for card in cards_of(file))
    assert not [line for line in text.splitlines() if line.count('"') % 2]


def test_boxes_and_labels_never_overlap() -> None:
    for path in WITH_STEPS:
        cards = cards_of(flow(path))
        sizes = {card.key: (100.0 + 3 * len(card.title), 20.0 + 15 * len(card.lines)) for card in cards}
        label = (60.0, 20.0)
        links = [(line.source, line.target, label) for line in lines_of(flow(path)) if line.source != line.target]
        layout = arrange(sizes, links)
        areas = [(box.x, box.y, box.width, box.height) for box in layout.boxes.values()]
        areas += [(*at, *label) for at in layout.labels if at]
        assert len(areas) == len(cards) + len(links)
        for index, (x, y, width, height) in enumerate(areas):
            assert x - width / 2 >= 0
            assert x + width / 2 <= layout.width
            assert y + height / 2 <= layout.height
            for other_x, other_y, other_width, other_height in areas[index + 1 :]:
                assert abs(x - other_x) >= (width + other_width) / 2 or abs(y - other_y) >= (height + other_height) / 2


def test_a_way_points_from_its_step_to_its_target_in_a_circle_too() -> None:
    layout = arrange({"a": (50, 20), "b": (50, 20)}, [("a", "b", None), ("b", "a", (30, 15))])
    down, up = layout.routes
    assert down[0][1] < down[-1][1]
    assert up[0][1] > up[-1][1]


def test_the_command_draws_by_name_and_by_file(tmp_path: Path) -> None:
    out = tmp_path / "menu.svg"
    assert graph("menu", "-o", out).output == f"written: {out}\n"
    assert out.read_text(encoding="utf-8") == graph(ROOT / "dialogs/flows/menu.yaml").output
    assert graph("menu", "--format", "mermaid").output.startswith("flowchart TD")
    assert graph("menu", "-o", tmp_path / "menu.mmd").exit_code == 0
    assert (tmp_path / "menu.mmd").read_text(encoding="utf-8").startswith("flowchart TD")


def test_an_unknown_flow_is_told_with_those_that_there_are() -> None:
    result = graph("mneu")
    assert result.exit_code == 1
    assert "there is no flow mneu; there are" in result.output
    assert "menu" in result.output


def test_a_bad_flow_is_told_with_file_and_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "bad.yaml"
    path.write_text("flow: bad\ntitle: Bad\nsteps:\n  a: {say: Hi, nxt: b}\n", encoding="utf-8")
    monkeypatch.setattr("sys.argv", ["procare", "dialogs", "graph", str(path)])
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == 2
    assert f"{path}:4:" in capsys.readouterr().err
