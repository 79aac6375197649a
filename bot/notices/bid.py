"""What asks to be said, and what is decided about it."""

from __future__ import annotations

from typing import Final, Literal

from msgspec import Struct

from bot.model.effects import NoticeClass

MEDICINE: Final = "medicine"
"""The root of the topics (``medicine.dose``) that come before everything else."""

TALK: Final = "talk"
"""The topic of what is said in a talk with a person of the care team, also of how it stands."""

USEFULNESS: Final = 50
"""Of a bid whose author does not say; from 0 to 100."""

Verdict = Literal["send", "at", "wait", "merge", "drop"]
"""``wait``: until the person writes, which opens the official channel; at ``at`` it is too late."""
Reason = Literal[
    "in_time",  # nothing stands against it
    "best_hour",  # its best moment is still to come
    "emergency",
    "a_person",  # somebody of the care team wrote it: it waits for nothing and counts for nothing
    "expired",
    "answer_first",  # the person has written, and waits for the answer to that
    "quiet_hours",
    "paused",
    "only_medicines",
    "not_allowed",  # they have taken back that we write to them of ourselves
    "festival",
    "fasting",
    "window",  # the official channel lets only an approved template through, and there is none
    "same_topic",  # it was spoken of on that day
    "day_full",
    "kept_room",  # there is room, and it belongs to what matters more
    "together",  # goes in one message with another
    "over",  # when its time came, there was nothing left to say
    "too_many",  # more waited than a person can hear in some days
]

_RANKS: Final[dict[str, int]] = {"emergency": -1, "clinical": 1, "reminder": 2, "care_team": 3, "coaching": 4, "education": 5}


class Bid(Struct, frozen=True, omit_defaults=True):
    """Something that wants to be said between ``earliest`` and ``latest`` (Unix seconds; at ``latest`` it is too late).

    ``best``: not before this moment if that can be had. ``merge``: bids with the same key can go in one message.
    ``chosen``: the person named the hour, or was promised it. ``live``: they are in the middle of it, they wrote a moment ago.
    ``owed``: it is not here yet, the day owes it; it keeps its room and gets no decision. ``size``: so many messages.
    """

    id: str
    kind: NoticeClass | Literal["emergency"]
    topic: str
    earliest: float
    latest: float
    best: float = 0.0
    usefulness: int = USEFULNESS
    merge: str = ""
    chosen: bool = False
    live: bool = False
    template: bool = False  # there is an approved one in the person's language
    owed: bool = False
    size: int = 1

    @property
    def rank(self) -> int:
        """Medicines first, then clinical, then the rest; the lower the sooner."""
        return 0 if self.kind != "emergency" and is_medicine(self.topic) else _RANKS[self.kind]


class Decision(Struct, frozen=True, omit_defaults=True):
    """``at``: when it is judged again and may go. ``into``: the bid that it goes with. ``reason``: what moved or stopped it."""

    bid: str
    verdict: Verdict
    reason: Reason
    at: float = 0.0
    into: str = ""


def is_medicine(topic: str) -> bool:
    return root_of(topic) == MEDICINE


def root_of(topic: str) -> str:
    """``medicine`` of ``medicine.dose``."""
    return topic.partition(".")[0]
