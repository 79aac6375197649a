"""What comes before everything else in a turn: danger is answered, also in a message that comes late."""

from __future__ import annotations

from msgspec import structs

from bot.dialogue.display import moment
from bot.dialogue.emergency import rules_of, sound_alarm
from bot.dialogue.scene import Scene
from bot.model.inbound import Inbound
from bot.understanding.meaning import Meaning

LATE_AGAIN = 600.0  # seconds in which one "this came too late" is enough
SILENT_KINDS = ("reaction", "deletion", "sticker")
CHECK, SELF_HARM = "emergency_check", "self_harm"  # the flow of our own question, and the danger of which it stays open
HELP_CALLED = "alarm:help_called"  # the rule that hears that somebody has called for help


def danger(scene: Scene, event: Inbound, meaning: Meaning) -> bool:
    """The emergency lane. True when nothing else may follow in this turn."""
    written = event.sent_at if is_late(scene, event) else None
    match meaning.urgency:
        case "emergency":
            sound_alarm(scene, meaning.category, rules=rules_of(meaning), written_at=written)
            return True
        case "urgent":
            sound_alarm(scene, meaning.category, rules=rules_of(meaning), urgent=True, written_at=written)
            scene.quiet = True
        case "confirm" if scene.alone or written is not None:
            # Nobody can be asked back here: say what to do if it is happening now.
            sound_alarm(scene, "check", rules=rules_of(meaning), urgent=True, written_at=written)
        case _:
            pass
    return False


def no_news(scene: Scene, meaning: Meaning) -> Meaning:
    """ "Ok, ambulance called" after an alarm: no other danger, no answer to "did help come?", no reason to say the alarm again.

    The case stays open, and the question whether help came is put all the same. To whom no alarm was told it is a danger that
    we know nothing of, and they are asked.
    """
    rules = {span.rule for span in meaning.spans if span.rule.startswith("alarm:")}
    if meaning.urgency != "confirm" or rules != {HELP_CALLED} or not alarm_told(scene):
        return meaning
    return structs.replace(meaning, urgency="none", category=None, yes_no=None, intent=None, command=None)


def alarm_told(scene: Scene) -> bool:
    """An emergency was answered, and how it went is not known yet."""
    return any(frame.flow == scene.content.after_emergency for frame in scene.session.stack)


def ask_no_more(scene: Scene, category: str | None) -> None:
    """An alarm answers our own "is it happening now?": what comes after it is no answer to that any more.

    Only a question of self-harm outlives an alarm of something else: nobody has answered that one.
    """
    for frame in [frame for frame in scene.session.stack if frame.flow == CHECK]:
        if category == SELF_HARM or frame.vars.get("category") != SELF_HARM:
            scene.drop(frame)


def is_late(scene: Scene, event: Inbound) -> bool:
    return scene.now - event.sent_at > scene.policy.behaviour.late_after


def say_late(scene: Scene, event: Inbound) -> None:
    """The message is not acted on any more; that is said once for several of them."""
    scene.kind = "late"
    said = scene.session.late_said_at
    again = said is not None and scene.now - said < LATE_AGAIN
    if event.kind in SILENT_KINDS or scene.session.stopped or scene.first or again:
        return scene.note("late_quiet")
    scene.session.late_said_at = scene.now
    scene.say("late", when=moment(event.sent_at, scene.zone, scene.content.tongues[scene.language]))
