"""Findings as text for people, JSON for programs, annotations for GitHub, SARIF 2.1.0 for editors and scanners."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import msgspec

from bot.dialogue.lint.rules import RULES
from bot.handwritten.finding import Finding

_SARIF_LEVEL = {"blocker": "error", "warning": "warning", "hint": "note"}
_GITHUB_LEVEL = {"blocker": "error", "warning": "warning", "hint": "notice"}
_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"


def as_text(findings: Sequence[Finding]) -> str:
    """One block a finding, and the sum."""
    blocks = [
        f"{one.file}:{one.line}:{one.column}: {one.level}: {one.message} [{one.code}]\n"
        f"    why:  {_why(one)}\n    mend: {one.remedy}"
        for one in findings
    ]
    counts = Counter(one.level for one in findings)
    sums = [
        f"{counts[level]} {level}{'s' if counts[level] != 1 else ''}" for level in ("blocker", "warning", "hint") if counts[level]
    ]
    return "\n".join([*blocks, ", ".join(sums) or "nothing found"])


def as_json(findings: Sequence[Finding]) -> str:
    """A list of objects: code, level, file, line, column, message, why, remedy."""
    rows = [{**msgspec.structs.asdict(one), "why": _why(one)} for one in findings]
    return msgspec.json.format(msgspec.json.encode(rows), indent=2).decode()


def as_github(findings: Sequence[Finding]) -> str:
    """Workflow commands, which GitHub shows beside the lines."""
    return "\n".join(
        f"::{_GITHUB_LEVEL[one.level]} file={_property(one.file)},line={one.line},col={one.column},title={_property(one.code)}"
        f"::{_data(f'{one.message}; {one.remedy}. {_why(one)}')}"
        for one in findings
    )


def as_sarif(findings: Sequence[Finding]) -> str:
    """One run with the rules that were broken."""
    codes = sorted({one.code for one in findings})
    rules = [
        {
            "id": code,
            "shortDescription": {"text": RULES[code].finds},
            "fullDescription": {"text": RULES[code].why},
            "defaultConfiguration": {"level": _SARIF_LEVEL[RULES[code].level]},
        }
        for code in codes
    ]
    results = [
        {
            "ruleId": one.code,
            "ruleIndex": codes.index(one.code),
            "level": _SARIF_LEVEL[one.level],
            "message": {"text": f"{one.message}; {one.remedy}"},
            "locations": [
                {
                    "physicalLocation": {
                        "artifactLocation": {"uri": one.file},
                        "region": {"startLine": one.line, "startColumn": one.column},
                    }
                }
            ],
        }
        for one in findings
    ]
    driver: dict[str, Any] = {"name": "procare dialogs lint", "rules": rules}
    log = {"$schema": _SCHEMA, "version": "2.1.0", "runs": [{"tool": {"driver": driver}, "results": results}]}
    return msgspec.json.format(msgspec.json.encode(log), indent=2).decode()


FORMATS: Mapping[str, Callable[[Sequence[Finding]], str]] = {
    "text": as_text,
    "json": as_json,
    "github": as_github,
    "sarif": as_sarif,
}


def _why(finding: Finding) -> str:
    return RULES[finding.code].why


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
