"""What can be seen in one flow alone. Every finding says what is wrong and how to mend it."""

from __future__ import annotations

from collections.abc import Sequence

from bot.dialogue import authored
from bot.dialogue.compiler import Compiler
from bot.dialogue.declared import variables_of
from bot.dialogue.expression import BadExpression, names_in
from bot.dialogue.folding import fold_label
from bot.dialogue.graphemes import length
from bot.dialogue.limits import LIMITS
from bot.dialogue.moves import moves_of

BUTTON_LABEL, ROW_LABEL, DESCRIPTION = 20, 24, 72
ROWS = 10
# The second row is what the planner of notices reads.
PERSON = frozenset(
    {
        "name",
        "birth_year",
        "condition",
        "conditions",
        "unit",
        "zone",
        "country",
        "language",
        "language_chosen",
        "second_language",
        "minor",
    }
    | {
        "pace",
        "paused_until",
        "quiet_from",
        "quiet_until",
        "medicine_hours",
        "fast",
        "fast_on",
    }
)
BUILT_IN = frozenset(
    {
        "numbers",
        "general",
        "ambulance",
        "consented",
        "mental_health",
        "this_year",
        "now_there",
        "now",
        "today",
        "person",
        "guess",
        "limits",
        "purposes",
        "free_words",
        "consent_version",
        "consent_outdated",
        "household_size",
        "languages",
        "more_languages",
    }
)
OWNED = ("person", "arms")
SYSTEM_VALUES = {"when", "old", "new", "name"}
RESERVED_OUTCOMES = frozenset({"unavailable"})


def lint_flow(compiler: Compiler, file: authored.FlowFile) -> None:
    """What can be seen in one file. Findings go to the compiler."""
    known = set(variables_of(file)) | BUILT_IN | (SYSTEM_VALUES if file.flow == "system" else set())
    known |= {"arms", *(f"arms.{name}" for name in file.arms)} if file.arms else set()
    for name, texts in file.texts.items():
        check_names(compiler, ("texts", name), texts, known)
    for guard in file.who:
        _known(compiler, ("who",), guard.when, known, expression=True)
    for pattern, mend in file.repair.patterns().items():
        check_names(compiler, ("repair", pattern), [] if isinstance(mend, str) else mend.say or [], known)
    if file.holds:
        check_names(compiler, ("holds",), file.holds.say, known)
    for name, step in file.steps.items():
        _lint_step(compiler, name, step, known)
    _reach(compiler, file)
    _lengths(compiler, file)


def _lint_step(compiler: Compiler, name: str, step: authored.Step, known: set[str]) -> None:
    path = ("steps", name)
    _known_names(compiler, path, step, known)
    _leads_on(compiler, path, name, step)
    if step.kinder and (not step.say or step.kind == "emergency" or step.options or step.expect or step.header or step.footer):
        what = "says nothing" if not step.say else "asks something, warns, or has lines above or below"
        compiler.find(path, "kinder", f"'{name}' is to be said more kindly and {what}", "take 'kinder' away: its words must stay")
    if (step.options or step.expect) and not step.say:
        compiler.find(path, "silent", f"'{name}' waits for an answer and asks nothing", "add 'say'")
    apart = any(spec.ask for spec in step.expect.values())
    for slot, spec in step.expect.items():
        place = (*path, "expect", slot)
        check_names(compiler, place, spec.ask or [], known)
        if apart and spec.required and not spec.ask:
            compiler.find(place, "silent", f"'{slot}' is never asked for when only it is missing", "add 'ask' to it too")
        if spec.type in ("number", "year") and (spec.min is None or spec.max is None):
            compiler.find(place, "range", f"the number '{slot}' has no range", "add min and max (and unit)")


def _known_names(compiler: Compiler, path: tuple[str, ...], step: authored.Step, known: set[str]) -> None:
    """Every text, condition and value of a step names what is there."""
    for texts in (
        step.say,
        step.menu_label,
        step.unclear.say if step.unclear else None,
        step.silence.say if step.silence else None,
        step.what,
        *[mend.say for mend in step.repair.patterns().values() if not isinstance(mend, str)],
    ):
        if texts:
            check_names(compiler, path, texts, known)
    for expression in [way.when for way in step.next or [] if way.when] + ([step.emergency] if step.emergency else []):
        _known(compiler, path, expression, known, expression=True)
    values = [*step.set.values(), *step.with_.values(), *(step.record.data.values() if step.record else ())]
    times = [step.wait, step.silence.after if step.silence else None]
    for value in (*values, *times):
        if isinstance(value, str):
            _known(compiler, path, value, known)
    if step.media and "{{" in step.media.source:
        _known(compiler, (*path, "media"), step.media.source, known)
    for target in step.set:
        if "." in target and (not target.startswith("person.") or target.removeprefix("person.") not in PERSON):
            remedy = f"use one of {', '.join(sorted(PERSON))}"
            compiler.find((*path, "set", target), "profile", f"the profile has no field '{target}'", remedy)


