"""What a step does when it is entered: values, records, consent, messages on and off, emergency, words, an agent."""

from __future__ import annotations

from hashlib import sha256

from bot.dialogue.agreeing import WELCOME, needs_consent
from bot.dialogue.emergency import sound_alarm
from bot.dialogue.flow import AgentCall, Step
from bot.dialogue.forgetting import forget
from bot.dialogue.handing_over import hand_over, take_back
from bot.dialogue.household import add, remove
from bot.dialogue.piece import Piece
from bot.dialogue.scene import Scene
from bot.model.effects import Attached
from bot.model.events import AgentResult
from bot.model.ids import EffectId
from bot.model.inbound import Inbound
from bot.model.session import Frame, Wait

AI_HELP = "ai_processing"  # the purpose without which no word of theirs goes to a model
SHARE = "share_with_clinic"
NOT_ALLOWED = "not_allowed"
"""The outcome of what was not asked of an agent because the person does not allow it; where a step has no way for it: failed."""
SENT = 3  # questions to agents of one flow that a correction can supersede


def do(scene: Scene, frame: Frame, step: Step) -> None:
    """What a step does when it is entered, in the order that its reference gives."""
    if not step.asks:
        for name, expression in step.set:
            scene.set_var(frame, name, expression(scene.values(frame)))
    if step.hands_over:
        agent, name, who, seconds = step.hands_over
        hand_over(scene, agent, name, str(who(scene.values(frame)) or ""), seconds)
    if step.takes_back:
        take_back(scene)
    if step.adds:
        add(scene, {name: value(scene.values(frame)) for name, value in step.adds})
    if step.removes:
        remove(scene, str(step.removes(scene.values(frame))))
    if step.record or step.consent or step.withdraw or step.messages or step.emergency:
        scene.session.last = None  # this cannot be taken back
    if step.record:
        kind, data = step.record
        scene.record(kind, {name: value(scene.values(frame)) for name, value in data}, frame.about)
    if step.consent:
        _consent(scene, frame, *step.consent)
    if step.withdraw:
        _take_back(scene, frame, *step.withdraw)
    if step.messages:
        scene.session.stopped = step.messages == "off"
        if scene.session.stopped:
            take_back(scene)
            scene.session.bookmarks = []
            for other in [one for one in scene.session.stack if scene.rests(one) or scene.vital(one)]:
                scene.drop(other)
        scene.record("opt_out" if scene.session.stopped else "opt_in", {})
    if step.forgets:
        forget(scene, frame)
    if step.emergency:
        sound_alarm(scene, str(step.emergency(scene.values(frame)) or "general"), rules=())
    attached, about = _attached(scene, frame, step), scene.name_of(frame)
    if attached and (step.asks or attached.kind == "audio" or not step.say):
        # A question, or sound, says its words apart.
        scene.pieces.append(Piece("", step.kind, media=attached, path=step.path, about=about))
        attached = None
    if step.say and not step.asks:
        language, values = scene.language, scene.values(frame)
        words = step.say.render(language, values)
        if words:
            header = step.header.render(language, values) if step.header else None
            footer = step.footer.render(language, values) if step.footer else None
            piece = Piece(words, step.kind, header=header, footer=footer, media=attached, path=step.path, about=about)
            piece.template, piece.kinder = scene.template_for(step, frame), step.kinder and scene.agreed(AI_HELP)
            scene.pieces.append(piece)


def _attached(scene: Scene, frame: Frame, step: Step) -> Attached | None:
    """The file that a step sends; none where the variable refers to none."""
    ref = step.media.ref(scene.values(frame)) if step.media else None
    return Attached(step.media.kind, ref, step.media.name) if step.media and isinstance(ref, str) and ref else None


def _consent(scene: Scene, frame: Frame, text_of: str, purposes: tuple[str, ...]) -> None:
    """Keep what was agreed to: the version, the very text in the person's language, the message that agreed, and when.

    What was agreed to in another version of the consent does not count any more: it said something else.
    """
    version, before = scene.policy.behaviour.consent_version, scene.session.consent
    agreed = [*(before.get("purposes", []) if before.get("version") == version else []), *purposes]
    shown = scene.flow_of(frame).steps[text_of].say
    text = shown.render(scene.language, scene.values(frame)) if shown else ""
    given = {
        "version": version,
        "language": scene.language,
        "message_id": _message_of(scene),
        "at": scene.now,
    }
    scene.session.consent = {**given, "purposes": list(dict.fromkeys(agreed))}
    kept = {"text_sha256": sha256(text.encode()).hexdigest(), "granted": list(purposes)}
    scene.record("consent", {**scene.session.consent, **kept})
    if before.get("version") != version:
        scene.changed.update(scene.session.profile)


def _message_of(scene: Scene) -> str | None:
    """The message that says so."""
    return scene.event.message_id if isinstance(scene.event, Inbound) else None


def _take_back(scene: Scene, frame: Frame, reason: str, purposes: tuple[str, ...]) -> None:
    """Take consent back for some purposes, or for all (``purposes`` is empty). Who takes back the last single purpose has still
    agreed that we keep and answer what they write; who takes back all has agreed to nothing, and no question that was open before
    is asked again. Whoever of the clinic talks with them hears nothing more."""
    agreed = scene.session.consent
    before = agreed.get("purposes", [])
    left = [purpose for purpose in before if purposes and purpose not in purposes]
    if not purposes or SHARE in purposes:
        take_back(scene)
    if not agreed:
        return
    how = {"version": agreed.get("version"), "language": scene.language, "message_id": _message_of(scene)}
    scene.session.consent = {**agreed, "purposes": left} if purposes else {}
    scene.record("consent_withdrawn", {"reason": reason, "purposes": list(purposes or before), "left": left, **how})
    if not purposes:
        scene.session.bookmarks = []
        for other in [one for one in scene.session.stack if one is not frame]:
            if needs_consent(scene, other) or other.flow == WELCOME:  # which would ask for consent at once
                scene.drop(other)


def allowed(scene: Scene, call: AgentCall) -> bool:
    """Whether what they allow covers it now: a purpose can be taken back between two steps of a flow that asked for it."""
    purpose = scene.policy.behaviour.purpose_of(call.agent, call.name)
    if purpose is None or scene.agreed(purpose):
        return True
    scene.note(NOT_ALLOWED, agent=call.agent, name=call.name, purpose=purpose)
    return False


def ask_agent(scene: Scene, frame: Frame, step: Step) -> None:
    call = step.agent
    if call is None:
        return
    values = scene.values(frame)
    data = {name: value(values) for name, value in call.data}
    if call.correctable and step.name in frame.replaces:
        data["supersedes"] = frame.replaces.pop(step.name)
    intent: EffectId = scene.intend(call.agent, call.name, data, frame.about)
    if call.correctable:
        frame.sent = dict([*frame.sent.items(), (step.name, intent)][-SENT:])
    else:
        scene.session.last = None  # nobody could tell the agent that it was a mistake
    behaviour = scene.policy.behaviour
    patience = call.within or behaviour.agent_wait
    silent = not scene.pieces and not scene.first and scene.notice is None and not scene.session.stopped
    if silent or (isinstance(scene.event, AgentResult) and scene.notice is None):
        slow = min(patience, behaviour.slow_after)
        frame.wait = Wait(step.name, scene.wake(slow, why="slow"), intent, until=scene.now + patience)
    else:
        frame.wait = Wait(step.name, scene.wake(patience, why="agent"), intent, unasked=scene.notice is not None)
    scene.note("agent_asked", flow=frame.flow, step=step.name, agent=call.agent, name=call.name)
