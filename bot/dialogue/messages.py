"""From what was said in a turn to messages: merged, numbered, within the channel's limits."""

from __future__ import annotations

from bot.dialogue.answers import missing
from bot.dialogue.flow import Notice, Step
from bot.dialogue.graphemes import cut, length
from bot.dialogue.piece import Piece
from bot.dialogue.scene import Scene
from bot.model.effects import Effect, Option, Outbound
from bot.model.session import Asked, Channel, Frame
from bot.notices.window import window_end

MESSAGES = 3  # in one turn
TEXT_LIMIT = 4096
OPTIONS_TEXT_LIMIT = 1024
BUTTONS = 3
BUTTON_LABEL = 20
ASKED_LIMIT = 4


def wire_id(step: Step, option: str) -> str:
    """The id of an option on the wire, unique over all questions: ``menu.choose:log``."""
    return f"{step.flow}.{step.name}:{option}"


def question(scene: Scene, frame: Frame, step: Step, text: str | None = None) -> Piece:
    """A question as a piece; ``text`` stands in for its own words (after an unclear answer)."""
    values = scene.values(frame)
    language = scene.language_of(step, values)
    options = tuple(
        Option(
            wire_id(step, choice.id),
            choice.label.render(language, values),
            choice.description.render(language, values) if choice.description else None,
        )
        for choice in step.choices
    )
    label = None
    if len(options) > BUTTONS or any(length(option.label) > BUTTON_LABEL for option in options):
        label = (step.menu_label or scene.content.texts["menu_label"]).render(language, values)
    if text is None:
        words = step.say
        if step.apart:
            needed, open_ = [slot for slot in step.slots if slot.required], missing(step, values)
            words = (open_[0].ask or words) if open_ and len(open_) < len(needed) else words
        text = words.render(language, values) if words else ""
    return Piece(
        text,
        step.kind,
        step,
        options,
        step.header.render(language, values) if step.header else None,
        step.footer.render(language, values) if step.footer else None,
        label,
        path=step.path,
        about=scene.name_of(frame),
        template=scene.template_for(step, frame),
    )


def outbounds(scene: Scene) -> list[Effect]:
    """The messages of the turn. Remembers the questions among them in the session."""
    channel = scene.session.channel
    if channel is None:
        return []
    said: list[Effect] = []
    counted = scene.notice and not scene.staff and not scene.of_a_talk
    for piece in scene.pieces if counted else ():
        if piece.kind == "reply":  # nobody has just written: it counts against the day's notices, but work and talk do not
            piece.kind = "notice"
    if counted:
        scene.pieces.sort(key=lambda piece: piece.kind != "emergency")  # danger first, whatever was said before it in the turn
    for piece, before in zip(scene.pieces, [None, *scene.pieces], strict=False):
        if piece.about and piece.text and (before is None or before.about != piece.about):
            line = scene.content.texts["for_whom"].render(scene.language, {**scene.values(), "name": piece.about})
            piece.text = f"{line}\n\n{piece.text}"
    merged = _merged(scene.pieces)
    if len(merged) > MESSAGES:
        scene.note("too_many_messages", count=len(merged))
        merged = [*merged[: MESSAGES - 1], merged[-1]]
    for piece in merged:
        message = _message(scene, piece, channel)
        said.append(message)
        if piece.options and piece.step:
            scene.session.asked.append(Asked(message.id, piece.step.flow, piece.step.name))
    scene.session.asked = scene.session.asked[-ASKED_LIMIT:]
    return said


def _merged(pieces: list[Piece]) -> list[Piece]:
    """Consecutive pieces of one kind in one message, a blank line between; only the last question is asked, and before all others
    one of life."""
    asking = [(index, piece.kind) for index, piece in enumerate(pieces) if piece.step]
    last = max((index for index, kind in asking if kind == "emergency"), default=max((index for index, _ in asking), default=-1))
    merged: list[Piece] = []
    for index, piece in enumerate(pieces):
        if piece.step and index != last:
            continue
        before = merged[-1] if merged else None
        joined = f"{before.text}\n\n{piece.text}" if before else piece.text
        limit = OPTIONS_TEXT_LIMIT if piece.options else TEXT_LIMIT
        apart = before and (before.header or before.footer or before.media or piece.media or (piece.header and not piece.step))
        apart = apart or (before and before.kinder != piece.kinder)  # a model gets the words that it may change, and no others
        if before and not apart and before.kind == piece.kind and before.step is None and length(joined) <= limit:
            merged.pop()
            piece = Piece(
                joined,
                piece.kind,
                piece.step,
                piece.options,
                piece.header,
                piece.footer,
                piece.menu_label,
                path=piece.path,
                kinder=piece.kinder,
                template=piece.template or before.template,
            )
        merged.append(piece)
    return merged


def _message(scene: Scene, piece: Piece, channel: Channel) -> Outbound:
    notice = scene.notice if piece.kind == "notice" else None
    # What is no notice can be unasked, too: what the care team hears, and what a doctor writes.
    unasked = channel.integration == "cloud" and (piece.kind != "reply" or scene.notice is not None)
    return Outbound(
        id=scene.next_id(),
        person=scene.session.person,
        instance=channel.instance,
        integration=channel.integration,
        address=channel.address,
        kind=piece.kind,
        text=cut(piece.text, OPTIONS_TEXT_LIMIT if piece.options else TEXT_LIMIT),
        at=scene.now,
        options=piece.options,
        header=piece.header,
        footer=piece.footer,
        menu_label=piece.menu_label,
        numbered=_numbered(scene, piece) if piece.options else None,
        step=piece.step.path if piece.step else piece.path if scene.staff and "/" in piece.path else None,
        media=piece.media,
        notice_class=notice.kind if notice else None,
        topic=notice.topic if notice else None,
        day=scene.today if notice else None,
        zone=scene.zone if notice else None,
        expires_at=latest_of(scene, notice) if notice else None,
        window_until=window_end(scene.session.last_inbound_at) if unasked else None,
        template=piece.template if unasked else None,
        kinder=piece.kinder,
    )


def latest_of(scene: Scene, notice: Notice) -> float:
    """When a notice is too late: counted from when it was due, and never after what its agent said."""
    return min(scene.now + notice.expires, scene.latest or float("inf"))


def _numbered(scene: Scene, piece: Piece) -> str:
    lines = [f"{number}. {option.label}" for number, option in enumerate(piece.options, 1)]
    hint = scene.content.texts["number_hint"].render(scene.language, scene.values())
    return "\n\n".join((piece.text, "\n".join(lines), hint))
