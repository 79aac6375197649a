"""Ends experiments that enough people have taken part in: counts the records of them, in a running worker."""

from __future__ import annotations

import asyncio
import logging
from contextlib import suppress
from dataclasses import replace
from typing import Protocol

from bot.dialogue.cohort import record_of
from bot.dialogue.contents import Contents
from bot.errors import Unavailable

log = logging.getLogger(__name__)

LOOK = 60.0
"""Seconds between two counts."""


class Holds(Protocol):
    contents: Contents


class Counts(Protocol):
    async def people(self, kind: str) -> int:
        """How many people have a record of this kind."""


async def watch_experiments(engine: Holds, store: Counts, stop: asyncio.Event) -> None:
    """Until ``stop``. A store that is down lets experiments run on; their last day ends them all the same."""
    while not stop.is_set():
        try:
            await end_what_is_full(engine, store)
        except Unavailable as error:
            log.warning("experiments were not counted", extra={"action": "experiments_not_counted", "code": error.code})
        with suppress(TimeoutError):
            await asyncio.wait_for(stop.wait(), LOOK)


async def end_what_is_full(engine: Holds, store: Counts) -> None:
    """An experiment that has ended stays ended in this process; another process finds the same."""
    for flow in list(engine.contents.current.flows.values()):
        for experiment in flow.arms:
            if experiment.people is None or experiment.name in engine.contents.ended:
                continue
            if await store.people(record_of(experiment.name)) >= experiment.people:
                engine.contents = replace(engine.contents, ended=engine.contents.ended | {experiment.name})
                log.info("an experiment has ended", extra={"action": "experiment_ended", "name_of": experiment.name})
