"""What languages type for options: one word must not mean two options of one question, and each line must be of use."""

from __future__ import annotations

from collections.abc import Iterator

from bot.dialogue.draft import Draft
from bot.dialogue.finding import Finding
from bot.dialogue.folding import fold_label
from bot.dialogue.lint.rules import found


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
    choices = [choice for file in draft.files.values() for step in file.steps.values() for choice in step.options.values()]
    used = {fold_label(word) for choice in choices for word in (choice.label, *choice.also)}
    for source in draft.answers.sources.values():
        for english in source.data:
            if fold_label(english) not in used:
                message = f"no option of a flow has the English word '{english}'"
                yield found(source, (english,), "unused_answer", message, "remove the line, or write it as flows do under 'also'")
