"""Catalogues are read before a turn, never in it: a turn opens no file and parses nothing, whatever language it comes to."""

from __future__ import annotations

from pathlib import Path
from typing import Any, NoReturn

import babel.messages.pofile
import pytest

import bot.dialogue.catalogue
from bot.dialogue.transcript.conversation import Conversation
from tests.transcripts.stage import TRANSLATED, stage_in_all


def test_no_turn_parses_a_catalogue_or_opens_a_file(monkeypatch: pytest.MonkeyPatch) -> None:
    stage = stage_in_all()
    seen: list[str] = []

    def refuse(*_: Any, **__: Any) -> NoReturn:
        seen.append("read")
        raise AssertionError("a turn reads a catalogue")

    for name in ("read_plain", "read_po", "read_book", "read_bytes", "read_catalogue", "translations_of"):
        monkeypatch.setattr(bot.dialogue.catalogue, name, refuse)
    monkeypatch.setattr(babel.messages.pofile, "read_po", refuse)
    monkeypatch.setattr(Path, "open", refuse)
    monkeypatch.setattr("builtins.open", refuse)
    monkeypatch.setattr("io.open", refuse)
    talk = Conversation(stage, "en", "typed", {}, None)
    for language in TRANSLATED:  # every language on the way, in one conversation
        talk.write(stage.content.tongues[language].name)
        talk.write("menu")
        [message] = [one for one in talk.said() if one.options]
        assert message.options[0].label == stage.content.flows["menu"].steps["choose"].choices[0].label.render(language, {})
    assert not seen
