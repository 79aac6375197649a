"""Acceptances: ``accept: {code: reason}`` of a flow or a step. One that nothing needs is a finding itself."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from msgspec import Struct

from bot.dialogue.draft import Draft
from bot.dialogue.lint.rules import RULES, found
from bot.handwritten.finding import Finding
from bot.handwritten.source import Path_, Source


class _Accepted(Struct, frozen=True):
    source: Source
    path: Path_
    code: str
    first: int  # the lines that it stands for
    last: int


def without_accepted(draft: Draft, findings: Iterable[Finding]) -> Iterator[Finding]:
    """The findings that stay, and those of the acceptances."""
    used: set[tuple[str, Path_]] = set()
    accepted = list(_accepted(draft))
    for finding in findings:
        match = next((one for one in accepted if _covers(one, finding)), None)
        if match is None:
            yield finding
        else:
            used.add((match.source.name, match.path))
    for one in accepted:
        if one.code not in RULES:
            message, remedy = f"there is no rule '{one.code}'", "mend the code"
        elif RULES[one.code].at_load and RULES[one.code].level == "blocker":
            message, remedy = f"'{one.code}' cannot be accepted: the service does not start with it", "mend what it says"
        elif (one.source.name, one.path) not in used:
            message, remedy = f"'{one.code}' is accepted here, and nothing needs it", "remove the acceptance"
        else:
            continue
        yield found(one.source, one.path, "accept", message, remedy)


def _covers(one: _Accepted, finding: Finding) -> bool:
    rule = RULES.get(one.code)
    mine = finding.code == one.code and finding.file == one.source.name and one.first <= finding.line <= one.last
    return mine and rule is not None and not (rule.at_load and finding.level == "blocker")


def _accepted(draft: Draft) -> Iterator[_Accepted]:
    """Those of steps first: they are nearer to what they accept."""
    for flow, file in draft.files.items():
        source = draft.compilers[flow].source
        for name, step in file.steps.items():
            for code in step.accept:
                yield _Accepted(source, ("steps", name, "accept", code), code, *_lines(source, name))
        for code in file.accept:
            yield _Accepted(source, ("accept", code), code, 1, 1_000_000)
    if draft.emergency_file and draft.emergency_compiler:
        for code in draft.emergency_file.accept:
            yield _Accepted(draft.emergency_compiler.source, ("accept", code), code, 1, 1_000_000)


def _lines(source: Source, step: str) -> tuple[int, int]:
    """From the step's name to the line before the next step or the next part of the flow."""
    first = source.places[("steps", step)][0]
    later = [
        line
        for path, (line, _) in source.places.items()
        if line > first and (len(path) == 1 or (path[:1] == ("steps",) and len(path) == 2))
    ]
    return first, min(later, default=1_000_001) - 1
