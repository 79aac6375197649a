"""Which case somebody of the clinic means: the number that they write, the message that they quote, the only one that is open."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

from agents.doctor_bridge.case import Case
from agents.doctor_bridge.files import Files
from bot.model.effects import Intent
from bot.ports.documents import Document
from config.care_team import Member

Found = tuple[Document, Case]
OWN, MONITOR, RESULT = "doctor_bridge:", "clinical_monitor:", ":result#"


class Meant(Struct, frozen=True):
    """``emergency``: the quoted alarm of which there is no case yet. ``open``: those that could be meant."""

    outcome: Literal["found", "which", "no_case", "unknown_case", "emergency"]
    found: Found | None = None
    emergency: str = ""
    open: tuple[Found, ...] = ()


async def find_case(files: Files, member: Member, intent: Intent, *, number: str | None, quoted: str, target: str) -> Meant:
    """A number says more than a quotation. What is quoted and not known is asked about: it may be about anybody. An intent that
    comes again means what it meant the first time."""
    desk = [one for one in await files.desk(intent.person) if one[1].clinic == member.clinic]
    open_ = tuple(one for one in desk if one[1].state != "closed")
    if before := next((one for one in desk if one[1].answered(intent.id)), None):
        return Meant("found", before)
    if number:
        found = await files.numbered(number)
        known = found is not None and found[1].clinic == member.clinic
        return Meant("found", found) if known else Meant("unknown_case", open=open_)
    if target:  # they change what they wrote
        changed = next((one for one in desk if any(note == target for _, _, note in one[1].heard)), None)
        return Meant("found", changed) if changed else _by_count(open_, desk, member)
    if quoted.startswith(MONITOR):
        emergency = ":".join(quoted.removeprefix(MONITOR).split(":")[:3])
        case = next((one for one in desk if one[1].emergency == emergency), None)
        return Meant("found", case) if case else Meant("emergency", emergency=emergency, open=open_)
    if quoted.startswith(OWN):
        id_ = ":".join(quoted.removeprefix(OWN).split(":")[:2])
        case = next((one for one in desk if one[0].id == id_), None)
        return Meant("found", case) if case else _ask(open_)
    if RESULT in quoted:  # what we said to an earlier message of theirs
        earlier = quoted.partition(RESULT)[0]
        case = next((one for one in desk if one[1].answered(earlier)), None) or await _took(files, desk, earlier)
        return Meant("found", case) if case else _ask(open_)
    return _ask(open_) if quoted else _by_count(open_, desk, member)


async def _took(files: Files, desk: list[Found], intent: str) -> Found | None:
    """The case of the alarm that was taken with this tap."""
    for document, case in desk:
        if case.emergency and await files.took(case.emergency, intent):
            return document, case
    return None


def _by_count(open_: tuple[Found, ...], desk: list[Found], member: Member) -> Meant:
    """The only one that is open; but their last words may have gone to one that a colleague closed while they went on writing."""
    if len(open_) != 1:
        return _ask(open_)
    newest = max(desk, key=lambda one: _wrote_at(one[1], member.id))
    return _ask((newest, *open_)) if _closed_by_another(newest[1], member.id) else Meant("found", open_[0])


def _wrote_at(case: Case, who: str) -> float:
    return max((at for at, what, by in case.log if (what, by) == ("wrote", who)), default=0.0)


def _closed_by_another(case: Case, who: str) -> bool:
    by = next((by for _, what, by in reversed(case.log) if what == "closed"), who)
    return case.state == "closed" and by not in (who, "quiet") and _wrote_at(case, who) > 0


def _ask(open_: tuple[Found, ...]) -> Meant:
    return Meant("which" if open_ else "no_case", open=open_)
