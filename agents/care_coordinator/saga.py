"""A booking from the first tap to the doctor's notice, as a state machine. Pure: it says what is to be done next and takes in
how that went; ``bookings.py`` does it.

    holding -> [unpaid -> linking -> paying ->] confirming -> booked     forward
    holding -> booked                                                    a visit that is paid at the clinic: one write of a day
    any of them -> undoing -> taken | expired | cancelled | failed       compensations: link, slot, refund
    booked -> moving -> moved -> confirming                              another time for the same booking

Every action is safe to repeat, and is done only from a state that was saved. Forward steps and compensations never act from the
same state, and what a compensation has closed stays closed (a time that was given back, a link that was cancelled, a refund
with its key), so that somebody who wakes up late with an old state cannot do harm. Money that arrives after the end is sent back.
A refund comes last, because a payment service may refuse it for days: neither a paid visit nor a doctor's time waits for it.
"""

from __future__ import annotations

from typing import Any, Literal

from msgspec import Struct
from msgspec.structs import replace

from agents.care_coordinator.actions import (
    Action,
    CloseLink,
    Confirm,
    Done,
    Hold,
    Later,
    LookAtLink,
    MakeLink,
    No,
    Outcome,
    Place,
    Refund,
    Release,
)
from bot.ports.payments import Link, Payment

State = Literal[
    "holding", "unpaid", "linking", "paying", "confirming", "moving", "moved", "undoing",
    "booked", "taken", "expired", "cancelled", "failed",
]  # fmt: skip
End = Literal["taken", "expired", "cancelled", "failed"]
ENDS: frozenset[str] = frozenset({"booked", "taken", "expired", "cancelled", "failed"})
FREE: frozenset[str] = frozenset({"taken", "expired", "cancelled", "failed"})
"""Ends without a booking: no time is held, no money is kept."""
ANSWERS = 40
"""So many answers are remembered: a repeated intent hears the same again."""


class Saga(Struct, frozen=True, omit_defaults=True):
    """``amount`` in paise; ``deadline``: until when it must be paid; ``patience``: seconds that a confirmation may
    take; ``about``: what does not change when it is moved (the patient's name, the test, ...)."""

    id: str
    kind: Literal["visit", "lab"]
    place: Place
    amount: int
    prepaid: bool
    state: State
    deadline: float
    patience: float
    about: dict[str, Any] = {}
    link: Link | None = None
    links: int = 0  # how many were asked for: each has a reference of its own
    payments: tuple[Payment, ...] = ()
    refunded: tuple[str, ...] = ()
    confirm_by: float = 0.0
    holds: int = 0  # the highest number of a hold so far: none is used twice
    end: End | None = None
    closed: tuple[Literal["link", "slot"], ...] = ()
    target: Place | None = None  # of a move that is under way
    left: Place | None = None  # the time that is given back after a move: the old one, or the new one that was taken
    movers: tuple[str, ...] = ()  # the intents whose moves were done
    mover: str | None = None  # the intent that asks for the move under way
    looked: bool = False  # for money that came after the end
    tries: int = 0
    trouble: str | None = None  # why the last action did not work
    answers: dict[str, Any] = {}

    def key(self, place: Place | None = None) -> str:
        """Under which a calendar knows a hold of this booking."""
        return f"{self.id}.{(place or self.place).hold}"

    @property
    def reference(self) -> str:
        """Under which the payment service knows the newest link."""
        return f"{self.id}.{max(self.links, 1)}"

    @property
    def kept(self) -> tuple[Payment, ...]:
        """Payments that were not sent back."""
        return tuple(one for one in self.payments if one.id not in self.refunded)

    @property
    def paid(self) -> Payment | None:
        """The payment that pays for it."""
        return next((one for one in self.kept if one.amount >= self.amount), None)

    @property
    def owed(self) -> Payment | None:
        """The next payment to send back: all of a booking that is undone, all but one of any other that is paid."""
        keeper = None if self.state in FREE or self.state == "undoing" else self.paid
        if keeper is None and self.state not in FREE and self.state != "undoing":
            return None
        return next((one for one in self.kept if one is not keeper), None)


