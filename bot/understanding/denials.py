"""Whether a negation belongs to a symptom, is a part of it, or denies something else."""

from __future__ import annotations

from typing import Final, Literal

from bot.understanding.gaps import (
    FELT,
    NEG_REACH,
    PARTS,
    all_symptoms,
    broken,
    clause_between,
    echo,
    ends,
    listed,
    neither_nor,
    of_another,
    reaches,
    span_between,
)
from bot.understanding.languages import EUROPEAN
from bot.understanding.lexicon import Tag
from bot.understanding.said import Said

TRIED: Final = ("not_respond", "not_wake", "respond", "pinch", "wake", "smile", "called_name")
DENIALS: Final = ("neg", "neg_verb", "neg_want", "fine", "nothing_word", "no_word", "not_wake", "relieved")
ACTS: Final = frozenset(
    {"swallow", "speak", "move", "lift", "work", "respond", "wake", "open", "see", "stand", "sit_up", "stop_flow", "stop_act"}
)  # what somebody does not do, whatever clause tells of the rest
LOW: Final = frozenset({"low_word", "fell_low", "low_sugar_state"})
LOWERED: Final = LOW | {"m_glucose"}
EMPTY: Final = ("filler", "marker", "any", "pain", "hard", "again")  # words between a symptom and its negation
SPELLED: Final = 2  # grade of a word by itself, not of an ending
UNEASED: Final = ("relief", "less", "change")  # what a lasting symptom has none of
NOT_WELL: Final = ("neg", "no_word", "question", "ongoing", "still", "pain")  # behind a symptom that is said to be well
Denial = Literal["yes", "perhaps", "no"]


def torn(said: Said, tags: list[Tag]) -> bool:
    """A negation that would be part of the symptom stands in another clause: "no chest pain, breathing normal"."""
    if any(tag.concept in ("ate", "meal", "took", "took_med", "put") for tag in tags):
        return False  # "did not eat" may be told in a clause of its own
    for neg in tags:
        glued = neg.concept == "cant" and said.here(neg.start, "no_word") and neg.start < min(tag.end for tag in tags)
        if neg.concept != "neg" and not glued:
            continue
        if any(tag.concept == "m_insulin" and tag.end == neg.start for tag in tags):
            continue  # "no insulin for three days, vomiting"
        first = min((tag.start for tag in tags if tag is not neg), default=neg.start)
        if neg.concept == "neg" and neg.grade < SPELLED and neg.language not in EUROPEAN and neg.end <= first:
            return True  # the ending of a word before it, which it denies: "ನೋವಿಲ್ಲ ಉಸಿರಾಟ"
        trouble = said.near(("hard", "breathless"), first, first + 1, 3)
        if neg.language not in EUROPEAN and neg.start < first and trouble and neither_nor(said, first):
            return True  # "na saans ka masla na seene me dard"
        if neg.language not in EUROPEAN and neg.start < first and of_another(said, {neg.start, first}, neg):
            return True  # "chest pain illa, breathing ...": it has denied what stands before it
        if any(tag.concept in ACTS and not clause_between(said, *span_between(neg, tag)) for tag in tags):
            continue  # "low sugar, he does not swallow": what is lacking stands beside its negation
        for tag in tags:
            if tag is not neg and clause_between(said, *span_between(neg, tag)):
                return True
    return False


def part_is_well(said: Said, tags: list[Tag]) -> bool:
    """ "Breathing ok, chest ok, only knee pain": the part of the rule is well, and what hurts stands in another clause."""
    for part in tags:
        if part.concept in PARTS and said.here(part.end, "yes_word", "fine"):
            return any(tag is not part and tag.start > part.end and clause_between(said, part.end, tag.start) for tag in tags)
    return False


def trouble_denied(said: Said, tags: list[Tag]) -> bool:
    """ "Breathing trouble none today": the negation of "no breath" is said of the trouble that stands right before it."""
    if not said.has("no_trouble", "breath_denied", "neg"):
        return False
    if all(tag.concept in ("breath", "breathless", "hard") for tag in tags) and any(
        denial.end > tag.end >= denial.start - 1 or denial.start <= tag.start < tag.end <= denial.end
        for tag in tags
        for denial in said.all_of(("no_trouble", "breath_denied"))
    ):
        return True  # one phrase says "trouble breathing", and another "no trouble"
    if any(tag.concept == "neg" and said.here(tag.start, "no_trouble", "fine") for tag in tags):
        return True  # "no trouble" in one word
    if {tag.concept for tag in tags} != {"breath", "neg"}:
        return False
    breath, neg = sorted(tags, key=lambda tag: tag.concept)
    if neg.language in EUROPEAN:
        return said.here(neg.end, "hard") and not said.has("cant")  # "breathing is no issue"
    if neg.start == breath.start and said.here(neg.start, "breathless") and said.has("fine", "well"):
        return True  # trouble and its denial in one word: "ശ്വാസംമുട്ടലുമില്ല സുഖം"
    if neg.start < breath.start:
        return False
    at = neg.start - 1
    while at > breath.start and said.here(at, "any", "filler", "nothing_word") and not said.here(at, "hard"):
        at -= 1
    return said.here(at, "breathless") or (at > breath.start and said.here(at, "hard", "choke"))


