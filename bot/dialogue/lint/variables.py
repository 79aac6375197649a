"""Variables on their way through a flow: which surely have a value at each step, and what an answer can be."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from bot.dialogue import authored
from bot.dialogue.declared import listed
from bot.dialogue.draft import Draft
from bot.dialogue.expression import BadExpression, names_in
from bot.dialogue.graph import waits
from bot.dialogue.kinds import GIVEN, READINGS, sure_parts_of
from bot.dialogue.lint.answer_types import wrong_types
from bot.dialogue.lint.at_load import BUILT_IN
from bot.dialogue.lint.formula import NONE, Names, implied, needed, parse, root
from bot.dialogue.lint.rules import found
from bot.dialogue.machine import END
from bot.dialogue.moves import mends_of
from bot.dialogue.plain import plain_said
from bot.handwritten.finding import Finding
from bot.handwritten.source import Path_

WITH = {kind: sure_parts_of(kind, kind) for kind in sorted(READINGS)}
SURE = BUILT_IN - {"person"} | {"person.language", "arms"}
NO_FACTS = ("unavailable", "failed")


def check_variables(draft: Draft) -> Iterator[Finding]:
    given = _given(draft)
    gives = {flow: _surely_given(file, given[flow]) for flow, file in draft.files.items() if file.gives}
    for flow, file in draft.files.items():
        source = draft.compilers[flow].source
        for path, name in sorted(set(_empty(file, given[flow], gives)), key=repr):
            remedy = "ask for it before, or write it only {% if it is there %}, or choose the text by 'when'"
            yield found(source, path, "empty_variable", f"'{name}' may be empty here", remedy)
        for path, message, remedy in wrong_types(file):
            yield found(source, path, "answer_type", message, remedy)
        for step_name, step in file.steps.items():
            for slot, spec in step.expect.items():
                if spec.type == "number" and not spec.unit:
                    path = ("steps", step_name, "expect", slot)
                    yield found(source, path, "unit", f"the number '{slot}' has no unit", "add 'unit: ...'")
        used = _used(file) if file.vars or file.takes else set()
        for part, names in (("vars", list(file.vars)), ("takes", list(file.takes))):
            for index, name in enumerate(names):
                if name not in used:
                    place: Path_ = (part, name) if (part, name) in source.places else (part, index)
                    yield found(source, place, "unused", f"nothing uses the variable '{name}'", "remove it")


def _given(draft: Draft) -> dict[str, Names]:
    """What a flow surely has when it starts: what every caller hands over. What starts by itself has nothing."""
    handed: dict[str, list[Names]] = {flow: [] for flow in draft.files}
    for file in draft.files.values():
        for step in file.steps.values():
            other = step.call or step.jump
            if other in handed:
                handed[other].append(frozenset(step.with_))
    result = {}
    for flow, file in draft.files.items():
        starts = file.starts_on
        callers = handed[flow]
        kinds = [*listed(starts.readings), *listed(starts.media)]
        if starts.emergency:
            result[flow] = frozenset(("category",)).intersection(*callers)
        elif starts.from_:
            result[flow] = NONE if callers else frozenset(GIVEN)
        elif starts.event:
            told = frozenset(name for name, take in file.takes.items() if take.required)
            result[flow] = NONE if starts.intent or starts.phrases or starts.command or file.reenter else told
        elif starts.intent or starts.phrases or starts.command or file.reenter or len(kinds) > 1 or (kinds and callers):
            result[flow] = NONE
        elif kinds:
            result[flow] = _whole(frozenset(kinds))
        elif callers:
            result[flow] = frozenset.intersection(*callers)
        else:
            result[flow] = frozenset((*file.vars, *file.takes))
    return result


def _surely_given(file: authored.FlowFile, given: Names) -> Names:
    """The results that a flow has at each of its ends."""
    ends = [
        known
        for name, before in _reached(file, given, {}).items()
        for target, known in _after(name, file.steps[name], before, file, {})
        if target == END
    ]
    ends += [NONE for step in file.steps.values() if step.jump]
    return frozenset(file.gives).intersection(*ends)


def _empty(file: authored.FlowFile, given: Names, gives: Mapping[str, Names]) -> Iterator[tuple[Path_, str]]:
    for name, known in _reached(file, given, gives).items():
        yield from _needs(name, file.steps[name], known, gives)


def _reached(file: authored.FlowFile, given: Names, gives: Mapping[str, Names]) -> dict[str, Names]:
    """Each step that can be reached, with what is surely known there."""
    order = {name: place for place, name in enumerate(file.steps)}
    reached: dict[str, Names] = {}
    ahead = dict.fromkeys(list(order)[:1], given | SURE)
    ahead |= {guard.otherwise: given | SURE for guard in file.who if guard.otherwise in order}
    ahead |= {file.limits.then: SURE} if file.limits.then in order else {}
    if file.reenter:  # an old button begins in the middle
        ahead |= {name: given | SURE for name, step in file.steps.items() if step.options}
    while ahead:
        name = min(ahead, key=order.__getitem__)  # in the order of the file, so that most steps are looked at once
        known = ahead.pop(name)
        if name in reached and reached[name] <= known:
            continue
        known = reached[name] = reached.get(name, known) & known
        after = [
            *_after(name, file.steps[name], known, file, gives),
            *((target, known) for _, target in mends_of(file, file.steps[name])),
        ]
        for target, then in after:
            if target in order:
                ahead[target] = ahead[target] & then if target in ahead else then
    return reached


def _after(
    name: str, step: authored.Step, known: Names, file: authored.FlowFile, gives: Mapping[str, Names]
) -> Iterator[tuple[str, Names]]:
    """Every step that can follow, with what is surely known there."""
    if waits(step) or step.call or step.take_up:
        known -= {variable for variable, var in file.vars.items() if var.scope == "turn"}
    if step.unclear and step.unclear.then:
        yield step.unclear.then, known
    if step.skip:
        yield step.skip, known
    if step.told_again:
        yield step.told_again, known
    if step.put_again:
        yield step.put_again, known
    if step.silence:
        yield step.silence.then, known
    if step.until:
        known -= set(listed(step.until.readings))
    if step.ask_agent:
        for outcome, target in step.on.items():
            yield target, known if outcome in NO_FACTS else known | frozenset(step.facts)
        return
    for target in step.on.values():
        yield target, known
    known = _results(step, known, gives)
    answer = _answer(name, step)
    for choice in step.options.values():
        if choice.go:
            yield choice.go, _set(step, known | _answer(name, step))
    known = _set(step, known | answer)
    for way in step.next or ([] if step.jump else [authored.Way(go=END)]):
        condition = root(way.when) if way.when else None
        yield way.go, _whole(known | implied(condition, holds=True))
        known = _whole(known | implied(condition, holds=False))


def _answer(name: str, step: authored.Step) -> Names:
    """What an answer surely fills: a tap fills the option, words fill the required slots."""
    more = [f"{step.answer or name}_{part}" for part, there in (("label", step.options_from), ("all", step.several)) if there]
    tapped = frozenset((step.answer or name, *more))
    typed = frozenset(slot for slot, spec in step.expect.items() if spec.required)
    for slot, spec in step.expect.items():
        if spec.required:
            typed |= sure_parts_of(slot, spec.type)
    if step.options and step.expect:
        return tapped & typed
    return tapped if step.options else typed if step.expect else NONE


def _set(step: authored.Step, known: Names) -> Names:
    if not step.set:
        return known
    for target, value in step.set.items():
        empty = isinstance(value, str) and value.replace(" ", "") == "{{none}}"
        known = known - {target} if empty or value is None else known | {target}
    return _whole(known)


def _whole(known: Names) -> Names:
    """A reading that is known brings its parts: what started the flow, or a condition, says only its name."""
    return known if known.isdisjoint(WITH) else known.union(*(parts for kind, parts in WITH.items() if kind in known))


def _results(step: authored.Step, known: Names, gives: Mapping[str, Names]) -> Names:
    """What is known when a called flow has come back."""
    sure = gives.get(step.call or "", NONE)
    return known - set(step.into) | {local for local, result in step.into.items() if result in sure}


def _needs(name: str, step: authored.Step, known: Names, gives: Mapping[str, Names]) -> Iterator[tuple[Path_, str]]:
    path: Path_ = ("steps", name)
    before = known
    if not (step.options or step.expect):
        known = _set(step, known)
    for part, say in _texts(step):
        for one in _said(say, known) if say else ():
            yield (*path, part), one
    for slot, spec in step.expect.items():
        for one in _said(spec.ask, before) if spec.ask else ():
            yield (*path, "expect", slot, "ask"), one
    during = before | _answer(name, step)
    for value in step.set.values():
        if isinstance(value, str) and (tree := parse(value)):
            calculated = [one for output in tree.body for child in output.iter_child_nodes() for one in needed(child, during)]
            yield from (((*path, "set"), one) for one in calculated)
    if not step.next:
        return
    after = _set(step, _results(step, known, gives) | _answer(name, step))
    for index, way in enumerate(step.next):
        condition = root(way.when) if way.when else None
        if condition is not None:
            yield from (((*path, "next", index), one) for one in needed(condition, after))
            after = _whole(after | implied(condition, holds=False))


def _texts(step: authored.Step) -> Iterator[tuple[str, list[authored.Variant] | None]]:
    """What a step says when the variables have the values that they have there, and the part of it that says so."""
    yield from (("say", step.say), ("header", step.header), ("footer", step.footer), ("menu_label", step.menu_label))
    yield "repair", step.what
    yield from (("repair", mend.say) for mend in step.repair.patterns().values() if not isinstance(mend, str))
    yield "unclear", step.unclear.say if step.unclear else None
    yield "silence", step.silence.say if step.silence else None


def _said(say: list[authored.Variant], known: Names) -> Iterator[str]:
    for variant in say:
        condition = root(variant.when) if variant.when else None
        if "{" in variant.text:
            yield from _needed(variant.text, _whole(known | implied(condition, holds=True)) if condition else known)
        if condition:
            known = _whole(known | implied(condition, holds=False))


def _needed(text: str, known: Names) -> Iterator[str]:
    """The variables without a sure value that a text says."""
    said = plain_said(text)
    if said is None:
        yield from needed(tree, known) if (tree := parse(text)) else ()
        return
    for name in said:
        owner = name.partition(".")[0]
        whole = name if owner == "person" else owner
        if whole not in known:
            yield whole


def _used(file: authored.FlowFile) -> set[str]:
    """Every variable that a text, a condition or a value of the flow reads."""
    words: list[tuple[str, bool]] = []
    for step in file.steps.values():
        asks = [spec.ask for spec in step.expect.values()]
        for say in (step.say, step.header, step.footer, step.menu_label, step.what, step.unclear and step.unclear.say, *asks):
            words += [(variant.text, False) for variant in say or []]
            words += [(variant.when, True) for variant in say or [] if variant.when]
        words += [(variant.text, False) for variant in (step.silence.say if step.silence else None) or []]
        words += [(way.when, True) for way in step.next or [] if way.when]
        words += [(name, True) for name in (step.emergency, step.take_up, step.options_from, step.in_language) if name]
        words += [(step.media.source, False)] if step.media else []
        times = (step.wait, step.silence.after if step.silence else None)
        words += [(time, False) for time in times if isinstance(time, str)]
        values: list[Mapping[str, Any]] = [step.set, step.with_, step.record.data if step.record else {}]
        words += [(value, False) for one in values for value in one.values() if isinstance(value, str)]
    words += [(guard.when, True) for guard in file.who]
    words += [(variant.text, False) for say in file.texts.values() for variant in say]
    words += [(variant.when, True) for say in file.texts.values() for variant in say if variant.when]
    names: set[str] = set(file.gives)
    for text, expression in words:
        try:
            names.update(name[0] for name in names_in(text, expression=expression))
        except BadExpression:
            continue
    return names
