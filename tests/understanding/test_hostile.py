"""What is made to keep us busy is read in time, all patterns together, as they are used: what is quadratic shows here."""

from __future__ import annotations

import time

from bot.dialogue.clocks import clocks
from bot.dialogue.heard import Heard
from bot.logs import redact
from bot.privacy.redaction import Redactor
from bot.understanding.meaning import Context, Meaning
from bot.understanding.reader import Reader
from tests.runtime.parts import message
from tests.security.units import UNITS

SECONDS = 3.0  # for the longest message, on a busy machine
LONGEST = 8_192  # characters of a message that are read


def test_the_longest_message_is_read_in_time_whatever_stands_in_it(reader: Reader) -> None:
    slow = {}
    for unit in UNITS[::2]:
        text = ("12" + unit * LONGEST)[: LONGEST - 1] + "x"
        began = time.thread_time()
        reader.understand(text, Context(expects="time"))
        clocks(Heard(message(1), Meaning(), text, 1.8e9, "Asia/Kolkata", "en", "91"))
        Redactor(["Asha Devi"]).redact(text)
        redact(text)
        if (took := time.thread_time() - began) > SECONDS:
            slow[unit] = round(took, 1)
    assert not slow
