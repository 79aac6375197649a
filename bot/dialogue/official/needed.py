"""Which templates the published flows need, in which languages, and what of it is still to be approved."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence

from msgspec import Struct

from bot.dialogue.authored import FlowFile
from bot.dialogue.official.read import Drafted
from bot.dialogue.official.template import components, form_of


class Wanted(Struct, frozen=True):
    name: str
    language: str
    form: str
    file: str


def every_form(templates: Mapping[str, Drafted]) -> Iterator[Wanted]:
    """All templates in all their languages."""
    for name in sorted(templates):
        one = templates[name].template
        for language in one.texts:
            yield Wanted(name, language, form_of(components(one, language)), one.file)


def needed(templates: Mapping[str, Drafted], languages: Sequence[str]) -> Iterator[Wanted]:
    """Those that stand for a step, in every spoken language that they have; the others read ``template_fallback``, or English."""
    for name in sorted(templates):
        one = templates[name].template
        for language in languages if one.stands_for else ():
            if language in one.texts:
                yield Wanted(name, language, form_of(components(one, language)), one.file)


def wordless(templates: Mapping[str, Drafted], languages: Sequence[str]) -> dict[str, int]:
    """Spoken languages -> how many templates that stand for a step have no words in them."""
    standing = [drafted.template for drafted in templates.values() if drafted.template.stands_for]
    counts = {language: sum(language not in one.texts for one in standing) for language in languages}
    return {language: count for language, count in counts.items() if count}


def unspoken(files: Mapping[str, FlowFile], templates: Mapping[str, Drafted]) -> list[str]:
    """The steps with which a flow begins that nobody asked for, and for which no template stands."""
    stands: Collection[str] = {one.step for drafted in templates.values() for one in drafted.template.stands_for}
    found = []
    for flow, file in sorted(files.items()):
        speaking = [name for name, step in file.steps.items() if step.say]
        if file.starts_on.event and speaking and not any(f"{flow}/{name}" in stands for name in file.steps):
            found.append(f"{flow}/{speaking[0]}")
    return found
