"""A flow ready to run: texts and expressions compiled, ways checked by a graph. Shared by all turns and never changed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from math import isfinite
from typing import Any, Literal

from msgspec import Struct

from bot.dialogue.expression import Expression, Values
from bot.dialogue.kinds import MOMENTS
from bot.dialogue.machine import Graph
from bot.dialogue.text import Text
from bot.model.effects import MediaKind, NoticeClass
from bot.notices.bid import USEFULNESS

LEAST, MOST = 60.0, 30 * 86400.0  # seconds of a time that a variable tells
WHOSE = "whose"
"""The flow that asks whom something is about, where several people use a phone; its result is ``whom``."""
OFFER = "offer_language"
"""The flow that offers the language in which somebody writes; content without it offers nothing."""

LISTED = "which_conditions"
"""The flow that asks what somebody lives with, where they wrote several of its options and nothing else was understood; content
without it asks nothing."""

ENDED = "fewer_conditions"
"""The flow that takes an illness off, where somebody says that one of its options is over; content without it takes none off."""


class Choice(Struct, frozen=True):
    """``words`` are everything that means this option when typed: labels in all languages and synonyms, folded. ``inside``:
    those of them that count also within a longer message. What fifteen languages type in Latin letters does not: a word of one
    is another word of the next. ``listed``: at a question for several things or for what is over, what counts within a message
    instead: long words in Latin letters too, and all of them with the endings of the languages."""

    id: str
    label: Text
    description: Text | None
    words: frozenset[str]
    inside: frozenset[str]
    means: bool | None
    way: str  # the label of the way that it takes
    listed: frozenset[str] = frozenset()

    def is_shown(self, text: str) -> bool:
        """The text is this option's own label."""
        return any(template({}) == text for template in self.label.wordings[0].templates.values())


class Slot(Struct, frozen=True):
    """One typed answer that a question waits for; ``ask`` is said when only it is missing."""

    name: str
    type: str
    required: bool = True
    min: float | None = None
    max: float | None = None
    integer: bool = False
    in_the: Literal["past", "future"] | None = None
    lasts: float | None = None  # it is a span of time, in units of so many seconds
    ask: Text | None = None
    anything: bool = False  # any words are the answer, also those that would start something else


class Unclear(Struct, frozen=True):
    say: Text | None
    tries: int
    way: str | None


class Notice(Struct, frozen=True):
    """How something that nobody asked for is weighed; it is not sent ``expires`` seconds later.

    ``once``: the topic comes once a day, or each of its causes does. ``merge``: what goes in one message with others of the key.
    ``chosen``: the person named the hour, or was promised it.
    """

    kind: NoticeClass
    topic: str
    expires: int
    once: Literal["day", "cause"] = "cause"
    merge: str = ""
    chosen: bool = False
    usefulness: int = USEFULNESS


class Lapse(Struct, frozen=True):
    """How long something lasts: ``seconds``, or so many of them for each unit that a variable tells, within bounds. What is no
    number counts as the least: too early can be mended, never cannot."""

    seconds: int
    told: Expression | None = None

    def of(self, values: Values) -> float:
        if self.told is None:
            return self.seconds
        count = self.told(values)
        known = isinstance(count, int | float) and not isinstance(count, bool) and isfinite(count)
        return min(max(count * self.seconds if known else 0.0, LEAST), MOST)


