"""Published while people talk: the running service says the new words within seconds, without a restart, and takes them back."""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.cli.reading import understanding as our_understanding
from tests.e2e.at_hand import run_here
from tests.e2e.page import Page, Patient
from tests.e2e.service import Service, serving

ROOT = Path(__file__).parents[2]
PACE = 0.4  # seconds between two questions: who asks faster is a flood, and is not answered
SECONDS = 60.0  # that a publication may take to arrive, on a machine that does much else


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    folder = tmp_path_factory.mktemp("publish")
    for room in ("dialogs", "locales"):
        shutil.copytree(ROOT / room, folder / room, ignore=shutil.ignore_patterns("eval", "tests"))
    with serving(folder, {"dialogs_dir": folder / "dialogs", "locales_dir": folder / "locales"}) as running:
        yield running


def hear(patient: Patient, part: str, *, gone: bool = False) -> None:
    """Ask for help until the answer has these words, or has them no more."""
    deadline = time.monotonic() + SECONDS
    while (part in (heard := patient.say("help"))) is gone:
        assert time.monotonic() < deadline, heard
        time.sleep(PACE)


def test_a_running_service_takes_what_is_published(service: Service) -> None:
    our_understanding()("hello")  # loaded once for this process, and not from the folder of the test
    page = Page(service.url)
    asha, ravi = page.new_patient("Asha", "919876521001"), page.new_patient("Ravi", "919876521002")
    for patient in (asha, ravi):
        patient.say("hi")
        patient.tap("English")
        patient.tap("I agree")
    assert "sugar" in asha.say("help")

    def procare(*words: str) -> str:
        done = run_here(service.folder, service.settings, "dialogs", *words)
        assert done.returncode == 0, done.stderr
        return done.stdout

    procare("publish", "--yes")
    path = service.folder / "dialogs/flows/help.yaml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace('say: "', 'say: "NEW WORDS. ', 1), encoding="utf-8")
    told = procare("publish", "--yes", "--by", "the test")
    assert "2 of 2 people are in the middle of something" in told
    hear(asha, "NEW WORDS.")
    assert "In which year were you born?" in ravi.say("Ravi")  # in the middle of the profile, on the version before
    status = procare("status").splitlines()
    assert " current " in status[0]
    assert ", 1 worker, since " in status[0]
    assert service.running
    procare("rollback", "--note", "too loud")
    hear(asha, "NEW WORDS.", gone=True)
    page.close()
