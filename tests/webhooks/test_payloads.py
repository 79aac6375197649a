"""How a message is said to the gateway, on each of its three channels."""

from __future__ import annotations

from typing import Any

import pytest

from bot.errors import Refused
from bot.model.effects import Option
from bot.model.ids import GatewayId
from bot.model.inbound import Integration
from tests.webhooks import recordings
from tests.webhooks.outbound import outbound
from webhooks import message_limits as limits
from webhooks.evolution.payloads import MARK, call_for

SHORT = (Option("yes", "Yes"), Option("no", "No"))
FIVE = tuple(Option(f"o{number}", f"Option {number}") for number in range(5))


@pytest.mark.parametrize("integration", ["cloud", "baileys", "evolution"])
def test_a_text_is_a_text_everywhere(integration: Integration) -> None:
    call = call_for(outbound(integration=integration, quoted_id=GatewayId("A5")))
    assert call.endpoint == "sendText"
    assert call.body == {"number": "5511987654321", "text": "Fine?", "linkPreview": False, "quoted": {"key": {"id": "A5"}}}


@pytest.mark.parametrize("integration", ["cloud", "evolution"])
def test_few_short_options_are_buttons_and_the_whole_text_is_in_the_only_field_that_is_passed_on(
    integration: Integration,
) -> None:
    call = call_for(outbound(integration=integration, options=SHORT, header="Head", footer="Foot"))
    assert call.endpoint == "sendButtons"
    assert call.body == {
        "number": "5511987654321",
        "title": "Head\n\nFine?\n\nFoot",
        "buttons": [
            {"type": "reply", "displayText": "Yes", "id": "yes"},
            {"type": "reply", "displayText": "No", "id": "no"},
        ],
    }


def test_the_recorded_gateway_drops_all_of_a_buttons_message_but_its_title() -> None:
    """Why the text goes there."""
    recorded = recordings.recorded("cloud-send-sendButtons")
    said = recorded["graph_calls"][0]["body"]["interactive"]
    assert recorded["request"]["body"]["description"] == "D"
    assert said["body"] == {"text": "T"}
    assert "footer" not in said


def test_the_recorded_gateway_passes_on_every_field_of_a_list() -> None:
    said = recordings.recorded("cloud-send-sendList")["graph_calls"][0]["body"]["interactive"]
    assert (said["header"]["text"], said["body"]["text"], said["footer"]["text"]) == ("T", "D", "F")


def test_more_options_are_a_list_in_which_no_field_is_empty() -> None:
    call = call_for(outbound(options=FIVE, menu_label="Choose"))
    assert call.endpoint == "sendList"
    assert call.body["title"] == "Choose"
    assert call.body["description"] == "Fine?"
    assert call.body["footerText"] == MARK
    assert call.body["buttonText"] == "Choose"
    (section,) = call.body["sections"]
    assert section["title"]
    assert section["rows"][0] == {"title": "Option 0", "description": MARK, "rowId": "o0"}


def test_options_with_descriptions_are_a_list_and_long_ones_are_cut() -> None:
    options = (Option("a", "A", "why " * 40), Option("b", "B", "short"))
    call = call_for(outbound(options=options, menu_label="Choose", header="Head", footer="Foot"))
    rows = call.body["sections"][0]["rows"]
    assert [len(row["description"]) for row in rows] == [limits.ROW_DESCRIPTION, 5]
    assert (call.body["title"], call.body["footerText"]) == ("Head", "Foot")


@pytest.mark.parametrize(
    "fields",
    [
        {"options": FIVE},  # a list needs a label for its button
        {"options": FIVE, "menu_label": "x" * 21},
        {"options": FIVE, "menu_label": "Choose", "header": "x" * 61},
        {"options": tuple(Option(f"o{n}", f"L{n}") for n in range(11)), "menu_label": "Choose"},
        {"options": (Option("a", "x" * 25), Option("b", "B")), "menu_label": "Choose"},
        {"options": (Option("a", "Same"), Option("b", "Same")), "menu_label": "Choose"},
        {"options": (Option("a", "A"), Option("a", "B")), "menu_label": "Choose"},
        {"options": (Option("a", " "), Option("b", "B")), "menu_label": "Choose"},
        {"options": SHORT, "integration": "baileys"},
        {"options": FIVE, "integration": "evolution", "menu_label": "Choose"},
    ],
)
def test_what_cannot_be_shown_is_asked_as_numbered_text(fields: dict[str, Any]) -> None:
    call = call_for(outbound(**fields))
    assert call.endpoint == "sendText"
    first, second = fields["options"][:2]
    assert f"Fine?\n\n1. {first.label}\n2. {second.label}" in call.body["text"]


def test_a_long_question_is_numbered_text_because_interactive_bodies_are_shorter() -> None:
    assert call_for(outbound("x" * 1025, options=SHORT)).endpoint == "sendText"
    assert call_for(outbound("x" * 1024, options=SHORT)).endpoint == "sendButtons"


def test_the_given_numbered_text_is_used() -> None:
    assert call_for(outbound(integration="baileys", options=SHORT, numbered="1 yes 2 no")).body["text"] == "1 yes 2 no"


def test_baileys_shows_buttons_when_the_risk_is_taken() -> None:
    assert call_for(outbound(integration="baileys", options=SHORT), baileys_interactive=True).endpoint == "sendButtons"


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"text": "x" * 4097}, "too_long"),
        ({"text": "x" * 4000, "footer": "y" * 200}, "too_long"),
        ({"text": "x", "integration": "baileys", "options": SHORT, "numbered": "x" * 4097}, "too_long"),
        ({"text": " \n"}, "empty"),
    ],
)
def test_what_whatsapp_would_not_take_is_refused_before_it_is_sent(fields: dict[str, Any], code: str) -> None:
    with pytest.raises(Refused) as caught:
        call_for(outbound(**fields))
    assert caught.value.code == code
