"""A rehearsal as a whole: the content, engine and agents of the service over stores in memory, street by street in processes."""

from __future__ import annotations

import asyncio
import gc
import logging
import multiprocessing
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from pathlib import Path

from msgspec import Struct

from agents.engagement_engine.words import FLOW, NAMES
from agents.registry import make_agents
from bot.adapters.lexicon_copy import load_index
from bot.adapters.memory import MemoryCaps, MemoryStore
from bot.dialogue.agent_texts import load_agent_texts
from bot.dialogue.bundle import Bundle
from bot.dialogue.content import content_of
from bot.dialogue.engine import Engine
from bot.model.effects import Outbound, TemplateWording
from bot.rehearsal.counts import Counts
from bot.rehearsal.life import life
from bot.rehearsal.meanings import Remembered
from bot.rehearsal.people import patient, staff_of
from bot.rehearsal.street import Street
from bot.rehearsal.watching import Watching
from bot.sending.last_look import LastLook
from bot.understanding.reader import Reader
from config.costs import load_costs
from config.personas import load_personas
from config.policy import FOLDER, load_policy

STREET = 50  # people; always as many, so that the result is the same with any number of processes
MIDNIGHT = 1_764_009_000.0  # 25 November 2025, a Tuesday, in India


class Wanted(Struct, frozen=True):
    """What to rehearse."""

    people: int
    days: int
    seed: int
    bundle: Bundle
    dialogs: Path
    locales: Path
    cache: Path


class Outcome(Struct):
    """``cpu``: seconds of processor time of all processes, ``seconds`` by the clock on the wall."""

    counts: Counts
    version: str
    cpu: float = 0.0
    seconds: float = 0.0


async def _all_approved(message: Outbound) -> tuple[TemplateWording, ...]:
    """As if WhatsApp's review had taken every template of the bundle."""
    return message.template.wordings if message.template else ()


class Stage:
    """What a process needs for any number of streets, loaded once."""

    def __init__(self, wanted: Wanted) -> None:
        self.wanted, self.personas, self.costs = wanted, load_personas(), load_costs()
        self.policy = load_policy().model_copy(update={"care_team": self.personas.care_team})
        lexicon = wanted.dialogs / "lexicon"
        self.reader = Reader.load(lexicon, FOLDER / "readings.yaml", load_index(lexicon, wanted.cache))
        self.understand = Remembered(self.reader.understand)
        content = content_of(wanted.bundle, self.policy.behaviour.languages)
        self.engine = Engine(content, self.policy, self.understand)
        self.store = MemoryStore(history=False)
        words = load_agent_texts(wanted.dialogs, wanted.locales, FLOW, NAMES, languages=self.policy.behaviour.languages)
        self.agents = make_agents(self.store, self.policy, wanted.dialogs, words=words)

    def play(self, street: int) -> Counts:
        """One street from its first day to its last."""
        return asyncio.run(self._play(street))

    async def _play(self, street: int) -> Counts:
        wanted, watching = self.wanted, Watching(MIDNIGHT, self.costs)
        self.store.clear()
        last_look = LastLook(MemoryCaps(), self.policy.behaviour.notices_per_day, _all_approved)
        place = Street(self.engine, self.understand, self.store, self.agents, self.personas, watching, last_look)
        for one in staff_of(self.personas, wanted.seed):
            place.move_in(one)
        for number in range(street * STREET, min(wanted.people, (street + 1) * STREET)):
            one = patient(self.personas, wanted.seed, number)
            place.move_in(one, life(one, self.personas, MIDNIGHT, wanted.days))
        until = MIDNIGHT + wanted.days * 86_400.0
        await place.live(until)
        return await watching.finish(place.people, self.store.documents, wanted.days, until)


def rehearse(wanted: Wanted, processes: int, *, done: Callable[[int], None] = lambda people: None) -> Outcome:
    """Play everybody. ``done`` is told how many people a finished street had. The counts depend on ``wanted`` alone. Raises
    ConfigError for a bundle that cannot be run."""
    started, counts, cpu = time.perf_counter(), Counts(), 0.0
    played = _in_processes(wanted, processes, done) if processes > 1 and wanted.people > STREET else _here(wanted, done)
    for one in played:
        counts.merge(one.counts)
        cpu += one.cpu
    return Outcome(counts, wanted.bundle.version, cpu, time.perf_counter() - started)


class Played(Struct):
    """One street. ``cpu`` of the first of a process includes its loading."""

    counts: Counts
    cpu: float

    @property
    def people(self) -> int:
        return self.counts.get("people", "patient")


def _here(wanted: Wanted, done: Callable[[int], None]) -> Iterator[Played]:
    before = time.process_time()
    stage = Stage(wanted)
    for street in _streets(wanted):
        one = Played(stage.play(street), time.process_time() - before)
        before = time.process_time()
        done(one.people)
        yield one


def _in_processes(wanted: Wanted, processes: int, done: Callable[[int], None]) -> Iterator[Played]:
    """In the order of the streets: which of them finished first must not show."""
    content_of(wanted.bundle, load_policy().behaviour.languages)  # what is wrong with it is told here, not by a dead process
    context, ready, following = multiprocessing.get_context("spawn"), dict[int, Played](), 0
    with ProcessPoolExecutor(processes, mp_context=context, initializer=_open, initargs=(wanted,)) as pool:
        tasks = {pool.submit(_street, street): street for street in _streets(wanted)}
        for task in as_completed(tasks):
            one = ready[tasks.pop(task)] = task.result()
            done(one.people)
            while following in ready:
                yield ready.pop(following)
                following += 1


def _streets(wanted: Wanted) -> range:
    return range(-(-wanted.people // STREET))


_stage: Stage | None = None
_before = 0.0


def _open(wanted: Wanted) -> None:
    """The first thing that a process does."""
    global _stage
    logging.disable(logging.WARNING)
    _stage = Stage(wanted)
    gc.collect()
    gc.freeze()  # content lives as long as the process: the collector need not walk it again and again
    gc.set_threshold(100_000, 20, 20)  # nor the people of a street, who live as long as their month


def _street(street: int) -> Played:
    global _before
    if _stage is None:
        raise RuntimeError("the process was not opened")
    counts = _stage.play(street)
    spent, _before = time.process_time() - _before, time.process_time()
    return Played(counts, spent)
