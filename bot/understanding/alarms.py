"""Is somebody in danger now? Rules over concepts, then what takes them back: denied, past, asked in general, a joke."""

from __future__ import annotations

from typing import Final

from msgspec import Struct

from bot.understanding.amounts import Amount
from bot.understanding.languages import EUROPEAN
from bot.understanding.lexicon import Tag
from bot.understanding.meaning import ReadingFound, Span, Urgency
from bot.understanding.ranges import Ranges
from bot.understanding.reading_alarms import Signal, reading_signals
from bot.understanding.rules import AlarmRule, RuleSet, extent
from bot.understanding.said import Said

LEVEL: Final = {"none": 0, "confirm": 1, "urgent": 2, "emergency": 3}
ORDER: Final = (
    "self_harm", "poisoning_overdose", "anaphylaxis", "pregnancy_danger", "dka", "severe_hypoglycaemia", "chest_pain", "seizure",
    "stroke", "breathing", "unconscious", "severe_bleeding", "general", "missed_insulin", "mild_hypoglycaemia",
    "hyperglycaemia_symptoms",    "foot_wound", "high_bp_symptoms", "infection_fever", "vision_change", "vomiting_dehydration",
)  # fmt: skip
UNREAL: Final = ("joke", "fiction", "animal")
EATEN: Final = ("food", "meal", "eat_inf", "drink", "drug", "medicine", "m_insulin", "exercise_word")
ONGOING: Final = ("now", "since", "sudden")
FELT: Final = frozenset({
    "pain", "tight", "burn", "heavy", "squeeze", "stab", "pressed", "swell", "fever", "vomit", "cough", "itch", "headache",
    "dizzy", "weak", "numb", "bleed", "sweat", "breathless", "seizure", "loose", "tremble", "cold", "rash", "tingle",
})  # fmt: skip
PARTS: Final = frozenset(
    {"chest", "breath", "head", "arm", "leg", "foot", "belly", "eye", "body", "heart", "throat", "chest_pain"}
)
ASK_LAST: Final = frozenset({"bn", "as", "or", "ta", "te", "kn", "ml"})  # languages that ask yes or no with the last word
SOMEBODY: Final = (
    "first_person",
    "family",
    "child",
    "now",
    "sudden",
    "ongoing",
    "help",
    "plea",
)  # tell of a person or the present
CLAUSE: Final = ".!?;।،,۔"  # marks between clauses
NEG_REACH: Final = 4  # tokens a negation may stand from what it denies


class Verdict(Struct, frozen=True):
    """The urgency and category of a message, with the spans and rules behind it (the deciding one first)."""

    urgency: Urgency = "none"
    category: str | None = None
    spans: tuple[Span, ...] = ()


def judge(said: Said, readings: list[ReadingFound], amounts: list[Amount], rules: RuleSet, ranges: Ranges) -> Verdict:
    """The gravest thing the message says, after what takes it back."""
    signals: list[Signal] = []
    for rule, ways in rules.matches(said):
        level, place = _gravest(said, rule, ways)
        if level != "none":
            signals.append(Signal(rule.category, level, rule.id, *place))
    signals += reading_signals(said, readings, amounts, ranges, {signal.category for signal in signals})
    if not signals:
        return Verdict()
    signals.sort(key=_rank)
    tokens = said.tokens
    spans = tuple(Span(tokens[signal.start].start, tokens[signal.end - 1].end, f"alarm:{signal.rule}") for signal in signals)
    return Verdict(signals[0].urgency, signals[0].category, spans)


def _gravest(said: Said, rule: AlarmRule, ways: list[list[Tag]]) -> tuple[Urgency, tuple[int, int]]:
    """What remains of the rule by the way that leaves most of it, and where that way stands."""
    best: Urgency = "none"
    place = (0, 0)
    for tags in ways:
        level = _left_of(said, rule, tags)
        if LEVEL[level] > LEVEL[best]:
            best, place = level, extent(tags)
        if best == rule.urgency:
            break
    return best, place


def _rank(signal: Signal) -> tuple[int, int]:
    """The gravest first; someone who neither wakes nor speaks is unconscious before they have had a stroke."""
    category = "unconscious" if signal.rule.startswith("speech_") else signal.category
    return -LEVEL[signal.urgency], ORDER.index(category) * 2 + (category != signal.category)


