"""What a sentence does with a symptom besides telling of it: asks in general, tells of old days, mourns somebody."""

from __future__ import annotations

from typing import Final

from bot.understanding.gaps import clause_between
from bot.understanding.languages import EUROPEAN
from bot.understanding.lexicon import Tag
from bot.understanding.said import Said

# Languages that ask yes or no with the last word, and how many words of a tail (a polite "sir") may follow it.
ASK_LAST: Final = {"bn": 1, "as": 1, "or": 1, "ta": 1, "te": 1, "kn": 1, "ml": 1, "hi": 0, "ur": 0, "mr": 0, "gu": 0, "pa": 0}
INVERTED: Final = ("en",)  # languages whose sentence is a question when it begins with "is": "is chest pain always of the heart"
INVERTED_LEAST: Final = 3  # tokens behind such an "is"; "is unconscious, come" is no question
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
EARLIER: Final = ("before", "ago", "past", "past_long", "past_week", "recent", "t_yesterday")
WELL: Final = ("fine", "relieved", "healed")
WENT: Final = ("went_away", "relief", "less", "gone", "over", "low_word")  # what became of a symptom of last week
BACK: Final = ("again", "worse", "severe", "not_stop", "not_down")
CAUSES: Final = ("symptom_other", "food", "drug", "medicine", "disease", "m_glucose", "m_bp", "m_insulin")
WISHES: Final = ("wish_dead", "not_live", "plan_to", "burden", "last_words", "last_one", "again")
FAR: Final = 6  # tokens between a symptom and the "can it be" said of it


def somebody(said: Said) -> bool:
    """Whether the message tells of a person or of the present. "Can it be" says neither, though "be" is in it."""
    can = [place for tag in said.by.get("possible", ()) for place in range(tag.start, tag.end)]
    return said.has(*(concept for concept in SOMEBODY if concept != "ongoing")) or any(
        tag.start not in can and tag.end - 1 not in can for tag in said.by.get("ongoing", ())
    )


def asked_in_general(said: Said) -> bool:
    """ "Can acidity feel like chest pain": a yes-or-no question, by its first or last word, of nobody and no time."""
    last = len(said.tokens) - 1
    while last > 0 and said.tokens[last].kind == "mark":
        last -= 1
    asked = any(
        tag.start == 0
        or (tag.language == "fr" and tag.end - tag.start > 1)  # "les gaz peuvent-ils"
        or (tag.language in ASK_LAST and last - tag.end < ASK_LAST[tag.language])
        for tag in said.by.get("ask_if", ())
    )
    inverted = any(tag.start == 0 and tag.language in INVERTED for tag in said.by.get("is_now", ())) and not said.has("this_is")
    return (asked or (inverted and last >= INVERTED_LEAST)) and not said.has("since", "ambulance") and not somebody(said)


def can_it_be(said: Said, start: int, end: int) -> bool:
    """ "Can gas cause pain in the chest": whether it is possible at all, of nobody and no time."""
    if not said.has("question", "ask_if") or said.has("edu_ask", "this_is") or somebody(said):
        return False
    if any(not (said.here(tag.start - 1, *CAUSES) or said.here(tag.start - 2, *CAUSES)) for tag in said.by.get("since", ())):
        return False  # since the morning; but "from gas" is a cause
    return any(
        not clause_between(said, min(end, tag.end), max(tag.start, start))
        and (-3 <= tag.start - end <= FAR or (tag.language in EUROPEAN and 0 <= start - tag.end <= FAR))
        for tag in said.by.get("possible", ())
    )


def over_now(said: Said, end: int) -> bool:
    """ "Last month I fainted, now I am fine", "she used to faint, with medicine she is well", "..., now no more"."""
    if not said.has(*EARLIER, "t_kal") or returned(said, end):
        return False
    last_week = said.has("past_week", "past_long")
    if well_again(said, end):
        return True
    last_night = said.has("t_kal") and said.has("past") and not said.has("since")
    if (
        not last_week
        and not last_night
        and not any(tag.start <= end and not _just_now(said, tag.start) for tag in said.all_of(EARLIER))
    ):
        return False
    last = len(said.tokens)
    while last > 0 and said.tokens[last - 1].kind == "mark":
        last -= 1
    nows = [tag for tag in said.by.get("now", ()) if tag.start >= end]
    if last_week and not said.has("now", "still", "since", "sudden", "worse"):
        went = [tag for tag in said.all_of((*WENT, *WELL)) if tag.start > end and not said.here(tag.end, "neg")]
        if any(clause_between(said, end, tag.start) for tag in went):
            return True  # "my tongue swelled last week, with a tablet it went"
    for tag in said.all_of(("neg", "no_word", "leave_it")):
        apart = clause_between(said, end, tag.start) or any(now.start < tag.start for now in nows)
        rest = range(tag.end, last)
        ends = all(said.here(at, "since", "again", "marker", "filler", "ongoing", "happen") for at in rest)
        if tag.start > end and ends and last - end <= FAR + 2 and apart:
            return True  # "..., now not", "..., ya no", "..., not since"
    return False


