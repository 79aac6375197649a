"""Plays conversation tests in the made-up languages and tells what came past the catalogue, or was cut off."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from bot.dialogue.isolates import without_controls
from bot.dialogue.transcript.conversation import KNOWN, Stage
from bot.dialogue.transcript.play import play, runs_of
from bot.dialogue.transcript.script import Script
from bot.i18n.pseudo import CLOSE, OPEN
from bot.model.effects import Outbound

_TYPED = re.compile(r"\*[^*\n]+\*|\w+://\S+")
_ENGLISH = re.compile(r"(?<!\w)[A-Za-z]{3,}(?!\w)")
_NUMBERS = re.compile(r"^Emergency: call .*$", re.MULTILINE)  # in English, too, for whoever stands by
KNOWN_WORDS = frozenset({"mmol", str(KNOWN["name"])})


def leaks(script: Script, stage: Stage, language: str, known: str) -> Iterator[str]:
    """What is wrong with a conversation's messages. ``known`` are words that may be English: what the test itself brings in.

    Somebody whom we do not know is written to in English: such a conversation tells nothing. Nobody types these languages."""
    words = set(_ENGLISH.findall(known)) | KNOWN_WORDS
    for _, form in runs_of(script, [language], ["tapped"]) if script.patient is not None else ():
        played = play(script, stage, language, form)
        if played.failure:
            yield f"{script.file}: {played.failure.why}"
        for message in played.messages:
            for part in parts_of(message):
                bare = _NUMBERS.sub("", _TYPED.sub(" ", without_controls(part)))
                if english := [word for word in _ENGLISH.findall(bare) if word not in words]:
                    yield f"{script.file}: English in a translated message: {' '.join(english)}: {part!r}"
                if bare.count(OPEN) != bare.count(CLOSE):
                    yield f"{script.file}: a message was cut off: {part!r}"


def parts_of(message: Outbound) -> Iterable[str]:
    """All that a phone shows of a message."""
    shown = [message.text, message.header, message.footer, message.menu_label]
    for option in message.options:
        shown += [option.label, option.description]
    return [part for part in shown if part]
