"""What is said without having been asked, after a silence, a wait or an agent's word: how it is weighed against others."""

from __future__ import annotations

from collections.abc import Iterator

from bot.dialogue import authored
from bot.dialogue.draft import Draft
from bot.dialogue.lint.rules import found
from bot.dialogue.machine import END
from bot.handwritten.finding import Finding

PARTS = {"class": "class_", "topic": "topic", "expires": "expires"}


def check_notices(draft: Draft) -> Iterator[Finding]:
    for flow, file in draft.files.items():
        source = draft.compilers[flow].source
        speaks = any(step.say and step.kind != "emergency" for step in file.steps.values())
        wanting = [key for key, part in PARTS.items() if not getattr(file.notice, part)]
        if file.starts_on.event and speaks and wanting:
            message = f"what is said when an agent tells something unasked is a notice without {', '.join(wanting)}"
            remedy = "add 'notice: {class: ..., topic: ..., expires: ...}' to the flow"
            yield found(source, ("starts_on",), "notice", message, remedy)
        for name, step in file.steps.items():
            if not (step.silence or step.wait):
                if step.notice.model_fields_set:
                    message = f"'{name}' never speaks without having been asked: it has no 'silence' and no 'wait'"
                    yield found(source, ("steps", name, "notice"), "notice", message, "put it where the time passes")
                continue
            lacking = [key for key, part in PARTS.items() if not (getattr(step.notice, part) or getattr(file.notice, part))]
            if lacking and _speaks(file, step):
                part = "silence" if step.silence else "wait"
                message = f"what is said after the {part} of '{name}' is a notice without {', '.join(lacking)}"
                remedy = "add 'notice: {class: ..., topic: ..., expires: ...}' to the flow or the step"
                yield found(source, ("steps", name, part), "notice", message, remedy)


def _speaks(file: authored.FlowFile, step: authored.Step) -> bool:
    """Something but an emergency may be said when the time of a step is over."""
    if step.silence and step.silence.say and step.kind != "emergency":
        return True
    after = [step.silence.then] if step.silence else [way.go for way in step.next or []]
    return any(name in file.steps and file.steps[name].kind != "emergency" for name in after if name not in (END, "bookmark"))
