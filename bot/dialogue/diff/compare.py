"""Two drafts compared, flow by flow and step by step; what was renamed is compared with what it was."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Literal

from msgspec import Struct

from bot.dialogue import authored
from bot.dialogue.catalogue import SOURCE_LANGUAGE
from bot.dialogue.diff.shape import Kind, Newer, kind_of, leaves
from bot.dialogue.diff.words import Texts, on_phone, part_of, texts_of
from bot.dialogue.draft import Draft

EMERGENCY = "emergency"


class Change(Struct, frozen=True):
    """A value at a place of a step, or of the flow itself. None: it is not there on that side."""

    kind: Kind
    step: str | None
    place: str
    before: str | None
    after: str | None


class Message(Struct, frozen=True):
    """A message with other words: as a phone shows it. ``texts``: how many of its texts differ. None: English is said."""

    step: str | None
    part: str
    language: str
    texts: int
    before: str | None
    after: str | None


class FlowDiff(Struct, frozen=True):
    """``flow`` and steps by their newer names; ``renamed``: newer name -> earlier name, '' for the flow itself."""

    flow: str
    how: Literal["added", "removed", "changed"]
    renamed: dict[str, str] = {}
    added: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    changes: tuple[Change, ...] = ()
    messages: tuple[Message, ...] = ()

    @property
    def touched(self) -> set[str]:
        """Steps, by their newer names, that do or say something else than before."""
        return {step for step in (*(one.step for one in self.changes), *(one.step for one in self.messages)) if step}


def compare(before: Draft, after: Draft) -> list[FlowDiff]:
    """What differs, by name of flow; the emergency texts are the flow ``emergency``. Empty when nothing does."""
    old, new = texts_of(before), texts_of(after)
    pairs = _paired(before.files, {name: file.was for name, file in after.files.items()})
    found = [FlowDiff(name, "removed", removed=tuple(before.files[name].steps)) for name in pairs if pairs[name] is None]
    earlier = {now: was for was, now in pairs.items() if now}
    flows = {was: now for now, was in earlier.items()}
    for name, file in after.files.items():
        if name not in earlier:
            found.append(FlowDiff(name, "added", added=tuple(file.steps)))
        elif diff := _flow(before.files[earlier[name]], file, flows, old, new):
            found.append(diff)
    if alarms := tuple(_messages(None, EMERGENCY, EMERGENCY, {}, old, new)):
        found.append(FlowDiff(EMERGENCY, "changed", messages=alarms))
    return sorted(found, key=lambda diff: diff.flow)


def _paired(old: Mapping[str, object], new: Mapping[str, list[str]]) -> dict[str, str | None]:
    """Earlier name -> newer name, or None when it is gone."""
    was = {earlier: name for name, names in new.items() for earlier in names}
    return {name: name if name in new else was.get(name) for name in old}


def _flow(
    old: authored.FlowFile, new: authored.FlowFile, flows: Mapping[str, str], before: dict[str, Texts], after: dict[str, Texts]
) -> FlowDiff | None:
    steps = _paired(old.steps, {name: step.was for name, step in new.steps.items()})
    kept = {now: was for was, now in steps.items() if now}
    newer = Newer(flows, {was: now for now, was in kept.items()})
    changes = [*_changes(None, leaves(old, newer), leaves(new))]
    for name, was in kept.items():
        changes += _step(name, old.steps[was], new.steps[name], newer)
    diff = FlowDiff(
        new.flow,
        "changed",
        {now: was for now, was in {"": old.flow, **kept}.items() if was != (now or new.flow)},
        tuple(name for name in new.steps if name not in kept),
        tuple(name for name, now in steps.items() if now is None),
        tuple(changes),
        tuple(_messages(new, old.flow, new.flow, kept, before, after)),
    )
    return diff if diff != FlowDiff(new.flow, "changed") else None


def _step(name: str, old: authored.Step, new: authored.Step, newer: Newer) -> Iterator[Change]:
    """An option or answer that is new or gone is one change, whatever it has."""
    before, after = leaves(old, newer), leaves(new)
    for part, kind in (("options", "option"), ("expect", "answer")):
        was, now = list(getattr(old, part)), list(getattr(new, part))
        for one in [*was, *(each for each in now if each not in was)]:
            if (one in was) != (one in now):
                side = ("there", None) if one in was else (None, "there")
                yield Change(kind, name, f"{part}.{one}", *side)  # type: ignore[arg-type]
                for leaf in [leaf for leaf in (*before, *after) if leaf[:2] == (part, one)]:
                    before.pop(leaf, None)
                    after.pop(leaf, None)
        both = [one for one in was if one in now]
        if both != [one for one in now if one in was]:
            yield Change(kind, name, f"{part}, order", ", ".join(was), ", ".join(now))  # type: ignore[arg-type]
    yield from _changes(name, before, after)


def _changes(step: str | None, before: Mapping[tuple[str, ...], str], after: Mapping[tuple[str, ...], str]) -> Iterator[Change]:
    for place in dict.fromkeys((*before, *after)):
        if before.get(place) != after.get(place):
            yield Change(kind_of(place), step, ".".join(place), before.get(place), after.get(place))


def _messages(
    file: authored.FlowFile | None, was: str, now: str, kept: Mapping[str, str], old: dict[str, Texts], new: dict[str, Texts]
) -> Iterator[Message]:
    """The texts of steps that are on both sides, and those of no step, message by message."""
    steps = file.steps if file else {}
    grouped: dict[tuple[str | None, str], dict[str, str]] = {}  # (step, part) -> newer key -> earlier key
    for key in dict.fromkeys((*new[SOURCE_LANGUAGE], *_translated(old[SOURCE_LANGUAGE], was, now, kept))):
        flow, _, rest = key.partition(".")
        if flow != now:
            continue
        step = rest.split(".")[0] if rest.split(".")[0] in steps else None
        if file and step not in kept and (step or not _of_flow(file, rest)):
            continue
        earlier = f"{was}.{kept[step]}{rest.removeprefix(step)}" if step else f"{was}.{rest}"
        grouped.setdefault((step, part_of(rest, step)), {})[key] = earlier
    for language in dict.fromkeys((*old, *new)):
        before, after = old.get(language, {}), new.get(language, {})
        for (step, part), keys in grouped.items():
            differ = [key for key, earlier in keys.items() if before.get(earlier) != after.get(key)]
            if differ:
                texts = sum(not _of_option_on_one_side(key, keys[key], old, new) for key in differ)
                sides = (
                    _shown(before, old[SOURCE_LANGUAGE], set(keys.values())),
                    _shown(after, new[SOURCE_LANGUAGE], set(keys)),
                )
                yield Message(step, part, language, texts, *sides)


def _of_flow(file: authored.FlowFile, rest: str) -> bool:
    """A text of the flow itself; what else is of no step of today was of a step that is gone."""
    return rest.split(".")[0] in {*file.texts, "holds"} or rest.startswith("repair.")


def _translated(texts: Texts, was: str, now: str, kept: Mapping[str, str]) -> Iterator[str]:
    """Earlier keys under their newer names."""
    newer = {earlier: name for name, earlier in kept.items()}
    for key in texts:
        flow, _, rest = key.partition(".")
        if flow == was:
            step = rest.split(".")[0]
            yield f"{now}.{newer[step]}{rest.removeprefix(step)}" if step in newer else f"{now}.{rest}"


def _of_option_on_one_side(key: str, earlier: str, old: Mapping[str, Texts], new: Mapping[str, Texts]) -> bool:
    """The words of an option that is new or gone are no text that changed."""
    return ".option." in key and (earlier in old[SOURCE_LANGUAGE]) != (key in new[SOURCE_LANGUAGE])


def _shown(texts: Texts, source: Texts, keys: set[str]) -> str | None:
    """None when nothing of it is there; where only some words are, the rest is said in English."""
    there = [key for key in source if key in keys]
    return on_phone({**source, **texts}, there) if any(key in texts for key in there) else None