def well_again(said: Said, end: int) -> bool:
    """What was earlier is over by a present, behind it, in which all is well: "now I am fine", "all good since"."""
    if not said.has(*EARLIER, "t_kal"):
        return False
    earlier = said.has("past_week", "past_long") or (said.has("t_kal") and said.has("past") and not said.has("since"))
    earlier = earlier or any(tag.start <= end and not _just_now(said, tag.start) for tag in said.all_of(EARLIER))
    if not earlier or returned(said, end):
        return False
    nows = [tag for tag in said.by.get("now", ()) if tag.start >= end]
    for tag in said.all_of(WELL):
        if tag.start < end or said.here(tag.end, "neg"):
            continue
        if said.near(("now",), tag.start, tag.end, 2) or said.here(tag.end, "since") or said.here(tag.start - 1, "since"):
            return True
        if any(now.start <= tag.start and not clause_between(said, now.end, tag.start) for now in nows):
            return True
    return False


def returned(said: Said, end: int) -> bool:
    """ "It went, and today it is back and worse": a present behind the symptom, and in it the symptom again."""
    back = [tag for tag in said.all_of(BACK) if tag.start >= end and not said.here(tag.end, "neg")]
    return any(abs(tag.start - now.start) <= FAR for now in said.all_of(("now", "t_today")) if now.start >= end for tag in back)


def _just_now(said: Said, position: int) -> bool:
    """Minutes or hours ago is now."""
    return said.near(("minute", "hour", "t_today"), position, position + 1, 2)


def lost_long_ago(said: Said) -> bool:
    """Who mourns somebody: "the neighbour hanged himself last year", or news of it, and no wish to go the same way."""
    other = said.has("family", "child") or (said.has("third_person") and not said.has("first_person"))
    if someone_then(said):
        return True
    wishes = said.has("wish_dead", "not_live", "live", "plan_to", "die", "burden", "last_words", "last_one", "again")
    if said.has("in_news") and not said.has("now", "self", "first_person", "sudden", "help", "plea"):
        return not said.has(*WISHES)
    if said.has("news") and not said.has("now", "self"):
        return not wishes
    return said.has("past_long") and other and not wishes and not said.has("want")


def wishes_own(said: Said, tags: list[Tag]) -> bool:
    """ "What is the point of going on, I am done with life": a question word does not make one's own wish a lesson."""
    wished = any(tag.concept in ("not_live", "wish_dead", "want", "burden", "self_harm_method") for tag in tags)
    return wished and said.has("first_person") and not said.has("if", "news", "family", "patients")


def of_patients(said: Said) -> bool:
    """ "Is suicide common in diabetics": of patients in general, and nobody's own wish."""
    return (
        said.has("patients")
        and said.has("question", "ask_if", "edu", "edu_ask")
        and not said.has("first_person", "family", "child", "third_person", "now", "want", "plan_to", "help", "plea")
    )


def in_the_news(said: Said) -> bool:
    """ "Read in the paper that four people drank poison": told of others, by a paper or a broadcast."""
    return said.has("in_news") and not said.has("now", "sudden", "since", "family", "child", "help", "plea")


def someone_then(said: Said) -> bool:
    """ "Somebody in our village drank poison last month and died"."""
    then = said.has("past_week", "past_long", "ago")
    return then and said.has("someone") and not said.has("now", "sudden", "help", "plea", "first_person", "family")


def stopped(said: Said, end: int) -> bool:
    """ "Bled this morning, now it has stopped"."""
    if said.has("neg", "cant", "not_stop", "again", "worse"):
        return False
    return any(tag.start >= end and said.near(("now", "fine"), tag.start, tag.end, 3) for tag in said.by.get("stop_flow", ()))


