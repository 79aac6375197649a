"""Everything that can be said: flows, emergency texts and their translations, loaded and checked once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from bot.dialogue import authored
from bot.dialogue.catalogue import SOURCE_LANGUAGE, catalogue_path, read_catalogue, translations_of
from bot.dialogue.compiler import Compiler, Written
from bot.dialogue.finding import Finding, Unreadable
from bot.dialogue.flow import Flow, Text
from bot.dialogue.lint import lint_emergency, lint_flow, lint_together
from bot.dialogue.source import read_source

FILES = 2000


@dataclass(frozen=True, slots=True)
class EmergencyTexts:
    """The fixed texts of the emergency lane."""

    emergency: Mapping[str, Text]
    urgent: Mapping[str, Text]
    number_line: Text
    late: Text

    def of(self, category: str | None, *, urgent: bool = False) -> tuple[str, Text]:
        """The category that has a text, and the text; an unknown one gets the general text."""
        texts = self.urgent if urgent else self.emergency
        known = category if category in texts else "general"
        return known or "general", texts[known or "general"]


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
    digest = sha256()
    findings: list[Finding] = []
    translations = {}
    for language in languages:
        if language == SOURCE_LANGUAGE:
            continue
        translations[language] = translations_of(read_catalogue(locales, language))
        digest.update(catalogue_path(locales, language).read_bytes())
    compilers: dict[str, Compiler] = {}
    authored_flows: dict[str, authored.FlowFile] = {}
    flows: dict[str, Flow] = {}
    paths = sorted((dialogs / "flows").rglob("*.yaml"))
    if len(paths) > FILES:
        raise Unreadable([Finding("files", "dialogs/flows", 1, 1, f"there are more than {FILES} flows", "remove some")])
    for path in paths:
        name = f"dialogs/{path.relative_to(dialogs).as_posix()}"
        try:
            source = read_source(path, name)
        except Unreadable as error:
            findings.extend(error.findings)
            continue
        digest.update(name.encode() + b"\0" + path.read_bytes())
        compiler = Compiler(source, translations)
        file = compiler.read(authored.FlowFile)
        if file is not None:
            if file.flow != path.stem or file.flow in flows:
                compiler.find(("flow",), "name", f"flow '{file.flow}' stands in {path.name}", f"name the file {file.flow}.yaml")
            lint_flow(compiler, file)
            compiled = compiler.compile(file)
            if compiled is not None:
                flows[file.flow] = compiled
            authored_flows[file.flow] = file
            compilers[file.flow] = compiler
        findings.extend(compiler.findings)
    emergency, more, keys = _emergency(dialogs, translations, digest)
    findings.extend(more)
    findings.extend(lint_together(compilers, authored_flows, flows))
    if any(finding.level == "blocker" for finding in findings) or emergency is None:
        raise Unreadable(sorted((f for f in findings if f.level == "blocker"), key=lambda f: (f.file, f.line, f.column)))
    return Content(
        version=digest.hexdigest()[:12],
        languages=tuple(languages),
        flows=flows,
        emergency=emergency,
        by_command={file.starts_on.command: name for name, file in authored_flows.items() if file.starts_on.command},
        by_intent={intent: name for name, file in authored_flows.items() for intent in _listed(file.starts_on.intent)},
        by_reading={kind: name for name, file in authored_flows.items() for kind in _listed(file.starts_on.readings)},
        texts=flows["system"].texts,
        keys=keys | {key: text for one in compilers.values() for key, text in one.keys.items()},
        findings=tuple(findings),
    )


def _listed(value: list[str] | str) -> list[str]:
    return [value] if isinstance(value, str) else value


def _emergency(
    dialogs: Path, translations: Mapping[str, Mapping[str, tuple[str, str]]], digest: object
) -> tuple[EmergencyTexts | None, list[Finding], dict[str, Written]]:
    path = dialogs / "emergency.yaml"
    try:
        source = read_source(path, "dialogs/emergency.yaml")
    except Unreadable as error:
        return None, list(error.findings), {}
    digest.update(path.read_bytes())  # type: ignore[attr-defined]
    compiler = Compiler(source, translations, clinical=True)
    file = compiler.read(authored.EmergencyFile)
    if file is None:
        return None, compiler.findings, {}
    texts = EmergencyTexts(
        emergency={name: compiler.text(("emergency", name), f"emergency.{name}", say) for name, say in file.emergency.items()},
        urgent={name: compiler.text(("urgent", name), f"emergency.urgent.{name}", say) for name, say in file.urgent.items()},
        number_line=compiler.text(("number_line",), "emergency.number_line", file.number_line),
        late=compiler.text(("late",), "emergency.late", file.late),
    )
    lint_emergency(compiler, file)
    return texts, compiler.findings, compiler.keys
