"""Which language a message is in, from its script and from votes of the words it uses (works on Romanised text)."""

from __future__ import annotations

import re
from typing import Final

from bot.understanding.languages import ALIKE, ENDINGS, EUROPEAN
from bot.understanding.lexicon import Lexicon, Tag
from bot.understanding.text import Token

MARKER: Final = "marker"  # the concept of small words that tell a language (is, my, and ...)
UNTOLD: Final = frozenset({"cond", "is_normal"})  # a short ending, a loan: other languages have them too
FEW: Final = 3  # words that tell too little of a language to go against the person's own
MARKER_VOTE: Final = 2.0
GRADES: Final = (0.15, 0.6, 1.0)  # vote of a guess, a skeleton or stem, an exact spelling
EXACT: Final = 2
LOAN: Final = 0.15
BORROWED: Final = 0.6  # an English word that is no small word may stand in any Indian message
PRIOR: Final = {"hi": 1.2}  # more people write it than its neighbours
KEPT: Final = 0.75  # a language with this share of the winner's votes keeps its reading of ambiguous words
ENDING_VOTE: Final = 0.5
LEAST_ENDED: Final = 6  # letters of a word whose ending tells something
MAX_ENDED: Final = 40  # words that are looked at
_ENDED: Final = re.compile(r"\A(?:" + "|".join(f"(?P<{code}>.*(?:{'|'.join(ends)})$)" for code, ends in ENDINGS.items()) + ")")
ASSAMESE: Final = frozenset("ৰৱ")


def script_kind(tokens: list[Token]) -> str:
    """native, roman (Latin letters only) or mixed."""
    latin = any(token.script == "Latn" for token in tokens if token.kind == "word")
    own = any(token.script not in ("", "Latn") for token in tokens)
    return "mixed" if latin and own else "native" if own else "roman"


def votes(tokens: list[Token], tags: list[Tag], lexicon: Lexicon, hint: str | None) -> dict[str, float]:
    """Points of each language. A word known to few languages counts more than one many share."""
    scores: dict[str, float] = {}
    languages: dict[int, dict[str, float]] = {}
    exact = {tag.language for tag in tags if tag.grade == EXACT} if len(tokens) == 1 else set()
    for tag in tags:
        concept, start, language = tag.concept, tag.start, tag.language
        if concept in UNTOLD:
            continue
        points = GRADES[tag.grade] * (tag.end - start)
        if concept == MARKER and (len(tokens) > 1 or exact == {language}):  # "haan" alone is yes in more than one language
            points *= MARKER_VOTE
        here = languages.get(start)
        if here is None:
            languages[start] = {language: points}
        elif here.get(language, 0.0) < points:
            here[language] = points
    for here in languages.values():
        loan = here.get("en", 0.0) >= 1.0  # an English word: others borrowed it, so it tells little of them
        alike = sum(here.values()) / max(here.values())  # look-alikes of other languages take less of an exact spelling
        share = ((alike + len(here)) / 2) ** 0.7
        for language, points in here.items():
            weak = loan and language not in EUROPEAN and points < MARKER_VOTE
            if language == "en" and points < MARKER_VOTE:
                points *= BORROWED
            scores[language] = scores.get(language, 0.0) + points / share * (LOAN if weak else 1.0)
    for word in tokens[:MAX_ENDED] if len(tokens) > 1 else ():
        if word.script == "Latn" and len(word.text) >= LEAST_ENDED and (ended := _ENDED.match(word.text)):
            code = ended.lastgroup or ""
            scores[code] = scores.get(code, 0.0) + ENDING_VOTE
    if hint is not None:
        scores[hint] = scores.get(hint, 0.0) + (0.9 if len(tokens) <= FEW else 0.3)
    return scores


def identify(tokens: list[Token], tags: list[Tag], lexicon: Lexicon, hint: str | None) -> tuple[str, str, frozenset[str]]:
    """The language, that of the words in Latin letters (another where two scripts are mixed), and the languages whose reading of
    a Latin word is accepted (always with English)."""
    words = [token for token in tokens if token.kind == "word"]
    native: dict[str, int] = {}
    for token in words:
        if token.script != "Latn":
            native[token.script] = native.get(token.script, 0) + 1
    scores = votes(words, tags, lexicon, hint)
    if native:
        script = max(sorted(native), key=lambda name: native[name])
        candidates = sorted(lexicon.scripts.get(script, frozenset()))
        if script == "Beng" and candidates:
            letters = any(letter in ASSAMESE for token in words for letter in token.text)
            if letters and "as" in candidates:
                candidates = ["as"]
            elif scores.get("as", 0.0) <= scores.get("bn", 0.0) + 0.5:
                candidates = [code for code in candidates if code != "as"] or candidates
        if candidates:
            best = max(candidates, key=lambda code: (scores.get(code, 0.0), code == "hi"))
            also = _romanised(tokens, tags, lexicon, best) if len(words) > sum(native.values()) + 1 else best
            return best, also, frozenset({best, "en", also, ALIKE.get(best, best), ALIKE.get(also, also)})
    if hint in (None, "en") and words and _all_english(tokens, tags):
        return "en", "en", frozenset({"en"}) | _near("en", scores)
    indic = {code: points for code, points in scores.items() if code not in EUROPEAN}
    europe = {code: points for code, points in scores.items() if code in EUROPEAN and code != "en"}
    english = scores.get("en", 0.0)
    if len(words) == 1 and english >= max(indic.values(), default=0.0):
        indic = {}  # one word that is English: others borrowed it
    best, top = "en", english
    for code, points in sorted(indic.items()) + sorted(europe.items()):
        weight = points * (1.25 if code in indic else 1.0) * PRIOR.get(code, 1.0 if code in indic else 0.9)
        if weight > top + 1e-9 or (weight == top and code == hint):
            best, top = code, weight
    if best == "en" and hint and not english:
        best = hint
    return best, best, frozenset({best, "en"}) | _near(best, scores)


def _near(best: str, scores: dict[str, float]) -> frozenset[str]:
    """Languages with nearly as many votes, which keep their reading of words, too."""
    kept = {code for code, points in scores.items() if points >= KEPT * (scores.get(best, 0.0) or 1.0)} | {best}
    return frozenset(kept | {ALIKE[code] for code in kept if code in ALIKE})


def _all_english(tokens: list[Token], tags: list[Tag]) -> bool:
    """English knows every word. Many are loans elsewhere, and a short message of loans has nearly as many votes for each of
    those languages: "chest pain" must not be answered in Assamese."""
    known: set[int] = set()
    for tag in tags:
        if tag.language == "en" and tag.grade:
            known.update(range(tag.start, tag.end))
    return all(position in known for position, token in enumerate(tokens) if token.kind == "word")


def _romanised(tokens: list[Token], tags: list[Tag], lexicon: Lexicon, best: str) -> str:
    """The language of the Latin words beside another script: who writes two scripts may also write two languages."""
    latin = {position for position, token in enumerate(tokens) if token.script == "Latn"}
    scores = votes([], [tag for tag in tags if tag.start in latin], lexicon, None)
    indic = {code: points * PRIOR.get(code, 1.0) for code, points in scores.items() if code not in EUROPEAN}
    top = max(sorted(indic), key=lambda code: indic[code], default=best)
    return top if indic.get(top, 0.0) > max(indic.get(best, 0.0), scores.get("en", 0.0)) else best