def _left_of(said: Said, rule: AlarmRule, tags: list[Tag]) -> Urgency:
    """What remains of a rule that matched: its own urgency, a question, or nothing."""
    urgency: Urgency = rule.urgency  # type: ignore[assignment]
    start, end = extent(tags)
    if _torn(said, tags) or said.near(("idiom",), start, end, 0):
        return "none"
    if said.has(*UNREAL):
        if (
            rule.kind == "felt"
            and not said.has("joke", "animal")
            and said.has("now", "sudden")
            and said.has("first_person", "family")
        ):
            return "confirm"  # "we were watching a film, suddenly papa fell"
        return "confirm" if rule.kind == "sure" and (said.has("joke", "first_person") or not said.has("fiction")) else "none"
    if rule.kind != "sure" and _asked_and_denied(said):
        return "none"
    denied = "no" if rule.negated == "keep" else _denied(said, tags, start, end)
    if denied == "yes":
        asks = rule.negated == "confirm" or (rule.negated == "unless_fine" and not said.has("fine"))
        return "confirm" if asks else "none"
    if rule.kind == "sure":
        return "confirm" if said.has("edu", "past_long") else urgency
    going_on = said.has(*ONGOING)
    if rule.kind != "sure" and _over_now(said, end):
        return "none"
    if said.has("past_long") and not said.has("again") and (said.has("past") or not said.has("since")):
        return urgency if _present_here(said, start, end) else "none"
    if rule.kind == "named" and said.has("patients") and not said.has("now", "sudden", "ongoing", "family"):
        return "none"
    if said.has("if") and (not going_on or said.has("edu") or (_close_if(said, start, end) and not said.has("sudden", "since"))):
        return "none"
    if rule.kind == "named" and said.has("can") and said.has(*EATEN) and not said.has("family"):
        return "none"
    if said.has("edu") and (rule.kind == "named" or not (going_on or said.has("family", "ongoing"))):
        return "confirm" if rule.kind == "felt" and said.has("first_person") and not said.has("can", "if") else "none"
    if _asked_in_general(said):
        return "none" if rule.kind == "named" else "confirm"
    if rule.kind == "named" and not going_on and _after_it(said, start, end):
        return "none"
    if (
        rule.kind == "named"
        and not said.has(*SOMEBODY, "edu_ask")
        and (said.has("question") or said.near(("medicine", "drug"), start, end, 3))
    ):
        return "confirm"  # an illness, a question or a medicine, and nobody who has it now
    if said.has("why") and not said.has("now", "since", "sudden", "family", "first_person"):
        if rule.kind == "named":
            return "none"
        if not said.has("ongoing"):
            return "confirm"
    if said.near(("past",), end, end, 4) and any(tag.start >= end for tag in said.by.get("fine", ())):
        return "none"
    if _told_as_past(said, start, end) and not going_on and not said.has("still"):
        return "none" if said.has("fine") or rule.kind == "named" else "confirm"
    if said.has("fine") and not going_on and rule.urgency == "emergency" and rule.kind == "named":
        return "confirm"
    if denied == "perhaps":
        return "confirm"
    return urgency


def _asked_in_general(said: Said) -> bool:
    """ "Can acidity feel like chest pain": a yes-or-no question, by its first or last word, of nobody and no time."""
    last = len(said.tokens) - 2
    asked = any(tag.start == 0 or (tag.start >= last and tag.language in ASK_LAST) for tag in said.by.get("ask_if", ()))
    return asked and not said.has(*SOMEBODY, "since")


def _over_now(said: Said, end: int) -> bool:
    """ "Last month I fainted, now I am fine"."""
    if not said.has("past_week", "past_long", "recent"):
        return False
    well = [tag for tag in said.by.get("fine", ()) if tag.start >= end]
    return any(said.near(("now",), tag.start, tag.end, 2) for tag in well)


def _close_if(said: Said, start: int, end: int) -> bool:
    """ "If there is chest pain come at once": the condition is the symptom itself."""
    return any(-1 <= word.start - end <= 1 or 0 <= start - word.end <= 1 for word in said.by.get("if", ()))


def _after_it(said: Said, start: int, end: int) -> bool:
    """ "Stroke ke baad physiotherapy", "after the stroke": what follows an illness that was."""
    for word in said.by.get("after", ()):
        if word.language in EUROPEAN and 0 <= start - word.end <= 1:
            return True
        if word.language not in EUROPEAN and 0 <= word.start - end <= 1:
            return True
    return False


def _told_as_past(said: Said, start: int, end: int) -> bool:
    """A past tense that belongs to the symptom, not to another clause: "ate an egg, now the lips swell"."""
    return any(not _clause_between(said, min(tag.end, end), max(tag.start, start)) for tag in said.by.get("past", ()))


def _clause_between(said: Said, low: int, high: int) -> bool:
    return any(
        (said.tokens[at].kind == "mark" and said.tokens[at].text in CLAUSE) or said.here(at, "but") for at in range(low, high)
    )


def _present_here(said: Said, start: int, end: int) -> bool:
    """What was long ago stands in another clause than the symptom, which is now: "sugar for 10 years, today chest pain"."""

    def away(concepts: tuple[str, ...]) -> int:
        return min((max(tag.start - end, start - tag.end, 0) for tag in said.all_of(concepts)), default=1000)

    def apart(tag: Tag) -> bool:
        low, high = min(tag.end, end), max(tag.start, start)
        return _clause_between(said, low, high)

    past = said.by.get("past_long", ())
    return said.has("now", "sudden") and away(("now", "sudden")) <= away(("past_long",)) and all(apart(tag) for tag in past)


