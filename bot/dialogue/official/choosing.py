"""Which template stands for what a step says, with its values in every language that it has, the best one first."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from bot.dialogue.display import DECIMAL, words
from bot.dialogue.expression import Values
from bot.dialogue.official.template import ChannelTemplate, Stands, components, filled, form_of
from bot.model.effects import Option, TemplateOffer, TemplateWording
from bot.model.locales import decimal_mark

VALUE = 300  # characters of one value: all of them must fit into the body
Standing = tuple[tuple[ChannelTemplate, Stands], ...]


def by_step(templates: Iterable[ChannelTemplate]) -> Mapping[str, Standing]:
    """For each step the templates that stand for it, those with a condition first."""
    found: dict[str, list[tuple[ChannelTemplate, Stands]]] = {}
    for template in sorted(templates, key=lambda one: one.name):
        for stands in template.stands_for:
            found.setdefault(stands.step, []).append((template, stands))
    return {step: tuple(sorted(all_, key=lambda one: one[1].when is None)) for step, all_ in found.items()}


def offer_for(standing: Standing, languages: Sequence[str], values: Values) -> TemplateOffer | None:
    """In ``languages``, the best one first. None when no condition holds."""
    for template, stands in standing:
        if stands.when is None or stands.when(values):
            order = [one for one in languages if one in template.texts]
            wordings = tuple(_worded(template, stands, one, values) for one in order)
            return TemplateOffer(template.name, wordings, languages[0]) if wordings else None
    return None


def order_of(language: str, fallback: Mapping[str, Sequence[str]], second: str | None = None) -> list[str]:
    """The person's language, their second one, then those that its speakers are most likely to read, English last."""
    return list(dict.fromkeys([language, *([second] if second else ()), *fallback.get(language, ()), "en"]))


def _worded(template: ChannelTemplate, stands: Stands, language: str, values: Values) -> TemplateWording:
    person = values.get("person")
    spoken = {**values, DECIMAL: decimal_mark(language)}
    if isinstance(person, Mapping):
        spoken["person"] = {**person, "language": language}
    texts = template.texts[language]
    fillings = []
    for gap, value in zip(template.gaps, stands.values, strict=False):
        said = " ".join(words(value(spoken), spoken).split())  # WhatsApp takes no line breaks
        fillings.append(filled(said[:VALUE] or gap.otherwise.get(language) or gap.otherwise.get("en") or "-", language))
    flow, _, step = stands.step.partition("/")
    return TemplateWording(
        language=language,
        form=form_of(components(template, language)),
        values=tuple(fillings),
        options=tuple(Option(f"{flow}.{step}:{option}", text) for option, text in texts.buttons),
    )
