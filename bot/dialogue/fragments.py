"""Danger that somebody writes in several short messages: "want", then "to die"."""

from __future__ import annotations

from collections.abc import Callable

from msgspec import structs

from bot.dialogue.danger import alarm_told
from bot.dialogue.scene import Scene
from bot.dialogue.shown import option_typed
from bot.model.inbound import Inbound
from bot.model.session import Fragment
from bot.understanding.meaning import Meaning

WITHIN = 60.0  # seconds between two messages that may be one sentence
PIECE = 3  # words of one: of two messages of four words that mean nothing each, twice as many mean danger by chance
REST = 5  # words of the rest of a sentence, where it was asked about its beginning: "nahi le pa raha hoon"
WORDS, LENGTH = 6, 48  # of what is remembered
UNREAD = ("fallback", "unclear", "looked_after")  # the kinds of turn in which nothing was made of the words
CHECK = "emergency_check"  # the kind of turn, and the flow: of "saans" alone it is asked whether it happens now
PLAIN = 0.75  # a "no" below this is one of its ending only: "வரல", does not come
BESIDE = 1  # words beside a "yes" that is nothing more: "haan ji"


def joined(scene: Scene, event: Inbound, text: str, meaning: Meaning, read: Callable[[str], Meaning]) -> Meaning:
    """``meaning``, with the danger that only shows when ``text`` is read behind the words just before, of which nothing was made.

    Numbers are left to the message in which they stand: "my sugar", "50 minutes walked" is no sugar of 50.
    """
    before = _before(scene, event)
    frame = scene.pending()
    asked = frame is not None and frame.flow == CHECK
    if (
        not before
        or not _is_piece(event, text, REST if asked else PIECE)
        or meaning.urgency != "none"
        or meaning.command
        or option_typed(scene, event, text)
    ):
        return meaning
    found = read(f"{before} {text}")
    if found.readings or found.urgency not in ("emergency", "confirm"):
        return meaning
    if asked and found.urgency != "emergency":
        return meaning
    if (asked or alarm_told(scene)) and _plain(meaning, text):
        scene.session.fragment = None  # an answer: the sentence before it is at its end
        return meaning
    return structs.replace(meaning, urgency=found.urgency, category=found.category, spans=found.spans)


def remember(scene: Scene, event: Inbound, text: str) -> None:
    """At the end of a turn: its words, where they may be the beginning of a sentence. Only of people who have agreed that what
    they write is kept, or whom we asked whether they are in danger; only a few, and no longer than until they write again."""
    before, scene.session.fragment = _before(scene, event), None
    kept_of = scene.kind == CHECK or (scene.kind in UNREAD and scene.consented and not scene.session.stopped)
    if kept_of and _is_piece(event, text):
        kept = " ".join(f"{before} {text}".split()[-WORDS:])
        scene.session.fragment = Fragment(kept, event.sent_at) if len(kept) <= LENGTH else None


def _before(scene: Scene, event: Inbound) -> str:
    before = scene.session.fragment
    return before.text if before is not None and 0.0 <= event.sent_at - before.at <= WITHIN else ""


def _plain(meaning: Meaning, text: str) -> bool:
    """ "No", "abhi nahi", "haan ji": an answer to the question, and no end of what was begun before it as "nahi aa rahi" is."""
    intent = meaning.intent
    if meaning.only_no:
        return True
    if intent is None or intent.id != "affirm" or intent.score < PLAIN or intent.span is None:
        return False
    return len((text[: intent.span.start] + " " + text[intent.span.end :]).split()) <= BESIDE


def _is_piece(event: Inbound, text: str, most: int = PIECE) -> bool:
    return event.kind == "text" and 1 <= len(text.split()) <= most
