"""The dialogue language as authors write it: one flow a file. These models are its reference; the engine runs ``flow.Flow``."""

# ruff: noqa: RUF012 - pydantic models of another module's base: their defaults are never changed

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, StringConstraints, model_validator

from bot.dialogue.kinds import ReadingKind
from bot.dialogue.shapes import (
    Authored,
    Duration,
    Fork,
    Name,
    Names,
    Phrase,
    Reason,
    Say,
    Time,
    Variant,
    Way,
    Ways,
    Words,
    YesNo,
    labels,
    named,
    slots,
)
from bot.dialogue.step_parts import (
    Attachment,
    Choice,
    Consent,
    Handing,
    Household,
    Mend,
    Notice,
    RecordStep,
    Repair,
    Silence,
    Slot,
    Unclear,
    Until,
    Withdrawal,
    Withdrawn,
)

__all__ = [
    "EMERGENCY_CATEGORIES",
    "URGENT_CATEGORIES",
    "Attachment",
    "Authored",
    "Choice",
    "Consent",
    "EmergencyFile",
    "FlowFile",
    "Fork",
    "Guard",
    "Handing",
    "Holds",
    "Household",
    "Limits",
    "Mend",
    "Notice",
    "RecordStep",
    "Repair",
    "Silence",
    "Slot",
    "Starts",
    "Step",
    "Take",
    "Trial",
    "Unclear",
    "Until",
    "Var",
    "Variant",
    "Way",
    "Withdrawal",
]  # fmt: skip

EventName = Annotated[str, StringConstraints(pattern=r"^[a-z_]+\.[a-z][a-z0-9_]*$")]
MediaKind = Literal["photo", "voice", "document", "location", "contact"]
WEEK = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


class Step(Authored):
    """One step. What it has happens in this order: set (without a question), record, consent, messages on and off, emergency,
    say; then it waits for an answer or an agent, calls or jumps; then ``next``. ``set`` of a question comes after its answer."""

    say: Say | None = None
    kinder: YesNo = False  # a model may say it more warmly, to whoever agreed to AI help
    header: Say | None = None
    footer: Say | None = None
    menu_label: Say | None = None
    media: Attachment | None = None
    options: Annotated[dict[Name, Choice], BeforeValidator(labels, json_schema_input_type=dict[Name, Words | Choice])] = {}
    several: YesNo = False  # words may name more than one option; ANSWER_all lists them, ANSWER is the first
    options_from: Name | None = None  # a variable with a list of {id, label, description}, as an agent finds them
    week: YesNo = False  # the options are the days of the week: which comes first is the matter of the person's country
    in_language: Name | None = None  # a variable with the language in which the question is put, where it is not the person's own
    expect: Annotated[dict[Name, Slot], BeforeValidator(slots)] = {}
    answer: Name | None = None  # the variable that keeps the chosen option's id; the step's own name where it is not said
    unclear: Unclear | None = None
    silence: Silence | None = None
    notice: Notice = Notice()
    skip: Name | None = None
    told_again: Name | None = None
    put_again: Name | None = None
    what: Say | None = None
    repair: Repair = Repair()
    kind: Literal["reply", "emergency"] = "reply"
    set: dict[str, Any] = {}
    record: RecordStep | None = None
    grant_consent: Consent | None = None
    withdraw_consent: Withdrawn | None = None
    messages: Literal["on", "off"] | None = None
    household: Household | None = None
    hand_over: Handing | None = None
    take_back: YesNo = False  # the end of a hand-over
    forget: YesNo = False
    emergency: str | None = None  # an expression that gives the category
    ask_agent: Annotated[str, StringConstraints(pattern=r"^[a-z_]+\.[a-z][a-z0-9_]*$")] | None = None
    with_: dict[str, Any] = Field(default={}, alias="with")
    facts: list[Name] = []
    correctable: YesNo = False
    on: dict[Name, Name] = {}
    within: Duration | None = None
    wait: Time | None = None
    until: Until | None = None
    call: Name | None = None
    into: dict[Name, Name] = {}
    jump: Name | None = None
    take_up: Name | None = None
    next: Ways | None = None
    was: Names = []  # earlier names, for conversations that stand on an older version
    accept: dict[Name, Reason] = {}  # a finding's code, and why it may stay

    @model_validator(mode="after")
    def _options_fit(self) -> Step:
        if self.week and tuple(self.options) != WEEK:
            raise ValueError(f"'week' needs the options {', '.join(WEEK)}, in this order, and no others")
        if self.options_from and (not self.options or self.expect):
            raise ValueError("'options_from' needs 'options' with one for \"none of these\", and no 'expect'")
        if self.several and (not self.options or self.options_from or self.expect):
            raise ValueError("'several' needs 'options' that are written here, and neither 'options_from' nor 'expect'")
        return self


