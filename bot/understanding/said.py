"""What a message says: its tokens and the concepts found in them, ready to be asked about."""

from __future__ import annotations

from collections.abc import Iterable
from operator import attrgetter
from typing import Final

from bot.understanding.languages import ALIKE
from bot.understanding.lexicon import Tag
from bot.understanding.text import Token

# Phrases whose words keep their own meaning too ("took my medicine" is still a medicine).
OPEN: Final = frozenset(
    {
        "postpone",
        "note_down",
        "clinic_info",
        "head_blow",
        "crash_word",
        "took_med",
        "too_much",
        "talk_want",
        "past_week",
        "since",
        "every",
        "by_mistake",
        "neg_come",
        "neg_send",
        "neg_want",
        "dont_send",
        "ongoing",
        "pregnant",
        "have_illness",
        "see_doctor",
        "filler",
        "marker",
        "appointment",
        "family",
        "another_day",
        "left_written",
        "wont_matter",
        "quit_verb",
        "think_of",
        "cut_act",
        "plan_to",
        "height",
        "hidden_place",
        "locked_in",
        "under_vehicle",
        "not_lift",
        "turned_blue",
        "will_doc",
        "no_worry",
        "loved_past",
        "threatens",
        "way_word",
        "painless",
        "kick",
        "once",
        "bought",
        "phone_off",
        "world",
        "bank_papers",
        "dues_paid",
        "leave_in_peace",
        "scald_cause",
        "burnt",
        "skin_off",
        "beats",
        "spouse",
        "strangled",
        "tied",
        "dont_seek",
        "dont_wake_me",
        "not_feeding",
        "summoned",
        "not_arrived",
    }
    | {
        "now",
        "fell_low",
        "sugar_taken",
        "yes_word",
        "meter_lo",
        "meter_hi",
        "one",
        "left",
        "right",
        "half",
        "side",
        "ran_out",
        "missed",
        "food_missed",
        "many",
        "whole_strip",
        "child",
        "connect",
        "jerk",
        "rolled",
        "dont",
        "first_person",
        "third_person",
        "this_is",
        "body_limp",
        "think_of",
        "despair",
        "goodbye",
        "after_me",
        "lethal",
        "is_now",
        "dream",
        "own_hand",
        "self",
        "hold",
        "stay",
        "m_insulin",
        "baby",
        "sit",
        "stop_act",
        "not_feel_like",
        "spread",
        "without_me",
        "glad",
        "nobody_cares",
        "load_word",
        "all_people",
        "god_word",
        "take_away",
        "set_aside",
        "look_after",
        "fed_up",
        "nothing_left",
        "gave_away",
        "my_stuff",
        "letter_word",
        "going_away",
        "wish_if",
        "not_wake_wish",
        "not_waking_me",
        "value_word",
        "alone_here",
        "will",
        "slept_well",
        "sleeping_pill",
        "in_hand",
        "happens_to_me",
        "not_eating",
        "want_go",
        "fan_hook",
        "roof",
        "edge_down",
        "errand",
        "hoarded",
        "last_one",
        "this_one",
        "use_what",
        "like_me",
        "good_for_nothing",
        "because_me",
        "suffer_word",
        "not_be",
        "brink",
        "let_go",
        "lived_enough",
        "will_doc",
        "wont_matter",
        "world",
        "on_time",
        "on_purpose",
        "jump",
        "never_before",
        "not_gone",
        "like_this",
        "unsure",
    }
)


# A denied or conditional phrase stays one, but "when I looked" is no condition.
PLACE: Final = attrgetter("start", "end")
MADE_UP: Final = ("joke", "fiction", "dream")
KEPT_INSIDE: Final = ("neg_verb", "if", "cond", "either")
BURNT: Final = "burnt"


class Said:
    """Tokens and tags of one message. Positions are token indexes."""

    __slots__ = ("_steps", "at", "by", "tags", "tokens")

    def __init__(self, tokens: list[Token], tags: list[Tag]) -> None:
        self.tokens = tokens
        self.tags = tags
        self.by: dict[str, list[Tag]] = {}
        self.at: dict[int, list[Tag]] = {}
        self._steps: list[int] = []
        by, at = self.by, self.at
        for tag in tags:  # what ``add`` does, written out: every message goes through here, some several times
            start, end = tag.start, tag.end
            if (said := by.get(tag.concept)) is None:
                by[tag.concept] = [tag]
            else:
                said.append(tag)
            for position in (start,) if end == start + 1 else range(start, end):
                if (here := at.get(position)) is None:
                    at[position] = [tag]
                else:
                    here.append(tag)

    def add(self, tag: Tag) -> None:
        """Say one more concept."""
        self.tags.append(tag)
        self.by.setdefault(tag.concept, []).append(tag)
        for position in range(tag.start, tag.end):
            self.at.setdefault(position, []).append(tag)

    @property
    def steps(self) -> list[int]:
        """Where each token stands when words that only join others ("of", "the") are not counted."""
        if not self._steps:
            small = {tag.start for tag in self.by.get("filler", ()) if tag.end - tag.start == 1}
            at = 0
            for position in range(len(self.tokens)):
                self._steps.append(at)
                at += position not in small
        return self._steps

    def has(self, *concepts: str) -> bool:
        """Whether any of the concepts is said anywhere."""
        return not self.by.keys().isdisjoint(concepts)

    def all_of(self, concepts: Iterable[str]) -> list[Tag]:
        """Every tag of any of the concepts, in order of position."""
        by, found = self.by, []
        for concept in concepts:
            if concept in by:
                found += by[concept]
        if len(found) > 1:
            found.sort(key=PLACE)
        return found

    def here(self, position: int, *concepts: str) -> bool:
        """Whether the token at ``position`` says any of the concepts."""
        return any(tag.concept in concepts for tag in self.at.get(position, ()))

    def near(self, concepts: Iterable[str], start: int, end: int, within: int) -> bool:
        """Whether any of the concepts stands at most ``within`` tokens from start..end-1."""
        low, high, by = start - within, end + within, self.by
        for concept in concepts:
            for tag in by.get(concept, ()):
                if tag.end > low and tag.start < high:
                    return True
        return False


def longest(tags: list[Tag]) -> list[Tag]:
    """Tags not wholly inside a longer phrase of the same language ("pressure" inside "blood pressure" is no tag).

    A verb whose ending denies it stays, and so does a condition: the phrase is denied or conditional with it.
    """
    meant = {tag.start for tag in tags if tag.concept == "earnest"}
    if meant:  # "thamashayalla": no joke, in one word
        tags = [tag for tag in tags if tag.concept not in MADE_UP or tag.start not in meant]
    burnt = [tag for tag in tags if tag.concept == BURNT and tag.end - tag.start > 1]
    if burnt:  # Assamese "puri" is bread, and in "puri gol" it burns
        tags = [tag for tag in tags if tag.concept != "food" or not any(one.start <= tag.start < one.end for one in burnt)]
    wide = [tag for tag in tags if tag.end - tag.start > 1 and tag.concept not in OPEN and not tag.concept.startswith("cmd_")]
    if not wide:
        return tags
    kept = []
    for tag in tags:
        width = tag.end - tag.start
        if any(
            (tag.concept not in KEPT_INSIDE or other.concept in ("found_when", "setting"))
            and other.start <= tag.start
            and tag.end <= other.end
            and other.end - other.start > width
            and (other.language in (tag.language, ALIKE.get(tag.language)) or tag.language == "en")
            for other in wide
        ):
            continue
        kept.append(tag)
    return kept