class Silence(Struct, frozen=True):
    after: Lapse
    say: Text | None
    then: Literal["bookmark", "end", "step"]


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that a step sends; ``ref`` gives the reference to its bytes."""

    kind: MediaKind
    ref: Expression
    name: str | None


class Mend(Struct, frozen=True):
    """What a repair does here instead of the usual."""

    off: bool
    say: Text | None
    way: str | None


@dataclass(frozen=True, slots=True)
class AgentCall:
    agent: str
    name: str
    data: tuple[tuple[str, Expression], ...]
    facts: tuple[str, ...]
    outcomes: frozenset[str]
    within: int | None
    correctable: bool = False


class Step(Struct, frozen=True):
    flow: str
    name: str
    kind: Literal["reply", "emergency"]
    say: Text | None = None
    kinder: bool = False  # a model may say it more warmly
    grave: bool = False  # asks of danger: "theek hai" and "ok" are no yes to it
    header: Text | None = None
    footer: Text | None = None
    menu_label: Text | None = None
    media: Attachment | None = None
    choices: tuple[Choice, ...] = ()
    options_from: str | None = None  # the variable with further options
    week: bool = False  # the choices are the days of the week, from Monday
    several: bool = False  # words may name more than one option
    in_language: str | None = None  # the variable with the language of the question
    slots: tuple[Slot, ...] = ()
    answer: str = ""
    unclear: Unclear | None = None
    silence: Silence | None = None
    notice: Notice | None = None  # where it is not the flow's
    skip: bool = False
    told_again: bool = False
    put_again: bool = False
    what: Text | None = None
    repair: Mapping[str, Mend] = {}  # msgspec makes a new one
    set: tuple[tuple[str, Expression], ...] = ()
    record: tuple[str, tuple[tuple[str, Expression], ...]] | None = None
    consent: tuple[str, tuple[str, ...]] | None = None
    withdraw: tuple[str, tuple[str, ...]] | None = None  # reason, purposes (none: all)
    messages: Literal["on", "off"] | None = None
    adds: tuple[tuple[str, Expression], ...] = ()  # fields of one more person of the household
    removes: Expression | None = None
    hands_over: tuple[str, str, Expression, int] | None = None  # agent, name, who talks, seconds
    takes_back: bool = False
    forgets: bool = False
    emergency: Expression | None = None
    agent: AgentCall | None = None
    wait: Lapse | None = None
    until: frozenset[str] = frozenset()  # kinds of readings that end the wait early
    call: str | None = None
    into: tuple[tuple[str, str], ...] = ()  # our variable, its result
    cancelled: bool = False  # a way of its own when the called flow is cancelled
    jump: str | None = None
    take_up: str | None = None  # the variable with a held reading, which goes to the flow of its kind
    data: tuple[tuple[str, Expression], ...] = ()
    ways: tuple[tuple[Expression | None, str], ...] = ()

    @property
    def asks(self) -> bool:
        """It waits for the person."""
        return bool(self.choices or self.slots or self.options_from)

    @property
    def returns(self) -> bool:
        """Another flow runs, and comes back here."""
        return self.call is not None or self.take_up is not None

    @property
    def apart(self) -> bool:
        """It asks for each thing that is missing, and for nothing that is known."""
        return any(slot.ask for slot in self.slots)

    @property
    def by_number(self) -> bool:
        """A bare number means the option at that place of the list, and nothing else that is asked for: beside a list, "2" is no
        hour."""
        return all(slot.type in MOMENTS for slot in self.slots)

    @property
    def path(self) -> str:
        return f"{self.flow}/{self.name}"


@dataclass(frozen=True, slots=True)
class Experiment:
    """``arms`` with their weights; it ends after the day ``until`` or with ``people`` who took part; then all get ``then``."""

    name: str
    arms: tuple[tuple[str, int], ...]
    until: str | None
    people: int | None
    then: str


@dataclass(frozen=True, slots=True)
class Limits:
    """``then`` is where a conversation goes that has asked too much."""

    steps: int = 50
    questions: int = 40
    then: str | None = None


@dataclass(frozen=True, slots=True)
class Flow:
    name: str
    steps: Mapping[str, Step]
    graph: Graph
    first: str
    needs_consent: bool
    fresh: bool
    leave: bool
    insist: bool
    reenter: bool
    blank: Mapping[str, Any]  # every declared variable, unset
    holds: tuple[str, Text] | None
    texts: Mapping[str, Text]
    notice: Notice
    clinical: bool = False
    beside: bool = False  # starts also on the second thing that a message tells, beside a reading
    asks_whose: bool = False  # it is about one person's health
    words: str | None = None  # the variable that keeps the words of the message whose intent starts the flow
    who: tuple[tuple[Expression, str], ...] = ()  # a condition, and where those begin for whom it does not hold
    limits: Limits = Limits()
    arms: tuple[Experiment, ...] = ()
    takes: tuple[str, ...] = ()
    gives: tuple[str, ...] = ()
    fleeting: frozenset[str] = frozenset()  # variables that end with the turn
    lasting: frozenset[str] = frozenset()  # variables that stay with the person
    was: tuple[str, ...] = ()
    landing: str | None = None
    renamed: Mapping[str, str] = field(default_factory=dict)  # earlier names of steps

    @property
    def only_says(self) -> bool:
        """A greeting, thanks, help: said, and over."""
        return not any(step.asks or step.agent or step.returns or step.jump for step in self.steps.values())

    def step_named(self, name: str) -> str | None:
        """The step that has this name, or had it earlier."""
        return name if name in self.steps else self.renamed.get(name)