# --- what is to be done -----------------------------------------------------------------------------------------------------


def next_action(saga: Saga, *, look: bool = False) -> Action | None:
    """What to do now; None when only time or a person can bring it on. ``look``: also ask whether money has come."""
    match saga.state:
        case "holding":
            return Hold(saga.key(), saga.place, firm=saga.kind == "visit" and not saga.prepaid)
        case "linking":
            return MakeLink(saga.reference, saga.amount, saga.deadline)
        case "paying":
            return LookAtLink(saga.reference, saga.link) if look else None
        case "confirming":
            return Confirm(saga.key(), saga.place)
        case "moving" if saga.target is not None:
            return Hold(saga.key(saga.target), saga.target)
        case "moved" if saga.left is not None:
            return Release(saga.key(saga.left), saga.left)
        case "undoing":
            if not _link_is_closed(saga):
                return CloseLink(saga.reference, saga.link)
            return Release(saga.key(), saga.place) if "slot" not in saga.closed else _refund(saga)
        case "expired" | "cancelled" | "failed":
            late_look = look and saga.links and not saga.looked
            return _refund(saga) or (LookAtLink(saga.reference, saga.link) if late_look else None)
        case "booked" | "taken":
            return _refund(saga)
        case _:
            return None


def _refund(saga: Saga) -> Refund | None:
    return Refund(saga.owed, f"{saga.id}-{saga.owed.id}") if saga.owed is not None else None


def _link_is_closed(saga: Saga) -> bool:
    """A link that was paid takes no second payment; one that was never asked for takes none at all."""
    return saga.links == 0 or "link" in saga.closed or any(one.amount >= saga.amount for one in saga.payments)


# --- how it went ------------------------------------------------------------------------------------------------------------


def took(saga: Saga, action: Action, outcome: Outcome, now: float) -> Saga:
    """The saga after an action that ``next_action`` named."""
    if isinstance(outcome, Later):
        return passed(replace(saga, tries=saga.tries + 1, trouble=outcome.why), now)
    saga = replace(saga, tries=0, trouble=None)
    if isinstance(outcome, Done) and outcome.payments:
        saga = _with_payments(saga, outcome.payments)
    match action:
        case Hold() if saga.state == "moving":
            return _after_move_hold(saga, outcome)
        case Hold() if isinstance(outcome, No):
            # The time is given back although we do not have it: somebody may still be trying to hold it for this booking.
            return _undoing(saga, "taken" if outcome.why == "taken" else "failed", outcome.why)
        case Hold(firm=True):
            return replace(saga, state="booked")
        case Hold():
            return replace(saga, state="unpaid") if saga.prepaid else _confirming(saga, now)
        case MakeLink() if isinstance(outcome, No):
            return _undoing(saga, "failed", outcome.why)
        case MakeLink():
            return replace(saga, state="paying", link=outcome.link if isinstance(outcome, Done) else None)
        case LookAtLink():
            return replace(saga, looked=True) if saga.state in FREE else _paid_forward(saga, now)
        case Confirm() if isinstance(outcome, No):
            return _undoing(saga, "failed", outcome.why)
        case Confirm():
            return replace(saga, state="booked")
        case CloseLink():
            # Paid in the last second: the time is still held, so the booking goes on, unless the person wanted it gone.
            saga = _paid_forward(saga, now)
            return saga if saga.state == "confirming" or saga.paid else replace(saga, closed=(*saga.closed, "link"))
        case Refund(payment=payment) if isinstance(outcome, No):
            return replace(saga, tries=max(saga.tries, 9), trouble=f"refund of {payment.id}: {outcome.why}")
        case Refund(payment=payment):
            return _ended(replace(saga, refunded=(*saga.refunded, payment.id)))
        case Release() if saga.state == "moved":
            return _confirming(replace(saga, left=None), now)
        case Release():
            return _ended(replace(saga, closed=(*saga.closed, "slot")))


