"""Every rule: its code, which never changes, its level, what it finds and why that matters. The reference is made of this."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from msgspec import Struct

from bot.handwritten.finding import Finding, Level
from bot.handwritten.source import Path_, Source


class Rule(Struct, frozen=True):
    """``at_load``: the service itself refuses to start with it, so that it cannot be accepted."""

    code: str
    level: Level
    finds: str
    why: str
    at_load: bool = False


def _rules(*rules: Rule) -> Mapping[str, Rule]:
    return {rule.code: rule for rule in rules}


RULES = _rules(
    Rule("file", "blocker", "a file cannot be read", "What is not read is never said.", True),
    Rule("files", "blocker", "there are more than 2000 flows", "The start would take too long.", True),
    Rule(
        "yaml",
        "blocker",
        "not YAML, a key twice, an anchor, a tag, too large or too deep",
        "Nobody can tell what was meant.",
        True,
    ),
    Rule("encoding", "blocker", "the file is not UTF-8", "Letters would arrive as other letters.", True),
    Rule("po", "blocker", "a catalogue cannot be read or parsed", "The language could not be spoken at all.", True),
    Rule(
        "form",
        "blocker",
        "an unknown key, a missing one, or a value of the wrong form",
        "The engine would not do what you meant.",
        True,
    ),
    Rule("name", "blocker", "the flow is named otherwise than its file", "People look for a flow by its file.", True),
    Rule(
        "needed",
        "blocker",
        "a flow, a text or a command word that everybody needs is missing",
        "Help, stop and menu must work for everybody at any time.",
        True,
    ),
    Rule("target", "blocker", "a way leads to a step that is not there", "The conversation would break off in the middle.", True),
    Rule(
        "flow",
        "blocker",
        "a call or jump leads to a flow that is not there",
        "The conversation would break off in the middle.",
        True,
    ),
    Rule(
        "unreachable",
        "blocker",
        "nothing leads to a step",
        "Somebody wrote it for patients, and no patient will ever see it.",
        True,
    ),
    Rule(
        "was",
        "blocker",
        "an earlier name is a name of today, or leads to two places",
        "Those who stand on an older version would go on in the wrong place.",
        True,
    ),
    Rule(
        "landing",
        "blocker",
        "the landing of a flow is none of its questions",
        "Those whose step was removed would wait for nothing.",
        True,
    ),
    Rule("dead_end", "blocker", "the answer to a question leads nowhere", "The person answers and hears nothing more.", True),
    Rule("kinder", "blocker", "a step that asks, warns or is silent is to be said more kindly", "Those words must stay.", True),
    Rule("silent", "blocker", "a step waits for an answer and asks nothing", "The person does not know that we wait.", True),
    Rule(
        "outcome",
        "blocker",
        "nothing is said when the agent does not answer",
        "A person who sent a reading would wait for nothing.",
        True,
    ),
    Rule("expression", "blocker", "a condition or value cannot be used", "The branch would go the wrong way.", True),
    Rule(
        "template",
        "blocker",
        "a text has something in {{ }} that cannot be used",
        "The person would read a broken sentence.",
        True,
    ),
    Rule("variable", "blocker", "a name that nothing ever sets", "The text would have a hole where the value belongs.", True),
    Rule("profile", "blocker", "a field that the profile does not have", "The answer would be kept where nobody looks.", True),
    Rule(
        "range",
        "blocker",
        "a number without least and greatest value",
        "A slip of the finger would be taken for a measurement.",
        True,
    ),
    Rule("options", "blocker", "more than ten options", "WhatsApp shows ten rows at most.", True),
    Rule(
        "label",
        "blocker",
        "an option's label that is too long, looks like another one, or has a variable; in any language",
        "WhatsApp cuts it off, and two options would look the same.",
        True,
    ),
    Rule(
        "length",
        "blocker",
        "a text longer than the channel takes, in any language",
        "WhatsApp refuses the message or cuts its end.",
        True,
    ),
    Rule(
        "category",
        "blocker",
        "an emergency category that is unknown or has no text",
        "An emergency would be answered with the wrong words.",
        True,
    ),
    Rule(
        "claim",
        "blocker",
        "two flows start on the same intent, phrase, reading or command",
        "Only one can start, and which one would be chance.",
        True,
    ),
    Rule(
        "phrase",
        "blocker",
        "a phrase that is a command word, a reading or an alarm, and never starts its flow; a hint where another flow's intent"
        " already means it",
        "People would write it and get something else.",
    ),
    Rule(
        "media",
        "blocker",
        "a file that is not there, is too large, or is of a kind that WhatsApp does not show",
        "The person would get words about a picture, and no picture.",
        True,
    ),
    Rule(
        "experiment",
        "blocker",
        "an experiment without an end, or where wrong words can hurt",
        "People who are ill are not tried out on, and a forgotten experiment runs for years.",
        True,
    ),
    Rule(
        "notice",
        "warning",
        "what a flow says without having been asked has no class, topic or expiry; or a step that never does so has a notice",
        "Five such messages a day are allowed. Without these nobody can tell which of them should wait or be dropped.",
    ),
    Rule(
        "experiment_over",
        "warning",
        "an experiment whose last day is over",
        "Everybody gets one arm now; the others are translated and reviewed for nobody.",
    ),
    Rule(
        "wait",
        "blocker",
        "a step that waits for time to pass and for something else, or 'until' without 'wait'",
        "Nobody could say which of the two comes first.",
        True,
    ),
    Rule(
        "argument",
        "blocker",
        "a flow is called without something that it needs, or with something that it does not take",
        "The flow would go on with a hole where the value belongs.",
        True,
    ),
    Rule(
        "result",
        "blocker",
        "a result that the called flow does not give, or that nothing sets",
        "The caller would go on with nothing in its hand.",
        True,
    ),
    Rule(
        "translation",
        "warning",
        "a translation that is missing, stale or fuzzy; a blocker where the text is clinical",
        "The person reads English, and may not understand it.",
        True,
    ),
    Rule(
        "placeholder",
        "blocker",
        "a translation has other {{ placeholders }} than its source",
        "The number or name would be missing, or stand in the wrong place.",
        True,
    ),
    Rule(
        "loop",
        "blocker",
        "steps lead in a circle without a question",
        "The turn is cut off after 50 steps, and the person hears nothing sensible.",
    ),
    Rule(
        "empty_variable",
        "warning",
        "a value that may be empty where it is said or calculated with",
        "The sentence would have a hole, or the comparison would fail.",
    ),
    Rule(
        "answer_type",
        "blocker",
        "a comparison with something that the answer can never be, or a bound on what is no number",
        "The branch is never taken, or never left.",
    ),
    Rule(
        "no_way_out",
        "warning",
        "a question that cannot be cancelled, skipped or left after unclear answers",
        "A person who cannot answer it is stuck.",
    ),
    Rule("unit", "warning", "a number without its unit", "126 what? Numbers without units get mixed up, and doses with them."),
    Rule(
        "label_alike",
        "warning",
        "two labels that are the same in their first 20 characters",
        "Small phones cut labels there, and the person taps the wrong one.",
    ),
    Rule(
        "same_word",
        "warning",
        "one typed word means two options of a question, or begins two flows",
        "The first option is taken, whatever the person meant.",
    ),
    Rule(
        "unused_answer",
        "warning",
        "typed words of a language stand for an English word that no option and no phrase of a flow has",
        "Nobody is understood by them; a flow has changed.",
    ),
    Rule(
        "plural",
        "blocker",
        "a catalogue counts otherwise than its language, or lacks a plural form",
        "One form of the sentence would be wrong or missing.",
    ),
    Rule(
        "unsigned",
        "hint",
        "clinical text that no clinician has signed; a warning where the review is not even begun",
        "Wrong advice can hurt. Somebody who may must answer for it.",
    ),
    Rule(
        "review_due",
        "warning",
        "a sign-off whose time is over",
        "Guidance changes. What was right two years ago may be wrong now.",
    ),
    Rule(
        "forbidden",
        "blocker",
        "a diagnosis, a call to stop a medicine, or a dose outside a quotation",
        "Only a clinician who knows the person may say such a thing.",
    ),
    Rule(
        "hard_to_read",
        "hint",
        "a long sentence, or English above school grade 9",
        "People read this ill, tired, on a small screen and in a second language.",
    ),
    Rule(
        "many_messages",
        "warning",
        "more than three texts in a row before anybody is asked",
        "Nobody reads the fourth, each message costs money, and the engine drops what is too much.",
    ),
    Rule(
        "unused_flow",
        "warning",
        "nothing starts a flow, calls it or jumps to it",
        "It is kept, translated and reviewed for nobody.",
    ),
    Rule(
        "unused",
        "warning",
        "a variable, a text or a translation that nothing uses",
        "It is kept, translated and reviewed for nobody.",
    ),
    Rule(
        "template_rule",
        "blocker",
        "a template of the official channel that breaks a rule of WhatsApp",
        "WhatsApp refuses it, and whoever has not written for a day hears nothing.",
    ),
    Rule(
        "template_step",
        "blocker",
        "a template that stands for no step, or does not fit the one for which it stands",
        "Nothing would send it, or it would go out with a hole or with buttons that mean nothing.",
    ),
    Rule(
        "template_category",
        "blocker",
        "a template whose words do not fit its category",
        "WhatsApp gives it another category, with another price and other limits, or refuses it.",
    ),
    Rule(
        "template_private",
        "warning",
        "a template that names an illness or a treatment",
        "It is the first thing that a locked phone shows, to whoever holds it.",
    ),
    Rule(
        "accept",
        "warning",
        "an acceptance that is not needed, or of what cannot be accepted",
        "It would hide the next finding of that kind.",
    ),
)


def found(source: Source, path: Path_, code: str, message: str, remedy: str, *, level: Level | None = None) -> Finding:
    """A finding with the level of its rule."""
    more: dict[str, Any] = {"level": level or RULES[code].level}
    return source.finding(path, code, message, remedy, **more)
