"""The phrases that start flows, beside what our understanding makes of them: what it takes for more than words comes first."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from bot.dialogue.answer_words import parts
from bot.dialogue.declared import listed
from bot.dialogue.draft import Draft
from bot.dialogue.folding import fold_label
from bot.dialogue.hearing import SURE
from bot.dialogue.lint.rules import found
from bot.handwritten.finding import Finding
from bot.understanding.meaning import Meaning

Understand = Callable[[str], Meaning]


def check_phrases(draft: Draft, understand: Understand) -> Iterator[Finding]:
    by_intent = {intent: flow for flow, file in draft.files.items() for intent in listed(file.starts_on.intent)}
    kinds = {kind for file in draft.files.values() for kind in listed(file.starts_on.readings)}
    for flow, file in draft.files.items():
        source = draft.compilers[flow].source
        for index, phrase in enumerate(file.starts_on.phrases):
            path, meaning = ("starts_on", "phrases", index), understand(phrase)
            first = _first(meaning, kinds)
            intent = meaning.intent
            other = by_intent.get(intent.id) if intent and intent.score >= SURE else None
            if first:
                yield found(source, path, "phrase", f"'{phrase}' is {first}, and never starts this flow", "use other words")
            elif other and other != flow:
                message, remedy = f"'{phrase}' means what starts the flow '{other}'", "leave it to that flow, or accept this"
                yield found(source, path, "phrase", message, remedy, level="hint")
    phrases = {fold_label(phrase) for file in draft.files.values() for phrase in file.starts_on.phrases}
    for source in draft.answers.sources.values():
        for english, said in source.data.items():
            for word in parts(said) if fold_label(english) in phrases else ():
                if first := _first(understand(word), kinds):
                    yield found(source, (english,), "phrase", f"'{word}' is {first}, and begins nothing", "use other words")


def _first(meaning: Meaning, kinds: set[str]) -> str | None:
    """What a message is before it can be a phrase."""
    if meaning.urgency in ("emergency", "confirm"):
        return "an alarm"
    if meaning.command:
        return f"the word for '{meaning.command}'"
    return "a reading" if any(reading.kind in kinds for reading in meaning.readings) else None
