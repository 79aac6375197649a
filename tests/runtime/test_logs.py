"""Logs tell what happened and never whom it concerns."""

from __future__ import annotations

import logging
import sys

from bot.logs import JsonFormatter, person_id, redact, short, turn_id
from bot.model.ids import keyed, member_of, person_of
from bot.model.naming import typed


def test_numbers_and_passwords_are_masked() -> None:
    assert "919812345678" not in redact("to 919812345678")
    assert redact("amqp://user:secret@host:5672/") == "amqp://host:5672/"


def test_only_known_fields_are_written() -> None:
    record = logging.LogRecord("bot", logging.INFO, __file__, 1, "sentence", None, None)
    record.text = "my chest hurts"
    record.action = "tested"
    line = JsonFormatter().format(record)
    assert '"action":"tested"' in line
    assert "chest" not in line


def test_an_exceptions_words_are_not_written() -> None:
    try:
        raise ValueError("patient said: my chest hurts")
    except ValueError:
        record = logging.LogRecord("bot", logging.ERROR, __file__, 1, "sentence", None, sys.exc_info())
    line = JsonFormatter().format(record)
    assert "chest" not in line
    assert "ValueError" in line
    assert "test_logs.py" in line


def test_message_ids_are_shortened_because_they_hold_the_number() -> None:
    turn_id.set("in:procare:wamid.HBgMOTE5ODEyMzQ1Njc4")
    person_id.set("wamid.HBgMOTE5ODEyMzQ1Njc4")  # the key of a receipt
    line = JsonFormatter().format(logging.LogRecord("bot", logging.INFO, __file__, 1, "sentence", None, None))
    assert "wamid" not in line
    assert short("in:procare:wamid.HBgMOTE5ODEyMzQ1Njc4") in line
    turn_id.set(None)
    person_id.set(None)


def test_a_persons_opaque_id_is_written_as_it_is() -> None:
    """Of every form: it is what an operator gives to `procare erase` and `audit list`."""
    plain = person_of("phone:919812345678")
    own = keyed(plain, b"k" * 32)
    for person in (plain, own, member_of(own, "1")):
        person_id.set(person)
        line = JsonFormatter().format(logging.LogRecord("bot", logging.INFO, __file__, 1, "sentence", None, None))
        assert f'"person":"{person}"' in line
        assert typed(person) == person
    person_id.set(None)
