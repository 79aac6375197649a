"""The stage of the small flows: they, the texts of the product's own ``system`` flow, and the fixed emergency texts."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from bot.dialogue.transcript.conversation import Stage
from bot.dialogue.transcript.library import load_stage
from tests.reading import our_reader
from tests.transcripts.stage import DIALOGS, LOCALES, policy

HERE = Path(__file__).parent


def gather(folder: Path) -> Path:
    """A dialogues folder of the small flows."""
    shutil.copytree(HERE / "flows", folder / "flows")
    shutil.copy(DIALOGS / "flows/system.yaml", folder / "flows/system.yaml")
    shutil.copytree(HERE / "media", folder / "media")
    shutil.copy(DIALOGS / "emergency.yaml", folder / "emergency.yaml")
    catalogue = "hi/LC_MESSAGES/procare.po"
    (folder / "locales" / catalogue).parent.mkdir(parents=True)
    product = (LOCALES / catalogue).read_text(encoding="utf-8").split("\n\n")
    wanted = ('msgctxt "system.', 'msgctxt "emergency.')
    kept = [product[0], *(entry for entry in product if any(key in entry for key in wanted))]
    text = "\n\n".join([*kept, (HERE / "locales/hi.po").read_text(encoding="utf-8").strip()])
    (folder / "locales" / catalogue).write_text(text + "\n", encoding="utf-8")
    return folder


@pytest.fixture(scope="session")
def dialogs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return gather(tmp_path_factory.mktemp("language") / "dialogs")


@pytest.fixture(scope="session")
def stage(dialogs: Path) -> Stage:
    return load_stage(dialogs, dialogs / "locales", ("en", "hi"), policy(), our_reader().understand)
