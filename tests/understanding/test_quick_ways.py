"""A quick way out says what the long way would have said: the words that it looks for are all that the long way looks at."""

from __future__ import annotations

import json
from typing import Any

import pytest

from bot.understanding import clauses, denials
from bot.understanding.reader import Reader
from tests.understanding.evaluate import SETS, lines

EVERY = 7
"""One in so many of our own phrases: some thousands, of every language and kind."""


@pytest.mark.parametrize(("room", "name"), [(denials, "DENIALS"), (clauses, "SIGNS")], ids=["denials", "signs"])
def test_a_quick_way_out_changes_no_meaning(reader: Reader, room: Any, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    silenced = (SETS["own"] / "silenced.jsonl").read_text(encoding="utf-8").splitlines()  # where these words decide most often
    texts = [one["text"] for one in [*lines(SETS["own"])[::EVERY], *map(json.loads, silenced)]]
    quick = [reader.understand(text) for text in texts]
    said = {tag.concept for text in texts for tag in reader.said(text)[0].tags}
    monkeypatch.setattr(room, name, tuple(said.union(getattr(room, name))))
    other = [(text, was, now) for text, was in zip(texts, quick, strict=True) if was != (now := reader.understand(text))]
    assert other == []
