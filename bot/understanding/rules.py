"""Rules over concepts, one file for alarms and one for intents, the same for every language."""

from __future__ import annotations

from pathlib import Path
from typing import Any, TypeVar

import msgspec
import yaml
from msgspec import Struct

from bot.errors import ConfigError
from bot.understanding.lexicon import Tag
from bot.understanding.said import Said

MAX_ANCHORS = 6  # mentions of a rule's first concept that are tried
FAR = 7  # tokens between the concepts of one rule, unless it says otherwise


class Rule(Struct, frozen=True):
    """``all``: groups of concepts ("arm/leg"), one of each said within ``within`` tokens of the first. ``cancel``: none said."""

    all: list[str]
    within: int = FAR
    cancel: list[str] = []
    nearby_cancel: list[str] = []

    def groups(self) -> list[tuple[str, ...]]:
        return [tuple(group.split("/")) for group in self.all]


class AlarmRule(Rule, frozen=True, forbid_unknown_fields=True):
    """``kind``: felt (someone has it), named (a word for the illness), sure (nothing but fiction silences it)."""

    id: str = ""
    category: str = ""
    urgency: str = "emergency"
    kind: str = "felt"
    negated: str = "none"  # what is left of it when it is denied: none or confirm


class IntentRule(Rule, frozen=True, forbid_unknown_fields=True):
    """``intent`` with ``score`` 0..1 when the rule matches."""

    intent: str = ""
    score: float = 0.8
    words: int = 0  # the whole message has at most this many words (0: any)


RuleKind = TypeVar("RuleKind", AlarmRule, IntentRule)


def load_rules(path: Path, kind: type[RuleKind]) -> list[RuleKind]:
    """Rules of one file; raises ConfigError naming it."""
    try:
        loaded: Any = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
        return msgspec.convert(loaded["rules"], list[kind])  # type: ignore[valid-type]
    except (OSError, KeyError, TypeError, yaml.YAMLError, msgspec.ValidationError) as error:
        raise ConfigError(f"{path.parent.name}/{path.name}: {error}") from error


class Matcher:
    """Where a rule's concepts stand together."""

    def __init__(self, rule: Rule) -> None:
        self.groups = rule.groups()
        self.within = rule.within
        self.cancel = tuple(rule.cancel)
        self.nearby_cancel = tuple(rule.nearby_cancel)

    def match(self, said: Said) -> list[Tag] | None:
        """One tag for each group, the closest together; None when the rule does not hold."""
        by = said.by
        for group in self.groups:
            if not any(concept in by for concept in group):
                return None
        if self.cancel and said.has(*self.cancel):
            return None
        best: list[Tag] | None = None
        best_span = 10_000
        for anchor in said.all_of(self.groups[0])[:MAX_ANCHORS]:
            chosen = [anchor]
            for group in self.groups[1:]:
                near = [
                    tag
                    for tag in said.all_of(group)
                    if abs(tag.start - anchor.start) <= self.within
                    and (tag.start, tag.end, tag.concept) not in [(one.start, one.end, one.concept) for one in chosen]
                ]
                if not near:
                    break
                chosen.append(min(near, key=lambda tag: (abs(tag.start - anchor.start), tag.start)))
            else:
                low, high = min(tag.start for tag in chosen), max(tag.end for tag in chosen)
                if self.nearby_cancel and said.near(self.nearby_cancel, low, high, 3):
                    continue
                if high - low < best_span:
                    best, best_span = chosen, high - low
        return best


class RuleSet:
    """Rules found quickly by the concepts of a message."""

    def __init__(self, rules: list[Any]) -> None:
        self.rules = [(rule, Matcher(rule)) for rule in rules]
        self._by_concept: dict[str, list[int]] = {}
        for number, (_, matcher) in enumerate(self.rules):
            rarest = min(matcher.groups, key=len)
            for concept in rarest:
                self._by_concept.setdefault(concept, []).append(number)

    def matches(self, said: Said) -> list[tuple[Any, list[Tag]]]:
        """Rules that hold, in the order of the file, with the tags that made them hold."""
        numbers = sorted({number for concept in said.by for number in self._by_concept.get(concept, ())})
        found = []
        for number in numbers:
            rule, matcher = self.rules[number]
            tags = matcher.match(said)
            if tags is not None:
                found.append((rule, tags))
        return found

    def concepts(self) -> set[str]:
        """Every concept some rule speaks of."""
        found: set[str] = set()
        for _, matcher in self.rules:
            for group in (*matcher.groups, matcher.cancel, matcher.nearby_cancel):
                found.update(group)
        return found