def _asked_and_denied(said: Said) -> bool:
    """ "The doctor asked whether I get breathless, I said no"; "wrote no in the form"."""
    return said.has("asked", "form") and said.has("neg", "refused", "no_word")


def _torn(said: Said, tags: list[Tag]) -> bool:
    """A negation that would be part of the symptom stands in another clause: "no chest pain, breathing normal"."""
    if any(tag.concept in ("ate", "meal", "took", "took_med", "put") for tag in tags):
        return False  # "did not eat" may be told in a clause of its own
    for neg in tags:
        if neg.concept != "neg":
            continue
        first = min(tag.start for tag in tags if tag is not neg)
        if neg.language not in EUROPEAN and neg.start < first and _of_another(said, {neg.start, first}, neg):
            return True  # "chest pain illa, breathing ...": it has denied what stands before it
        for tag in tags:
            if tag is not neg and _clause_between(said, min(neg.end, tag.end), max(neg.start, tag.start)):
                return True
    return False


def _denied(said: Said, tags: list[Tag], start: int, end: int) -> str:
    """yes, perhaps or no: whether a negation that is not part of the symptom belongs to it."""
    if any(tag.concept in ("neg", "cant") or tag.concept.startswith("not_") for tag in tags):
        return "no"  # the negation is part of the symptom
    own = {position for tag in tags for position in range(tag.start, tag.end)}
    if any(position in own for verb in said.by.get("neg_verb", ()) for position in range(verb.start, verb.end)):
        return "yes"  # a verb whose ending denies it: Odia "bindhuni"
    if _neither_nor(said, start):
        return "yes"
    for neg in said.by.get("neg", ()):
        if any(said.here(position, "not_down", "not_stop", "bear", "relief") for position in range(neg.start, neg.end)):
            continue  # what does not go away is there
        if any(position in own for position in range(neg.start, neg.end)):
            if neg.end - neg.start == 1 and any(tag.start == neg.start and tag.end == neg.end and tag.grade < 2 for tag in tags):
                return "yes"  # a verb whose ending denies it: Tamil "valikkala"
            continue
        if neg.language in EUROPEAN:
            gap = range(neg.end, start)
            if neg.start < start and len(gap) <= NEG_REACH and not _broken(said, gap):
                return "yes"
            after = range(end, neg.start)
            if neg.start >= end and len(after) <= NEG_REACH and said.here(neg.start, "neg_after") and not _broken(said, after):
                return "yes"  # German "Brustschmerzen hab ich keine"
        else:
            gap = range(end, neg.start)
            if start < neg.start <= end:
                if _of_another(said, own, neg):
                    continue
                return "yes"
            nothing = neg.end - neg.start > 1 or said.here(neg.start - 1, "any")
            if neg.start >= end and nothing and not _broken(said, gap) and _all_symptoms(said, gap):
                return "yes"  # "chest pain, breathlessness: nothing of it"
            if neg.start >= end and len(gap) <= NEG_REACH and not _broken(said, gap):
                if said.near(("relief", "bear"), end, neg.end + 2, 0) or any(
                    said.here(at, "relief", "bear", "stop_flow") for at in range(end, neg.end + 3)
                ):
                    continue
                content = sum(not said.here(at, "filler", "marker", "any", "pain", "hard") for at in gap)
                if content == 0:
                    return "yes"
                if content == 1:
                    return "perhaps"
    if said.has("relieved"):
        return "yes" if said.has("past", "past_long", "fine") else "perhaps"
    return "no"


def _all_symptoms(said: Said, gap: range) -> bool:
    """Nothing but symptoms, parts of the body and small words."""
    return all(
        any(
            tag.concept in FELT or tag.concept in PARTS or tag.concept in ("filler", "marker", "any", "hard")
            for tag in said.at.get(at, ())
        )
        for at in gap
    )


def _neither_nor(said: Said, start: int) -> bool:
    """ "Na chhati dukhdi na saah chadhda": twice the same negation, once right before the symptom."""
    before = [neg for neg in said.by.get("neg", ()) if neg.end <= start and start - neg.end <= 1]
    words = [token.text for token in said.tokens]
    return any(neg.language not in EUROPEAN and words.count(said.tokens[neg.start].text) > 1 for neg in before)


def _of_another(said: Said, own: set[int], neg: Tag) -> bool:
    """ "Not burning, a pressure": the word right before the negation is another symptom, and that is what is denied."""
    before = neg.start - 1
    return before not in own and any(tag.concept in FELT for tag in said.at.get(before, ()))


def _broken(said: Said, gap: range) -> bool:
    return any(
        (said.tokens[at].kind == "mark" and said.tokens[at].text in CLAUSE + "-") or said.here(at, "but", "and") for at in gap
    )
