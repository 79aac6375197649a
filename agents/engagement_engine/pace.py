"""How often somebody wants to hear from us, as a document that the planner of notices reads. The newest wish counts."""

from __future__ import annotations

from typing import Any, Final

from msgspec.structs import replace

from agents.clinical_monitor.given import one_of
from agents.engagement_engine.kept import TRIES
from agents.result import Result
from bot.errors import StoreUnavailable
from bot.model.effects import Intent
from bot.ports.documents import Document, Documents

KIND: Final = "pace"
"""One a person, under their id: its state is the pace, its data ``until`` when a pause goes and the time of the wish."""
PACES: Final = ("fewer", "medicines", "week", "usual")
WEEK: Final = 7 * 86_400.0


async def set_pace(documents: Documents, intent: Intent) -> Result:
    """``done``. A pause of a week leaves the pace of before for afterwards."""
    wish = one_of(intent, "pace", *PACES)
    for _ in range(TRIES):
        found = await documents.get(KIND, intent.person)
        document = found or Document(KIND, intent.person, intent.person, intent.at, state="usual")
        data = dict[str, Any](document.data)
        if intent.at < float(data.get("at", 0.0)) or data.get("by") == intent.id:
            return Result("done")
        data |= {"at": intent.at, "by": intent.id, "until": intent.at + WEEK if wish == "week" else 0.0}
        state = document.state if wish == "week" else wish
        if await documents.save(replace(document, state=state, data=data)):
            return Result("done")
    raise StoreUnavailable("Others keep changing this pace.")
