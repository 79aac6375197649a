"""Everything that can be said: flows, emergency texts and their translations, loaded and checked once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from bot.dialogue.compiler import Written
from bot.dialogue.draft import EmergencyTexts, read_draft
from bot.dialogue.finding import Finding, Unreadable
from bot.dialogue.flow import Flow, Text


@dataclass(frozen=True, slots=True)
class Content:
    """``version`` names exactly these bytes; ``keys`` are all texts by their key; ``findings`` are those that do not stop us."""

    version: str
    languages: tuple[str, ...]
    flows: Mapping[str, Flow]
    emergency: EmergencyTexts
    by_command: Mapping[str, str]
    by_intent: Mapping[str, str]
    by_reading: Mapping[str, str]
    texts: Mapping[str, Text]  # of the flow ``system``
    keys: Mapping[str, Written]
    findings: tuple[Finding, ...]


def load_content(dialogs: Path, locales: Path, *, languages: Sequence[str]) -> Content:
    """Read, compile and check everything. Raises ConfigError (Unreadable) that lists every finding as file:line:column."""
    draft = read_draft(dialogs, locales, languages=languages)
    blockers = [finding for finding in draft.findings if finding.level == "blocker"]
    if blockers or draft.emergency is None:
        raise Unreadable(sorted(blockers, key=lambda finding: (finding.file, finding.line, finding.column)))
    files = draft.files
    return Content(
        version=draft.version,
        languages=tuple(languages),
        flows=draft.flows,
        emergency=draft.emergency,
        by_command={file.starts_on.command: name for name, file in files.items() if file.starts_on.command},
        by_intent={intent: name for name, file in files.items() for intent in _listed(file.starts_on.intent)},
        by_reading={kind: name for name, file in files.items() for kind in _listed(file.starts_on.readings)},
        texts=draft.flows["system"].texts,
        keys=draft.keys,
        findings=draft.findings,
    )


def _listed(value: list[str] | str) -> list[str]:
    return [value] if isinstance(value, str) else value
