"""What one message of a person does to the conversation, once danger, lateness and form have been dealt with."""

from __future__ import annotations

from bot.dialogue.agreeing import WELCOME, unknown
from bot.dialogue.answers import read_slots
from bot.dialogue.commands import FLOWS, obey
from bot.dialogue.flow import OFFER, Choice, Step
from bot.dialogue.folding import fold
from bot.dialogue.handing_over import of_rights
from bot.dialogue.heard import Heard
from bot.dialogue.illnesses import lists_them_alone, of_illnesses
from bot.dialogue.kinds import FREE, READINGS
from bot.dialogue.knowing import keep_times
from bot.dialogue.listening import leaves
from bot.dialogue.machine import END
from bot.dialogue.opening import push
from bot.dialogue.options import UNWELL, listed, named_together, nothing_but, ordinal, read_choice
from bot.dialogue.other_questions import answers_another, ask_aside_again, looked_after, said_among_others
from bot.dialogue.reading import claimed, hold_reading, take_readings, unwell_beside, wakes
from bot.dialogue.scene import Scene
from bot.dialogue.tapping import tap
from bot.dialogue.taps import Tapped
from bot.dialogue.unclear import unclear
from bot.dialogue.walk import again, answered, leave_by, start
from bot.dialogue.wished_language import greet_in_named, switch_language
from bot.model.session import Frame
from bot.understanding.introductions import name_told
from bot.understanding.meaning import Meaning

SURE = 0.6  # an intent below this does not start a flow
CERTAIN, HALF = 0.8, 0.5  # an intent from here on, and how much of a message, outweigh the other
LONE = 0.85  # the same for one word where a name was asked for: Sita is a cold in Kannada, and a person
CLEAR = 0.7  # an intent below this is no reason not to take words for a name or a text that was asked for
TO_PEOPLE = frozenset({"doctor_bridge", "care_coordinator"})  # agents that tell people of the care team, or look for a visit
EATING = "log_meal"  # the intent of who ate or drank
FEW = 5  # words of a message that tells a reading and nothing else
QUESTION_MARKS = "?؟"
MISSES = 2  # messages in a row before a person is offered


def hear(scene: Scene, heard: Heard, tapped: Tapped | None) -> None:
    """One message: a command, an answer, the beginning of something, or nothing we know."""
    meaning = heard.meaning
    if scene.session.stopped:
        return _hear_stopped(scene, meaning)
    if unknown(scene):
        return _first_contact(scene, heard)
    if tapped:
        return tap(scene, tapped)
    frame, moved, choice = _pending(scene, heard)
    if frame and choice is None and frame.flow == OFFER and not scene.consented:
        scene.drop(frame)  # no answer to the offer of a language: then perhaps one to the question below, of consent
        frame, moved, choice = _pending(scene, heard)
    if frame and not moved and (many := _several(scene, frame, heard)):
        return answered(scene, frame, scene.step_of(frame), {scene.step_of(frame).answer: many[0].id}, many[0], many)
    if frame and choice:
        return answered(scene, frame, scene.step_of(frame), {scene.step_of(frame).answer: choice.id}, choice)
    if switch_language(scene, heard):
        return None
    if frame and not moved and (meaning.command in (None, "skip")) and _leaves(scene, frame, heard):
        return obey(scene, "cancel" if _passes_on(scene, frame) else "skip")
    if meaning.command:
        if meaning.command in FLOWS and meaning.command == "start" and not scene.consented:
            return again(scene)
        return obey(scene, meaning.command)
    if frame and not moved and _typed(scene, frame, heard):
        return None
    if frame and not moved and (_tells_nothing_of_danger(scene, scene.step_of(frame), heard) or _of_food(scene, frame, meaning)):
        return unclear(scene, frame, scene.step_of(frame))
    if lists_them_alone(scene, heard):
        return None
    if _begin(scene, heard):
        return None
    if scene.quiet:
        return None
    if moved:
        scene.kind = "moved"
        scene.say("moved")
        return again(scene)
    if frame and (choice := said_among_others(scene.step_of(frame), heard)):
        return answered(scene, frame, scene.step_of(frame), {scene.step_of(frame).answer: choice.id}, choice)
    if answers_another(scene, heard, frame):
        return None
    if frame and scene.flow_of(frame).insist:
        return unclear(scene, frame, scene.step_of(frame))
    if ask_aside_again(scene):
        return None
    if of_illnesses(scene, heard):
        return None
    if looked_after(scene):
        scene.kind = "looked_after"
        return scene.say("looked_after")
    scene.kind = "fallback"
    scene.session.misses += 1
    scene.say("fallback")
    if scene.session.misses >= MISSES:
        scene.say("offer_human")


