"""The parts of a step as authors write them."""

# ruff: noqa: RUF012 - pydantic models of another module's base: their defaults are never changed

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, StringConstraints, model_validator

from bot.dialogue.kinds import AnswerType, ReadingKind
from bot.dialogue.shapes import Authored, Duration, Name, Say, Time, Topic, Words, YesNo
from bot.model.effects import NoticeClass


class Choice(Authored):
    """One option. ``also`` are other words that mean it, in any language; ``means`` ties it to a plain yes or no."""

    label: Words
    go: Name | None = None
    description: str | None = None
    also: list[str] = []
    means: Literal["yes", "no"] | None = None
    note: str | None = None


class Slot(Authored):
    """One typed answer. ``min`` and ``max`` are in ``unit``. A step whose answers have ``ask`` asks only for what is missing."""

    type: AnswerType
    required: YesNo = True
    ask: Say | None = None
    min: float | None = None
    max: float | None = None
    unit: str | None = None
    integer: YesNo = False
    in_the: Literal["past", "future"] | None = None
    anything: YesNo = False


class Unclear(Authored):
    """What to say when the answer cannot be read, and where to go after ``tries`` such answers."""

    say: Say | None = None
    tries: int = Field(default=2, ge=1, le=5)
    then: Name | None = None


class Silence(Authored):
    """When nothing comes. ``bookmark`` keeps the question open, ``end`` closes it, a step goes on there."""

    after: Time
    say: Say | None = None
    then: Name = "bookmark"


class Notice(Authored):
    """How what is said without having been asked is weighed against the day's other notices. What a step leaves out is the
    flow's. ``expires`` counts from the moment when it is due: later it is not sent any more. ``once``: the topic comes once a
    ``day`` (the usual for coaching and education), or once for each ``cause``: each reading, each visit, each hour.
    ``merge``: what waits goes in one message with others of the same key. ``chosen``: the person named the hour,
    or was promised it, so the usual quiet hours do not hold it back. ``usefulness``: of two that matter alike, the
    greater goes."""

    class_: NoticeClass | None = Field(default=None, alias="class")
    topic: Topic | None = None
    expires: Duration | None = None
    once: Literal["day", "cause"] | None = None
    merge: Topic | None = None
    chosen: YesNo | None = None
    usefulness: int | None = Field(default=None, ge=0, le=100)


class Until(Authored):
    """What ends a wait early: a reading in any message. It fills the variables of its kind."""

    readings: list[ReadingKind] | ReadingKind


class Mend(Authored):
    """What happens instead of the usual: other words, another way."""

    say: Say | None = None
    then: Name | None = None


_Repair = Literal["off"] | Mend | None


class Repair(Authored):
    """What people do besides answering. Of a flow, or of one step. ``off``: not here; the question is asked again."""

    correct: _Repair = None
    cancel: _Repair = None
    skip: _Repair = None
    back: _Repair = None
    repeat: _Repair = None
    what: _Repair = None
    language: _Repair = None

    def patterns(self) -> dict[str, Mend | Literal["off"]]:
        """Those that are written."""
        if not self.model_fields_set:  # as of nearly all steps
            return {}
        return {name: value for name in type(self).model_fields if (value := getattr(self, name)) is not None}


class Attachment(Authored):
    """A file that is sent: one of ``dialogs/media/``, or what a variable refers to, such as an agent's fact."""

    image: Words | None = None
    document: Words | None = None
    audio: Words | None = None
    name: Words | None = None

    @model_validator(mode="after")
    def _one(self) -> Attachment:
        if sum(one is not None for one in (self.image, self.document, self.audio)) != 1:
            raise ValueError("write one of image, document and audio")
        return self

    @property
    def kind(self) -> Literal["image", "document", "audio"]:
        return "image" if self.image else "document" if self.document else "audio"

    @property
    def source(self) -> str:
        """A file's name, or a template."""
        return self.image or self.document or self.audio or ""


class RecordStep(Authored):
    kind: Name
    data: dict[str, Any] = {}


Known = Annotated[str, StringConstraints(pattern="^(name|birth_year|condition|conditions)$")]


class Household(Authored):
    """A change of who uses this phone: one more person (``name`` and what is known of them), or one less (an id)."""

    add: dict[Known, Any] = {}
    remove: str | None = None

    @model_validator(mode="after")
    def _one_change(self) -> Household:
        if bool(self.add) == bool(self.remove) or (self.add and "name" not in self.add):
            raise ValueError("write 'add: {name: ...}' or 'remove: ...'")
        return self


class Handing(Authored):
    """Somebody of the care team talks with the person from now on: ``to`` gets what they write. ``who`` is that person's name."""

    to: Annotated[str, StringConstraints(pattern=r"^[a-z_]+\.[a-z][a-z0-9_]*$")]
    who: Words
    for_: Duration = Field(alias="for")


class Consent(Authored):
    """The text that was agreed to (a question of this flow), and for what. It adds to what was agreed to before."""

    text_of: Name
    purposes: list[Name] = Field(min_length=1)


def _reason(value: Any) -> Any:
    """``withdraw_consent: stop`` takes all of it back."""
    return {"reason": value} if isinstance(value, str) else value


class Withdrawal(Authored):
    """Why consent is taken back, in one word, and for what: without ``purposes``, for everything."""

    reason: Name
    purposes: list[Name] = []


Withdrawn = Annotated[Withdrawal, BeforeValidator(_reason, json_schema_input_type=Name | Withdrawal)]
