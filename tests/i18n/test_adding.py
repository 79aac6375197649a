"""A language that nobody has begun yet is begun with one command, and can then be loaded."""

from __future__ import annotations

from bot.dialogue.content import load_content
from bot.i18n.glossary import load_glossary
from tests.i18n.desk import Desk


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


def test_what_is_no_language_is_not_begun(desk: Desk) -> None:
    assert desk.run("add", "xq").exit_code == 2
    assert not (desk.locales / "xq").exists()
