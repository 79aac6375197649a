"""Which language a message is in, from its script and from votes of the words it uses (works on Romanised text)."""

from __future__ import annotations

from typing import Final

from bot.understanding.ballots import GRADES, MARKER, MARKER_VOTE, UNTOLD, points, shares
from bot.understanding.languages import ALIKE, EUROPEAN
from bot.understanding.lexicon import Heard, Lexicon, Tag
from bot.understanding.text import Token

FEW: Final = 3  # words that tell too little of a language to go against the person's own
EXACT: Final = 2
PRIOR: Final = {"hi": 1.2}  # more people write it than its neighbours
KEPT: Final = 0.75  # a language with this share of the winner's votes keeps its reading of ambiguous words
ENDING_VOTE: Final = 0.5
NOBODY: Final[frozenset[str]] = frozenset()
ASSAMESE: Final = frozenset("ৰৱ")


def script_kind(tokens: list[Token]) -> str:
    """native, roman (Latin letters only) or mixed."""
    latin = any(token.script == "Latn" for token in tokens if token.kind == "word")
    own = any(token.script not in ("", "Latn") for token in tokens)
    return "mixed" if latin and own else "native" if own else "roman"


def votes(words: list[Token], heard: Heard) -> dict[str, float]:
    """Points of each language, by what each word says and what each phrase says that begins with it."""
    scores: dict[str, float] = {}
    several = len(words) > 1
    exact = None if several else _exact(heard) if words else NOBODY
    for start, word in enumerate(heard.words):
        if word.ending and several:
            scores[word.ending] = scores.get(word.ending, 0.0) + ENDING_VOTE
        if several and start not in heard.phrases:
            for language, vote in word.votes:
                scores[language] = scores.get(language, 0.0) + vote
            continue
        here = points(word.says, exact)
        for tag in heard.phrases.get(start, ()):
            _add_phrase(here, tag, exact)
        for language, vote in shares(here):
            scores[language] = scores.get(language, 0.0) + vote
    return scores


def _exact(heard: Heard) -> frozenset[str]:
    """The one language that spells a message of one word: "haan" is yes in more than one, and tells of none."""
    spelled = {tag.language for tag in heard.tags() if tag.grade == EXACT}
    return frozenset(spelled) if len(spelled) == 1 else frozenset()


def _add_phrase(here: dict[str, float], tag: Tag, markers: frozenset[str] | None) -> None:
    if tag.concept in UNTOLD:
        return
    worth = GRADES[tag.grade] * (tag.end - tag.start)
    if tag.concept == MARKER and (markers is None or tag.language in markers):
        worth *= MARKER_VOTE
    if here.get(tag.language, 0.0) < worth:
        here[tag.language] = worth


def identify(tokens: list[Token], heard: Heard, lexicon: Lexicon, hint: str | None) -> tuple[str, str, frozenset[str]]:
    """The language, that of the words in Latin letters (another where two scripts are mixed), and the languages whose reading of
    a Latin word is accepted (always with English)."""
    words = [token for token in tokens if token.kind == "word"]
    native: dict[str, int] = {}
    for token in words:
        if token.script != "Latn":
            native[token.script] = native.get(token.script, 0) + 1
    by_words = votes(words, heard)
    scores = dict(by_words)
    if hint is not None:
        scores[hint] = scores.get(hint, 0.0) + (0.9 if len(words) <= FEW else 0.3)
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
            also = _romanised(tokens, heard, best) if len(words) > sum(native.values()) + 1 else best
            return best, also, frozenset({best, "en", also, ALIKE.get(best, best), ALIKE.get(also, also)})
    if hint in (None, "en") and words and _all_english(tokens, heard):
        return "en", "en", frozenset({"en"}) | _near("en", scores)
    best = _most_voted(scores, len(words), hint)
    kept = _near(best, scores)
    if best == "en" and hint and not scores.get("en"):
        best = hint
    if hint is not None:  # "bachao" is a cry for help, whatever language somebody has chosen
        meant = _most_voted(by_words, len(words), None)
        kept |= {meant, ALIKE.get(meant, meant)}
    return best, best, frozenset({best, "en"}) | kept


def _most_voted(scores: dict[str, float], words: int, hint: str | None) -> str:
    """The language of a message in Latin letters. Indian ones weigh more: their writers use English words, not the reverse."""
    indic = {code: points for code, points in scores.items() if code not in EUROPEAN}
    europe = {code: points for code, points in scores.items() if code in EUROPEAN and code != "en"}
    best, top = "en", scores.get("en", 0.0)
    if words == 1 and top >= max(indic.values(), default=0.0):
        indic = {}  # one word that is English: others borrowed it
    for code, worth in sorted(indic.items()) + sorted(europe.items()):
        weight = worth * (1.25 if code in indic else 1.0) * PRIOR.get(code, 1.0 if code in indic else 0.9)
        if weight > top + 1e-9 or (weight == top and code == hint):
            best, top = code, weight
    return best


def _near(best: str, scores: dict[str, float]) -> frozenset[str]:
    """Languages with nearly as many votes, which keep their reading of words, too."""
    kept = {code for code, points in scores.items() if points >= KEPT * (scores.get(best, 0.0) or 1.0)} | {best}
    return frozenset(kept | {ALIKE[code] for code in kept if code in ALIKE})


def _all_english(tokens: list[Token], heard: Heard) -> bool:
    """English knows every word. Many are loans elsewhere, and a short message of loans has nearly as many votes for each of
    those languages: "chest pain" must not be answered in Assamese."""
    known = {at for tags in heard.phrases.values() for tag in tags if tag.language == "en" and tag.grade for at in tag.tokens}
    return all(
        word.english or token.kind != "word" or position in known
        for position, (token, word) in enumerate(zip(tokens, heard.words, strict=True))
    )


def _romanised(tokens: list[Token], heard: Heard, best: str) -> str:
    """The language of the Latin words beside another script: who writes two scripts may also write two languages."""
    scores: dict[str, float] = {}
    for start, (token, word) in enumerate(zip(tokens, heard.words, strict=True)):
        if token.script == "Latn":
            here = points(word.says, NOBODY)
            for tag in heard.phrases.get(start, ()):
                _add_phrase(here, tag, NOBODY)
            for language, vote in shares(here):
                scores[language] = scores.get(language, 0.0) + vote
    indic = {code: worth * PRIOR.get(code, 1.0) for code, worth in scores.items() if code not in EUROPEAN}
    top = max(sorted(indic), key=lambda code: indic[code], default=best)
    return top if indic.get(top, 0.0) > max(indic.get(best, 0.0), scores.get("en", 0.0)) else best
