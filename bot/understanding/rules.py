"""Rules over concepts, one file for alarms and one for intents, the same for every language."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Literal, TypeVar

from msgspec import Struct

from bot.handwritten.struct import read_struct
from bot.understanding.lexicon import Tag
from bot.understanding.meaning import Urgency
from bot.understanding.said import Said

MAX_ANCHORS = 6  # mentions of a rule's first concept that are tried
MAX_NEAR = 3  # mentions of each further concept that are tried with one of the first
MAX_WAYS = 8  # ways of matching one rule that are looked at
FAR = 7  # tokens between the concepts of one rule, unless it says otherwise


class Rule(Struct, frozen=True):
    """``all``: groups of concepts ("arm/leg"), one of each said within ``within`` tokens of the first. ``cancel``: none said.
    ``words``, ``least``: the whole message has at most (0: any), at least so many words. ``apart``: no token says two of them."""

    all: list[str]
    within: int = FAR
    cancel: list[str] = []
    nearby_cancel: list[str] = []
    words: int = 0
    least: int = 0
    apart: bool = False

    def groups(self) -> list[tuple[str, ...]]:
        return [tuple(group.split("/")) for group in self.all]


class AlarmRule(Rule, frozen=True, forbid_unknown_fields=True):
    """``kind``: felt (someone has it), named (a word for the illness), sure (nothing but fiction silences it).
    ``negated``: what is left of it when it is denied (keep: it is a denial)."""

    id: str = ""
    category: str = ""
    urgency: Urgency = "emergency"
    kind: Literal["felt", "named", "sure"] = "felt"
    negated: Literal["none", "confirm", "keep", "unless_fine"] = "none"


class IntentRule(Rule, frozen=True, forbid_unknown_fields=True):
    """``intent`` with ``score`` 0..1 when the rule matches."""

    intent: str = ""
    score: float = 0.8


def extent(tags: list[Tag]) -> tuple[int, int]:
    """First token and the one behind the last."""
    start, end = tags[0].start, tags[0].end
    for tag in tags[1:]:
        start, end = min(start, tag.start), max(end, tag.end)
    return start, end


def _width(tags: list[Tag]) -> int:
    start, end = extent(tags)
    return end - start


RuleKind = TypeVar("RuleKind", AlarmRule, IntentRule)


def load_rules(path: Path, kind: type[RuleKind]) -> list[RuleKind]:
    """Rules of one file. Raises ConfigError with file, line and reason."""
    return read_struct(path, list[kind], under="rules")  # type: ignore[valid-type]


class Matcher:
    """Where a rule's concepts stand together."""

    def __init__(self, rule: Rule) -> None:
        self.groups = rule.groups()
        self.within = rule.within
        self.apart = rule.apart
        self.cancel = tuple(rule.cancel)
        self.nearby_cancel = tuple(rule.nearby_cancel)

    def match(self, said: Said) -> list[list[Tag]]:
        """Every way in which the rule holds, one tag for each group, the closest together first; at most MAX_WAYS."""
        if self.cancel and said.has(*self.cancel):
            return []
        ways: list[list[Tag]] = []
        for anchor in said.all_of(self.groups[0])[:MAX_ANCHORS]:
            begun = [[anchor]]
            for group in self.groups[1:]:
                begun = [[*chosen, tag] for chosen in begun for tag in self._nearest(said, group, anchor, chosen)][:MAX_WAYS]
            ways += begun
        if self.nearby_cancel:
            ways = [chosen for chosen in ways if not said.near(self.nearby_cancel, *extent(chosen), 3)]
        if len(ways) > 1:
            ways.sort(key=_width)
        return ways[:MAX_WAYS]

    def _nearest(self, said: Said, group: tuple[str, ...], anchor: Tag, chosen: list[Tag]) -> list[Tag]:
        steps = said.steps
        near = [
            tag for tag in said.all_of(group) if abs(steps[tag.start] - steps[anchor.start]) <= self.within and tag not in chosen
        ]
        if self.apart:
            near = [tag for tag in near if all(tag.start >= other.end or tag.end <= other.start for other in chosen)]
        if len(near) > 1:
            near.sort(key=lambda tag: (abs(tag.start - anchor.start), tag.start))
        return near[:MAX_NEAR]


class RuleSet:
    """Rules found quickly by the concepts of a message."""

    def __init__(self, rules: list[Any]) -> None:
        self.rules = [(rule, Matcher(rule)) for rule in rules]
        self._by_concept: dict[str, list[int]] = {}
        for number, (_, matcher) in enumerate(self.rules):
            rarest = min(matcher.groups, key=len)
            for concept in rarest:
                self._by_concept.setdefault(concept, []).append(number)

    def matches(self, said: Said, whole: Said | None = None) -> list[tuple[Any, list[list[Tag]]]]:
        """Rules that hold, in the order of the file, with the ways in which they hold.

        ``whole``: the message that ``said`` is a clause of; how many words a rule bears is counted there.
        """
        by_concept, apart = self._by_concept, said.by.keys().isdisjoint
        numbers = {number for concept in said.by if concept in by_concept for number in by_concept[concept]}
        found: list[tuple[Any, list[list[Tag]]]] = []
        if not numbers:
            return found
        words = sum([token.kind != "mark" for token in (whole or said).tokens])
        for number in sorted(numbers):
            rule, matcher = self.rules[number]
            if (rule.words and words > rule.words) or words < rule.least:
                continue
            for group in matcher.groups:
                if apart(group):
                    break
            else:
                if ways := matcher.match(said):
                    found.append((rule, ways))
        return found

    def concepts(self) -> set[str]:
        """Every concept some rule speaks of."""
        found: set[str] = set()
        for _, matcher in self.rules:
            for group in (*matcher.groups, matcher.cancel, matcher.nearby_cancel):
                found.update(group)
        return found
