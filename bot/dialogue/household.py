"""Several people on one phone: whom a conversation is about, who is asked for, and what is known of each.

The owner of the phone is "me"; others are members that they named. Where a flow is about one person's health
(``asks_whose``), the person is whom the message names, else whom they just talked about, else they are asked.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.dialogue.catalogue import SOURCE_LANGUAGE
from bot.dialogue.emergency import sound_alarm
from bot.dialogue.folding import fold
from bot.dialogue.speaking import pages
from bot.model import ids
from bot.model.conditions import ALL, conditions_of
from bot.model.ids import PersonId
from bot.model.inbound import Inbound
from bot.model.session import Frame, Member, Session, Talk

if TYPE_CHECKING:
    from bot.dialogue.content import Content
    from bot.dialogue.scene import Scene

ME = "me"
MEMBERS = 6  # beside the owner; with a way out they are options of one question
NAME_LIMIT = 24
SHARED = ("language", "language_chosen", "second_language", "unit", "zone", "country")  # of the phone, not of one person


def people(session: Session, *me: str) -> list[dict[str, Any]]:
    """Everybody of the phone as options, the owner first. ``me``: what the owner may type, and is called without a name."""
    owner = session.profile.get("name")
    return [{"id": ME, "label": str(owner) if isinstance(owner, str) and owner else me[0], "also": [*me]}, *members(session)]


def members(session: Session) -> list[dict[str, str]]:
    """Those beside the owner, as options."""
    return [{"id": member.id, "label": member.name} for member in session.household]


def member_of(session: Session, id_: str | None) -> Member | None:
    return next((member for member in session.household if member.id == id_), None)


def lists_of(session: Session, content: Content) -> dict[str, list[dict[str, Any]]]:
    """What options can always be made of."""
    languages = (str(session.profile.get("language")), SOURCE_LANGUAGE)
    me = [content.texts["me"].render(language, {}) if "me" in content.texts else "" for language in languages]
    return {
        "people": people(session, *me),
        "members": members(session),
        **pages(content.tongues, session.profile.get("language")),
    }


def subject_of(session: Session, about: str | None) -> PersonId | None:
    """Whose record it is, where that is not the owner of the phone."""
    known = member_of(session, about)
    return ids.member_of(session.person, known.id) if known else None


def profile_of(session: Session, about: str | None) -> dict[str, Any]:
    """What is known of whom a conversation is about. Language, unit and place are the phone's."""
    member = member_of(session, about)
    if member is None:
        return {**session.profile, ALL: conditions_of(session.profile)}
    shared: dict[str, Any] = {field: session.profile[field] for field in SHARED if field in session.profile}
    return {**shared, "name": member.name, **member.profile, ALL: conditions_of(member.profile)}


def add(scene: Scene, fields: dict[str, Any]) -> None:
    """Remember one more person. One of the same name is replaced; of more than six nobody is added."""
    name = " ".join(str(fields.pop("name", "") or "").split())[:NAME_LIMIT]
    household = scene.session.household
    known = next((member for member in household if fold(member.name) == fold(name)), None)
    if not name or (known is None and len(household) >= MEMBERS):
        return scene.note("nobody_added", full=len(household) >= MEMBERS)
    taken = [int(member.id) for member in household]
    id_ = known.id if known else str(max(taken, default=scene.session.members_ever) + 1)
    scene.session.members_ever = max(scene.session.members_ever, int(id_))
    profile = {field: value for field, value in fields.items() if value is not None}
    scene.session.household = [*(member for member in household if member is not known), Member(id_, name, profile)]
    scene.record("household_member", {"member": id_, "name": name, **profile})


def remove(scene: Scene, id_: str) -> None:
    """Somebody does not use this phone any more. What was recorded of them stays until it is erased."""
    if member_of(scene.session, id_):
        scene.session.household = [member for member in scene.session.household if member.id != id_]
        scene.record("household_left", {"member": id_})


def settle_whose(scene: Scene, frame: Frame) -> bool:
    """Whom a conversation that begins is about. False: they have to be asked.

    Also where nobody else is known: "her sugar 220" is not the owner's, nor is "her sugar 38", whose danger was answered first.
    """
    another = scene.another
    if frame.about is None and scene.flow_of(frame).asks_whose and (scene.session.household or another):
        frame.about = named(scene) or (None if another else _still(scene))
        if frame.about is None:
            return False
    if frame.about is not None and scene.flow_of(frame).asks_whose:
        scene.session.talk = Talk(frame.about, scene.now)
    return True


def named(scene: Scene) -> str | None:
    """Whom the message of this turn names, when it is one alone."""
    text = scene.event.text if isinstance(scene.event, Inbound) else None
    if not text or not scene.session.household:
        return None
    words = f" {' '.join(''.join(char if char.isalnum() or ord(char) > 127 else ' ' for char in fold(text)).split())} "
    owner = scene.session.profile.get("name")
    names = [(member.id, member.name) for member in scene.session.household] + ([(ME, owner)] if isinstance(owner, str) else [])
    found = {id_ for id_, name in names if f" {fold(name)} " in words}
    return found.pop() if len(found) == 1 else None


def _still(scene: Scene) -> str | None:
    """Whom they talked about just now."""
    talk = scene.session.talk
    fresh = talk is not None and scene.now - talk.at <= scene.policy.behaviour.same_person_for
    known = talk is not None and (talk.whom == ME or member_of(scene.session, talk.whom) is not None)
    return talk.whom if talk and fresh and known else None


def comfort(scene: Scene, frame: Frame) -> None:
    """Before anybody is asked whose a low reading is: what to do about it."""
    glucose, low = frame.vars.get("glucose"), scene.policy.clinical.glucose.low.below
    if isinstance(glucose, int | float) and low is not None and glucose < low and not frame.vars.get("glucose_problem"):
        sound_alarm(scene, "mild_hypoglycaemia", rules=("low_before_whose",), urgent=True)


def chosen(scene: Scene, asked: Frame) -> bool:
    """The question was answered: everything that waits for it is about this person. False when nobody was chosen."""
    whom = asked.vars.get("whom")
    if whom != ME and member_of(scene.session, whom if isinstance(whom, str) else None) is None:
        return False
    for frame in scene.session.stack:
        if frame.about is None and not frame.step and scene.flow_of(frame).asks_whose:
            frame.about = str(whom)
    scene.session.talk = Talk(str(whom), scene.now)
    return True