def tried(said: Said, tags: list[Tag]) -> bool:
    """ "If we call him he does not answer": the condition is how it was tried, unless something is asked."""
    return any(tag.concept in TRIED for tag in tags) and not said.has("question", "edu", "should", "edu_ask")


def nothing_now(said: Said, end: int) -> bool:
    """ "The pain went, now there is nothing": behind the symptom, a present in which nothing is."""
    nothing = [tag for tag in said.by.get("fine", ()) if tag.end - tag.start > 1]
    for neg in [*said.by.get("neg", ()), *nothing]:
        for now in said.by.get("now", ()):
            if neg.start >= end and neg.end == now.start and ends(said, now.end) and said.here(neg.start, "nothing_word"):
                return True  # "nothing now"
            if now.start >= end and 0 <= neg.start - now.end <= 2:
                between = range(now.end, neg.start)
                small = all(said.here(at, "any", "filler", "marker", "nothing_word") for at in between)
                if small and (neg.end - neg.start > 1 or said.here(neg.end - 1, "any") or len(between) > 0):
                    rest = range(neg.end, len(said.tokens))
                    return all(said.tokens[at].kind == "mark" or said.here(at, "marker", "filler") for at in rest)
    return False


def well_now(said: Said, end: int) -> bool:
    """ "The chest pain is fine now": behind the symptom nothing but that, and no "not", "but" or question after it."""
    for tag in said.all_of(("fine", "well")):
        whole = range(end, len(said.tokens))
        rest = [at for at in whole if not tag.start <= at < tag.end and said.tokens[at].kind != "mark"]
        told = any(said.here(at, "now") for at in whole) or (tag.language in EUROPEAN and tag.end - tag.start > 1)
        if tag.start >= end and told and all(said.here(at, "now", "fine", "well", "marker", "filler") for at in rest):
            return not any(said.here(at, *NOT_WELL) for at in whole)
    return False


def denied(said: Said, tags: list[Tag], start: int, end: int) -> Denial:
    """Whether a negation that is not part of the symptom belongs to it."""
    if any(tag.concept in ("neg", "cant") or tag.concept.startswith("not_") for tag in tags):
        return "no"  # the negation is part of the symptom
    if any(tag.concept in LOW and _not_so(said, tag) for tag in tags):
        return "yes"
    if not said.has(*DENIALS):
        return "no"
    own = {position for tag in tags for position in range(tag.start, tag.end)}
    if _denied_in_one_word(said, tags, own, start, end):
        return "yes"
    for neg in said.by.get("neg", ()):
        if any(said.here(at, "not_down", "not_stop", "not_gone", "bear", "relief") for at in range(neg.start, neg.end)):
            continue  # what does not go away is there
        if unheard_of(said) and any(0 <= neg.start - never.start <= NEG_REACH + 2 for never in said.by["never_before"]):
            continue
        if any(position in own for position in range(neg.start, neg.end)):
            if neg.end - neg.start == 1 and any(
                tag.start == neg.start and tag.end == neg.end and tag.grade < 2 and tag.concept != "confused" for tag in tags
            ):
                return "yes"  # a verb whose ending denies it: Tamil "valikkala"
            continue
        if neg.language in EUROPEAN:
            if _denied_before(said, tags, neg, start, end):
                return "yes"
        elif (found := _denied_behind(said, tags, own, neg, start, end)) != "no":
            return found
    low = any(tag.concept in LOWERED for tag in tags)  # a sugar that "went down" is no relief
    grows = said.has("worse") or any(tag.grade == 2 for tag in said.by.get("spread", ()))
    eased = any(tag.end > start or not clause_between(said, tag.end, start) for tag in said.by.get("relieved", ()))
    if eased and not grows and not low:  # what went before the symptom came was something else
        return "yes" if said.has("past", "past_long", "fine", "t_yesterday") else "perhaps"
    return "no"


