"""Faults of the lexicon that reviewers do not see: words that contradict one another, collide, are never reached or missing."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from msgspec import Struct

from bot.understanding.compiling import compile_index
from bot.understanding.gaps import PARTS
from bot.understanding.language_file import LanguageFile, split_phrase
from bot.understanding.lexicon import Lexicon
from bot.understanding.rules import RuleSet
from bot.understanding.said import OPEN, longest
from bot.understanding.text import script_of, tokenize

# A word of one language must not say both of a pair: it would sound an alarm and silence it, or mean yes and no.
CONTRARY: Final = (
    ("yes_word", "no_word"), ("before", "after"), ("low_word", "high_word"), ("unconscious", "conscious"), ("joke", "suicide"),
    ("c_pre", "c_post"), ("fiction", "suicide"), ("neg", "yes_word"), ("cmd_stop", "cmd_start"), ("meter_lo", "meter_hi"),
    ("c_fasting", "c_post"), ("past_long", "now"), ("t_tomorrow", "t_yesterday"), ("t_after_tomorrow", "t_before_yesterday"),
)  # fmt: skip
# A single word that alone sounds an alarm in one language must not be a small word of another that is written alike.
ALONE: Final = ("suicide", "unconscious", "faint", "seizure", "stroke", "overdose", "plea", "chest_pain", "heart_attack", "choke")
SMALL: Final = ("marker", "filler", "greet", "thanks", "yes_word", "no_word")
# Every language must be able to say these.
NEEDED: Final = (
    "chest", "pain", "breath", "unconscious", "seizure", "stroke", "bleed", "suicide", "poison", "pregnant", "neg", "fever",
    "vomit", "foot", "wound", "m_glucose", "m_bp", "m_weight", "m_insulin", "c_fasting", "c_post", "c_pre", "c_bed", "yes_word",
    "no_word", "greet", "thanks", "cmd_menu", "cmd_help", "cmd_stop", "cmd_start", "cmd_language", "cmd_human", "cmd_cancel",
    "cmd_back", "cmd_repeat", "cmd_skip", "past_long", "edu", "doctor", "appointment", "medicine", "dizzy", "sweat", "speak",
    "numbers", "if", "question", "marker", "plea", "ambulance", "oclock", "hour", "day", "every", "t_today", "t_morning",
    "t_noon", "t_evening", "t_night", "t_monday", "t_tuesday", "t_wednesday", "t_thursday", "t_friday", "t_saturday", "t_sunday",
    "month_1", "month_12", "m_sys", "m_dia",
)  # fmt: skip
# Everyday words: what denies them, or the part of the body they are said of, must be heard beside them, so no longer phrase of
# theirs may hold it ("has no wish" as a word for "wish" would hide the "no"). Signs of danger are not here: "does not wake" is
# right to hold its negation, and so is what only sounds like a part of the body ("on foot").
DENIABLE: Final = (
    "want", "stay", "work", "lift", "smile", "senses", "speak", "move", "wake", "see", "put", "took", "ate", "swallow", "respond",
    "open", "live", "life", "self", "own_hand", "family", "child", "baby", "home", "first_person", "third_person", "now", "since",
    "ongoing", "left", "right", "half", "side", "whole", "many", "sleep", "drink", "eat_inf", "meal", "m_insulin",
    "medicine", "tablet", "whole_strip", "hoarded", "set_aside", "look_after", "glad", "all_people", "my_stuff", "stop_act",
)  # fmt: skip
OF_A_PART: Final = ("hold", "own_hand", "self", "sit", "spread", "stay", "left", "right", "half", "side", "lift", "work")
SHORTEST_STEM: Final = 2  # letters
SPELLED: Final = 2  # grade of a word written as in the file
EITHER: Final = (("t_tomorrow", "t_kal"), ("t_yesterday", "t_kal"), ("ago", "ago_before"))  # one of each pair is enough


class Fault(Struct, frozen=True):
    """One fault. ``concept`` says where in the language's file; empty: in the file as a whole, or in the rules."""

    code: str
    language: str
    concept: str
    message: str
    remedy: str


def faults(files: Sequence[LanguageFile], rules: Iterable[RuleSet]) -> list[Fault]:
    """Every fault of the files and of the rules that ask for their concepts."""
    lexicon = Lexicon(compile_index(files))
    found = unknown_to_rules(files, *rules)
    for file in files:
        found += [*contradictions(file), *missing(file), *unreachable(lexicon, file), *hiding(lexicon, file)]
    return [*found, *collisions(files)]


