"""The engagement engine: intents in, what is kept and told out. The rules are in the modules beside it."""

from __future__ import annotations

from msgspec.structs import replace

from agents.engagement_engine import kept
from agents.engagement_engine.copies import ERASURE, Bundle, Copies, Elsewhere
from agents.engagement_engine.digests import DIGEST, Digests
from agents.engagement_engine.explaining import explain_last
from agents.engagement_engine.kept import Kept
from agents.engagement_engine.waking import Insights, Waking
from agents.engagement_engine.wishes import Wishes
from agents.engagement_engine.words import Says, Wordless
from agents.result import Result, Woken
from bot.errors import Malformed
from bot.model.effects import Intent
from bot.ports.documents import Document
from bot.ports.media import MediaStore
from bot.ports.store import Store
from bot.ports.tombstones import Tombstones
from config.engagement import Engagement
from config.policy import Policy

CHANGES_HOURS = frozenset({"set_reminder", "remind_medicine", "move_reminder", "end_reminder"})


class EngagementEngine:
    """docs/agents/engagement_engine.md tells every intent with its data, outcomes and facts."""

    name = "engagement_engine"
    intents = (
        "set_reminder", "remind_medicine", "find_times", "list_reminders", "move_reminder", "end_reminder", "pause_reminders",
        "skip_today", "answer_reminder", "describe_data", "export_data", "erase_person",
        "begin_digest", "set_digest", "mute_digest", "how_is", "explain_last_message",
    )  # fmt: skip
    kinds = (kept.KIND, DIGEST, ERASURE)

    def __init__(
        self,
        store: Store,
        policy: Policy,
        rules: Engagement,
        words: Says | None = None,
        insights: Insights | None = None,
        *,
        media: MediaStore | None = None,
        bundle: Bundle | None = None,
        behind: Elsewhere | None = None,
        tombstones: Tombstones | None = None,
    ) -> None:
        """Without ``words`` lists show ids; without ``insights`` there are neither summaries nor digests; without ``media``
        nobody gets a copy."""
        self._store = store
        self._digests = Digests(store, policy, rules, words or Wordless(), insights)
        self._copies = Copies(store, rules, media, bundle, behind=behind, tombstones=tombstones)
        self._wishes = Wishes(store, Kept(store.documents), rules, words or Wordless())
        self._waking = Waking(store, rules, insights)

    async def handle(self, intent: Intent, *, now: float) -> Result:
        result = await self._handled(intent, now)
        if intent.name in CHANGES_HOURS and result.outcome in ("set", "moved", "ended"):
            hours = await self._wishes.medicine_hours(intent.person)
            return replace(result, facts={**result.facts, "medicine_hours": " ".join(hours)})
        return result

    async def _handled(self, intent: Intent, now: float) -> Result:
        match intent.name:
            case "set_reminder":
                return await self._wishes.set(intent, now)
            case "remind_medicine":
                return await self._wishes.remind_medicine(intent, now)
            case "find_times":
                return self._wishes.find_times(intent)
            case "list_reminders":
                return await self._wishes.listed(intent, now)
            case "move_reminder":
                return await self._wishes.move(intent, now)
            case "end_reminder":
                return await self._wishes.end(intent, now)
            case "pause_reminders":
                return await self._wishes.pause(intent, now)
            case "skip_today":
                return await self._wishes.skip_today(intent, now)
            case "answer_reminder":
                return await self._wishes.answer(intent, now)
            case "describe_data":
                return await self._copies.describe(intent, now)
            case "export_data":
                return await self._copies.export(intent, now)
            case "erase_person":
                return await self._copies.erase(intent, now)
            case "begin_digest":
                return await self._digests.begin(intent, now)
            case "set_digest":
                return await self._digests.set(intent, now)
            case "mute_digest":
                return await self._digests.mute(intent, now)
            case "how_is":
                return await self._digests.how_is(intent, now)
            case "explain_last_message":
                return await explain_last(self._store, intent)
            case unknown:
                raise Malformed(f"engagement_engine does not know the intent {unknown[:60]!r}")

    async def wake(self, document: Document, *, now: float) -> Woken:
        if document.kind == ERASURE:
            return await self._copies.wake(document, now)
        if document.kind == DIGEST:
            return await self._digests.wake(document, now)
        return await self._waking.wake(document, now)
