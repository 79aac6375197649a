"""Somebody of the care team writes. What they write is about a patient: it is no reading, no wish and no danger of their own.

A tap, or the label of the open question's option, answers that question. Everything else, in words or as a file, goes to the
one flow that starts ``from: care_team``, with the message that it quotes.
"""

from __future__ import annotations

from typing import Any

from bot.dialogue.commands import obey
from bot.dialogue.kinds import WORDS
from bot.dialogue.scene import Scene
from bot.dialogue.tapping import tap
from bot.dialogue.taps import Tapped, resolve, written_out
from bot.dialogue.walk import answered, start
from bot.model.inbound import Inbound
from bot.model.session import Asked, Session
from bot.understanding.meaning import Meaning
from config.care_team import CareTeam, Member

COMMANDS = frozenset({"language", "stop", "start"})
NO_WORDS = frozenset({"reaction", "sticker"})

PART = 700  # characters of one variable; together they hold the longest message of WhatsApp


def parts_of(text: str) -> dict[str, str]:
    """The words in parts that variables can hold. Put together again, they are what was written."""
    parts = [text[start : start + PART] for start in range(0, len(text), PART)][: len(WORDS)]
    return dict(zip(WORDS, [*parts, *[""] * (len(WORDS) - len(parts))], strict=True))


def introduce(session: Session, member: Member, team: CareTeam, languages: tuple[str, ...]) -> None:
    """What we know of a member of the care team goes into their conversation, where they have not said otherwise."""
    spoken = [language for language in member.languages if language in languages]
    if "language_chosen" not in session.profile:
        session.profile["language"] = spoken[0] if spoken else "en"
    session.profile["zone"] = team.clinics[member.clinic].zone


def hear_staff(scene: Scene, event: Inbound, text: str, meaning: Meaning, asked: Asked | None) -> None:
    """One message of a member of the care team."""
    scene.session.last_inbound_at = scene.now
    if event.kind in NO_WORDS:
        scene.kind = "ignored"
        return scene.note("ignored", kind=event.kind)
    quotes = event.quoted_id is not None or asked is not None
    if event.kind not in ("edit", "deletion"):
        if tapped := resolve(scene.contents, scene.session, event, asked):
            return tap(scene, tapped)
        if not quotes and (tapped := _open(scene, text)):
            frame = scene.pending()
            if frame:
                return answered(scene, frame, tapped.step, {tapped.step.answer: tapped.choice.id}, tapped.choice)
        if meaning.command in COMMANDS and not quotes:
            return obey(scene, meaning.command)
    name = scene.content.from_care_team
    if name is None:
        scene.kind = "fallback"
        return scene.say("fallback")
    scene.kind = "staff"
    given: dict[str, Any] = {
        **parts_of(text),
        "kind": event.kind,
        "ref": (event.media.ref if event.media else None) or "",
        "quoted": asked.id if asked else "unknown" if quotes else "",
        "message": event.message_id,
        "target": event.target_id or "",
    }
    start(scene, name, given)


def _open(scene: Scene, text: str) -> Tapped | None:
    """The option of the open question that these words write out; a sentence that only contains one is none."""
    frame = scene.pending()
    step = scene.step_of(frame) if frame and not scene.unseen(frame) else None
    choice = written_out(step, text) if step else None
    return Tapped(step, choice) if step and choice else None
