"""A language that nobody has begun yet is begun with one command, filled in, checked, and spoken: it is a folder, and no code."""

from __future__ import annotations

import re

import pytest

from bot.cli.dialogs import folders
from bot.dialogue.catalogue import read_catalogue
from bot.dialogue.content import load_content
from bot.dialogue.speaking import named
from bot.dialogue.transcript.library import load_script, load_stage
from bot.i18n.book import by_key, store
from bot.i18n.glossary import load_glossary
from tests.i18n.desk import ROOT, Desk
from tests.i18n.pseudo_play import leaks
from tests.reading import our_reader
from tests.transcripts.stage import DIALOGS, policy

KEPT = re.compile(r"(\{\{.*?\}\}|\{%.*?%\}|https?://\S+|\*[^*\n]+\*)", re.DOTALL)
LETTERS = str.maketrans("abcdefghijklmnopqrstuvwxyz", "कखगघङचछजझञटठडढणतथदधनपफबभमय")


def made_up(source: str) -> str:
    """English in other letters, as somebody would translate it who leaves alone what must stay."""
    return "".join(part if number % 2 else part.casefold().translate(LETTERS) for number, part in enumerate(KEPT.split(source)))


def test_a_language_is_begun_with_one_command_and_can_be_loaded(desk: Desk) -> None:
    run = desk.run("add", "ne")
    assert run.exit_code == 0, run.output
    assert "texts to translate" in run.output
    loaded = load_content(desk.dialogs, desk.locales, languages=["en", "ne"])
    assert (loaded.tongues["ne"].name, loaded.tongues["ne"].script) == ("नेपाली", "Deva")
    assert loaded.untranslated["ne", "clinical"] > 0
    assert load_glossary(desk.locales, "ne")
    page = desk.locales / "ne/language.yaml"
    page.write_text(page.read_text(encoding="utf-8") + "# seen\n", encoding="utf-8")
    again = desk.run("add", "ne")
    assert (again.exit_code, "there already" in again.output) == (0, True)
    assert page.read_text(encoding="utf-8").endswith("# seen\n")


def test_a_begun_language_that_is_filled_in_passes_the_check_and_is_spoken(desk: Desk) -> None:
    assert desk.run("add", "ne").exit_code == 0
    assert desk.run("check", "--lang", "ne").exit_code == 1  # clinical texts are missing
    catalog = read_catalogue(desk.locales, "ne")
    for message in by_key(catalog).values():
        message.string = made_up(str(message.id))
    store(catalog, desk.locales, "ne")
    checked = desk.run("check", "--lang", "ne")
    assert (checked.exit_code, checked.output.startswith("0 blockers, 0 warnings")) == (0, True), checked.output
    stage = load_stage(desk.dialogs, desk.locales, ("en", "ne"), policy(), our_reader().understand)
    assert [named(stage.content.tongues.values(), name) for name in ("Nepali", "नेपाली")] == ["ne", "ne"]
    path = DIALOGS / "tests/activity.yaml"
    script = load_script(path, DIALOGS, ("en", "ne"))
    assert list(leaks(script, stage, "ne", path.read_text(encoding="utf-8"))) == []


def test_a_conversation_can_be_tried_in_translations_from_elsewhere(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PROCARE_DIALOGS_DIR", str(DIALOGS))
    monkeypatch.setenv("PROCARE_LOCALES_DIR", str(desk.locales))
    assert folders(DIALOGS / "tests/activity.yaml") == (DIALOGS, desk.locales)
    assert folders(desk.dialogs / "flows")[1] == desk.locales


def test_what_is_no_language_is_not_begun(desk: Desk) -> None:
    assert desk.run("add", "xq").exit_code == 2
    assert not (desk.locales / "xq").exists()


def test_the_checklist_names_every_kind_of_file_that_a_language_of_ours_has() -> None:
    """With CODE for Telugu's: who adds the sixteenth finds each of them."""
    told = (ROOT / "docs/languages.md").read_text(encoding="utf-8")
    ours = [path.relative_to(ROOT) for path in (ROOT / "dialogs").rglob("te*") if path.stem == "te"]
    kinds = {path.with_stem("CODE").as_posix() for path in ours if "eval" not in path.parts}
    assert {"dialogs/lexicon/CODE.yaml", "dialogs/library/CODE"} <= kinds
    kinds |= {path.name for path in (ROOT / "locales/te").iterdir()}
    assert [kind for kind in sorted(kinds) if kind not in told] == []
