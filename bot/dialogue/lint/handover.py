"""What flows hand to one another: arguments that a flow takes, results that it gives, and where a cancelled call leads."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from bot.dialogue import authored
from bot.dialogue.compiler import Compiler
from bot.dialogue.declared import variables_of
from bot.handwritten.finding import Finding
from bot.handwritten.source import Path_

CANCELLED = "cancelled"


def lint_handover(compilers: Mapping[str, Compiler], files: Mapping[str, authored.FlowFile]) -> Iterator[Finding]:
    """Findings of all calls and jumps."""
    for name, file in files.items():
        source = compilers[name].source
        for path, code, message, remedy in _of_flow(file):
            yield source.finding(path, code, message, remedy)
        for step_name, step in file.steps.items():
            other = files.get(step.call or step.jump or "")
            for path, code, message, remedy in _of_step(("steps", step_name), step, other):
                yield source.finding(path, code, message, remedy)
            if step.take_up and not (file.holds and file.holds.into == step.take_up):
                message = f"'{step.take_up}' is not what 'holds' keeps its readings in"
                yield source.finding(
                    ("steps", step_name, "take_up"), "result", message, "name the variable of 'holds: {into: ...}'"
                )
            if step.take_up and (step.options or step.expect or step.ask_agent or step.call or step.jump):
                message = f"'{step_name}' takes up a reading and does something else"
                yield source.finding(("steps", step_name, "take_up"), "result", message, "make two steps")


def _of_flow(file: authored.FlowFile) -> Iterator[tuple[Path_, str, str, str]]:
    known = set(variables_of(file)) if file.gives else ()
    for index, name in enumerate(file.gives):
        if name not in known:
            yield ("gives", index), "result", f"nothing ever sets the result '{name}'", "set it, or mend the name"
    starts = file.starts_on
    if starts.intent or starts.phrases or starts.command:
        for name, take in file.takes.items():
            if take.required:
                remedy = f"write 'takes: {{{name}: {{required: false}}}}', or let only other flows start it"
                yield ("takes",), "argument", f"the flow starts by itself, and then nobody hands over '{name}'", remedy


def _of_step(path: Path_, step: authored.Step, other: authored.FlowFile | None) -> Iterator[tuple[Path_, str, str, str]]:
    if step.into and not step.call:
        yield (*path, "into"), "result", "only a flow that is called gives results", "remove 'into', or write 'call'"
    if step.on and not step.ask_agent and (not step.call or set(step.on) != {CANCELLED}):
        yield (*path, "on"), "result", "a flow that is called has no outcomes but 'cancelled'", "look at its results in 'next'"
    if other is None:
        return
    for local, result in step.into.items():
        if result not in other.gives:
            known = ", ".join(other.gives) or "none"
            yield (*path, "into", local), "result", f"'{other.flow}' gives no '{result}'", f"its results are: {known}"
    takes = set(other.takes) or set(variables_of(other))
    for name in step.with_:
        if name not in takes:
            yield (
                (*path, "with", name),
                "argument",
                f"'{other.flow}' does not take '{name}'",
                "mend it, or declare it there",
            )
    for name, take in other.takes.items():
        if take.required and name not in step.with_:
            yield path, "argument", f"'{other.flow}' needs '{name}'", f"hand it over: 'with: {{{name}: ...}}'"
