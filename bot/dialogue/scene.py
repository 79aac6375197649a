"""One turn in the making: the session's copy, what is said, the effects. Everything that a turn may do is a method here."""

from __future__ import annotations

import copy
from typing import Any

from bot.dialogue.bounds import bounded
from bot.dialogue.contents import Contents
from bot.dialogue.flow import Notice, Step
from bot.dialogue.heard import Heard
from bot.dialogue.household import lists_of
from bot.dialogue.offers import arranged, offering
from bot.dialogue.official.choosing import offer_for, order_of
from bot.dialogue.piece import Piece
from bot.dialogue.situation import Situation
from bot.dialogue.text import Text
from bot.model.conditions import ALL, ONE, keep_conditions
from bot.model.effects import TemplateOffer, Urgency
from bot.model.events import TurnEvent
from bot.model.hint import Hint
from bot.model.session import Bookmark, Frame, Session
from bot.notices.bid import TALK
from config.policy import Policy

BOOKMARKS = 2  # questions that can be come back to
BOOKMARK_LIFE = 7 * 86400.0
VARS_LIMIT = 40  # variables of one frame
LASTING_LIMIT = 20  # variables of a person
OVERDUE_LIMIT = 3  # frames whose agent may still answer


class Scene(Situation):
    """Mutable for the length of one turn; nothing of it survives but the session and the effects."""

    def __init__(self, contents: Contents, policy: Policy, session: Session, event: TurnEvent, now: float) -> None:
        super().__init__(contents, policy, session, event, now)
        self.pieces: list[Piece] = []
        self.notice: Notice | None = None  # a timer brought this turn: what is said is a notice
        self.latest: float | None = None  # when the notice of this turn is too late, where that is settled already
        self.alone = False  # there is no session: nothing can be asked back
        self.hint: Hint | None = None  # what a model made of the message
        self.staff = False  # it is the conversation of somebody of the care team
        self.handed_over = False  # a person of the care team speaks in it
        self.another = False  # the reading of this message is said to be somebody else's
        self.quiet = False  # an urgent text was said: do not add that the message was not understood
        self.changed: set[str] = set()  # fields of the profile
        self.steps = 0
        self.kind = "answer"
        self.opener: Heard | None = None  # the message that starts a flow: it may answer that flow's first questions
        self._open_before = [frame.wait for frame in session.stack if frame.wait]  # what the person knew to be open

    # -- words

    @property
    def of_a_talk(self) -> bool:
        """What this turn says is the word of a person who talks with them: no news, and it waits for nothing."""
        talk = self.handed_over or (self.notice is not None and self.notice.topic == TALK)
        return self.session.with_person is not None and self.notice is not None and talk

    def say(
        self, text: Text | str, frame: Frame | None = None, *, kind: Urgency = "reply", path: str = "", **values: Any
    ) -> None:
        """Say a text, or a text of the flow ``system`` by its name."""
        found = self.content.texts[text] if isinstance(text, str) else text
        words = found.render(self.language, {**self.values(frame), **values})
        if words:
            where = path or (f"system/{text}" if isinstance(text, str) else "")
            self.pieces.append(Piece(words, kind, path=where, about=self.name_of(frame)))

    def template_for(self, step: Step, frame: Frame) -> TemplateOffer | None:
        """What may stand for a step's words on the official channel, where the person has not written for a day."""
        channel = self.session.channel
        standing = self.content_of(frame).templates.get(step.path)
        if standing is None or channel is None or channel.integration != "cloud":
            return None
        languages = order_of(self.language, self.policy.behaviour.template_fallback, self.fallback.second)
        return offer_for(standing, languages, self.values(frame))

    # -- what is remembered

    def set_var(self, frame: Frame, name: str, value: Any) -> None:
        """``person.unit`` goes to the profile, other names to the flow's own variables."""
        value = bounded(value)
        if name.startswith("person."):
            field = name.removeprefix("person.")
            if field in (ALL, ONE):
                if keep_conditions(self.session.profile, value):
                    self.changed |= {ALL, ONE}
                    self.forget_values()
            elif self.session.profile.get(field) != value:
                self.session.profile[field] = value
                self.changed.add(field)
                self.forget_values()
        elif (flow := self.content_of(frame).flows.get(frame.flow)) and name in flow.lasting:
            if name in self.session.vars or len(self.session.vars) < LASTING_LIMIT:
                self.session.vars[name] = value
        elif value is None:
            frame.vars.pop(name, None)  # what is not set is empty
        elif name in frame.vars or len(frame.vars) < VARS_LIMIT:
            frame.vars[name] = value

    def drop(self, frame: Frame) -> None:
        """Take a frame off the stack for good. What its last answer needs to be corrected is remembered."""
        last = self.session.last
        if last and last.flow == frame.flow and (not last.step or last.step in frame.path):
            last.vars, last.path, last.sent, last.about = dict(frame.vars), list(frame.path), dict(frame.sent), frame.about
        if frame.wait:
            self.cancel(frame.wait.timer)
            if frame.wait.intent is None:
                self.note("left", flow=frame.flow, step=frame.step)
        self.session.stack = [one for one in self.session.stack if one is not frame]

    def shelve(self, frame: Frame) -> None:
        """Take a frame off the stack that still waits for an agent: a late result finds it among the overdue."""
        self.drop(frame)
        self.keep_overdue(frame)

    def keep_overdue(self, frame: Frame) -> None:
        if frame.wait and frame.wait.intent:
            frame.wait.timer = None
            self.session.overdue[frame.wait.intent] = frame
            while len(self.session.overdue) > OVERDUE_LIMIT:
                del self.session.overdue[next(iter(self.session.overdue))]

    def clear(self) -> None:
        """Lay everything aside but what waits for time to pass, and questions of life. An open question can be come back to."""
        self.bookmark()
        for frame in list(self.session.stack):
            if not self.rests(frame) and not self.vital(frame):
                self.shelve(frame)

    def bookmark(self) -> None:
        """Remember the open question, with the frames that called it."""
        asking = [one for one in self.session.stack if one.wait and one.wait.intent is None and self.step_of(one).asks]
        frame = next((one for one in reversed(asking) if self.flow_of(one).insist and not self.vital(one)), None)
        if frame is None or not self.session.consent:
            return
        chain = [frame]
        while caller := self.caller_of(chain[0]):
            chain.insert(0, caller)
        kept = copy.deepcopy(chain)
        if kept[-1].wait:
            kept[-1].wait.timer = None
        fresh = [one for one in self.session.bookmarks if self.now - one.at < BOOKMARK_LIFE]
        others = [one for one in fresh if one.frames[-1].flow != frame.flow]
        self.session.bookmarks = [*others, Bookmark(kept, self.now)][-BOOKMARKS:]
        self.note("bookmarked", flow=frame.flow, step=frame.step)

    def evict(self) -> None:
        """Make room for one more: the lowest that does not wait for time to pass goes."""
        stack = self.session.stack
        frame = next((one for one in stack if not self.rests(one)), stack[0])
        self.note("stack_full", flow=frame.flow)
        self.shelve(frame)

    def raise_(self, frame: Frame) -> None:
        """Put a frame on top."""
        self.session.stack = [one for one in self.session.stack if one is not frame] + [frame]

    def caller_of(self, frame: Frame) -> Frame | None:
        """The frame that called this one and goes on when it ends; others may wait between the two."""
        stack = self.session.stack
        place = next((place for place, one in enumerate(stack) if one is frame), 0)
        below = next((one for one in reversed(stack[:place]) if not one.wait), None)
        return below if below and below.step and self.step_of(below).returns else None

    def pending(self) -> Frame | None:
        """The frame whose question is open."""
        return next((frame for frame in self.questions() if frame.wait and not frame.wait.aside), None)

    def aside(self) -> Frame | None:
        """The frame whose question danger has put aside; the latest of them."""
        return next((frame for frame in self.questions() if frame.wait and frame.wait.aside), None)

    def put_aside(self) -> None:
        """Where an alarm was said in this turn, or a question of life asked: what was open before is not asked behind it, and
        "ok" is no answer to it. Its time goes on."""
        if not self.consented or not (self.first or any(piece.step and piece.kind == "emergency" for piece in self.pieces)):
            return
        for frame in self.questions():
            if frame.wait and any(frame.wait is one for one in self._open_before) and not self.vital(frame):
                frame.wait.aside = True
                self.note("put_aside", flow=frame.flow, step=frame.step)

    def questions(self) -> list[Frame]:
        """Whose question waits for an answer, the latest first."""
        stack = reversed(self.session.stack)
        return [one for one in stack if one.wait and one.wait.intent is None and self.step_of(one).asks]

    def rests(self, frame: Frame) -> bool:
        """It waits for time to pass, in the background."""
        return frame.wait is not None and frame.wait.intent is None and not self.step_of(frame).asks

    def vital(self, frame: Frame) -> bool:
        """Its open question is one of an emergency: it stays open, and its time goes on, whatever else is begun."""
        return frame.wait is not None and frame.wait.intent is None and self.step_of(frame).kind == "emergency"

    def unseen(self, frame: Frame) -> bool:
        """The person was never asked this: what they write now answers something else."""
        return frame.wait is not None and frame.wait.seen == "nothing"

    def step_of(self, frame: Frame) -> Step:
        """Where a conversation stands, with the options that this person has there."""
        step = self.flow_of(frame).steps[frame.step]
        if step.options_from:
            return offering(step, {**lists_of(self.session, self.content), **frame.vars})
        return arranged(step, self.session.profile.get("country"))
