"""A template as its authors write it: one file in ``dialogs/templates`` each."""

# ruff: noqa: RUF012 - pydantic models of another module's base: their defaults are never changed

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from bot.dialogue.shapes import Authored, Name, Reason, Words

Category = Literal["UTILITY", "AUTHENTICATION", "MARKETING"]
Language = Annotated[str, StringConstraints(pattern=r"^[a-z]{2,3}(_[A-Z][a-z]{3})?(_[A-Z]{2})?$")]
StepPath = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*/[a-z][a-z0-9_]*$")]
TemplateName = Annotated[str, StringConstraints(min_length=1, max_length=600)]
"""Looser than WhatsApp's rule, which the lint explains better than a pattern does."""


class Placeholder(Authored):
    """One numbered placeholder. ``otherwise`` stands where a conversation has no value: WhatsApp takes no empty one."""

    of: str = Field(description="What it is, for people")
    sample: dict[Language, Words] = Field(min_length=1, description="What WhatsApp's reviewers see; 'en' for all others")
    otherwise: dict[Language, Words] = {}


class Stand(Authored):
    """The step whose words the template replaces, and its values in the order of the placeholders."""

    step: StepPath
    when: Words | None = None
    values: list[Words] = []


class Spoken(Authored):
    """The template in one language."""

    header: Words | None = None
    body: Words
    footer: Words | None = None
    buttons: dict[Name, Words] = Field(default={}, description="Option of the step: what its button says")


class Review(Authored):
    status: Words
    reviewer: str | None = None
    date: str | None = None


class TemplateFile(Authored):
    """``stands_for`` is empty while the flow that needs it is still to come; ``waits_for`` then says which."""

    template: TemplateName
    category: Category
    purpose: Reason
    owner: Words
    review: Review
    placeholders: list[Placeholder] = []
    stands_for: list[Stand] = []
    waits_for: Reason | None = None
    texts: dict[Language, Spoken] = Field(min_length=1)