def _denied_in_one_word(said: Said, tags: list[Tag], own: set[int], start: int, end: int) -> bool:
    """By a verb, a phrase or an answer that denies as a whole, with no "not" of its own."""
    if any(position in own for verb in said.by.get("neg_verb", ()) for position in range(verb.start, verb.end)):
        return True  # a verb whose ending denies it: Odia "bindhuni"
    for want in said.by.get("neg_want", ()):  # "I don't want to die of this": two phrases share the "want"
        if want.start < start < want.end if want.language in EUROPEAN else start < want.start < end < want.end:
            return True
    if neither_nor(said, start) or nothing_now(said, end):
        return True
    if said.tokens[end : end + 1] and said.tokens[end].text == "?" and said.here(end + 1, "no_word", "neg"):
        return True  # "chest pain? no"
    whole = [tag for tag in said.all_of(("fine", "nothing_word")) if tag.end - tag.start > 1 and tag.language not in EUROPEAN]
    several = sum(tag.concept in FELT for tag in tags) > 1
    if any(
        tag.start >= end
        and (
            (said.here(tag.start - 1, "any", *FELT) and listed(said, range(end, tag.start)))
            or (said.here(tag.start - 1, "any", *FELT) and several and all_symptoms(said, range(end, tag.start)))
            or (tag.start == end + 1 and (said.here(end, "any") or echo(said, end)))  # "pain and so on: nothing"
        )
        for tag in whole
    ):
        return True  # "bleeding, dizziness, such a thing is not": one phrase says "nothing is"
    return any(
        0 <= tag.start - end <= 2 and tag.language not in EUROPEAN and all(said.here(at, *EMPTY) for at in range(end, tag.start))
        for tag in said.by.get("not_wake", ())
    )  # "the pain has not risen": the same verb as for waking


def _denied_before(said: Said, tags: list[Tag], neg: Tag, start: int, end: int) -> bool:
    """As European languages do it: the "not" stands before what it denies, but for some words that stand behind."""
    gap = range(neg.end, start)
    if any(said.here(at, *UNEASED) for at in gap):
        return False  # "no relief from chest pain since morning": it is there
    if neg.start < start and reaches(said, gap) and not broken(said, gap):
        return True
    after = range(end, neg.start)
    if neg.start >= end and len(after) <= NEG_REACH and said.here(neg.start, "neg_after") and not broken(said, after):
        return True  # German "Brustschmerzen hab ich keine"
    if neg.start == end and said.here(start - 1, "dont"):
        return True  # French "je ne saigne pas"
    if start < neg.start < end and any(
        tag.end == end and 0 <= tag.start - neg.end <= 1 and tag.concept in (*FELT, *LOW, "wound", "hard") for tag in tags
    ):
        return True  # "the foot is fine, no wound"
    return neg.start == end and neg.language == "de" and ends(said, neg.end)  # "die Wunde blutet nicht"


def _denied_behind(said: Said, tags: list[Tag], own: set[int], neg: Tag, start: int, end: int) -> Denial:
    """As Indian languages do it: the "not" stands behind what it denies."""
    gap = range(end, neg.start)
    if start < neg.start <= end:
        before = max((tag.end for tag in tags if tag.end <= neg.start), default=neg.start)
        if of_another(said, own, neg) or clause_between(said, before, neg.start):
            return "no"  # "much blood, pads not enough, dizzy": a clause of its own in between
        return "yes"
    nothing = neg.end - neg.start > 1 or said.here(neg.start - 1, "any", "nothing_word")
    nothing = nothing or any(said.here(at, "either") for at in range(start, neg.start))
    if neg.start >= end and nothing and all_symptoms(said, gap):
        long = sum(said.here(at, *FELT) for at in gap) > 1 or said.has("fine", "well")
        return "yes" if long or not broken(said, gap) else "perhaps"  # "pain, dizziness, vomiting: nothing"
    if neg.start < end or len(gap) > NEG_REACH or broken(said, gap):
        return "no"
    if said.near(("relief", "bear"), end, neg.end + 2, 0) or any(
        said.here(at, "relief", "bear", "stop_flow") for at in range(end, neg.end + 3)
    ):
        return "no"
    content = sum(len(said.tokens[at].text) > 1 and not said.here(at, *EMPTY) and not echo(said, at) for at in gap)
    return "yes" if content == 0 else "perhaps" if content == 1 else "no"


def _not_so(said: Said, low: Tag) -> bool:
    """ "ಶುಗರ್ ಕಡಿಮೆ ಆಗಿಲ್ಲ": to a sugar, "has not gone down" denies that it is low; to a pain it says that it is there."""
    return any(word.start < low.end and low.start < word.end for word in said.all_of(("not_gone", "not_down")))


def unheard_of(said: Said) -> bool:
    """ "Never had a pain like this": the worst there was, and no denial."""
    return said.has("like_this") and said.has("never_before")