def contradictions(file: LanguageFile) -> list[Fault]:
    """Words that say both of a contrary pair."""
    words = {concept: set(phrases(file, concept)) for concept in file.concepts}
    return [
        Fault(
            "contradiction", file.language, left, f"{word!r} says both {left} and {right}", "take it out of one, or say it longer"
        )
        for left, right in CONTRARY
        for word in sorted(words.get(left, set()) & words.get(right, set()))
    ]


def collisions(files: Sequence[LanguageFile]) -> list[Fault]:
    """Single words that sound an alarm in one language and are a small word of another that shares its letters."""
    small: dict[str, tuple[str, str]] = {}
    for file in files:
        for concept in SMALL:
            for phrase in phrases(file, concept) if concept in file.concepts else ():
                small.setdefault(phrase, (file.language, concept))
    found = []
    for file in files:
        for concept in ALONE:
            for phrase in phrases(file, concept) if concept in file.concepts else ():
                language, other = small.get(phrase, (file.language, ""))
                if language != file.language and script_of(phrase) in ("Latn", *file.scripts):
                    message = f"{phrase!r} says {concept}, and is {other} in {language}"
                    found.append(Fault("collision", file.language, concept, message, "say it longer"))
    return found


def missing(file: LanguageFile) -> list[Fault]:
    """Concepts a language cannot say."""

    def absent(concept: str) -> bool:
        return concept not in file.concepts and not (concept == "numbers" and file.numbers)

    lacking = [concept for concept in NEEDED if absent(concept)]
    lacking += [" or ".join(pair) for pair in EITHER if all(absent(concept) for concept in pair)]
    return [Fault("missing", file.language, "", f"no word for {concept}", "add the words people use") for concept in lacking]


def unknown_to_rules(files: Sequence[LanguageFile], *rules: RuleSet) -> list[Fault]:
    """Concepts a rule asks for that no language says."""
    spoken = {concept for file in files for concept in file.concepts}
    asked = set().union(*(ruleset.concepts() for ruleset in rules))
    return [
        Fault(
            "unknown", "", concept, f"a rule asks for {concept}, and no language has a word for it", "add words, or mend the rule"
        )
        for concept in sorted(asked - spoken)
    ]


def unreachable(lexicon: Lexicon, file: LanguageFile) -> list[Fault]:
    """Phrases that, written as they stand, do not say their concept."""
    found = []
    for concept in file.concepts:
        for phrase in phrases(file, concept):
            if "*" in phrase and len(phrase.strip("*")) < SHORTEST_STEM:
                message = f"{phrase!r} is a stem of one letter, which half of all words begin with"
                found.append(Fault("stem", file.language, concept, message, "write the whole words"))
            if phrase.isdigit():
                message = f"{phrase!r} is a number, and every reading of it would say {concept}"
                found.append(Fault("number", file.language, concept, message, "say it with a word: '108 ambulance'"))
            if "*" in phrase:
                continue
            tags = lexicon.hear(tokenize(phrase)).tags()
            if not any(tag.concept == concept and tag.language == file.language and tag.start == 0 for tag in tags):
                message = f"{phrase!r} never says {concept}"
                found.append(Fault("unreachable", file.language, concept, message, "write it as people do, in plain letters"))
    return found


def hiding(lexicon: Lexicon, file: LanguageFile) -> list[Fault]:
    """Longer phrases of everyday words that hide a negation, a pain or a part of the body from the rules."""
    found = []
    for concept in file.concepts:
        hidden = (("neg",) if concept in DENIABLE else ()) + (("pain", *sorted(PARTS)) if concept in OF_A_PART else ())
        for phrase in phrases(file, concept) if hidden and concept not in OPEN else ():
            if " " not in phrase or "*" in phrase:
                continue
            tokens = tokenize(phrase)
            tags = [tag for tag in lexicon.hear(tokens).tags() if tag.language == file.language and tag.grade == SPELLED]
            if not any(tag.concept == concept and tag.end - tag.start == len(tokens) for tag in tags):
                continue
            left = {tag.concept for tag in longest(tags)}
            for word in hidden:
                if word not in left and any(tag.concept == word for tag in tags):
                    message = f"{phrase!r} says {concept}, and no rule hears the {word} in it"
                    found.append(Fault("hides", file.language, concept, message, "say it shorter, or as the sign that it is"))
    return found


def phrases(file: LanguageFile, concept: str) -> list[str]:
    """The phrases of one concept, as the index splits them."""
    value = file.concepts[concept]
    words = value if isinstance(value, str) else value.words
    return [" ".join(split_phrase(phrase)) for phrase in words.split(",") if phrase.strip()]
