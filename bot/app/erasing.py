"""Erase a person as they could themselves, and search every store for what is left."""

from __future__ import annotations

import secrets

from msgspec import Struct

from agents.engagement_engine.copies import ERASURE, Copies
from agents.result import Result
from bot.app.elsewhere import FastAndParked
from bot.app.engines import Engines
from bot.model.effects import Intent
from bot.model.ids import EffectId, PersonId, ids_are_keyed
from bot.ports.documents import Document
from bot.upkeep.leftovers import Judged, Kept, judge, search
from config.engagement import Engagement


class Findings(Struct, frozen=True):
    receipts: list[Document]  # the newest first
    found: list[Judged]

    @property
    def left(self) -> list[Judged]:
        return [one for one in self.found if not one.stays]


async def erase_person(engines: Engines, rules: Engagement, person: PersonId, now: float, *, who: str, why: str) -> Result:
    """``erased``, or ``erasing`` where an engine does not answer; with a receipt. A repeat makes a receipt of its own."""
    copies = _copies(engines, rules)
    intent = Intent(EffectId(f"staff:{secrets.token_hex(12)}"), person, "engagement_engine", "erase_person", now)
    return await copies.erase(intent, now, who=who, why=why)


async def erase_again(engines: Engines, rules: Engagement, now: float) -> int:
    """Everybody of whom there is a tombstone and whom a restored backup has brought back. Returns how many erasures that were.

    In a backup from before people's ids were moved they are under other ids: ``procare migrate`` moves those, and asks again."""
    copies = _copies(engines, rules)
    named = [stone for stone in await engines.tombstones.all() if stone.person.startswith("k") == ids_are_keyed()]
    return sum([await copies.erase_again(stone, now) for stone in named])


def _copies(engines: Engines, rules: Engagement) -> Copies:
    elsewhere = FastAndParked(engines.footprint, engines.bus)
    return Copies(engines.store, rules, engines.media, None, elsewhere, tombstones=engines.tombstones)


async def find_remains(engines: Engines, rules: Engagement, person: PersonId) -> Findings:
    """Also of those of whom only a receipt tells any more."""
    receipts = await engines.store.documents.of(person, ERASURE)
    told = [PersonId(one) for receipt in receipts for one in receipt.data["people"]]
    people = list(dict.fromkeys([*await Copies(engines.store, rules, None, None).whole(person), *told]))
    found = await search(engines.store, engines.media, engines.footprint, engines.bus, people)
    kept = Kept(rules.erasure.keep_records, rules.erasure.keep_documents, ERASURE)
    return Findings(receipts, judge(found, kept, max((float(one.data["until"]) for one in receipts), default=None)))
