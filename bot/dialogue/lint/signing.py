"""Clinical text: signed by somebody who may, and not longer ago than guidance keeps."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import Any

from bot.dialogue.draft import Draft
from bot.dialogue.lint.rules import found
from bot.handwritten.finding import Finding
from bot.handwritten.source import Source

KEEPS = timedelta(days=365)  # a sign-off without ``again_on``; needs clinician sign-off itself


def check_signing(draft: Draft, today: date) -> Iterator[Finding]:
    for flow, file in draft.files.items():
        for name, trial in file.arms.items():
            if (last := _day(trial.until)) and last < today:
                source = draft.compilers[flow].source
                message = f"the experiment '{name}' ended on {last}"
                yield found(source, ("arms", name), "experiment_over", message, f"keep what '{trial.then}' says, and remove it")
        if file.risk == "clinical":
            yield from _check(draft.compilers[flow].source, "review", file.review, today)
    if draft.emergency_file and draft.emergency_compiler:
        yield from _check(draft.emergency_compiler.source, "sign_off", draft.emergency_file.sign_off, today)


def _check(source: Source, key: str, review: Mapping[str, Any] | None, today: date) -> Iterator[Finding]:
    remedy = f"let a clinician review it, and write '{key}: {{reviewer: ..., date: 2026-01-31, again_on: 2027-01-31}}'"
    if not review:
        yield found(source, (key,), "unsigned", "this clinical flow has no review", remedy, level="warning")
        return
    signed = _day(review.get("date"))
    if not review.get("reviewer") or signed is None:
        yield found(source, (key,), "unsigned", "no clinician has signed these clinical texts", remedy)
        return
    if signed > today:
        yield found(source, (key, "date"), "unsigned", f"the review is dated {signed}, which is to come", remedy, level="warning")
        return
    due = _day(review.get("again_on")) or signed + KEEPS
    if due < today:
        yield found(source, (key,), "review_due", f"the review of {signed} was due again on {due}", remedy)


def _day(value: object) -> date | None:
    try:
        return date.fromisoformat(str(value))
    except ValueError:
        return None
