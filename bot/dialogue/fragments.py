"""Danger that somebody writes in several short messages: "want", then "to die"."""

from __future__ import annotations

from collections.abc import Callable

from msgspec import structs

from bot.dialogue.scene import Scene
from bot.dialogue.shown import option_typed
from bot.model.inbound import Inbound
from bot.model.session import Fragment
from bot.understanding.meaning import Meaning

WITHIN = 60.0  # seconds between two messages that may be one sentence
PIECE = 3  # words of one: of two messages of four words that mean nothing each, twice as many mean danger by chance
WORDS, LENGTH = 6, 48  # of what is remembered
UNREAD = ("fallback", "unclear", "looked_after")  # the kinds of turn in which nothing was made of the words
CHECK = "emergency_check"  # the kind of turn, and the flow: of "saans" alone it is asked whether it happens now
PLAIN = 0.75  # a "no" below this is one of its ending only: "வரல", does not come
BESIDE = 1  # words beside a "no" that is nothing more: "nahi ji"


def joined(scene: Scene, event: Inbound, text: str, meaning: Meaning, read: Callable[[str], Meaning]) -> Meaning:
    """``meaning``, with the danger that only shows when ``text`` is read behind the words just before, of which nothing was made.

    Numbers are left to the message in which they stand: "my sugar", "50 minutes walked" is no sugar of 50.
    """
    before = _before(scene, event)
    if (
        not before
        or not _is_piece(event, text)
        or meaning.urgency != "none"
        or meaning.command
        or option_typed(scene, event, text)
    ):
        return meaning
    found = read(f"{before} {text}")
    if found.readings or found.urgency not in ("emergency", "confirm"):
        return meaning
    frame = scene.pending()
    if frame and frame.flow == CHECK and (found.urgency != "emergency" or _plain(meaning, text)):
        return meaning
    return structs.replace(meaning, urgency=found.urgency, category=found.category, spans=found.spans)


def remember(scene: Scene, event: Inbound, text: str) -> None:
    """At the end of a turn: its words, where they may be the beginning of a sentence. Only of people who have agreed that what
    they write is kept, only a few, and no longer than until they write again."""
    before, scene.session.fragment = _before(scene, event), None
    if scene.kind in (*UNREAD, CHECK) and scene.consented and not scene.session.stopped and _is_piece(event, text):
        kept = " ".join(f"{before} {text}".split()[-WORDS:])
        scene.session.fragment = Fragment(kept, event.sent_at) if len(kept) <= LENGTH else None


def _before(scene: Scene, event: Inbound) -> str:
    before = scene.session.fragment
    return before.text if before is not None and 0.0 <= event.sent_at - before.at <= WITHIN else ""


def _plain(meaning: Meaning, text: str) -> bool:
    """ "No", "abhi nahi", "haan ji": an answer to the question, and no end of what was begun before it as "nahi aa rahi" is."""
    intent = meaning.intent
    if intent is None or intent.id not in ("deny", "affirm") or intent.score < PLAIN or intent.span is None:
        return False
    return len((text[: intent.span.start] + " " + text[intent.span.end :]).split()) <= BESIDE


def _is_piece(event: Inbound, text: str) -> bool:
    return event.kind == "text" and 1 <= len(text.split()) <= PIECE