def followed_up(said: Said, start: int, end: int) -> bool:
    """ "When is my son's follow-up for his fits", "physiotherapy after the stroke": what is asked for is a visit."""
    booked = said.has("appointment") or (said.has("doctor") and said.has("book"))
    booked = booked or (
        said.near(("doctor",), start, end, 2) and said.has("t_tomorrow", "t_kal") and not said.has("family", "child")
    )  # "does the stroke doctor come tomorrow"
    return (booked or said.near(("follow_up",), start, end, 4)) and not said.has(
        "now", "sudden", "since", "help", "plea", "worse", "ongoing"
    )


def after_illness(said: Said) -> bool:
    """ "Two years since the stroke, the right hand is weak, which exercises": how to live with what it left."""
    return said.has("past_long") and said.has("exercise_word", "follow_up") and said.has("question", "should", "can")


def of_anybody(said: Said) -> bool:
    """ "May an unconscious person be given water", "was man bei Schlangenbiss nicht tun darf"."""
    generic = said.has("can") and said.has("anybody", "patients")
    return (generic or (said.has("one_generic") and said.has("question", "ask_if", "can"))) and not said.has(
        *(concept for concept in SOMEBODY if concept != "ongoing"), "since"
    )


def apart_from_if(said: Said, end: int) -> bool:
    """ "Breathing is very hard, unless I sit": the condition is in another clause, the symptom goes on, and nothing is asked."""
    if not said.has("ongoing", "severe") or said.has("question", "should", "edu", "edu_ask", "can", "ask_if", "what_happens"):
        return False
    return all(tag.start >= end and clause_between(said, end, tag.start) for tag in said.by.get("if", ()))


def admired(said: Said) -> bool:
    """ "She took my breath away, so pretty", "I laughed till I could not breathe"."""
    return said.has("beauty", "laugh") and not said.has("now", "sudden", "since", "help", "plea", "severe")


def clear_report(said: Said, start: int, end: int) -> bool:
    """ "My daughter's seizure report came back normal": the test for an illness, and it found nothing."""
    return said.near(("report", "test"), start, end, 3) and said.has("fine", "test_clear") and not said.has("now", "sudden")


def of_treatment(said: Said, start: int, end: int) -> bool:
    """ "Which hospital is good for the treatment of strokes"; "heartburn or a heart attack, what is the difference"."""
    compared = said.has("difference") and (said.has("question", "ask_if") or said.here(0, "difference"))
    return (compared or said.near(("cure",), start, end, 3)) and not said.has(
        *(concept for concept in SOMEBODY if concept != "ongoing")
    )


def of_work(said: Said) -> bool:
    """ "My brother works in an ambulance and sees unconscious patients every day"."""
    others = said.has("patients", "illness_many") or (said.has("ambulance") and said.has("work"))
    others = others or (said.has("human") and said.has("person", "all_people"))  # "is a nurse and sees people faint"
    return others and said.has("every") and said.has("see", "work") and not said.has("now", "sudden", "help", "plea")


def of_operation(said: Said) -> bool:
    """ "Will they make me unconscious for the operation"."""
    if said.has("now", "sudden", "not_wake", "since") or (said.has("family") and not said.has("t_tomorrow")):
        return False
    return said.has("stitch") and said.has("question", "ask_if")


def of_price(said: Said) -> bool:
    """ "I nearly fainted when I heard the price", and not "fainted, could not pay the price"."""
    return said.has("price") and not said.has(
        "pay", "neg", "family", "child", "third_person", "now", "sudden", "help", "plea", "ambulance", "since"
    )


def of_thing(said: Said, start: int) -> bool:
    """ "The clock stopped and fell on the floor", "my phone is not responding": a thing, and nobody but its owner."""
    things = [tag for tag in said.all_of(("thing", "device")) if tag.start <= start]
    if not things or said.has("family", "child", "third_person", "help", "plea", "collapse", "ambulance"):
        return False
    return all(any(tag.end == thing.start for thing in things) for tag in said.by.get("first_person", ()))


def again_no_more(said: Said) -> bool:
    """ "After that not once again", "never again"."""
    return any(
        0 <= neg.start - tag.end <= FAR or (neg.end == tag.start and neg.language in EUROPEAN)
        for tag in said.by.get("again", ())
        for neg in said.by.get("neg", ())
    )
