"""Arms: stable, in the proportion of their weights, ended by a count, and told in the trace."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import pytest

from bot.dialogue.cohort import draw
from bot.dialogue.contents import Contents
from bot.dialogue.engine import Engine
from bot.dialogue.flow import Experiment
from bot.dialogue.transcript.conversation import Conversation, Stage
from bot.model.ids import person_of
from bot.upkeep.experiments import end_what_is_full

THANKS = Experiment("thanks", (("short", 1), ("warm", 3)), None, 10, "short")
PEOPLE = [person_of(f"phone:91{number:010}") for number in range(4000)]


def test_arms_come_in_the_proportion_of_their_weights_and_stay() -> None:
    drawn = [draw(person, THANKS) for person in PEOPLE]
    assert drawn == [draw(person, THANKS) for person in PEOPLE]
    counts = Counter(drawn)
    assert 0.71 < counts["warm"] / len(PEOPLE) < 0.79
    assert counts["short"] + counts["warm"] == len(PEOPLE)


def test_two_experiments_are_drawn_apart() -> None:
    other = replace(THANKS, name="other", arms=(("short", 1), ("warm", 1)))
    both = Counter((draw(person, THANKS), draw(person, other)) for person in PEOPLE)
    assert 0.45 < both["warm", "warm"] / (both["warm", "warm"] + both["warm", "short"]) < 0.55


class Counted:
    def __init__(self, people: int) -> None:
        self.number = people

    async def people(self, kind: str) -> int:
        assert kind == "arm.thanks"
        return self.number


@pytest.mark.anyio
async def test_an_experiment_ends_when_enough_people_have_taken_part(stage: Stage) -> None:
    engine = Engine(Contents(stage.content), stage.policy, stage.understand)
    await end_what_is_full(engine, Counted(9))
    assert engine.contents.ended == frozenset()
    talk = Conversation(stage, "en", "typed", {}, None)
    assert said(engine, talk) == ("That sounds good, well done!", "warm")
    await end_what_is_full(engine, Counted(10))
    assert engine.contents.ended == {"thanks"}
    assert said(engine, talk) == ("Noted.", "short")
    newer = replace(stage.content, version="newer")
    assert engine.contents.published(newer).ended == {"thanks"}


def said(engine: Engine, talk: Conversation) -> tuple[str, str]:
    """What is said to somebody who ate, and the arm in the trace."""
    talk.engine = engine
    talk.write("I ate rice and dal")
    [arm] = [line["arm"] for line in talk.turns[-1].trace if line["action"] == "arm"]
    return talk.said()[-1].text, arm
