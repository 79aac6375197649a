"""From what authors wrote to what the engine runs. Collects every finding before it gives up."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Literal

from bot.dialogue import authored, flow
from bot.dialogue.answer_words import AnswerWords
from bot.dialogue.bundle import ref_of
from bot.dialogue.declared import listed, variables_of
from bot.dialogue.endings import with_endings
from bot.dialogue.expression import Expression
from bot.dialogue.file_texts import FileTexts
from bot.dialogue.folding import fold_label
from bot.dialogue.kinds import GIVEN, SPANS
from bot.dialogue.machine import END, Graph
from bot.dialogue.moves import THE_END, moves_of
from bot.dialogue.shapes import told_time
from bot.handwritten.source import Path_, Source
from bot.model.effects import NoticeClass
from bot.notices.bid import USEFULNESS
from bot.notices.hours import LIGHT

NOTICE_LIFE = 3600  # seconds
LONG = 4  # letters of a word in Latin letters that no other language has by chance
NO_WORDS = AnswerWords()
MEANS = {"yes": True, "no": False, None: None}


class Compiler(FileTexts):
    """Compiles one file. ``findings`` is complete afterwards."""

    def __init__(
        self,
        source: Source,
        translations: Mapping[str, Mapping[str, tuple[str, str]]],
        *,
        clinical: bool = False,
        media: Mapping[str, bytes] | None = None,
        answers: AnswerWords = NO_WORDS,
    ) -> None:
        super().__init__(source, translations, clinical=clinical, media=media)
        self.answers = answers

    def compile(self, file: authored.FlowFile) -> flow.Flow | None:
        self.clinical = file.risk == "clinical"
        self.meant = {name: take.note for name, take in file.takes.items() if take.note}
        self.meant |= {name: var.note for name, var in file.vars.items() if var.note}
        usual = self._repair(("repair",), file.flow, file.repair)
        steps = {name: self._step(file, name, step, usual) for name, step in file.steps.items()}
        who = tuple((self.expression(("who",), guard.when), guard.otherwise) for guard in file.who)
        moves = [(name, way, target) for name, step in file.steps.items() for way, target in moves_of(file, step)]
        if not self._sound(file, moves):
            return None
        return flow.Flow(
            name=file.flow,
            steps=steps,
            graph=Graph(steps, moves),
            first=next(iter(steps), END),
            needs_consent="consent" in file.needs,
            fresh=file.opens == "fresh",
            leave=file.leave,
            insist=file.insist,
            reenter=file.reenter,
            blank=dict.fromkeys(variables_of(file)),
            who=who,
            limits=flow.Limits(file.limits.steps, file.limits.questions, file.limits.then),
            arms=tuple(
                flow.Experiment(name, tuple(trial.of.items()), trial.until, trial.people, trial.then)
                for name, trial in file.arms.items()
            ),
            takes=tuple(file.takes),
            gives=tuple(file.gives),
            fleeting=frozenset(
                [name for name, var in file.vars.items() if var.scope == "turn"] + (list(GIVEN) if file.starts_on.from_ else [])
            ),
            lasting=frozenset(name for name, var in file.vars.items() if var.scope == "person"),
            holds=(file.holds.into, self.text(("holds", "say"), f"{file.flow}.holds", file.holds.say)) if file.holds else None,
            texts={name: self.text(("texts", name), f"{file.flow}.{name}", say) for name, say in file.texts.items()},
            notice=self._notice(file),
            clinical=file.risk == "clinical",
            beside=file.starts_on.beside_readings,
            asks_whose=file.asks_whose,
            words=file.starts_on.words,
            was=tuple(file.was),
            landing=file.landing,
            renamed={old: name for name, step in file.steps.items() for old in step.was},
        )

    def _sound(self, file: authored.FlowFile, moves: Iterable[tuple[str, str, str]]) -> bool:
        """Whether everything leads to a step that is there; what does not is a finding."""
        before, remedy = len(self.findings), "add the step or mend the name"
        for guard in file.who:
            if guard.otherwise not in file.steps:
                self.find(("who",), "target", f"there is no step '{guard.otherwise}'", remedy)
        if file.limits.then and file.limits.then not in file.steps:
            self.find(("limits", "then"), "target", f"there is no step '{file.limits.then}'", remedy)
        for source, _, target in moves:
            if target not in file.steps and target != END:
                self.find(("steps", source), "target", f"'{source}' goes to '{target}', and there is no such step", remedy)
        return len(self.findings) == before

    def _repair(self, path: Path_, key: str, repair: authored.Repair) -> dict[str, flow.Mend]:
        mends = {}
        for pattern, mend in repair.patterns().items():
            if isinstance(mend, str):
                mends[pattern] = flow.Mend(True, None, None)
                continue
            say = self.text((*path, pattern, "say"), f"{key}.repair.{pattern}", mend.say) if mend.say else None
            mends[pattern] = flow.Mend(False, say, f"repair.{pattern}" if mend.then else None)
        return mends

    def _step(
        self,
        file: authored.FlowFile,
        name: str,
        step: authored.Step,
        usual: Mapping[str, flow.Mend],
    ) -> flow.Step:
        path: Path_ = ("steps", name)
        key = f"{file.flow}.{name}"
        ways = [
            (self.expression(path, way.when) if way.when else None, f"next.{index}")
            for index, way in enumerate(step.next or THE_END)
        ]
        told = step.several or file.flow == flow.ENDED
        choices = [
            self._choice((*path, "options", id_), f"{key}.option.{id_}", id_, choice, told=told)
            for id_, choice in step.options.items()
        ]
        agent = self._agent(path, step)
        own = step.repair.patterns()
        consent = (step.grant_consent.text_of, tuple(step.grant_consent.purposes)) if step.grant_consent else None
        taken_back = step.withdraw_consent
        withdraw = (taken_back.reason, tuple(taken_back.purposes)) if taken_back else None
        return flow.Step(
            flow=file.flow,
            name=name,
            kind=step.kind,
            say=self.part(path, key, "say", step.say),
            kinder=step.kinder,
            grave=self._grave(file, step),
            header=self.part(path, key, "header", step.header) if step.header else None,
            footer=self.part(path, key, "footer", step.footer) if step.footer else None,
            menu_label=self.part(path, key, "menu_label", step.menu_label) if step.menu_label else None,
            media=self._media((*path, "media"), step.media) if step.media else None,
            choices=tuple(choices),
            options_from=step.options_from,
            week=step.week,
            several=step.several,
            in_language=step.in_language,
            slots=tuple([self._slot(path, key, slot, spec) for slot, spec in step.expect.items()]),
            answer=step.answer or name,
            unclear=self._unclear(path, key, step.unclear),
            silence=self._silence(path, key, step.silence),
            notice=self._notice(file, step.notice) if step.notice.model_fields_set else None,
            skip=step.skip is not None,
            told_again=step.told_again is not None,
            put_again=step.put_again is not None,
            what=self.part(path, key, "what", step.what),
            repair={**usual, **self._repair((*path, "repair"), key, step.repair)} if own else usual,
            set=self.values(path, step.set) if step.set else (),
            record=(step.record.kind, self.values(path, step.record.data)) if step.record else None,
            consent=consent,
            withdraw=withdraw,
            messages=step.messages,
            hands_over=self._handing(path, step.hand_over) if step.hand_over else None,
            takes_back=step.take_back,
            forgets=step.forget,
            adds=self.values(path, {**step.household.add}) if step.household and step.household.add else (),
            removes=self.values(path, {"who": step.household.remove})[0][1] if step.household and step.household.remove else None,
            emergency=self.expression(path, step.emergency) if step.emergency else None,
            agent=agent,
            wait=self._lapse((*path, "wait"), step.wait) if step.wait else None,
            until=frozenset(listed(step.until.readings)) if step.until else frozenset(),
            call=step.call,
            into=tuple(step.into.items()),
            cancelled="cancelled" in step.on and step.call is not None,
            jump=step.jump,
            take_up=step.take_up,
            data=() if agent or not step.with_ else self.values(path, step.with_),
            ways=tuple(ways),
        )

    def _agent(self, path: Path_, step: authored.Step) -> flow.AgentCall | None:
        if not step.ask_agent:
            return None
        who, what = step.ask_agent.split(".")
        data = self.values(path, step.with_)
        return flow.AgentCall(who, what, data, tuple(step.facts), frozenset(step.on), step.within, step.correctable)

    @staticmethod
    def _grave(file: authored.FlowFile, step: authored.Step) -> bool:
        """It stands in the lane of emergencies, or one of its options raises one."""
        steps = [file.steps[choice.go] for choice in step.options.values() if choice.go in file.steps]
        return step.kind == "emergency" or any(one.emergency is not None for one in steps)

    def _handing(self, path: Path_, handing: authored.Handing) -> tuple[str, str, Expression, int]:
        agent, name = handing.to.split(".")
        [(_, who)] = self.values(path, {"who": handing.who}) or [("who", lambda values: None)]
        return agent, name, who, handing.for_

    def _choice(self, path: Path_, key: str, id_: str, choice: authored.Choice, *, told: bool) -> flow.Choice:
        label = self.text(path, key, [authored.Variant(text=choice.label, note=choice.note)])
        described = [authored.Variant(text=choice.description)] if choice.description else None
        shown = {template({}) for template in label.wordings[0].templates.values()}
        words = frozenset([fold_label(word) for word in (*shown, *choice.also)])
        typed = self.answers.of((choice.label, *choice.also))
        names = words | {word for word in typed if len(word) >= LONG or not word.isascii()}
        return flow.Choice(
            id=id_,
            label=label,
            description=self.part(path, key, "description", described),
            words=words | typed,
            inside=words | {word for word in typed if not word.isascii()},
            listed=names | with_endings(names, self.answers.endings) if told else frozenset(),
            means=MEANS[choice.means or (id_ if id_ in ("yes", "no") else None)],
            way=f"option.{id_}" if choice.go else "next",
        )

    def _media(self, path: Path_, media: authored.Attachment) -> flow.Attachment:
        if "{{" in media.source:
            [(_, ref)] = self.values(path, {"ref": media.source}) or [("ref", lambda values: None)]
            return flow.Attachment(media.kind, ref, media.name)
        known = ref_of(self.media[media.source]) if media.source in self.media else None
        return flow.Attachment(media.kind, lambda values: known, media.name or media.source)

    def _slot(self, path: Path_, key: str, name: str, slot: authored.Slot) -> flow.Slot:
        ask = self.text((*path, "expect", name, "ask"), f"{key}.ask.{name}", slot.ask) if slot.ask else None
        return flow.Slot(
            name,
            slot.type,
            slot.required,
            slot.min,
            slot.max,
            slot.integer,
            slot.in_the,
            SPANS.get((slot.unit or "").removesuffix("s")),
            ask,
            slot.anything,
        )

    def _unclear(self, path: Path_, key: str, unclear: authored.Unclear | None) -> flow.Unclear | None:
        if unclear is None:
            return None
        return flow.Unclear(self.part(path, key, "unclear", unclear.say), unclear.tries, "unclear" if unclear.then else None)

    def _silence(self, path: Path_, key: str, silence: authored.Silence | None) -> flow.Silence | None:
        if silence is None:
            return None
        then: Literal["bookmark", "end", "step"] = "step"
        if silence.then in ("bookmark", "end"):
            then = "bookmark" if silence.then == "bookmark" else "end"
        return flow.Silence(self._lapse((*path, "silence"), silence.after), self.part(path, key, "silence", silence.say), then)

    def _lapse(self, path: Path_, time: int | str) -> flow.Lapse:
        if isinstance(time, int):
            return flow.Lapse(time)
        told, unit = told_time(time)
        return flow.Lapse(unit, self.expression(path, told))

    @staticmethod
    def _notice(file: authored.FlowFile, own: authored.Notice | None = None) -> flow.Notice:
        """What a step leaves out is the flow's; what nobody says is on the safe side: it counts, and is soon out of date."""
        given = [one for one in (own, file.notice) if one]
        kind: NoticeClass = next((one.class_ for one in given if one.class_), "reminder")
        return flow.Notice(
            kind,
            next((one.topic for one in given if one.topic), file.flow),
            next((one.expires for one in given if one.expires), NOTICE_LIFE),
            next((one.once for one in given if one.once), "day" if kind in LIGHT else "cause"),
            next((one.merge for one in given if one.merge), ""),
            next((one.chosen for one in given if one.chosen is not None), False),
            next((one.usefulness for one in given if one.usefulness is not None), USEFULNESS),
        )
