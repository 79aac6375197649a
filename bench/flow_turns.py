"""What an engine turn costs among many loaded flows, the first use of every step included: compiling what is first said, too."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import Any

from msgspec import structs

from bench.flows import ROOT
from bot.cli.run import spare_the_collector
from bot.dialogue.content import Content, load_content
from bot.dialogue.engine import Engine, Turn
from bot.dialogue.expression import compile_expression
from bot.dialogue.transcript.conversation import Conversation, Stage
from bot.dialogue.transcript.reach import Reach
from bot.dialogue.transcript.wording import Wordings
from bot.understanding.meaning import Context, IntentFound, Meaning
from bot.understanding.reader import Reader
from config.policy import FOLDER, load_policy


class Timed(Engine):
    """Keeps the processor time of every turn."""

    def __init__(self, *given: Any) -> None:
        super().__init__(*given)
        self.took: list[float] = []

    def turn(self, *given: Any, **more: Any) -> Turn:
        began = time.thread_time()
        turn = super().turn(*given, **more)
        self.took.append(time.thread_time() - began)
        return turn


def turns(dialogs: Path, locales: Path, languages: tuple[str, ...], *, loads: int = 1) -> tuple[float, float, float]:
    """Of the turns through every made-up flow: the median and the longest of the first time, and the median of the second.

    Each load is a start of the service: nothing is compiled, and what was loaded is kept from the cycle collector.
    """
    reader = Reader.load(ROOT / "dialogs" / "lexicon", FOLDER / "readings.yaml")
    first: list[float] = []
    again: list[float] = []
    for _ in range(loads):
        compile_expression.cache_clear()
        content = load_content(dialogs, locales, languages=languages)
        spare_the_collector()
        for number, name in enumerate(name for name in content.flows if name.startswith("madeup_")):
            for took in (first, again):
                took += _through(content, name, languages[number % len(languages)], reader.understand)
    return median(first), max(first), median(again)


def _through(content: Content, flow: str, language: str, understand: Callable[[str, Context], Meaning]) -> list[float]:
    """The first ten steps of a flow: a number, an option, an agent's answer; five turns."""

    def wanting(text: str, context: Context) -> Meaning:
        meaning = understand(text, context)
        return structs.replace(meaning, intent=IntentFound(flow, 1.0), command=None) if text == "begin" else meaning

    policy = load_policy()
    talk = Conversation(Stage(content, policy, wanting, Wordings(content, {}), Reach()), language, "tapped", {}, None)
    talk.engine = timed = Timed(content, policy, wanting)
    talk.write("begin")
    talk.write("7")
    talk.tap("evening")
    talk.agent("done", {f"{fact}_{flow.removeprefix('madeup_').lstrip('0') or '0'}_1": 7 for fact in ("total", "goal")})
    talk.write("3")
    return timed.took
