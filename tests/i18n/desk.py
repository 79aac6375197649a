"""A translator's desk: a copy of our dialogues and catalogues, and the command line over it."""

from __future__ import annotations

import shutil
from pathlib import Path

from click.testing import CliRunner, Result

from bot.cli.i18n import i18n
from bot.dialogue.catalogue import catalogue_path

ROOT = Path(__file__).parents[2]


class Desk:
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.dialogs, self.locales = folder / "dialogs", folder / "locales"
        shutil.copytree(ROOT / "dialogs" / "flows", self.dialogs / "flows")
        shutil.copy(ROOT / "dialogs" / "emergency.yaml", self.dialogs)
        shutil.copytree(ROOT / "locales" / "hi", self.locales / "hi")  # one is enough to work on

    def run(self, *words: str) -> Result:
        places = {"PROCARE_DIALOGS_DIR": str(self.dialogs), "PROCARE_LOCALES_DIR": str(self.locales)}
        return CliRunner().invoke(i18n, list(words), env=places, standalone_mode=True)

    def po(self, language: str = "hi") -> str:
        return catalogue_path(self.locales, language).read_text(encoding="utf-8")

    def edit_po(self, old: str, new: str) -> None:
        _edit(catalogue_path(self.locales, "hi"), old, new)

    def edit_flow(self, flow: str, old: str, new: str) -> None:
        _edit(self.dialogs / "flows" / f"{flow}.yaml", old, new)


def _edit(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert text.count(old) >= 1, old
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def entry(po: str, key: str) -> str:
    """One entry of a catalogue."""
    return next(one for one in po.split("\n\n") if f'msgctxt "{key}"' in one)
