"""A person of the care team talks with the patient: the bot passes on what is written, and is silent but for emergencies."""

from __future__ import annotations

from bot.dialogue.answers import read_slots
from bot.dialogue.heard import Heard
from bot.dialogue.options import read_choice
from bot.dialogue.scene import Scene
from bot.dialogue.taps import Tapped
from bot.model.session import HandOver

BACK = frozenset({"menu", "start", "cancel"})
"""Words with which a patient calls the bot back."""
RIGHTS = frozenset({"manage_consent", "delete_data"})
"""Wishes that no doctor can fulfil and that are no words for anybody else."""
SURE = 0.8
WORDS = 2000  # characters that are passed on


def of_rights(heard: Heard) -> bool:
    """They take their consent back, or want to be erased: heard at once, whoever the words would be for. ("Stop" is a command; in
    a talk with a doctor "shall I stop?" is about a medicine.)"""
    wish = heard.meaning.intent
    return wish is not None and wish.score >= SURE and wish.id in RIGHTS


def hand_over(scene: Scene, agent: str, name: str, who: str, seconds: float) -> None:
    """From now on ``agent.name`` gets what the patient writes. Doing it again makes it last longer."""
    take_back(scene)
    timer = scene.wake(seconds, why="hand_over")
    scene.handed_over = True
    scene.session.with_person = HandOver(agent, name, who, scene.now + seconds, timer)
    scene.note("handed_over", agent=agent)


def take_back(scene: Scene) -> None:
    if over := scene.session.with_person:
        scene.cancel(over.timer)
        scene.session.with_person = None
        scene.note("taken_back")


def with_person(scene: Scene) -> bool:
    over = scene.session.with_person
    return over is not None and scene.now < over.until


def answers_us(scene: Scene, heard: Heard, tapped: Tapped | None) -> bool:
    """A tap on one of our buttons, or the answer to an emergency's open question ("did help come?"), is no word for a person."""
    frame = scene.pending()
    if tapped or frame is None or not scene.vital(frame):
        return tapped is not None
    step = scene.step_of(frame)
    slots = read_slots(step, heard, scene.values(frame), free=False) if step.slots else None
    return read_choice(step, heard.meaning, heard.text) is not None or slots is not None


def pass_on(scene: Scene, heard: Heard) -> bool:
    """What was written is for who talks with the patient. False: the patient wants the bot back, which goes on with it."""
    over, ours = scene.session.with_person, of_rights(heard)
    if over is None or ours or heard.meaning.command in BACK:
        if ours:  # the person hears it, too
            tell(scene, heard)
        take_back(scene)
        if over:
            scene.say("taken_back", name=over.who)
        return False
    tell(scene, heard)
    scene.kind = "passed_on"
    return True


def tell(scene: Scene, heard: Heard) -> None:
    """Give the message to who talks with the patient, if anybody does. Words of danger, too: the bot answers them at once, and a
    doctor who would not see them would go on as if nothing had happened."""
    over = scene.session.with_person
    if over is None or not with_person(scene):
        return
    media = heard.event.media
    data = {
        "text": heard.text[:WORDS],
        "kind": heard.event.kind,
        "message_id": heard.event.message_id,
        "ref": media.ref if media else None,
    }
    scene.intend(over.agent, over.name, data, unanswered=True)