def passed(saga: Saga, now: float) -> Saga:
    """The saga when time has passed: what was not paid or confirmed in time is undone."""
    if saga.state in ("holding", "unpaid", "linking", "paying") and now >= saga.deadline:
        return _undoing(saga, "expired", None)
    if saga.state == "confirming" and now >= saga.confirm_by:
        return _undoing(saga, "failed", "not_confirmed")
    return saga


def asked_for_link(saga: Saga, until: float) -> Saga:
    """The patient would like to pay. Once, the time for it is stretched to ``until``: a link has to live for a while; but
    nothing is paid any more for what has begun."""
    if saga.state != "unpaid":
        return saga
    return replace(saga, state="linking", links=saga.links + 1, deadline=max(saga.deadline, min(until, saga.place.start)))


def payment_seen(saga: Saga, payment: Payment, now: float) -> Saga:
    """Money has arrived, told by the payment service, at whatever time and however often."""
    return _paid_forward(_with_payments(saga, (payment,)), now)


def cancelled(saga: Saga) -> Saga:
    """The patient (or the clinic) does not want it any more. Of what has ended there is nothing to cancel."""
    if saga.state == "undoing" and saga.end == "expired":
        return replace(saga, end="cancelled")  # a payment in the last second does not revive it
    if saga.state in FREE or saga.state in ("undoing", "moving", "moved"):
        return saga
    return _undoing(saga, "cancelled", None)


def moved_to(saga: Saga, target: Place, intent: str) -> Saga:
    """The patient wants another time. The old one is given back when the new one is theirs."""
    if saga.state != "booked":
        return saga
    number = max(saga.holds, saga.place.hold) + 1
    return replace(saga, state="moving", target=replace(target, hold=number), holds=number, mover=intent)


def answered(saga: Saga, intent: str, outcome: str, facts: dict[str, Any]) -> Saga:
    """With the answer to an intent kept, so that a repeat hears the same."""
    kept = {**saga.answers, intent: [outcome, facts]}
    return replace(saga, answers=dict(list(kept.items())[-ANSWERS:]))


def _after_move_hold(saga: Saga, outcome: Outcome) -> Saga:
    """The old time is given back; of a move that failed the new one is, as somebody may still be trying to hold it."""
    if saga.target is None or isinstance(outcome, No):
        return replace(saga, state="moved", left=saga.target, target=None, mover=None)
    moves = saga.movers if saga.mover is None else (*saga.movers, saga.mover)
    return replace(saga, state="moved", place=saga.target, left=saga.place, target=None, movers=moves[-ANSWERS:], mover=None)


def _with_payments(saga: Saga, payments: tuple[Payment, ...]) -> Saga:
    known = {one.id for one in saga.payments}
    fresh = tuple(one for one in payments if one.id not in known and one.amount > 0)
    return replace(saga, payments=(*saga.payments, *fresh)) if fresh else saga


def _paid_forward(saga: Saga, now: float) -> Saga:
    """A booking that waits for money goes on as soon as it is there; also in the last second, while nothing is closed."""
    late = saga.state == "undoing" and saga.end == "expired" and not saga.closed and not saga.refunded
    if saga.paid and (late or saga.state in ("unpaid", "linking", "paying")):
        return _confirming(replace(saga, end=None), now)
    return saga


def _confirming(saga: Saga, now: float) -> Saga:
    return replace(saga, state="confirming", confirm_by=now + saga.patience)


def _undoing(saga: Saga, end: End, why: str | None) -> Saga:
    return replace(saga, state="undoing", end=end, target=None, tries=0, trouble=why)


def _ended(saga: Saga) -> Saga:
    """Undone, as soon as the time is given back and no money is left."""
    if saga.state == "undoing" and "slot" in saga.closed and not saga.kept and saga.end is not None:
        return replace(saga, state=saga.end)
    return saga
