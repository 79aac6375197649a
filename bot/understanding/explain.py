"""Why a message was understood as it was, in words a reviewer can follow."""

from __future__ import annotations

from bot.understanding.meaning import Context, Meaning
from bot.understanding.reader import Reader

HOW = ("guessed from the spelling", "same sound or stem", "as written in the lexicon")


def reasons(reader: Reader, text: str, meaning: Meaning, context: Context) -> list[str]:
    """One line for each concept found and each rule that fired, the deciding ones first."""
    said, _, language = reader.said(text, context)
    found = [f"language: {language} ({meaning.script})"]
    for span in meaning.spans:
        found.append(f"{span.rule}: {text[span.start : span.end]!r}")
    for tag in said.tags:
        if tag.concept in ("marker", "filler"):
            continue
        start, end = said.tokens[tag.start].start, said.tokens[tag.end - 1].end
        found.append(f"  {text[start:end]!r} says {tag.concept} in {tag.language} ({HOW[tag.grade]})")
    if meaning.intent is not None:
        if meaning.intent.span is not None:
            place = meaning.intent.span
            found.append(f"{place.rule}: {text[place.start : place.end]!r}")
        other = f", then {meaning.intent.runner_up} {meaning.intent.runner_up_score:.2f}" if meaning.intent.runner_up else ""
        found.append(f"intent: {meaning.intent.id} {meaning.intent.score:.2f}{other}")
    for mention in meaning.times:
        asked = ", may mean two moments" if mention.get("ask") else ""
        found.append(f"{mention['rule']}: {text[mention['start'] : mention['end']]!r}{asked}")
    for number in meaning.amounts:
        if number.use is not None:
            found.append(f"{text[number.span.start : number.span.end]!r} is a {number.use}")
    for reading in meaning.readings:
        if reading.problem:
            found.append(f"{reading.kind} {reading.raw}: {reading.problem}, to be asked about")
    return found
