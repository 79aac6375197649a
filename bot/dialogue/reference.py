"""The reference of the dialogue language as Markdown: every key, type of answer, name, filter and rule, from the code itself."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, get_args

import yaml

from bot.dialogue.content import BESIDE
from bot.dialogue.display import FILTERS
from bot.dialogue.kinds import AnswerType
from bot.dialogue.lint.at_load import BUILT_IN, PERSON
from bot.dialogue.lint.rules import RULES
from bot.dialogue.schema import flow_schema

NAMES = {
    "FlowFile": "A flow", "Starts": "starts_on", "Step": "A step", "Variant": "A text", "Choice": "An option",
    "Slot": "A typed answer", "Way": "A way", "Fork": "A way with else", "Unclear": "unclear", "Silence": "silence",
    "Until": "until", "Notice": "notice", "RecordStep": "record", "Consent": "grant_consent", "Holds": "holds",
    "Repair": "repair", "Mend": "One repair", "Take": "An argument", "Var": "A variable", "Guard": "who", "Limits": "limits",
    "Trial": "An experiment", "Attachment": "media", "Withdrawal": "withdraw_consent",
    "Household": "household", "Handing": "hand_over",
}  # fmt: skip
ANSWERS = {
    "text": "any words, at most 300 characters",
    "name": "a name: letters, at most four words",
    "number": "one number between `min` and `max`; with a `unit` of time also a span: `1 hour`",
    "year": "a year with four digits between `min` and `max`",
    "rating": "one to five (or between `min` and `max`): a number, `4/5` or stars",
    "date": "a day: `23-11-2026` (day before month), `23 Nov`, tomorrow, Monday, in any language; kept as 2026-11-23",
    "time": "a clock time; kept as `18:30`. `NAME_unsure` is true when morning or evening was not said",
    "time_range": "from one time to another, or a part of the day; `16:00-18:00`, with `NAME_from`, `NAME_to`, `NAME_unsure`",
    "phone": "a phone number, written or in a shared contact; kept as +919812345678",
    "location": "a place that was shared: `latitude`, `longitude`, `name`, `address`",
    "photo": "a picture: `ref`, `message`, `mime`, `size`, `caption`",
    "voice": "a voice message or sound, with `seconds`; the rest like a photo",
    "document": "a file, with `name`; the rest like a photo",
    "contact": "a contact that was shared: `name`, `phone`",
    "yes_no": "yes or no, in words of any language; kept as true or false",
    "glucose": "a sugar reading, kept in mg/dL. As with every reading there are also `NAME_number` (as written), `NAME_unit`, "
    "`NAME_raw`, `NAME_problem` (implausible, unlikely, ambiguous_unit: ask before it is kept) and `measured_at`: "
    "the moment that the message tells (yesterday, two hours ago), where its words settle it, else that of writing",
    "meal_context": "when a reading was taken: fasting, before_meal, after_meal, bedtime",
    "blood_pressure": "both values of a blood pressure; kept as `130/85`, with `systolic` and `diastolic` in mmHg",
    "heart_rate": "a pulse in beats a minute",
    "weight": "a weight, kept in kg",
    "temperature": "a body temperature, kept in °C",
    "spo2": "an oxygen saturation in %",
    "hba1c": "an HbA1c, kept in %",
    "ketones": "blood ketones in mmol/L",
    "steps": "a number of steps",
    "insulin_dose": "units of insulin that were taken",
}
FILTER_WORDS = {
    "glucose": "mg/dL as words in the person's unit: `{{ glucose | glucose(person.unit) }}`",
    "in_unit": "the same without the unit's name: `{{ target_low | in_unit(person.unit) }}`",
    "day": "a day in words of a language: `{{ visit | day(person.language) }}` is Monday, 23 November",
    "listed": "several things of one fact as a language lists: `{{ foods | listed(person.language) }}` is roti, dal and rice",
    "people": "the same of people's names: `{{ names | people(person.language) }}` is Meera and Dr Rao",
    "clock": "a time as a language says the hour: `{{ time | clock(person.language) }}` is 8:30 am, सुबह 8:30",
    "pm": "a time twelve hours later where it is before noon: `{{ hour | pm }}`",
    "am": "a time twelve hours earlier where it is after noon",
    "name_in": "the name in words that are an introduction: `{{ told | name_in }}` of 'My name is Suresh' is Suresh",
    "without": "a list less one thing: `{{ person.conditions | without(condition) }}`",
    "to_mg_dl": "mmol/L as mg/dL: `{{ glucose_number | to_mg_dl }}`",
}
HEAD = """# The dialogue language

