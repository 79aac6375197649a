"""Each request to an agent after a correction names the one that it supersedes; a recheck is no correction."""

from __future__ import annotations

from bot.dialogue.transcript.conversation import Conversation, Stage


def talk(stage: Stage) -> Conversation:
    return Conversation(stage, "en", "tapped", {}, None)


def superseded(conversation: Conversation) -> list[int | None]:
    """For each request its number among all that were made."""
    ids = [intent.id for intent in conversation.asked_agents]
    found = [intent.data.get("supersedes") for intent in conversation.asked_agents]
    return [ids.index(one) if one else None for one in found]


def test_a_chain_of_corrections_supersedes_one_after_the_other(stage: Stage) -> None:
    conversation = talk(stage)
    conversation.write("sugar 124")
    conversation.tap("fasting")
    conversation.agent("in_range", {})
    conversation.write("oops, after food")
    conversation.tap("sugar.ask_context:fasting")
    conversation.agent("in_range", {})
    assert superseded(conversation) == [None, 0, 1]


def test_a_second_reading_supersedes_nothing(stage: Stage) -> None:
    conversation = talk(stage)
    for value in (124, 142):
        conversation.write(f"sugar {value}")
        conversation.tap("fasting")
        conversation.agent("in_range", {})
    assert superseded(conversation) == [None, None]


def test_the_time_of_the_measurement_stays(stage: Stage) -> None:
    conversation = talk(stage)
    conversation.write("sugar 124")
    first = conversation.session.stack[-1].vars["measured_at"]
    conversation.pass_time(600)
    conversation.write("sorry 142")
    assert conversation.session.stack[-1].vars["measured_at"] == first
