"""What languages type: one word must not mean two options of a question, nor begin two flows, and each line must be of use."""

from __future__ import annotations

from collections.abc import Iterator

from bot.dialogue.draft import Draft
from bot.dialogue.folding import fold_label
from bot.dialogue.lint.rules import found
from bot.handwritten.finding import Finding


def check_answers(draft: Draft) -> Iterator[Finding]:
    """Findings stand in the page of the language, which its translator can mend alone."""
    told: set[tuple[str, str, str]] = set()
    for flow, compiled in draft.flows.items():
        for name, step in compiled.steps.items():
            owners: dict[str, str] = {}
            for choice in step.choices:
                for word in sorted(choice.words):
                    owner = owners.setdefault(word, choice.id)
                    for language, english in draft.answers.said_by(word) if owner != choice.id else ():
                        if (language, english, word) not in told:
                            told.add((language, english, word))
                            message = f"'{word}' means both '{owner}' and '{choice.id}' of {flow}.{name}"
                            yield found(
                                draft.answers.sources[language], (english,), "same_word", message, "leave it to one of them"
                            )
    yield from _phrases(draft)
    choices = [choice for file in draft.files.values() for step in file.steps.values() for choice in step.options.values()]
    phrases = [phrase for file in draft.files.values() for phrase in file.starts_on.phrases]
    used = {fold_label(word) for choice in choices for word in (choice.label, *choice.also)} | set(map(fold_label, phrases))
    for source in draft.answers.sources.values():
        for english in source.data:
            if fold_label(english) not in used:
                message, remedy = (
                    f"no flow has the English word '{english}'",
                    "remove it, or write it as 'also' or 'phrases' have it",
                )
                yield found(source, (english,), "unused_answer", message, remedy)


def _phrases(draft: Draft) -> Iterator[Finding]:
    """One message must not begin two conversations."""
    owners = {fold_label(phrase): flow for flow, file in draft.files.items() for phrase in file.starts_on.phrases}
    for flow, file in draft.files.items():
        for word in sorted(draft.answers.of(file.starts_on.phrases)):
            owner = owners.setdefault(word, flow)
            for language, english in draft.answers.said_by(word) if owner != flow else ():
                if fold_label(english) in map(fold_label, file.starts_on.phrases):
                    message = f"'{word}' begins both '{owner}' and '{flow}'"
                    yield found(draft.answers.sources[language], (english,), "same_word", message, "leave it to one of them")