class Starts(Authored):
    """What starts the flow: an intent, a reading or a file in any message, a whole message, one of the always-available words."""

    intent: list[str] | str = []
    phrases: list[Phrase] = []
    readings: list[ReadingKind] | ReadingKind = []
    media: list[MediaKind] | MediaKind = []
    command: str | None = None
    beside_readings: YesNo = False  # also when a message tells a reading first and this second
    event: list[EventName] | EventName = []  # something that an agent tells unasked; its facts are under 'takes'
    from_: Literal["care_team"] | None = Field(default=None, alias="from")  # what people of the care team write
    emergency: YesNo = False  # an emergency was answered; the variable is 'category'. The first step lets time pass
    words: Name | None = None

    @model_validator(mode="after")
    def _words_are_said(self) -> Starts:
        if self.words and not (self.intent or self.phrases):
            raise ValueError("'words' keeps what an intent was said in; add 'intent' or 'phrases', or remove it")
        return self


class Guard(Authored):
    """Who may enter: those for whom ``when`` holds. All others begin at ``otherwise``, which tells them why not."""

    when: str
    otherwise: Name


class Limits(Authored):
    """How long a conversation may become before it is ended: a mistake of ours must not hold anybody."""

    steps: int = Field(default=50, ge=1, le=50)  # in one turn
    questions: int = Field(default=40, ge=1, le=100)  # in one conversation, those asked again included
    then: Name | None = None


class Trial(Authored):
    """An experiment: each person gets one arm, always the same, which conditions see as ``arms.NAME``. It ends after a day or
    when so many people have taken part; then everybody gets ``then``. Never in clinical flows, emergencies or about doses."""

    of: Annotated[dict[Name, Annotated[int, Field(ge=1, le=1000)]], Field(min_length=1, max_length=5)]
    until: str | None = None
    people: int | None = Field(default=None, ge=2, le=1_000_000)
    then: Name


class Holds(Authored):
    """Readings that come while this flow must not use them yet: kept in ``into``, after telling the person."""

    into: Name
    say: Say


class Var(Authored):
    """A variable. It lives as long as its scope: this turn, this flow, or as long as we know the person."""

    scope: Literal["turn", "flow", "person"] = "flow"
    note: str | None = None


class Take(Authored):
    """Something that a caller hands over."""

    required: YesNo = True
    note: str | None = None


Scope = Literal["turn", "flow", "person"]
_AnyVars = list[Name] | dict[Name, Scope | Var]
Vars = Annotated[dict[Name, Var], BeforeValidator(named("scope"), json_schema_input_type=_AnyVars)]
Takes = Annotated[dict[Name, Take], BeforeValidator(named(None), json_schema_input_type=list[Name] | dict[Name, Take])]


def _guards(value: Any) -> Any:
    return [value] if isinstance(value, dict) else value


Guards = Annotated[list[Guard], BeforeValidator(_guards, json_schema_input_type=Guard | list[Guard])]


class FlowFile(Authored):
    """One conversation. The first step is where it starts."""

    flow: Name
    title: str
    owner: str | None = None
    note: str | None = None
    risk: Literal["none", "clinical"] = "none"
    review: dict[str, Any] | None = None
    starts_on: Starts = Starts()
    needs: list[Literal["consent"]] = ["consent"]
    who: Guards = []
    opens: Literal["on_top", "fresh"] = "on_top"  # fresh: earlier questions are dropped
    leave: YesNo = True  # cancel works
    insist: YesNo = True  # false: its questions are not asked again by themselves, and other words are no wrong answer to them
    asks_whose: YesNo = False  # about one person's health: where several people use the phone, it is settled whose
    reenter: YesNo = False  # an old button of it starts it again
    arms: Annotated[dict[Name, Trial], Field(max_length=3)] = {}
    limits: Limits = Limits()
    notice: Notice = Notice()
    repair: Repair = Repair()
    takes: Takes = {}
    gives: list[Name] = []
    vars: Vars = {}
    holds: Holds | None = None
    texts: dict[Name, Say] = {}
    steps: dict[Name, Step] = {}
    was: Names = []  # earlier names
    landing: Name | None = None  # the question where those go on whose step is gone
    accept: dict[Name, Reason] = {}


EMERGENCY_CATEGORIES = frozenset({
    "general", "chest_pain", "stroke", "breathing", "unconscious", "seizure", "severe_hypoglycaemia", "dka", "self_harm",
    "anaphylaxis", "severe_bleeding", "pregnancy_danger", "poisoning_overdose",
})  # fmt: skip
URGENT_CATEGORIES = EMERGENCY_CATEGORIES | frozenset({
    "missed_insulin", "mild_hypoglycaemia", "hyperglycaemia_symptoms", "foot_wound", "high_bp_symptoms", "infection_fever",
    "vision_change", "vomiting_dehydration", "check",
})  # fmt: skip


class EmergencyFile(Authored):
    """Fixed texts of the emergency lane. ``emergency`` and ``urgent`` are by category and must have ``general``;
    ``urgent.check`` is for words that may be an emergency when nobody can be asked back."""

    emergency: dict[Name, Say]
    urgent: dict[Name, Say]
    number_line: Say
    late: Say
    sign_off: dict[str, Any]
    accept: dict[Name, Reason] = {}
