"""The emergency lane: fixed, pre-translated texts with the country's numbers. It looks at the message and nothing else.

Ids of its effects depend on the input alone, so that the lane without a session and the whole turn send one message.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from bot.dialogue.content import Content
from bot.dialogue.display import moment
from bot.dialogue.text import FALLBACK, Fallback
from bot.model.effects import Intent, Outbound, Record
from bot.model.ids import EffectId
from bot.model.session import Channel
from bot.understanding.meaning import Meaning
from config.policy import Policy

if TYPE_CHECKING:
    from bot.dialogue.scene import Scene

CASES = ("clinical_monitor", "open_case")
CASE_LIFE = 86400.0  # seconds in which a case is still worth opening, when its agent was away


def number_values(policy: Policy, country: str) -> dict[str, str | None]:
    """The emergency numbers of a country as variables of a text."""
    found = policy.numbers_for(country)
    numbers = f"{found.general} / {found.ambulance}" if found.ambulance else found.general
    return {"numbers": numbers, "general": found.general, "ambulance": found.ambulance, "mental_health": found.mental_health}


def alarm_text(
    content: Content,
    policy: Policy,
    category: str | None,
    language: str,
    country: str,
    *,
    urgent: bool = False,
    fallback: Fallback | None = None,
) -> tuple[str, str]:
    """The category whose text it is, and the text: in the person's language, with an English line of numbers below any other."""
    known, text = content.emergency.of(category, urgent=urgent)
    values = {FALLBACK: fallback, **number_values(policy, country)}
    words = text.render(language, values)
    if language != "en" and not urgent:
        words = f"{words}\n{content.emergency.number_line.render('en', values)}"
    return known, words


def late_line(content: Content, at: float, zone: str, language: str) -> str:
    """The line that goes before an emergency text when the message is old: when they wrote it."""
    return content.emergency.late.render(language, {"when": moment(at, zone, content.tongues[language])})


def alarm_id(cause: str) -> EffectId:
    return EffectId(f"{cause}#e0")


def alarm_record_id(cause: str) -> EffectId:
    return EffectId(f"{cause}#e1")


def case_id(cause: str) -> EffectId:
    return EffectId(f"{cause}#e2")


def rules_of(meaning: Meaning) -> tuple[str, ...]:
    return tuple(sorted({span.rule for span in meaning.spans}))[:20]


def sound_alarm(
    scene: Scene, category: str | None, *, rules: Sequence[str], urgent: bool = False, written_at: float | None = None
) -> None:
    """Say the fixed text at once, record that it was said, and open a case of it: category and rules, none of the person's words.

    The case is asked for here, not in a flow, so that no alarm can be sounded without one. Whether anybody else is told is for
    the case's agent to decide, by what the person allowed. Who is not proven to be the sender alarms nobody else.
    """
    if any(effect.id == alarm_id(scene.event.id) for effect in scene.first):
        return
    known, text = alarm_text(
        scene.content, scene.policy, category, scene.language, scene.country, urgent=urgent, fallback=scene.fallback
    )
    if written_at is not None:
        text = f"{late_line(scene.content, written_at, scene.zone, scene.language)}\n\n{text}"
    if channel := scene.session.channel:
        scene.first.append(alarm(scene.event.id, scene, channel, text))
    level = "urgent" if urgent else "emergency"
    key = f"emergency.urgent.{known}" if urgent else f"emergency.{known}"
    data: dict[str, object] = {"category": known, "level": level, "rules": list(rules), "text": key, "language": scene.language}
    if not getattr(scene.event, "verified", True):
        data["verified"] = False
    scene.first.append(Record(alarm_record_id(scene.event.id), scene.session.person, "emergency", scene.now, data))
    scene.note(level, category=known, rules=list(rules))
    if not urgent:
        scene.kind = "emergency"
        if getattr(scene.event, "verified", True):
            scene.first.append(_case(scene, known, rules, written_at))


def _case(scene: Scene, category: str, rules: Sequence[str], written_at: float | None) -> Intent:
    data: dict[str, object] = {"category": category, "rules": list(rules)}
    if written_at is not None:
        data["written_at"] = written_at
    agent, name = CASES
    return Intent(
        case_id(scene.event.id), scene.session.person, agent, name, scene.now, data, scene.now + CASE_LIFE, unanswered=True
    )


def alarm(cause: str, scene: Scene, channel: Channel, text: str) -> Outbound:
    return Outbound(
        id=alarm_id(cause),
        person=scene.session.person,
        instance=channel.instance,
        integration=channel.integration,
        address=channel.address,
        kind="emergency",
        text=text,
        at=scene.now,
    )
