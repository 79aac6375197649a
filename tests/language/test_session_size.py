"""A session stays small: under 2 KB in these conversations (tests/transcripts holds it of the product's), and bounded always."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.dialogue.engine import Engine
from bot.dialogue.transcript import conversation
from bot.dialogue.transcript.conversation import Stage
from bot.dialogue.transcript.library import load_script
from bot.dialogue.transcript.play import play
from bot.model.codec import encode
from bot.model.ids import EffectId
from bot.model.session import Answered, Bookmark, Frame, Wait

HERE = Path(__file__).parent
NORMAL = 2048


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(conversation, "SIZE", NORMAL)


@pytest.mark.parametrize("path", sorted((HERE / "conversations").glob("*.yaml")), ids=lambda path: path.stem)
def test_a_session_of_the_small_flows_stays_under_2_kb(stage: Stage, path: Path) -> None:
    assert play(load_script(path, HERE, ("en",)), stage, "en", "tapped").failure is None


def test_a_session_is_bounded_whatever_it_holds(stage: Stage) -> None:
    talk = conversation.Conversation(stage, "en", "tapped", {}, None)
    words = {f"v{number}": "क" * 300 for number in range(40)}
    frames = [Frame("survey", stage.content.version, "ask_cups", dict(words), Wait("ask_cups")) for _ in range(5)]
    talk.session.stack = frames
    talk.session.overdue = {EffectId(f"e{number}"): frames[0] for number in range(5)}
    talk.session.bookmarks = [Bookmark(frames, 0.0)]
    talk.session.last = Answered("survey", stage.content.version, "ask_tea", 0.0, dict(words))
    talk.session.vars = dict(words)
    engine = Engine(stage.content, stage.policy, stage.understand)
    turn = engine.turn(talk.session, talk._inbound("hi", "text", 0, {}), now=talk.now)
    assert len(encode(turn.session)) < 8192
    assert [frame.flow for frame in turn.session.stack] == ["survey"]
