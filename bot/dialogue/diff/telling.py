"""Differences told to people: a line a flow, a line a change, and the messages as phones show them, before and after."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence

from bot.dialogue.diff.compare import FlowDiff, Message

WIDTH = 34  # columns of one bubble's text
KINDS = ("branch", "timing", "option", "answer", "action", "setting")
PLURALS = {"branch": "branches"}


def tell(diffs: Sequence[FlowDiff]) -> str:
    return "\n\n".join("\n".join(_flow(diff)) for diff in diffs) or "no difference"


def summary(diff: FlowDiff) -> str:
    """``3 texts (hi), 1 branch, 1 timing``."""
    if diff.how != "changed":
        return f"{diff.how}, {_counted(len(diff.added or diff.removed), 'step')}"
    parts = ["renamed"] if "" in diff.renamed else []
    steps = ((diff.added, "added"), (diff.removed, "removed"), ([name for name in diff.renamed if name], "renamed"))
    parts += [f"{_counted(len(names), 'step')} {what}" for names, what in steps if names]
    texts = Counter[str]()
    for message in diff.messages:
        texts[message.language] += message.texts
    alike: dict[int, list[str]] = {}
    for language, count in texts.items():
        alike.setdefault(count, []).append(language)
    parts += [f"{_counted(count, 'text')} ({', '.join(languages)})" for count, languages in alike.items() if count]
    kinds = Counter(change.kind for change in diff.changes)
    return ", ".join([*parts, *(_counted(kinds[kind], kind) for kind in KINDS if kinds[kind])])  # type: ignore[index]


def _flow(diff: FlowDiff) -> Iterator[str]:
    yield f"{diff.flow}: {summary(diff)}"
    for now, was in diff.renamed.items():
        yield f"  {was} is now {now or diff.flow}"
    if diff.how == "changed":
        yield from (f"  {name}: new step" for name in diff.added)
        yield from (f"  {name}: removed" for name in diff.removed)
    for change in diff.changes:
        place = f"{change.step}.{change.place}" if change.step else change.place
        if change.before is None or change.after is None:
            value = change.after or change.before
            what = "new" if change.before is None else "removed"
            yield f"  {place}: {what}" + (f": {value}" if value != "there" else "")
        else:
            yield f"  {place}: {change.before} -> {change.after}"
    for message in diff.messages:
        yield from _phones(message)


def _phones(message: Message) -> Iterator[str]:
    yield f"  {'.'.join(part for part in (message.step, message.part) if part)} ({message.language})"
    sides = [_bubble(message.before, "before"), _bubble(message.after, "after")]
    height = max(map(len, sides))
    blank = " " * (WIDTH + 4)
    for left, right in zip(*(side + [blank] * (height - len(side)) for side in sides), strict=True):
        yield f"    {left}  {right}".rstrip()


def _bubble(text: str | None, title: str) -> list[str]:
    lines = [line for part in (text or "(not said in this language)").split("\n") for line in _wrapped(part)]
    top = f"╭─ {title} {'─' * (WIDTH - len(title) - 1)}╮"
    return [top, *(f"│ {line}{' ' * (WIDTH - _columns(line))} │" for line in lines), f"╰{'─' * (WIDTH + 2)}╯"]


def _wrapped(text: str) -> Iterator[str]:
    line = ""
    for word in text.split(" "):
        while _columns(word) > WIDTH:  # a link, say
            head = _cut(word)
            if line:
                yield line
                line = ""
            yield head
            word = word[len(head) :]
        if line and _columns(line) + 1 + _columns(word) > WIDTH:
            yield line
            line = word
        else:
            line = f"{line} {word}" if line else word
    yield line


def _cut(word: str) -> str:
    end = next(end for end in range(len(word), 0, -1) if _columns(word[:end]) <= WIDTH)
    return word[:end]


def _columns(text: str) -> int:
    """Columns of a terminal: marks that sit on a letter take none, wide signs two."""
    wide = sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text)
    return wide - sum(unicodedata.category(char) in ("Mn", "Me", "Cf") for char in text)


def _counted(count: int, what: str) -> str:
    return f"{count} {what if count == 1 else PLURALS.get(what, what + 's')}"