This page is made by `procare dialogs reference` from the code that reads the files; change the code, not the page.
A flow is a YAML file in `dialogs/flows/`, named like the flow. In it `yes`, `no`, `on` and `off` are words, and anchors, tags and
tabs are refused. How to write one: [authoring.md](authoring.md).
"""


def reference() -> str:
    """The whole page."""
    return "\n".join([HEAD, *_keys(), *_answers(), *_formulas(), *_rules()])


def _keys() -> Iterator[str]:
    schema = flow_schema()
    models = {"FlowFile": schema, **schema["$defs"]}
    for name, title in NAMES.items():
        model = models[name]
        yield f"## {title}\n\n{model['description']}\n"
        yield "| key | type | default | what it is for | example |\n| --- | --- | --- | --- | --- |"
        needed = model.get("required", [])
        for key, field in model["properties"].items():
            default = "*needed*" if key in needed else f"`{_short(field['default'])}`" if field.get("default") is not None else ""
            example = f"`{key}: {_short(field['examples'][0])}`"
            yield f"| `{key}` | {_cell(_type(field))} | {default} | {_cell(field['description'])} | {_cell(example)} |"
        yield ""


def _type(field: dict[str, Any]) -> str:
    """A type in words."""
    if "$ref" in field:
        title = NAMES[field["$ref"].rsplit("/", 1)[1]]
        return f"[{title}](#{title.lower().replace(' ', '-')})"
    if "anyOf" in field:
        return " or ".join(dict.fromkeys(_type(one) for one in field["anyOf"] if one.get("type") != "null"))
    if "enum" in field:
        return " or ".join(f"`{one}`" for one in field["enum"])
    if "const" in field:
        return f"`{field['const']}`"
    kind = field.get("type")
    if kind == "array":
        return f"list of {_type(field['items'])}"
    if kind == "object":
        inner = field.get("additionalProperties")
        return f"{_type(inner)} by name" if isinstance(inner, dict) else "values by name"
    if kind == "string":
        pattern = field.get("pattern", "")
        return "duration" if "s|m|h|d" in pattern else "agent.task" if "\\." in pattern else "name" if pattern else "text"
    return {"boolean": "`true` or `false`", "integer": "whole number", "number": "number"}.get(str(kind), "any value")


def _answers() -> Iterator[str]:
    yield "## Types of answers\n\n| type | what is understood |\n| --- | --- |"
    for kind in get_args(AnswerType):
        yield f"| `{kind}` | {ANSWERS[kind]} |"
    yield ""


def _formulas() -> Iterator[str]:
    yield "## Variables and conditions\n"
    yield "Texts have `{{ name }}` and `{% if name %}...{% endif %}`. Conditions have `and`, `or`, `not`, `==`, `!=`, `<`, `<=`,"
    yield "`>`, `>=`, `in`, `+`, `-`, `a if b else c` and filters. There are no calls, loops or products. A flow's own variables"
    yield "are those of its `vars`, answers, `set` and `facts`. Besides there are:\n"
    yield f"- {', '.join(f'`{name}`' for name in sorted(BUILT_IN - {'person'}))}"
    yield f"- of the profile: {', '.join(f'`person.{name}`' for name in sorted(PERSON))}\n"
    yield "| filter | what it does |\n| --- | --- |"
    for name in FILTERS:
        yield f"| `{name}` | {FILTER_WORDS[name]} |"
    yield ""


def _rules() -> Iterator[str]:
    yield "## What `procare dialogs lint` finds\n"
    yield "A *blocker* must be mended, a *warning* should be, a *hint* is worth a look. With blockers marked † the service"
    yield "does not even start; all else may stay where `accept: {code: reason}` of the step or the flow says why.\n"
    yield "| code | level | what is found | why it matters |\n| --- | --- | --- | --- |"
    for code, rule in RULES.items():
        mark = " †" if rule.at_load and code not in BESIDE else ""
        yield f"| `{code}`{mark} | {rule.level} | {_cell(rule.finds)} | {_cell(rule.why)} |"
    yield ""


def _short(value: Any) -> str:
    """A value as YAML in one line."""
    text = yaml.safe_dump(value, default_flow_style=True, allow_unicode=True, width=10_000, sort_keys=False)
    return text.removesuffix("\n").removesuffix("\n...").strip()


def _cell(text: str) -> str:
    return text.replace("|", "\\|")
