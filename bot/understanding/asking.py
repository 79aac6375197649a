"""Questions that name a danger without telling of one, and questions of a doctor that were answered."""

from __future__ import annotations

from typing import Final

from bot.understanding.gaps import clause_between
from bot.understanding.languages import EUROPEAN
from bot.understanding.lexicon import Tag
from bot.understanding.said import Said

SHORT_QUESTION: Final = 4  # tokens with the mark


def comes(said: Said, tags: list[Tag]) -> bool:
    """ "Why does breathlessness come": where verbs stand last, the present tells of what comes as well as of what is."""
    lacking = any(tag.concept in ("neg", "cant") or tag.concept.startswith("not_") for tag in tags)
    return not lacking and all(tag.language not in EUROPEAN for tag in said.by["ongoing"])


def asked_about(said: Said, start: int) -> bool:
    """ "How dangerous is a stroke", "how do I protect myself from one": begins with a question word, and nobody has it."""
    if said.has("family", "child", "third_person", "now", "sudden", "since", "ongoing", "help", "plea", "edu_ask"):
        return False
    if said.tokens[-1].text == "?" and len(said.tokens) > SHORT_QUESTION and not said.has("this_is"):
        return True  # "epilepsy, is it hereditary?", but "heart attack?" may be a plea
    asked = (*said.by.get("question", ()), *said.by.get("ask_if", ()))
    return any(tag.start == 0 and not clause_between(said, tag.end, start) for tag in asked) and not said.has("this_is")


def asked_before_it(said: Said, start: int, end: int) -> bool:
    """ "What is felt before a heart attack comes"."""
    return said.has("question", "ask_if") and not said.has("family", "first_person") and said.near(("before",), start, end, 3)


def asked_and_denied(said: Said) -> bool:
    """ "The doctor asked whether I get breathless, I said no"; "wrote no in the form"."""
    if said.has("doctor") and said.has("refused") and said.has("question", "ask_if", "asked"):
        return True
    return said.has("asked", "form") and said.has("neg", "refused", "no_word")
