"""Intents about relatives who help. Two have to agree: the patient who asks, and the relative who answers for themselves."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from hashlib import blake2s
from urllib.parse import quote

from msgspec.structs import replace

from agents.care_coordinator import given, ties
from agents.care_coordinator.ties import Tie, seen_by_patient, stands, tie_of, with_tie
from agents.clinical_monitor.person import Known
from agents.result import Ask, Result, Tell
from bot.errors import StoreUnavailable
from bot.model.effects import Intent
from bot.model.ids import PersonId, person_of
from bot.ports.documents import Document, Documents
from config.clinic import Clinic

WORDS = "family invitation {code}"
"""What the relative's first message says when they tap the link; our understanding knows it in this form."""
MOST_READS = 20


class FamilyTies:
    """``number``: digits of our own WhatsApp number, for the link of an invitation; without, the number is told by itself.
    ``know``: what is known of a person (their name, and what they allow)."""

    def __init__(
        self, documents: Documents, clinic: Clinic, number: str | None, know: Callable[[PersonId], Awaitable[Known]]
    ) -> None:
        self._documents, self._clinic, self._number, self._know = documents, clinic, number, know

    async def family(self, intent: Intent, now: float) -> Result:
        """``nobody``, ``has_caregivers`` (caregiver_1, caregiver_2), ``cares`` (patient_1) or ``both``."""
        mine = [one for one in await self._documents.of(intent.person, ties.KIND) if stands(one, now)]
        mine.sort(key=lambda one: (one.at, one.id))
        facts = {f"caregiver_{number}": seen_by_patient(one) for number, one in enumerate(mine[:2], start=1)}
        if (patient := await self._patient_of(intent.person)) is not None:
            facts["patient_1"] = {"id": patient.id, "name": tie_of(patient).patient_name}
        outcome = {(False, False): "nobody", (True, False): "has_caregivers", (False, True): "cares"}.get(
            (bool(mine), patient is not None), "both"
        )
        return Result(outcome, facts)

    async def invite(self, intent: Intent, now: float) -> Result:
        """``invited`` (link where we know our number, code), ``already``, ``own_number``, ``too_many``."""
        digits = "".join(sign for sign in given.needed(intent, "phone") if sign.isdigit())
        caregiver = person_of(f"phone:{digits}")
        if caregiver == intent.person:
            return Result("own_number")
        scope = given.one_of(intent, "scope", ties.SCOPES)
        mine = await self._documents.of(intent.person, ties.KIND)
        # An older tie of the two may lie under an id that was made of the ids that they had before (bot/migrations).
        id_ = next((one.id for one in mine if tie_of(one).caregiver == caregiver), given.made_of("c", intent.person, caregiver))
        for one in mine:
            if (before := tie_of(one).answers.get(intent.id)) is not None:
                return Result(before[0], before[1])
        known = await self._documents.get(ties.KIND, id_)
        standing = [one for one in mine if stands(one, now)]
        if known is not None and stands(known, now):
            return await self._refused(known, intent, "already")
        if len(standing) >= self._clinic.family.most:
            return await self._refused(standing[0], intent, "too_many")
        code = await self._code(id_, intent, now)
        facts = {"code": code, **({"link": self._link(code)} if self._number else {})}
        patient = await self._know(intent.person)
        tie = Tie(
            caregiver=caregiver,
            name=given.text(intent, "name", longest=60) or "",
            patient_name=given.text(intent, "patient_name", longest=60) or patient.name,
            scope=_scope(scope),
            code=code,
            until=now + self._clinic.family.invitation_days * 86_400,
            answers=tie_of(known).answers if known else {},
        ).answered(intent.id, "invited", facts)
        document = known or Document(ties.KIND, id_, intent.person, now)
        if not await self._documents.save(replace(with_tie(document, tie, "asked"), at=now)):
            raise StoreUnavailable("Somebody else invites the same relative.")
        return Result("invited", facts)

    async def _refused(self, document: Document, intent: Intent, outcome: str) -> Result:
        """The answer is kept too: delivered again when there is room, the same intent must not invite anybody."""
        await self._change(document.id, intent, outcome, None, only=lambda _: True)
        return Result(outcome)

    async def open_invitation(self, intent: Intent, now: float) -> Result:
        """``open`` (patient_name, scope, the patient's language), ``expired``, ``own`` (the patient's own), ``unknown`` (also for
        anybody else's)."""
        found = await self._invitation(intent)
        if found is None:
            return Result("unknown")
        tie = tie_of(found)
        if found.person == intent.person:
            return Result("own")
        if tie.caregiver != intent.person:
            return Result("unknown")
        if found.state != "asked" or now >= tie.until:
            return Result("expired")
        patient = await self._know(found.person)
        return Result("open", {"patient_name": tie.patient_name, "scope": tie.scope, "language": patient.language})

    async def answer_invitation(self, intent: Intent, now: float) -> Result:
        """``accepted``, ``declined`` or ``expired``. The patient is told."""
        answer = given.one_of(intent, "answer", ("agreed", "declined"))
        asked = await self._tie_asked(intent)
        if asked is not None and tie_of(asked).code != _code_of(intent) and (known := tie_of(asked).answers.get(intent.id)):
            return Result(known[0], known[1])  # a repeat, and the patient has invited them anew since
        found = await self._invitation(intent)
        if found is None or tie_of(found).caregiver != intent.person:
            return Result("expired")
        if found.state == answer and intent.id not in tie_of(found).answers:
            twice = "accepted" if answer == "agreed" else "declined"
            kept = await self._change(found.id, intent, twice, None, only=lambda one: one.state == answer)
            return Result(twice if kept else "expired")
        if answer == "agreed":
            await self._note_side(intent.person, found, now)
        outcome = "accepted" if answer == "agreed" else "declined"
        found = await self._change(found.id, intent, outcome, answer, only=lambda one: one.state == "asked" and stands(one, now))
        if found is None:
            return Result("expired")
        tie = tie_of(found)
        news = Tell(f"{found.id}.{tie.code}.{answer}", found.person, "caregiver_answered", {"name": tie.name, "answer": answer})
        # Whether a digest comes, and of what, is looked at when it is due: the scope may change by then.
        begins = Ask(f"{found.id}.{tie.code}.digest", intent.person, "engagement_engine", "begin_digest")
        return Result(outcome, {}, tells=(news,), asks=(begins,) if answer == "agreed" else ())

    async def set_scope(self, intent: Intent, now: float) -> Result:
        """``saved``; ``failed`` when there is no such relative of this patient."""
        scope = _scope(given.one_of(intent, "scope", ties.SCOPES))
        id_ = given.needed(intent, "caregiver")
        if not await self._is_mine(id_, intent.person):
            return Result("failed")
        changed = await self._change(id_, intent, "saved", None, only=lambda one: stands(one, now), scope=scope)
        return Result("saved" if changed else "failed")

    async def remove(self, intent: Intent, now: float) -> Result:
        """``removed``, also when they were removed before; ``failed`` when there was never such a relative."""
        id_ = given.needed(intent, "caregiver")
        if not await self._is_mine(id_, intent.person):
            return Result("failed")
        await self._change(id_, intent, "removed", "removed", only=lambda one: one.state in ties.OPEN)
        return Result("removed")

    async def leave(self, intent: Intent, now: float) -> Result:
        """``left``; ``failed`` when this person does not help that patient. The patient is told: nobody shall rely on them."""
        id_ = given.needed(intent, "patient")
        found = await self._documents.get(ties.KIND, id_)
        if found is None or tie_of(found).caregiver != intent.person:
            return Result("failed")
        await self._change(id_, intent, "left", "left", only=lambda one: one.state in ties.OPEN)
        tie = tie_of(found)
        news = Tell(f"{id_}.{tie.code}.left", found.person, "caregiver_answered", {"name": tie.name, "answer": "left"})
        return Result("left", {}, tells=(news,))

    async def _change(
        self,
        id_: str,
        intent: Intent,
        outcome: str,
        state: str | None,
        *,
        only: Callable[[Document], bool],
        scope: ties.Scope | None = None,
    ) -> Document | None:
        """The tie with this change in it, once for one intent. None when it does not stand so that this could be done."""
        for _ in range(MOST_READS):
            document = await self._documents.get(ties.KIND, id_)
            if document is None:
                return None
            tie = tie_of(document)
            if intent.id in tie.answers:
                return document
            if not only(document):
                return None
            tie = replace(tie, scope=scope or tie.scope).answered(intent.id, outcome)
            if await self._documents.save(with_tie(document, tie, state)):
                return document
        raise StoreUnavailable("Others keep changing this tie.")

    async def _is_mine(self, id_: str, person: PersonId) -> bool:
        found = await self._documents.get(ties.KIND, id_)
        return found is not None and found.person == person

    async def _patient_of(self, caregiver: PersonId) -> Document | None:
        """The patient whom this person helps; of several the one that they agreed to last."""
        for side in await self._documents.of(caregiver, ties.CARES):
            found = await self._documents.get(ties.KIND, side.id)
            if found is not None and found.state == "agreed" and tie_of(found).caregiver == caregiver:
                return found
        return None

    async def _note_side(self, caregiver: PersonId, tie: Document, now: float) -> None:
        """Before the yes is kept: a side that is noted and not agreed to says nothing; the other way round it were lost."""
        side = await self._documents.get(ties.CARES, tie.id) or Document(ties.CARES, tie.id, caregiver, now)
        await self._documents.save(replace(side, at=now))

    async def _invitation(self, intent: Intent) -> Document | None:
        """The tie whose open or answered invitation has this number; an older number of it is none any more."""
        tie = await self._tie_asked(intent)
        return tie if tie is not None and tie_of(tie).code == _code_of(intent) else None

    async def _tie_asked(self, intent: Intent) -> Document | None:
        found = await self._documents.get(ties.INVITATION, _code_of(intent))
        return await self._documents.get(ties.KIND, str(found.data.get("tie"))) if found else None

    async def _code(self, tie: str, intent: Intent, now: float) -> str:
        """Six digits that no open invitation has. It is no secret: only the person who was asked can use it."""
        for number in range(100):
            digest = blake2s(f"{intent.id}\n{number}".encode(), digest_size=6).digest()
            code = str(100_000 + int.from_bytes(digest, "big") % 900_000)
            found = await self._documents.get(ties.INVITATION, code)
            if found is not None and found.data.get("tie") == tie:
                return code
            if found is not None and now < float(found.data.get("until", 0.0)):
                continue
            until = now + self._clinic.family.invitation_days * 86_400
            document = found or Document(ties.INVITATION, code, intent.person, now)
            if await self._documents.save(replace(document, data={"tie": tie, "until": until})):
                return code
        raise StoreUnavailable("No number is free for an invitation.")

    def _link(self, code: str) -> str:
        return f"https://wa.me/{self._number}?text={quote(WORDS.format(code=code))}"


def _code_of(intent: Intent) -> str:
    return given.needed(intent, "code").strip()


def _scope(word: str) -> ties.Scope:
    return "digest" if word == "digest" else "all" if word == "all" else "alarms"