def _leads_on(compiler: Compiler, path: tuple[str, ...], name: str, step: authored.Step) -> None:
    """Whatever happens at a step, something follows."""
    open_ = step.options_from or any(choice.go is None for choice in step.options.values())
    if step.options and step.next is None and open_:
        compiler.find(path, "dead_end", f"not every option of '{name}' leads somewhere", "add 'next', or 'go' to each option")
    if step.expect and step.next is None:
        compiler.find(path, "dead_end", f"the answer to '{name}' leads nowhere", "add 'next'")
    busy = step.options or step.expect or step.ask_agent or step.call or step.jump or step.take_up
    if (step.wait and busy) or (step.until and not step.wait):
        what = "waits for time to pass and for something else" if step.wait else "has 'until' and no 'wait'"
        compiler.find(path, "wait", f"'{name}' {what}", "make two steps; for an answer in time there is 'silence'")
    if step.wait and step.next is None:
        compiler.find(path, "dead_end", f"nothing happens after the wait of '{name}'", "add 'next'")
    if step.ask_agent and not set(step.on) >= RESERVED_OUTCOMES:
        compiler.find(
            path, "outcome", f"'{name}' does not say what happens when the agent does not answer", "add 'on: {unavailable: ...}'"
        )


def _reach(compiler: Compiler, file: authored.FlowFile) -> None:
    if not file.steps:
        return
    first = next(iter(file.steps))
    reached = {first, file.landing} if file.landing in file.steps else {first}
    reached |= {name for name in (*(guard.otherwise for guard in file.who), file.limits.then) if name in file.steps}
    ahead = list(reached)
    while ahead:
        step = file.steps.get(ahead.pop())
        for _, target in moves_of(file, step) if step else ():
            if target not in reached:
                reached.add(target)
                ahead.append(target)
    for name in file.steps:
        if name not in reached:
            compiler.find(("steps", name), "unreachable", f"nothing leads to '{name}'", "lead to it, or remove it")


def _lengths(compiler: Compiler, file: authored.FlowFile) -> None:
    """The channel's limits, in every language."""
    for name, step in file.steps.items():
        path = ("steps", name)
        if len(step.options) + bool(step.options_from) > ROWS:
            compiler.find(path, "options", f"'{name}' has more than {ROWS} options", "ask in two steps")
        alike: set[tuple[str, str]] = set()
        for language in ("en", *compiler.translations) if step.options else ():
            seen: dict[str, str] = {}
            for id_, choice in step.options.items():
                key, here = f"{file.flow}.{name}.option.{id_}", (*path, "options", id_)
                label = shown(compiler, language, key, choice.label)
                own = language == "en" or label != choice.label  # what falls back to English is found there
                if own and "{" in label:
                    compiler.find(here, "label", f"the label '{label}' has a variable", "labels are fixed words")
                if own and length(label) > ROW_LABEL:
                    message = f"the label '{label}' ({language}) has {length(label)} characters"
                    compiler.find(here, "label", message, f"use at most {ROW_LABEL}")
                first = seen.setdefault(fold_label(label), id_)
                if first != id_ and (first, id_) not in alike:
                    alike.add((first, id_))
                    message = f"the options '{first}' and '{id_}' look the same ({language})"
                    compiler.find(here, "label", message, "word them differently")
                described = choice.description and shown(compiler, language, f"{key}.description", choice.description)
                if described and length(described) > DESCRIPTION and (language == "en" or described != choice.description):
                    message = f"the description of '{id_}' ({language}) is too long"
                    compiler.find(here, "label", message, f"use at most {DESCRIPTION} characters")


def shown(compiler: Compiler, language: str, key: str, source: str) -> str:
    if language == "en":
        return source
    known, translation = compiler.translations[language].get(key, ("", ""))
    return translation if translation and known == source else source


def check_names(compiler: Compiler, path: tuple[str, ...], texts: Sequence[authored.Variant], known: set[str]) -> None:
    for variant in texts:
        _known(compiler, path, variant.text, known)
        if variant.when:
            _known(compiler, path, variant.when, known, expression=True)


def _known(compiler: Compiler, path: tuple[str, ...], text: str, known: set[str], *, expression: bool = False) -> None:
    if not expression and "{" not in text:
        return
    try:
        used = names_in(text, expression=expression)
    except BadExpression:
        return  # the compiler reports it
    for name in used:
        if len(name) == 1 and name[0] in known and name[0] != "limits":  # nearly all
            continue
        owned = name[0] in OWNED and len(name) > 1 and name[1] not in PERSON and ".".join(name) not in known
        if name[0] not in known or owned or (name[0] == "limits" and name[-1] not in LIMITS):
            compiler.find(path, "variable", f"nothing ever sets '{'.'.join(name)}'", "declare it under 'vars', or mend the name")