def _pending(scene: Scene, heard: Heard) -> tuple[Frame | None, bool, Choice | None]:
    """The open question, whether it stands otherwise now than the person saw it, and the option that the message chooses."""
    frame = scene.pending()
    moved = frame is not None and (scene.unseen(frame) or _renumbered(frame, heard.text))
    return frame, moved, read_choice(scene.step_of(frame), heard.meaning, heard.text) if frame and not moved else None


def _several(scene: Scene, frame: Frame, heard: Heard) -> tuple[Choice, ...]:
    """More than one option of the open question, where the message is no value and no clear wish for something else."""
    step = scene.step_of(frame)
    if not step.several or claimed(scene, heard.meaning):
        return ()
    wish = scene.content.flows.get(wished(scene, heard) or "")
    other = wish is not None and wish.name != frame.flow and not wish.steps[wish.first].several
    if other and not nothing_but(step, heard.text) and not _rather_listed(step, heard):
        return ()
    return named_together(step, heard.meaning, heard.text)


def _rather_listed(step: Step, heard: Heard) -> bool:
    """ "Sugar, BP and thyroid" is no wish for a test of the thyroid, where it was asked what somebody lives with."""
    intent = heard.meaning.intent
    if intent is None or any(mark in heard.text for mark in QUESTION_MARKS):
        return False
    share = listed(step, heard.text, heard.text[intent.span.start : intent.span.end] if intent.span else heard.text)
    return share > HALF or (share > 0 and intent.score < CERTAIN)


def _leaves(scene: Scene, frame: Frame, heard: Heard) -> bool:
    """ "Never mind", "chhodo" and nothing else, at a question that is none of life: it is left, and its words go to nobody."""
    return leaves(heard.meaning, heard.text) and scene.flow_of(frame).insist and not scene.vital(frame)


def _tells_nothing_of_danger(scene: Scene, step: Step, heard: Heard) -> bool:
    """ "I am not well" or "ok" at a question of danger: it names none and denies none, and starts nothing else."""
    meaning = heard.meaning
    if not step.grave or meaning.readings:
        return False
    polite = scene.content.by_phrase.get(fold(heard.text))
    if polite and scene.content.flows[polite].only_says:
        return True
    return meaning.well is False and meaning.intent is not None and meaning.intent.id == UNWELL


def _of_food(scene: Scene, frame: Frame, meaning: Meaning) -> bool:
    """ "3 spoons of sugar" where somebody was told to take some: perhaps they did, perhaps they cannot. No meal to ask about."""
    return scene.vital(frame) and meaning.intent is not None and meaning.intent.id == EATING and not meaning.readings


def _passes_on(scene: Scene, frame: Frame) -> bool:
    """Skipping this question is no way to leave it: there is none, or it leads to who is told or to a visit."""
    step, flow = scene.step_of(frame), scene.flow_of(frame)
    if not step.skip:
        return True
    target = flow.graph.follow(frame.step, "skip")
    call = flow.steps[target].agent if target != END else None
    return call is not None and call.agent in TO_PEOPLE


def _renumbered(frame: Frame, text: str) -> bool:
    """A number alone, where the list that the person saw may have been in another order."""
    return frame.wait is not None and frame.wait.seen == "words" and ordinal(text) is not None


def _hear_stopped(scene: Scene, meaning: Meaning) -> None:
    scene.kind = "stopped"
    if meaning.command in ("start", "help", "human"):
        return obey(scene, meaning.command)
    wish = meaning.intent
    if wish and wish.score >= SURE and scene.content.by_intent.get(wish.id) == scene.content.by_command["start"]:
        return obey(scene, "start")
    scene.say("stopped")


def _first_contact(scene: Scene, heard: Heard) -> None:
    if _cares(scene, heard):
        return
    scene.kind = "welcome"
    if heard.meaning.command in ("help", "human", "language"):
        return obey(scene, heard.meaning.command)
    if name := _for_anybody(scene, heard.meaning):
        scene.opener = heard
        return start(scene, name)
    greet_in_named(scene, heard)
    start(scene, WELCOME)
    hold_reading(scene, heard)


def _cares(scene: Scene, heard: Heard) -> bool:
    """Low sugar of somebody who agreed to an earlier text is cared for, and that care is finished, before they are asked."""
    return scene.outdated and (wakes(scene, heard) or (scene.quiet and take_readings(scene, heard)))


