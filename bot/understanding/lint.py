"""Faults of the lexicon that a reviewer would not see: words that contradict one another, cannot be reached, or are missing."""

from __future__ import annotations

from typing import Final

from bot.understanding.language_file import LanguageFile, split_phrase
from bot.understanding.lexicon import Lexicon
from bot.understanding.rules import RuleSet
from bot.understanding.text import tokenize

# A word of one language must not say both of a pair: it would sound an alarm and silence it, or mean yes and no.
CONTRARY: Final = (
    ("yes_word", "no_word"), ("before", "after"), ("low_word", "high_word"), ("unconscious", "conscious"), ("joke",
    "suicide"), ("c_pre", "c_post"),
    ("fiction", "suicide"), ("neg", "yes_word"), ("cmd_stop", "cmd_start"), ("meter_lo", "meter_hi"), ("c_fasting",
    "c_post"), ("past_long", "now"),
)  # fmt: skip
# Every language must be able to say these.
NEEDED: Final = (
    "chest", "pain", "breath", "unconscious", "seizure", "stroke", "bleed", "suicide", "poison", "pregnant", "neg", "fever",
    "vomit", "foot",
    "wound", "m_glucose", "m_bp", "m_weight", "m_insulin", "c_fasting", "c_post", "c_pre", "c_bed", "yes_word", "no_word",
    "greet", "thanks",
    "cmd_menu", "cmd_help", "cmd_stop", "cmd_start", "cmd_language", "cmd_human", "cmd_cancel", "cmd_back", "cmd_repeat",
    "cmd_skip", "past_long",
    "edu", "doctor", "appointment", "medicine", "dizzy", "sweat", "speak", "numbers", "if", "question", "marker",
)  # fmt: skip


def contradictions(files: list[LanguageFile]) -> list[str]:
    """Words that say both of a contrary pair."""
    found = []
    for file in files:
        words = {concept: set(phrases(file, concept)) for concept in file.concepts}
        for left, right in CONTRARY:
            for word in sorted(words.get(left, set()) & words.get(right, set())):
                found.append(f"{file.language}: {word!r} says both {left} and {right}")
    return found


def missing(files: list[LanguageFile]) -> list[str]:
    """Concepts a language cannot say."""
    found = []
    for file in files:
        absent = [concept for concept in NEEDED if concept not in file.concepts and not (concept == "numbers" and file.numbers)]
        found += [f"{file.language}: no word for {concept}" for concept in absent]
    return found


def unknown_to_rules(lexicon: Lexicon, *rules: RuleSet) -> list[str]:
    """Concepts a rule asks for that no language says."""
    spoken = {concept for file in lexicon.files.values() for concept in file.concepts}
    asked = set().union(*(ruleset.concepts() for ruleset in rules))
    return sorted(asked - spoken)


def unreachable(lexicon: Lexicon, file: LanguageFile) -> list[str]:
    """Phrases that, written as they stand, do not say their concept."""
    found = []
    for concept in file.concepts:
        for phrase in phrases(file, concept):
            if "*" in phrase:
                continue
            tokens = tokenize(phrase)
            if not any(
                tag.concept == concept and tag.language == file.language and tag.start == 0 for tag in lexicon.tags(tokens)
            ):
                found.append(f"{file.language}: {phrase!r} never says {concept}")
    return found


def phrases(file: LanguageFile, concept: str) -> list[str]:
    """The phrases of one concept, as the index splits them."""
    value = file.concepts[concept]
    words = value if isinstance(value, str) else value.words
    return [" ".join(split_phrase(phrase)) for phrase in words.split(",") if phrase.strip()]
