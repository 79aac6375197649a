"""A small project of dialogues for the tests: one flow under test, one other, and a catalogue."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from bot.dialogue.lint.check import check_content
from bot.handwritten.finding import Finding

ROOT = Path(__file__).parents[2]
TODAY = date(2026, 6, 1)
OTHER = """
flow: other
title: Another flow
starts_on: {intent: other}
steps:
  greet:
    say: "Hello."
    next: end
"""
PO = """msgid ""
msgstr ""
"Language: hi\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Plural-Forms: nplurals=2; plural=(n > 1);\\n"
"""


class Project:
    def __init__(self, folder: Path) -> None:
        self.dialogs = folder / "dialogs"
        self.locales = folder / "locales"
        (self.dialogs / "flows").mkdir(parents=True)
        self.write("other", OTHER)
        (self.dialogs / "emergency.yaml").write_bytes((ROOT / "dialogs/emergency.yaml").read_bytes())

    def write(self, flow: str, text: str) -> Path:
        path = self.dialogs / f"flows/{flow}.yaml"
        path.write_text(text, encoding="utf-8")
        return path

    def translate(self, entries: str, header: str = PO) -> None:
        path = self.locales / "hi/LC_MESSAGES/procare.po"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(header + "\n" + entries, encoding="utf-8")

    def check(self, *languages: str) -> list[Finding]:
        return check_content(self.dialogs, self.locales, languages=["en", *languages], today=TODAY)

    def codes(self, flow: str, *languages: str) -> set[str]:
        return {one.code for one in self.check(*languages) if one.file == f"dialogs/flows/{flow}.yaml"}