def _for_anybody(scene: Scene, meaning: Meaning) -> str | None:
    """What somebody whom we do not know may start by saying so, as a relative who was invited does: it needs no consent."""
    intent = meaning.intent
    name = scene.content.by_intent.get(intent.id) if intent and intent.score >= SURE else None
    return (
        name if name and not scene.content.flows[name].needs_consent and name not in scene.content.by_command.values() else None
    )


def _typed(scene: Scene, frame: Frame, heard: Heard) -> bool:
    """An answer in words. A reading of another kind, and in free text a clear wish for another flow, is none."""
    step = scene.step_of(frame)
    if not step.slots:
        return False
    kinds = {slot.type for slot in step.slots}
    if any(slot.anything for slot in step.slots) and not _plainly_else(scene, heard):
        return _whatever_it_says(scene, frame, step, heard)
    sure = CLEAR if kinds <= FREE else SURE
    if kinds == {"name"} and len(heard.text.split()) == 1:
        sure = LONE
    # "Call me Babu" is no wish for a call; "I take my consent back" is no name, though it is said like one in Hindi.
    if kinds <= FREE and _chatters(heard):
        return False
    introduced = kinds == {"name"} and name_told(heard.text) is not None and not of_rights(heard)
    wish = not introduced and wished(scene, heard, sure) not in (None, frame.flow)
    if (kinds <= FREE and wish) or (not kinds & READINGS and claimed(scene, heard.meaning)):
        return False
    found = read_slots(step, heard, scene.values(frame), free=not wish)
    if found is None:
        return False
    answered(scene, frame, step, found)
    return True


def _chatters(heard: Heard) -> bool:
    """ "The weather is nice": the reader knows that it is about nothing of ours: nobody ate it, nor is it a name."""
    intent = heard.meaning.intent
    return intent is not None and intent.id == "none" and intent.score >= CERTAIN


def _plainly_else(scene: Scene, heard: Heard) -> bool:
    """A phrase that starts a flow, a reading and little more, the end of a consent: no answer even where any words are one."""
    if fold(heard.text) in scene.content.by_phrase or of_rights(heard):
        return True
    asks = any(mark in heard.text for mark in QUESTION_MARKS)
    return bool(claimed(scene, heard.meaning)) and len(heard.text.split()) <= FEW and not asks


def _whatever_it_says(scene: Scene, frame: Frame, step: Step, heard: Heard) -> bool:
    """Words for a person, or for the person's own use, are the answer whatever they are about; a reading in them counts, too."""
    found = read_slots(step, heard, scene.values(frame))
    if found is None:
        return False
    answered(scene, frame, step, found)
    if claimed(scene, heard.meaning):
        take_readings(scene, heard)
    return True


def wished(scene: Scene, heard: Heard, sure: float = SURE) -> str | None:
    """The flow that the message asks for: it is one of its phrases, or means one of its intents."""
    if name := scene.content.by_phrase.get(fold(heard.text)):
        return name
    intent = heard.meaning.intent
    return scene.content.by_intent.get(intent.id) if intent and intent.score >= sure else None


def _begin(scene: Scene, heard: Heard) -> bool:
    """Start what the message asks for, as a side question where another is open."""
    meaning = heard.meaning
    if claimed(scene, meaning):
        if _cares(scene, heard):
            return True
        return take_readings(scene, heard) if scene.consented else hold_reading(scene, heard)
    if name := wished(scene, heard):
        scene.session.misses = 0
        frame = scene.pending()
        if frame and frame.flow == name and scene.step_of(frame).told_again:
            if words := scene.flow_of(frame).words:
                scene.set_var(frame, words, heard.text)
            leave_by(scene, frame, "told_again")
        elif frame and frame.flow == name:
            keep_times(scene, frame, heard, anew=True)
            again(scene)
        elif scene.consented and (unwell := unwell_beside(scene, heard)):
            _start_telling(scene, heard, name, later=True)
            _start_telling(scene, heard, unwell)
        else:
            _start_telling(scene, heard, name)
        return True
    return False


def _start_telling(scene: Scene, heard: Heard, name: str, *, later: bool = False) -> None:
    """Start a flow with the words that ask for it. ``later``: behind what starts next, where it keeps those words."""
    words = scene.content.flows[name].words
    given = {words: heard.text} if words else None
    if not later:
        scene.opener = heard
        start(scene, name, given)
    elif given:
        push(scene, scene.content.flows[name], given)
