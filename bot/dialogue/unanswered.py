"""The answer to what somebody wrote comes before any news: what an agent tells unasked meanwhile is put off until it is there.

News come through the same queue as the answer, and an agent at work on a question may be overtaken by another that has nothing
to do with it. Danger waits for nothing; and nothing is lost for having waited: an answer that does not come ends the wait, too.
"""

from __future__ import annotations

from typing import Final

from bot.model.events import AgentResult, TimerFired, Told
from bot.model.session import Session, Wait
from bot.notices.bid import Reason

BEHIND: Final[Reason] = "answer_first"
MARGIN: Final = 1.0  # seconds behind the moment at which we say that there is no answer


def answer_due(session: Session, event: Told | TimerFired | AgentResult) -> float:
    """When what an agent is asked for this person's own message is answered at the latest; 0 where nothing is open.

    The event that is that answer, or its coming too late, waits for nothing.
    """
    ends: dict[str, float] = {timer.id: timer.at for timer in session.timers}
    waits = [frame.wait for frame in session.stack if frame.wait and frame.wait.intent and not frame.wait.unasked]
    return max((_end(wait, ends) for wait in waits if not _of(event, wait)), default=0.0)


def _end(wait: Wait, ends: dict[str, float]) -> float:
    at = wait.until if wait.until is not None else ends.get(wait.timer or "")
    return 0.0 if at is None else at + MARGIN


def _of(event: Told | TimerFired | AgentResult, wait: Wait) -> bool:
    if isinstance(event, AgentResult):
        return event.intent == wait.intent
    return isinstance(event, TimerFired) and event.timer == wait.timer
