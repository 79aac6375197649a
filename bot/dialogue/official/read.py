"""Read the templates of a bundle, and find what is wrong with each file."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import PurePosixPath

from msgspec import Struct

from bot.dialogue.bundle import Bundle, templates_of
from bot.dialogue.file_texts import FileTexts
from bot.dialogue.official.authored import TemplateFile
from bot.dialogue.official.template import ChannelTemplate, Gap, Said, Stands
from bot.handwritten.finding import Finding, Unreadable
from bot.handwritten.source import Source, parse_source


class Drafted(Struct, frozen=True):
    """One file: what was written, where, and what it became."""

    source: Source
    file: TemplateFile
    template: ChannelTemplate


def read_templates(bundle: Bundle) -> tuple[Mapping[str, Drafted], list[Finding]]:
    """Those that have the right form, by name; and what keeps others from it."""
    read: dict[str, Drafted] = {}
    findings: list[Finding] = []
    for name, raw in templates_of(bundle).items():
        try:
            texts = FileTexts(parse_source(raw, name), {})
        except Unreadable as error:
            findings.extend(error.findings)
            continue
        file = texts.read(TemplateFile)
        if file is not None:
            stem = PurePosixPath(name).stem
            if file.template != stem:
                message = f"template '{file.template}' stands in {stem}.yaml"
                texts.find(("template",), "name", message, f"name the file {file.template}.yaml")
            read[file.template] = Drafted(texts.source, file, _compiled(texts, file))
        findings.extend(texts.findings)
    return read, findings


def _compiled(texts: FileTexts, file: TemplateFile) -> ChannelTemplate:
    stands = []
    for index, stand in enumerate(file.stands_for):
        place = ("stands_for", index)
        when = texts.expression((*place, "when"), stand.when) if stand.when else None
        numbered = {str(number): value for number, value in enumerate(stand.values)}
        values = tuple(value for _, value in texts.values((*place, "values"), numbered))
        stands.append(Stands(stand.step, when, values))
    return ChannelTemplate(
        name=file.template,
        category=file.category,
        purpose=file.purpose,
        file=texts.source.name,
        gaps=tuple(Gap(one.sample, one.otherwise) for one in file.placeholders),
        stands_for=tuple(stands),
        texts={
            language: Said(said.header, said.body, said.footer, tuple(said.buttons.items()))
            for language, said in file.texts.items()
        },
    )
