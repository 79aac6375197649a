"""A person's conversation as data. It is JSON at rest, under 2 KB in normal use, and carries the version of its own form."""

from __future__ import annotations

from typing import Any, Literal

from msgspec import Struct, field

from bot.model.effects import Option, WakeAt
from bot.model.ids import EffectId, PersonId
from bot.model.inbound import Integration
from bot.notices.person import Heard

FORM = 1
"""Version of the session's form. Raise it when an older release would lose something by writing a session back: a new field that
must not go, another meaning of an old one. Yesterday's JSON must load: tests/upgrade holds recorded ones."""


class Formed(Struct):
    """Of a stored session, only its form."""

    form: int = 1


class Wait(Struct, omit_defaults=True):
    """What a step is waiting for: an answer, or an agent. ``timer`` fires when it takes too long.

    ``seen`` is ``nothing`` when the person was not asked yet, because they came from a step that is gone; ``words`` when they
    were asked in another version, where the options may have been numbered otherwise.
    """

    step: str
    timer: EffectId | None = None
    intent: EffectId | None = None
    tries: int = 0
    seen: Literal["all", "words", "nothing"] = "all"
    unasked: bool = False  # nobody's message led here: what the agent's answer makes us say is a notice
    aside: bool = False  # danger came between: it is not put again before the person comes back to it
    until: float | None = None  # how long an agent is waited for, while the timer tells first that it takes a moment


class Frame(Struct, omit_defaults=True):
    """One conversation on the stack: a flow, the content version it is pinned to, and where in it the person stands."""

    flow: str
    content: str
    step: str
    vars: dict[str, Any] = field(default_factory=dict)
    wait: Wait | None = None
    path: list[str] = field(default_factory=list)  # questions already answered, for "back"
    asked: int = 0  # questions put so far
    by: str = ""  # the flow that called it or jumped to it
    sent: dict[str, EffectId] = field(default_factory=dict)  # step -> what an agent was asked there, and can be asked anew
    replaces: dict[str, EffectId] = field(default_factory=dict)  # the same, of an answer that was corrected meanwhile
    about: str | None = None  # whom of several people on the phone: "me" or a member's id; None where it makes no difference


class Answered(Struct, omit_defaults=True):
    """The answer that can be corrected: the last one. What stands in the frame is copied here only when the frame ends."""

    flow: str
    content: str
    step: str  # empty: it came with the message that started the flow
    at: float
    vars: dict[str, Any] = field(default_factory=dict)
    path: list[str] = field(default_factory=list)
    sent: dict[str, EffectId] = field(default_factory=dict)
    about: str | None = None


class Place(Struct, frozen=True):
    """Where one conversation stands: what is needed of a frame to count it."""

    flow: str
    content: str
    step: str
    wait: Wait | None = None


class Aside(Struct, frozen=True):
    """Of a bookmark, the places."""

    frames: list[Place]


class Standing(Struct, frozen=True):
    """Where one person's conversations stand; read from the same JSON as the session."""

    person: PersonId
    stack: list[Place] = []
    overdue: dict[EffectId, Place] = {}
    bookmarks: list[Aside] = []

    @property
    def aside(self) -> list[Place]:
        """What may be come back to: late answers of agents, and questions that were laid aside."""
        return [*self.overdue.values(), *(place for one in self.bookmarks for place in one.frames)]


class Bookmark(Struct, omit_defaults=True):
    """A conversation that was laid aside with an open question: its frame, below it those that called it."""

    frames: list[Frame]
    at: float


class Asked(Struct, frozen=True, omit_defaults=True):
    """A question that was sent with options: a tap on it resolves through its effect id, even later."""

    id: EffectId
    flow: str
    step: str
    options: tuple[Option, ...] = ()


class Channel(Struct, frozen=True, omit_defaults=True):
    """Where the person is reached."""

    instance: str
    integration: Integration
    address: str


class Member(Struct, frozen=True, omit_defaults=True):
    """Somebody else who uses this phone: a patient of their own, under the name that the owner calls them."""

    id: str  # a number, never given twice
    name: str
    profile: dict[str, Any] = {}


class Talk(Struct, frozen=True):
    """Whom they talked about last."""

    whom: str
    at: float


class Held(Struct, frozen=True, omit_defaults=True):
    """A reply that waits for another to the same message."""

    text: str
    path: str = ""
    about: str = ""


class HandOver(Struct, frozen=True):
    """Somebody of the care team talks with the person: ``agent.name`` gets the messages, until ``until``."""

    agent: str
    name: str
    who: str
    until: float
    timer: EffectId


class Writing(Struct, frozen=True):
    """So many messages in a row in another language than the person's own."""

    language: str
    count: int


class Fragment(Struct, frozen=True):
    """The few words of the last message, which may be the beginning of a sentence. ``at``: when they were written."""

    text: str
    at: float


class Session(Struct, omit_defaults=True):
    """All that a turn needs to know. The engine gets one, never changes it, and returns a new one."""

    person: PersonId
    form: int = FORM  # of whoever wrote it last
    version: int = 0  # counts commits; a commit against another version is refused
    channel: Channel | None = None
    profile: dict[str, Any] = field(default_factory=dict)  # language, name, birth_year, condition, unit, zone, country, ...
    consent: dict[str, Any] = field(default_factory=dict)  # version, at, message_id
    vars: dict[str, Any] = field(default_factory=dict)  # variables whose scope is the person
    arms: dict[str, str] = field(default_factory=dict)  # experiment -> arm
    stopped: bool = False
    stack: list[Frame] = field(default_factory=list)
    asked: list[Asked] = field(default_factory=list)
    timers: list[WakeAt] = field(default_factory=list)  # wake-ups that are still open
    overdue: dict[EffectId, Frame] = field(default_factory=dict)  # frames whose agent answered too late, if it still does
    last_inbound_at: float | None = None
    misses: int = 0  # messages in a row that we could make nothing of
    bookmarks: list[Bookmark] = field(default_factory=list)  # the latest at the end
    last: Answered | None = None  # for "no, 142 not 124"
    late_said_at: float | None = None  # when we last said that a message came too late
    household: list[Member] = field(default_factory=list)
    members_ever: int = 0
    talk: Talk | None = None
    heard: list[Heard] = field(default_factory=list)  # notices of the last two days
    held: list[Held] = field(default_factory=list)
    with_person: HandOver | None = None
    writing: Writing | None = None
    fragment: Fragment | None = None
    languages_offered: list[str] = field(default_factory=list)  # once each, whatever was said to it
