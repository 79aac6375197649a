"""Publishing from the command line, on the embedded engines: told beforehand, stopped by blockers, undone in one command."""

from __future__ import annotations

import asyncio
import re
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from bot.app.engines import open_engines
from bot.cli.main import commands
from bot.dialogue.bundle import read_bundle
from bot.dialogue.content import load_content
from bot.model.ids import InputId, person_of
from bot.model.session import Frame, Session, Wait
from config.policy import load_policy
from config.settings import read_settings

THANKS = "dialogs/flows/thanks.yaml"


def procare(*words: str, answer: str | None = None) -> Result:
    return CliRunner().invoke(commands, ["dialogs", *words], input=answer)


def version() -> str:
    return read_bundle(Path("dialogs"), Path("locales"), languages=load_policy().behaviour.languages).version


def change(copy: Path, old: str, new: str) -> str:
    path = copy / THANKS
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")
    return version()


def stand(*frames: Frame) -> None:
    async def commit() -> None:
        async with open_engines(read_settings()) as engines:
            for number, frame in enumerate(frames):
                session = Session(person_of(f"phone:91{number}"), version=1, stack=[frame])
                await engines.sessions.commit(session, InputId("i1"), [], now=1.0)

    asyncio.run(commit())


def test_publish_status_and_rollback(copy: Path) -> None:
    assert procare("status").output.startswith("nothing is published")
    assert "There is no version before" in str(procare("rollback").exception)
    first = version()
    told = procare("publish", "--yes", "--by", "Asha", "--note", "a  first\none")
    assert told.output.splitlines()[-1] == f"published {first}; running workers take it within seconds"
    assert procare("publish", "--yes").output == f"nothing to publish: {first} is current already\n"
    stand(*(Frame("profile", first, "ask_name", wait=Wait("ask_name")) for _ in range(3)))
    second = change(copy, "title: Somebody says thank you", "title: Thanks")
    told = procare("publish", "--dry-run")
    assert "thanks: 1 setting\n" in told.output
    assert "3 of 3 people are in the middle of something" in told.output
    assert told.output.endswith("nothing was published\n")
    assert procare("publish", answer="n\n").exit_code == 1
    assert procare("publish", answer="y\n").output.endswith(f"published {second}; running workers take it within seconds\n")
    lines = procare("status").output.splitlines()
    assert re.match(rf"{second}  current  0 people, since \d{{4}}-\d\d-\d\d \d\d:\d\d UTC by .", lines[0])
    assert lines[1].startswith(f"{first}  older    3 people, since ")
    assert lines[1].endswith(" by Asha: a first one")
    assert procare("rollback", "--by", "Ravi").output == f"{first} is current again; running workers take it within seconds\n"
    assert procare("rollback", second[:6]).exit_code == 0
    assert f"{second} is current already" in str(procare("rollback", second[:6]).exception)
    assert "there is no version or folder 'zzz'" in str(procare("rollback", "zzz").exception)


def test_blockers_stop_a_publication_and_stand_with_their_lines(copy: Path) -> None:
    with (copy / THANKS).open("a", encoding="utf-8") as file:
        file.write("  more:\n    next: nowhere\n")
    told = procare("publish", "--yes")
    assert told.exit_code == 1
    assert "blocker: 'more' goes to 'nowhere', and there is no such step [target]" in told.output
    assert procare("status").output.startswith("nothing is published")


def test_publishing_can_wait_for_native_clinical_readers(copy: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.cli.publish.load_policy", lambda: load_policy(languages="en,hi"))
    monkeypatch.setenv("PROCARE_REVIEWED_ONLY", "true")
    told = procare("publish", "--yes")
    assert told.exit_code == 1
    assert "was not agreed to by a native clinical reader; let one read it, then run: procare i18n review hi " in told.output
    assert "\nwaiting for a native clinical reader: hi " in told.output
    assert told.output.endswith("nothing was published: PROCARE_REVIEWED_ONLY is on; see: procare i18n status\n")
    content = load_content(copy / "dialogs", copy / "locales", languages=["en", "hi"])
    flows = sorted({key.split(".")[0] for key, written in content.keys.items() if written.clinical})
    agreed = CliRunner().invoke(commands, ["i18n", "review", "hi", *flows, "--by", "A. Reader, physician"])
    assert agreed.exit_code == 0, agreed.output
    assert procare("publish", "--dry-run").output.endswith("nothing was published\n")


def test_a_published_version_can_be_compared_with_a_folder(copy: Path) -> None:
    assert "Nothing was published yet" in str(procare("diff", "current", "dialogs").exception)
    procare("publish", "--yes")
    assert procare("diff", "current", "dialogs").output == "no difference\n"
    first = version()
    change(copy, "title: Somebody says thank you", "title: Thanks")
    changed = "thanks: 1 setting\n  title: Somebody says thank you -> Thanks\n"
    assert procare("diff", "current", "dialogs").output == procare("diff", first[:5], "dialogs").output == changed
