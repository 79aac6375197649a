"""Our flows for any Babel tool: ``pybabel extract -F locales/babel.cfg -o texts.pot .`` finds this by its entry point."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import IO, Any

from bot.dialogue.authored import EmergencyFile, FlowFile
from bot.dialogue.compiler import Compiler
from bot.dialogue.draft import emergency_of
from bot.dialogue.flow import Flow
from bot.handwritten.finding import Unreadable
from bot.handwritten.source import parse_source
from bot.i18n.notes import notes


def extract_flow(
    file: IO[bytes], keywords: Collection[str], comment_tags: Collection[str], options: Mapping[str, Any]
) -> Iterator[tuple[int, str, tuple[str, str], list[str]]]:
    """Babel's extraction method for one YAML file: line, ``pgettext``, key and text, notes. Raises Unreadable."""
    source = parse_source(file.read(), str(getattr(file, "name", "flow.yaml")))
    emergency = isinstance(source.data, dict) and "emergency" in source.data
    compiler = Compiler(source, {}, clinical=emergency)
    read = compiler.read(EmergencyFile if emergency else FlowFile)
    flows: dict[str, Flow] = {}
    if isinstance(read, EmergencyFile):
        emergency_of(compiler, read)
    elif isinstance(read, FlowFile):
        flow = compiler.compile(read)
        flows = {flow.name: flow} if flow else {}
    if any(finding.level == "blocker" for finding in compiler.findings) or read is None:
        raise Unreadable(compiler.findings)
    for key, written in compiler.keys.items():
        yield source.line(compiler.paths[key]), "pgettext", (key, written.source), notes(key, compiler.keys, flows)
