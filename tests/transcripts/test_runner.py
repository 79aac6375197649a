"""The runner itself: what it plays, what it sees, and how it says so."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from bot.cli.dialogs_test import dialogs_test
from bot.cli.main import main
from bot.dialogue.transcript.library import find_tests
from bot.dialogue.transcript.play import Played, play, runs_of
from bot.dialogue.transcript.rewrite import rewrite
from bot.dialogue.transcript.script import FORMS, Script, read_script
from bot.handwritten.finding import Unreadable
from bot.handwritten.source import parse_source
from tests.transcripts.stage import DIALOGS, LANGUAGES, stage

READING = """\
test: A reading
steps:
  - me: {en: "sugar 140", hi: "शुगर 140"}
  - bot: [log_glucose.ask_context.say]
  - tap: fasting  # the usual
"""


def script_of(text: str) -> Script:
    return read_script(parse_source(text.encode(), "dialogs/tests/t.yaml"), LANGUAGES)


def played(text: str, language: str = "en", form: str = "tapped") -> Played:
    return play(script_of(text), stage(), language, form)


def why(text: str, **how: str) -> str:
    failure = played(text, **how).failure
    assert failure, "it went as written"
    return str(failure)


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_an_option_is_chosen_in_each_form(language: str, form: str) -> None:
    assert played(READING + "  - expect: {intent: {context: fasting}}\n", language, form).failure is None


def test_a_failure_names_the_line_the_difference_and_shows_the_transcript() -> None:
    told = why(
        READING + "  - agent: {in_range: {value_mg_dl: 140, target_low: 80, target_high: 180}}\n  - bot: [help.tell.say]\n"
    )
    assert told.startswith("dialogs/tests/t.yaml:7: in 'en', tapped:")
    assert "expected help.tell.say\n     but it said log_glucose.praise.say" in told
    assert "  me   sugar 140" in told
    assert "  bot  140 mg/dL. When did you measure it?" in told


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("bot: nothing", "but it said log_glucose.ask_context.say"),
        ("bot: [log_glucose.ask_context.say, help.tell.say]", "but it said log_glucose.ask_context.say"),
        ("bot: [{log_glucose.ask_context.say: {glucose: 141 mg/dL}}]", "their words or fields differ"),
        ("bot: 'When did we meet?'", "expected When did we meet?"),
        ("bot: [no.such.text]", "there is no text with the key 'no.such.text'"),
        ("expect: {intents: 1}", "expected intents 1\n     but it is 0"),
        ("expect: {vars: {glucose: 141}}", "but it is {'glucose': 140"),
        ("expect: {step: log_glucose/save}", "but it is 'log_glucose/ask_context'"),
        ("expect: {next_timer: 15m}", "expected next_timer 900"),
        ("expect: {effects: [intent]}", "but it is ['outbound', 'wake_at']"),
        ("expect: {record: {consent: {}}}", "(not there)"),
        ("tap: '{0.x}'", "does not offer '{0.x}'"),
        ("tap: lunch", "does not offer 'lunch', but fasting, before_meal"),
        ("tap: menu.choose:log", "no question offered 'menu.choose:log'"),
        ("agent: in_range", "no agent was asked"),
        ("agent: late", "no agent is waited for"),
        ("repeat: agent", "nothing of 'agent' to repeat"),
        ('at: "2020-01-01 00:00"', "it is later than that already"),
    ],
)
def test_what_differs_is_said_in_plain_words(line: str, told: str) -> None:
    assert told in why(READING.rsplit("  - ", 1)[0] + f"  - {line}\n")


@pytest.mark.parametrize(
    "line",
    [
        "bot: 'When did you measure it?'",
        "bot: ['140 mg/dL']",
        "bot: [...]",
        "bot: [{log_glucose.ask_context.say: {glucose: 140 mg/dL}}]",
        "expect: {next_timer: 10m, effects: [outbound, wake_at], notices_today: 0}",
    ],
)
def test_what_holds_passes(line: str) -> None:
    text = READING.rsplit("  - ", 1)[0].replace("steps:", "languages: [en]\nsteps:")
    if "notices_today" in line:
        line = line.replace(", notices_today: 0", "")
    assert played(text + f"  - {line}\n").failure is None


def test_the_clock_of_the_patient_is_fake_and_theirs() -> None:
    text = 'test: t\nat: "2026-03-01 23:50"\nsteps:\n  - me: language\n  - at: "2026-03-02 00:10"\n'
    assert "(2026-03-02 00:10:00)" in why(text + "  - bot: [help.tell.say]\n")


@pytest.mark.parametrize(
    ("text", "line", "told"),
    [
        ("steps: []", 1, "the test has no title"),
        ("test: t\nsteps:\n  - sing: la\n", 3, "there is no step 'sing'"),
        ("test: t\nsteps:\n  - me: {en: hi}\n", 3, "the words for 'hi' are missing"),
        ("test: t\nsteps:\n  - me: hi\n  - after: soon\n", 4, "'soon' is no duration"),
        ("test: t\nsteps:\n  - expect: {mood: good}\n", 3, "'mood' cannot be expected"),
        ("test: t\nforms: [sung]\nsteps:\n  - me: hi\n", 2, "'forms' must be a list of"),
        ("test: t\ncolour: red\nsteps:\n  - me: hi\n", 2, "a test has no 'colour'"),
        ('test: t\nat: "tomorrow"\nsteps:\n  - me: hi\n', 2, "'tomorrow' is no moment"),
        ("test: t\nsteps:\n  - me: a\n    tap: b\n", 3, "a step is one word"),
        ("test: t\nsteps:\n\t- me: hi\n", 3, "cannot be parsed"),
        ("- me: hi\n", 1, "this is not a conversation test"),
        ("test: t\nsteps:\n  - expect: {profile: 5}\n", 3, "'profile' needs fields"),
        ("test: t\nsteps:\n  - expect: {record: {consent: true}}\n", 3, "'record' needs fields"),
        ("test: t\nsteps:\n  - expect: {next_timer: soon}\n", 3, "'soon' is no duration"),
        ("test: t\nsteps:\n  - expect: calm\n", 3, "nothing is expected here"),
        ("test: t\nsteps:\n  - agent: {high: 5}\n", 3, "an agent gives one outcome"),
        ("test: t\nsteps:\n  - agent: [high]\n", 3, "an agent gives one outcome"),
        ("test: t\nsteps:\n  - bot: [{help.tell.say: 5}]\n", 3, "a key, a key with fields, or words"),
        ("test: t\nsteps:\n  - bot: []\n", 3, "nothing is said here"),
        ("test: t\nsteps:\n  - bot: 7\n", 3, "nothing is said here"),
        ("test: t\nsteps:\n  - tap: [a]\n", 3, "needs the id of one option"),
        ("test: t\nsteps:\n  - me: [a]\n", 3, "there are no words"),
        ("test: t\npatient: {mood: good}\nsteps:\n  - me: hi\n", 2, "a patient has no 'mood'"),
    ],
)
def test_a_bad_file_is_refused_with_its_line(text: str, line: int, told: str) -> None:
    with pytest.raises(Unreadable) as refused:
        script_of(text)
    assert any(f"t.yaml:{line}:" in str(finding) and told in str(finding) for finding in refused.value.findings)


def test_languages_and_forms_of_a_test_limit_its_runs() -> None:
    script = script_of("test: t\nlanguages: [hi]\nforms: [typed, label]\nsteps:\n  - me: hi\n")
    assert runs_of(script, LANGUAGES, FORMS) == [("hi", "typed"), ("hi", "label")]
    assert runs_of(script, ["en"], FORMS) == []


def test_update_touches_the_lines_that_changed_and_keeps_comments() -> None:
    text = READING.replace("  - tap", "\n  # now the answer\n  - tap")
    outdated = text.replace("ask_context.say]", "praise.say,\n         help.tell.say]")
    assert rewrite(outdated, script_of(outdated), {4: ["log_glucose.ask_context.say"]}) == text
    assert rewrite(text, script_of(text), {}) == text


def test_words_without_a_key_are_written_so_that_they_hold() -> None:
    text = READING.replace("steps:", "languages: [en]\nsteps:")
    words = rewrite(text, script_of(text), {5: [repr('140 mg/dL. When did you "measure" it?')]})
    assert script_of(words).lines[1].value == ['140 mg/dL. When did you "measure" it?']


def test_the_command_tells_failures_and_ends_with_1(tmp_path: Path) -> None:
    bad, good = tmp_path / "bad.yaml", tmp_path / "good.yaml"
    good.write_text(READING, encoding="utf-8")
    bad.write_text(READING + "  - bot: [help.tell.say]\n", encoding="utf-8")
    run = CliRunner().invoke(dialogs_test, [str(good), "--lang", "hi", "--form", "label"])
    assert (run.exit_code, run.output) == (0, "1 of 1 conversations went as written (1 tests)\n")
    run = CliRunner().invoke(dialogs_test, [str(bad), str(good), "--lang", "en", "--form", "typed", "--coverage"])
    assert run.exit_code == 1
    assert f"{bad}:6: in 'en', typed:" in run.output
    assert "dialogs/flows/log_glucose.yaml:" in run.output
    assert "1 of 2 conversations went as written (2 tests)" in run.output


def test_the_command_updates_a_test_and_then_it_holds(tmp_path: Path) -> None:
    path = tmp_path / "t.yaml"
    path.write_text(READING + "  - bot: [help.tell.say]\n", encoding="utf-8")
    run = CliRunner().invoke(dialogs_test, [str(path), "--update"])
    assert run.exit_code == 0, run.output
    assert path.read_text(encoding="utf-8") == READING + "  - bot: nothing\n"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("test: t\nsteps:\n  - sing: la\n", "bad.yaml:3:5: there is no step 'sing'"),
        ("test: t\nsteps:\n\t- me: hi\n", "bad.yaml:3:1: the file cannot be parsed"),
        ("test: \xff", "bad.yaml:1:1: the file is not UTF-8 text"),
    ],
)
def test_a_bad_test_is_one_clear_line_and_no_traceback(
    text: str, told: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    bad = tmp_path / "bad.yaml"
    bad.write_bytes(text.encode("latin-1"))
    monkeypatch.setattr("sys.argv", ["procare", "dialogs", "test", str(bad)])
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == 2
    told_at_all = capsys.readouterr().err
    assert told in told_at_all
    assert "Traceback" not in told_at_all


def test_every_flow_that_somebody_can_reach_has_a_test() -> None:
    told = "\n".join(path.read_text(encoding="utf-8") for path in find_tests(DIALOGS))
    assert [name for name, flow in stage().content.flows.items() if flow.steps and f"{name}." not in told] == []
