"""Templates from the command line: checked, given in to the look-alike, followed through the review, and needed to publish."""

from __future__ import annotations

import asyncio
import re
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner, Result

from bot.cli.main import commands
from webhooks.lookalike.people import Instance
from webhooks.lookalike.server import LookAlike


class Account:
    """The look-alike in a thread of its own, because a command runs a loop of its own."""

    def __init__(self, reviews: str = "wait") -> None:
        self.alike = LookAlike([Instance("procare")], api_key="key", seed=1, reviews=reviews)  # type: ignore[arg-type]
        self._loop = asyncio.new_event_loop()
        self._stop = asyncio.Event()
        self._ready = threading.Event()
        self._thread = threading.Thread(target=self._run)

    def _run(self) -> None:
        async def main() -> None:
            async with self.alike.listening() as self.url:
                self._ready.set()
                await self._stop.wait()

        asyncio.set_event_loop(self._loop)
        self._loop.run_until_complete(main())
        self._loop.close()

    def __enter__(self) -> Account:
        self._thread.start()
        assert self._ready.wait(60)
        return self

    def __exit__(self, *_: object) -> None:
        self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join(60)


def words_in(path: Path, *languages: str) -> None:
    """The template keeps its words in these languages only."""
    data = yaml.safe_load(path.read_text(encoding="utf-8"))
    data["texts"] = {language: data["texts"][language] for language in languages}
    path.write_text(yaml.safe_dump(data, allow_unicode=True, sort_keys=False, width=1000), encoding="utf-8")


@pytest.fixture
def account(copy: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Account]:
    for path in sorted((copy / "dialogs/templates").glob("*.yaml")):
        if path.stem not in ("visit_missed", "payment_failed"):
            path.unlink()
        else:
            words_in(path, "en", "hi", "hi_Latn")
    with Account() as account:
        monkeypatch.setenv("PROCARE_EVOLUTION_URL", account.url)
        monkeypatch.setenv("PROCARE_EVOLUTION_API_KEY", "key")
        yield account


def procare(*words: str, answer: str | None = None) -> Result:
    return CliRunner().invoke(commands, list(words), input=answer)


def test_lint_tells_what_is_wrong_and_which_steps_nothing_stands_for(copy: Path) -> None:
    path = copy / "dialogs/templates/payment_failed.yaml"
    words_in(path, "en", "hi")
    told = procare("templates", "lint")
    assert told.exit_code == 0
    assert "nothing found" in told.output
    assert "no template: lesson/tell" in told.output
    assert "no words in de: 1 templates; its people get template_fallback, or English\n" in told.output
    assert "no words in hi:" not in told.output
    words = re.sub(r"body: Your payment of (\{\{1\}\} .*)", r'body: "\1"', path.read_text(encoding="utf-8"))
    path.write_text(words, encoding="utf-8")
    told = procare("templates", "lint")
    assert told.exit_code == 1
    assert re.search(r"payment_failed\.yaml:\d+:5: blocker: it begins or ends with a placeholder", told.output)
    assert procare("templates", "submit", "--yes").exit_code == 1


def test_a_translation_is_read_as_a_catalogue_is(copy: Path) -> None:
    path = copy / "dialogs/templates/measure_reminder.yaml"
    text = path.read_text(encoding="utf-8")
    assert "dialogs/templates/" not in procare("templates", "lint").output  # ours have nothing to find
    changed = text.replace("यह आपका माँगा हुआ रिमाइंडर है", "तुम्हारी याद").replace('"30 मिनट में"', '"३० मिनट में"')
    assert changed.count("तुम्हारी") == 1
    assert changed.count("३०") == 1
    path.write_text(changed, encoding="utf-8")
    told = procare("templates", "lint")
    assert told.exit_code == 1
    rows = [line for line in told.output.splitlines() if "measure_reminder.yaml" in line]
    place = changed[: changed.index("तुम्हारी")].count("\n") + 1
    assert {row.rsplit("[", 1)[1].rstrip("]") for row in rows} == {"rude", "digits", "number", "glossary"}
    assert sum(f":{place}:" in row for row in rows) >= 2


def test_submit_sync_status_and_note(account: Account, copy: Path) -> None:
    assert "visit_missed hi: to be given in as UTILITY" in procare("templates", "submit", "--dry-run").output
    told = procare("templates", "submit", "visit_missed", "--yes")
    assert told.output.splitlines()[-3:] == [f"visit_missed {language}: PENDING" for language in ("en", "hi", "hi_Latn")]
    assert procare("templates", "submit", "visit_missed", "--yes").output == "nothing was given in\n"
    account.alike.templates.judge("visit_missed", "en", "APPROVED")
    account.alike.templates.judge("visit_missed", "hi", "REJECTED", "INVALID_FORMAT")
    account.alike.templates.judge("visit_missed__hi_latn", "hi", "REJECTED", "INVALID_FORMAT")  # it stops nothing
    told = procare("templates", "sync")
    assert "visit_missed en: PENDING -> APPROVED" in told.output
    assert "visit_missed hi: PENDING -> REJECTED" in told.output
    assert "visit_missed hi_Latn: PENDING -> REJECTED" in told.output
    told = procare("templates", "status")
    assert told.exit_code == 1
    rows = {tuple(line.split()[:2]): line for line in told.output.splitlines()}
    assert "APPROVED" in rows["visit_missed", "en"]
    assert "visit_over/ask" in rows["visit_missed", "en"]
    assert "INVALID_FORMAT" in rows["visit_missed", "hi"]
    assert "not given in" in rows["payment_failed", "en"]
    assert "not in this folder" in rows["hello_world", "pt_BR"]
    assert told.output.endswith("3 that flows need are not approved\n")
    for name, language in (("visit_missed", "hi"), ("payment_failed", "en"), ("payment_failed", "hi")):
        assert procare("templates", "note", name, language, "approved").exit_code == 0
    told = procare("templates", "status")
    assert told.exit_code == 0
    assert "by hand" in told.output
    path = copy / "dialogs/templates/visit_missed.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("take place? If not", "take place? Otherwise"), encoding="utf-8")
    assert "rename it, like visit_missed_2" in procare("templates", "submit", "--yes").output
    assert "other words" in procare("templates", "status").output


def test_what_whatsapp_refuses_is_told_and_the_rest_goes_on(account: Account) -> None:
    procare("templates", "submit", "visit_missed", "--language", "en", "--yes")
    first = procare("templates", "note", "visit_missed", "en", "gone")
    assert first.exit_code == 0
    told = procare("templates", "submit", "--yes")
    assert "visit_missed en: refused: There is already content in this language" in told.output
    assert "payment_failed hi: PENDING" in told.output
    assert told.exit_code == 1


def test_publishing_on_the_official_channel_waits_for_approval(
    account: Account, copy: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PROCARE_OFFICIAL_CHANNEL", "true")
    told = procare("dialogs", "publish", "--yes")
    assert told.exit_code == 1
    assert "dialogs/templates/visit_missed.yaml: visit_missed in hi is not approved: not given in" in told.output
    procare("templates", "submit", "--yes")
    for name in ("visit_missed", "payment_failed"):
        for language in ("en", "hi"):
            account.alike.templates.judge(name, language, "APPROVED")
    assert "visit_missed in en is not approved: PENDING" in procare("dialogs", "publish", "--yes").output
    procare("templates", "sync")
    told = procare("dialogs", "publish", "--yes")
    assert told.exit_code == 0, told.output
    assert "published " in told.output


def test_publishing_elsewhere_needs_no_approval(account: Account) -> None:
    assert "published " in procare("dialogs", "publish", "--yes").output
