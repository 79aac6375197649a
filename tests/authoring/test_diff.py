"""A difference is told as its author means it: texts, branches, timings, options; what was only renamed is no difference."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from bot.cli.main import commands
from bot.dialogue.diff.compare import Change, FlowDiff, compare
from bot.dialogue.diff.telling import WIDTH, _columns, summary, tell
from bot.dialogue.draft import read_draft
from config.policy import load_policy
from tests.authoring.project import Project

FLOW = """
flow: extra
title: An extra flow
starts_on: {intent: extra}
vars: [seen]
steps:
  ask:
    say: "How was your walk?"
    footer: "ProCare"
    options:
      good: {label: "Good", also: [fine], go: thank}
      bad: "Bad"
    unclear: {say: "Please choose one.", tries: 2, then: thank}
    silence: {after: 30m, say: "Still there?", then: bookmark}
    next: {when: "seen", go: thank, else: more}
  more:
    say: "How many minutes?"
    expect: {minutes: {type: number, min: 1, max: 60, unit: minutes}}
    set: {person.name: "Asha"}
    next: thank
  thank:
    say: "Thank you."
    next: end
"""
HI = [
    ("ask.say", "How was your walk?", "सैर कैसी रही?"),
    ("ask.option.good", "Good", "अच्छी"),
    ("thank.say", "Thank you.", "धन्यवाद।"),
]


def po(entries: list[tuple[str, str, str]]) -> str:
    return "\n".join(f'msgctxt "extra.{key}"\nmsgid "{source}"\nmsgstr "{text}"\n' for key, source, text in entries)


class Pair:
    """One project twice: as it was and as it is."""

    def __init__(self, folder: Path) -> None:
        self.old, self.new = Project(folder / "old"), Project(folder / "new")
        for project in (self.old, self.new):
            project.write("extra", FLOW)
            project.translate(po(HI))

    def change(self, *replacements: tuple[str, str]) -> None:
        text = FLOW
        for old, new in replacements:
            assert old in text
            text = text.replace(old, new)
        self.new.write("extra", text)

    def compare(self) -> list[FlowDiff]:
        old, new = (read_draft(one.dialogs, one.locales, languages=["en", "hi"]) for one in (self.old, self.new))
        return compare(old, new)

    def summary(self) -> str:
        [diff] = self.compare()
        return summary(diff)


@pytest.fixture
def pair(tmp_path: Path) -> Pair:
    return Pair(tmp_path)


def test_the_same_is_no_difference_however_it_is_written(pair: Pair) -> None:
    pair.new.write("extra", FLOW.replace("{label:", "{ label:").replace("\n\n", "\n") + "\n# a remark\n")
    pair.change(("Bad", "Bad"), ('bad: "Bad"', 'bad: {label: "Bad"}'), ("after: 30m", "after: 1800s"))
    assert pair.compare() == []
    assert tell([]) == "no difference"


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("How many minutes?", "How long?", "1 text (en)"),
        ('"Good"', '"Fine"', "1 text (en, hi)"),  # its translation is stale: English is said
        ("else: more", "else: thank", "1 branch"),
        ('when: "seen"', 'when: "not seen"', "1 branch"),
        (", go: thank}\n      bad", "}\n      bad", "1 branch"),
        ("after: 30m", "after: 2h", "1 timing"),
        ("tries: 2", "tries: 3", "1 timing"),
        ("[fine]", "[fine, ok]", "1 option"),
        ('      bad: "Bad"\n', '      bad: "Bad"\n      soso: "So-so"\n', "1 option"),
        ('      bad: "Bad"\n', "", "1 option"),
        ("max: 60", "max: 90", "1 answer"),
        ('"Asha"', '"Ravi"', "1 action"),
        ("title: An extra flow", "title: A walk", "1 setting"),
        ("intent: extra", "intent: walk", "1 setting"),
    ],
)
def test_each_kind_of_change_is_counted_as_what_it_is(pair: Pair, old: str, new: str, told: str) -> None:
    pair.change((old, new))
    assert pair.summary() == told


def test_options_in_another_order_are_a_change_because_people_type_their_number(pair: Pair) -> None:
    good, bad = '      good: {label: "Good", also: [fine], go: thank}\n', '      bad: "Bad"\n'
    pair.change((good + bad, bad + good))
    [diff] = pair.compare()
    assert diff.changes == (Change("option", "ask", "options, order", "good, bad", "bad, good"),)


def test_a_translation_alone_is_a_text_of_its_language(pair: Pair) -> None:
    pair.new.translate(po([(key, source, text.replace("धन्यवाद", "शुक्रिया")) for key, source, text in HI]))
    assert pair.summary() == "1 text (hi)"


def test_a_renamed_step_is_compared_with_what_it_was(pair: Pair) -> None:
    pair.change(("  more:\n", "  longer:\n    was: more\n"), ("else: more", "else: longer"))
    [diff] = pair.compare()
    assert (diff.renamed, diff.changes, diff.messages) == ({"longer": "more"}, (), ())
    assert summary(diff) == "1 step renamed"
    pair.change(("  more:\n", "  longer:\n    was: more\n"), ("else: more", "else: longer"), ("How many minutes?", "How long?"))
    assert pair.summary() == "1 step renamed, 1 text (en)"
    assert [diff.touched for diff in pair.compare()] == [{"longer"}]


def test_steps_and_flows_come_and_go_and_change_their_names(pair: Pair) -> None:
    (pair.old.dialogs / "flows/extra.yaml").unlink()
    assert [(diff.flow, summary(diff)) for diff in pair.compare()] == [("extra", "added, 3 steps")]
    pair.old.write("extra", FLOW)
    (pair.new.dialogs / "flows/extra.yaml").unlink()
    assert [(diff.flow, summary(diff)) for diff in pair.compare()] == [("extra", "removed, 3 steps")]
    pair.new.write(
        "walk", FLOW.replace("flow: extra", "flow: walk\nwas: extra").replace("next: thank\n  thank", "next: end\n  bye")
    )
    pair.new.translate(po(HI).replace("extra.", "walk."))
    [diff] = pair.compare()
    assert (diff.flow, diff.renamed, diff.added, diff.removed) == ("walk", {"": "extra"}, ("bye",), ("thank",))


def test_emergency_texts_are_compared_as_well(pair: Pair) -> None:
    path = pair.new.dialogs / "emergency.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("Chest pain can be", "Pain in the chest can be"), encoding="utf-8")
    [diff] = pair.compare()
    assert (diff.flow, summary(diff), diff.messages[0].part) == ("emergency", "1 text (en)", "chest_pain")


def test_texts_are_shown_as_phones_show_them_before_and_after(pair: Pair) -> None:
    pair.change(("How was your walk?", "How did the long walk along the river go this morning?"))
    told = tell(pair.compare()).splitlines()
    assert told[0] == "extra: 1 text (en, hi)"
    assert told[1:9] == [
        "  ask.message (en)",
        "    ╭─ before ───────────────────────────╮  ╭─ after ────────────────────────────╮",
        "    │ How was your walk?                 │  │ How did the long walk along the    │",
        "    │ _ProCare_                          │  │ river go this morning?             │",
        "    │ [Good]                             │  │ _ProCare_                          │",
        "    │ [Bad]                              │  │ [Good]                             │",
        "    ╰────────────────────────────────────╯  │ [Bad]                              │",
        "                                            ╰────────────────────────────────────╯",
    ]
    assert "सैर कैसी रही?" in told[11]
    assert {_columns(line) for line in told if line.endswith("│") and line.startswith("    │")} == {2 * (WIDTH + 4) + 6}


def test_the_command_compares_two_folders_and_speaks_json(pair: Pair, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    pair.change(("after: 30m", "after: 2h"))
    monkeypatch.chdir(tmp_path)
    usual = load_policy()
    spoken = usual.model_copy(update={"behaviour": usual.behaviour.model_copy(update={"languages": ("en", "hi")})})
    monkeypatch.setattr("bot.cli.dialogs_diff.load_policy", lambda: spoken)
    told = CliRunner().invoke(commands, ["dialogs", "diff", "old/dialogs", "new/dialogs"], catch_exceptions=False)
    assert told.output == "extra: 1 timing\n  ask.silence.after: 30m -> 2h\n"
    told = CliRunner().invoke(
        commands, ["dialogs", "diff", "old/dialogs", "new/dialogs", "--format", "json"], catch_exceptions=False
    )
    [flow] = json.loads(told.output)
    assert flow["changes"] == [{"kind": "timing", "step": "ask", "place": "silence.after", "before": "30m", "after": "2h"}]
