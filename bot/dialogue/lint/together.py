"""What needs all flows to be seen: names that lead to another, claims of two, what is missing or too long in a language."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping

from bot.dialogue import authored
from bot.dialogue.compiler import Compiler
from bot.dialogue.declared import listed
from bot.dialogue.flow import WHOSE
from bot.dialogue.folding import fold
from bot.dialogue.graphemes import length
from bot.dialogue.lint.at_load import shown
from bot.dialogue.lint.handover import lint_handover
from bot.handwritten.finding import Finding, Level
from bot.handwritten.source import Source

QUESTION_TEXT, PLAIN_TEXT = 1024, 4096
Claim = tuple[str, str]
"""A kind of start, and what of it: ``("command", "menu")``."""
BESIDE_OPTIONS = frozenset({"say", "unclear", "what"})  # parts of a step that are said together with its options
NEEDED_FLOWS = ("system", "welcome", "menu", "help", "stop", "start", "language", "human", "emergency_check")
COMMANDS = ("menu", "help", "stop", "start", "language", "human")
SYSTEM_TEXTS = (
    "not_understood", "offer_human", "fallback", "late", "unverified", "stopped", "edited", "closed", "cancelled",
    "nothing_open", "nothing_before", "cannot_skip", "cannot_listen", "cannot_look", "cannot_use", "cannot_read", "replaced",
    "menu_label", "number_hint", "me", "for_whom", "one_moment", "taken_back", "moved", "corrected", "too_long",
    "file_missing", "file_too_large", "file_wrong_kind", "file_broken", "file_locked", "heard_voice", "seen_picture",
    "looked_after",
)  # fmt: skip


def lint_together(compilers: Mapping[str, Compiler], files: Mapping[str, authored.FlowFile]) -> list[Finding]:
    """What needs all flows: names that lead to another, two flows that claim one thing, translations that are missing."""
    found: list[Finding] = []
    claimed: dict[Claim, str] = {}
    for name, file in files.items():
        source = compilers[name].source
        found.extend(_leads_nowhere(source, file, files))
        found.extend(_speaks_after_danger(source, file))
        found.extend(_claimed_twice(source, file, claimed))
        found.extend(_untranslated(compilers[name], file))
        found.extend(_too_long(compilers[name], file))
    found.extend(lint_handover(compilers, files))
    found.extend(_whose_is_missing(compilers, files))
    found.extend(_needed(compilers, files, {word for kind, word in claimed if kind == "command"}))
    return found


def _leads_nowhere(source: Source, file: authored.FlowFile, files: Container[str]) -> Iterable[Finding]:
    for name, step in file.steps.items():
        for other in (step.call, step.jump):
            if other and other not in files:
                message = f"'{name}' leads to the flow '{other}', which is not there"
                yield source.finding(("steps", name), "flow", message, "mend the name")


def _speaks_after_danger(source: Source, file: authored.FlowFile) -> Iterable[Finding]:
    if file.starts_on.emergency and not next(iter(file.steps.values()), authored.Step()).wait:
        message = "after an emergency, nothing more is said at once"
        yield source.finding(("starts_on",), "wait", message, "let the first step wait: 'wait: 10m'")


def _claims(starts: authored.Starts) -> list[Claim]:
    """What starts a flow, by its kind. Of each there may be one flow only."""
    claims = [("command", starts.command)] if starts.command else []
    claims += [("intent", one) for one in listed(starts.intent)]
    claims += [("phrase", phrase) for phrase in dict.fromkeys(fold(phrase) for phrase in starts.phrases)]
    claims += [("readings", one) for one in listed(starts.readings)]
    claims += [("media", one) for one in listed(starts.media)]
    claims += [("event", one) for one in listed(starts.event)]
    claims += [("from", starts.from_)] if starts.from_ else []
    claims += [("emergency", "an emergency")] if starts.emergency else []
    return claims


def _claimed_twice(source: Source, file: authored.FlowFile, claimed: dict[Claim, str]) -> Iterable[Finding]:
    """``claimed``: which flow claims what so far; this one's claims are added."""
    for claim in _claims(file.starts_on):
        if claim in claimed:
            message = f"'{claim[1]}' also starts the flow '{claimed[claim]}'"
            yield source.finding(("starts_on",), "claim", message, "let only one of them claim it")
        claimed[claim] = file.flow


def _whose_is_missing(compilers: Mapping[str, Compiler], files: Mapping[str, authored.FlowFile]) -> Iterable[Finding]:
    whose = next((name for name, file in files.items() if file.asks_whose), None)
    if whose and WHOSE not in files:
        message = f"'{whose}' asks whose it is, and the flow '{WHOSE}' is not there"
        yield compilers[whose].source.finding(("asks_whose",), "flow", message, f"write the flow '{WHOSE}'")


def _needed(
    compilers: Mapping[str, Compiler], files: Mapping[str, authored.FlowFile], commands: Container[str]
) -> Iterable[Finding]:
    """Flows, commands and texts that the engine asks for by their names."""
    for name in NEEDED_FLOWS:
        if name not in files:
            yield Finding("needed", "dialogs/flows", 1, 1, f"the flow '{name}' is missing", "write it")
    for command in COMMANDS:
        if command not in commands:
            message = f"no flow starts on the word '{command}'"
            yield Finding("needed", "dialogs/flows", 1, 1, message, "add 'starts_on: {command: ...}' to one")
    if "system" in files:
        for text in SYSTEM_TEXTS:
            if text not in files["system"].texts:
                source = compilers["system"].source
                yield source.finding(("texts",), "needed", f"the text '{text}' is missing", "write it")


def _too_long(compiler: Compiler, file: authored.FlowFile) -> Iterable[Finding]:
    """Texts that the channel would refuse or cut, in every language. What stands beside options has less room."""
    for key, longest in compiler.longest.items():
        if longest <= QUESTION_TEXT:
            continue  # nearly all
        written = compiler.keys[key]
        path = compiler.paths[key]
        step = file.steps.get(str(path[1])) if path[0] == "steps" else None
        limit = QUESTION_TEXT if step and step.options and path[2] in BESIDE_OPTIONS else PLAIN_TEXT
        for language in ("en", *compiler.translations):
            text = shown(compiler, language, key, written.source)
            if length(text) > limit and (language == "en" or text != written.source):
                message = f"'{key}' ({language}) is longer than {limit} characters"
                yield compiler.source.finding(path, "length", message, "shorten it")


def _untranslated(compiler: Compiler, file: authored.FlowFile) -> Iterable[Finding]:
    """Clinical texts must be there in every language; of others English is said meanwhile."""
    level: Level = "blocker" if file.risk == "clinical" else "warning"
    for key, languages in compiler.lacking.items():
        message = f"'{key}' has no current translation in {', '.join(sorted(languages))}"
        yield compiler.source.finding(compiler.paths[key], "translation", message, "translate it", level=level)
