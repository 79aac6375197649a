"""The sender's promises: once, claimed first, asked when unknown, capped, and never silent in danger."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection
from typing import Any

import pytest
from msgspec.structs import replace

from bot.app.engines import Engines
from bot.backup.doubt import CATCHING_UP, Restored, keep, last_restore
from bot.errors import GatewayUnavailable, OutcomeUnknown, Refused, SessionsUnavailable
from bot.metrics import Metrics
from bot.model.effects import Option, Outbound
from bot.model.ids import EffectId, GatewayId, InputId, PersonId
from bot.ports.sessions import Deliveries
from tests.runtime.parts import ASHA, RAVI, outbound
from tests.runtime.sending import NOW, NoClaims, Phone, of, sending


class AwayAfterTheSend:
    """Claims that are in reach until something is to be noted."""

    def __init__(self, deliveries: Deliveries) -> None:
        self._deliveries = deliveries
        self.down = True

    async def sent(self, *words: Any, **more: Any) -> None:
        if self.down:
            raise SessionsUnavailable
        await self._deliveries.sent(*words, **more)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._deliveries, name)


async def test_a_message_goes_out_once_however_often_it_is_delivered(engines: Engines) -> None:
    phone = Phone()
    async with sending(engines, phone) as sender:
        for _ in range(3):
            await sender.handle(of(outbound("a")))
    assert phone.arrived == ["text of a"]
    record = await engines.store.delivery(EffectId("a"))
    assert record is not None
    assert record.state == "sent"


async def test_surely_not_sent_is_tried_again(engines: Engines) -> None:
    phone = Phone(GatewayUnavailable())
    async with sending(engines, phone) as sender:
        with pytest.raises(GatewayUnavailable):
            await sender.handle(of(outbound("a")))
        await sender.handle(of(outbound("a")))
    assert phone.arrived == ["text of a"]


async def test_a_hidden_success_is_found_in_the_history_and_not_repeated(engines: Engines) -> None:
    phone, metrics = Phone("hidden"), Metrics()
    async with sending(engines, phone, metrics=metrics) as sender:
        with pytest.raises(OutcomeUnknown):
            await sender.handle(of(outbound("a")))
        await sender.handle(of(outbound("a")))
    assert phone.arrived == ["text of a"]
    assert b'procare_unknown_outcomes_total{result="found"} 1.0' in metrics.render()


async def test_a_hidden_failure_is_sent_again_and_counted(engines: Engines) -> None:
    phone, metrics = Phone(OutcomeUnknown()), Metrics()
    async with sending(engines, phone, metrics=metrics) as sender:
        with pytest.raises(OutcomeUnknown):
            await sender.handle(of(outbound("a")))
        await sender.handle(of(outbound("a")))
    assert phone.arrived == ["text of a"]
    assert b'procare_unknown_outcomes_total{result="repeated"} 1.0' in metrics.render()


async def test_a_refusal_ends_the_matter(engines: Engines) -> None:
    phone = Phone(Refused(code="window_closed"))
    async with sending(engines, phone) as sender:
        for _ in range(2):
            await sender.handle(of(outbound("a")))
    assert phone.arrived == []
    record = await engines.store.delivery(EffectId("a"))
    assert record is not None
    assert (record.state, record.code) == ("failed", "window_closed")


async def test_after_a_restore_what_is_decided_anew_is_looked_for_since_the_cut(engines: Engines) -> None:
    await keep(engines.store.documents, Restored(400.0, 900.0))
    await keep(engines.store.documents, Restored(500.0, 990.0))
    restored = await last_restore(engines.store.documents)
    assert restored == Restored(500.0, 990.0)
    phone = Phone()
    before = outbound("a")
    phone.deliver(before)  # in the life that was lost
    async with sending(engines, phone, restored=restored) as sender:
        await sender.handle(of(before))
        assert phone.asked_since == 500.0
        await sender.handle(of(outbound("b")))
        await sender.handle(of(outbound("c", at=990.0 + CATCHING_UP)))
    assert phone.arrived == ["text of a", "text of b", "text of c"]
    assert phone.looked == 2, "what is decided later was not said before"


async def test_a_killed_senders_claim_is_checked_in_the_history(engines: Engines) -> None:
    phone = Phone()
    message = outbound("a")
    await engines.deliveries.claim(ASHA, message.id, now=NOW)  # by the one that was killed
    phone.deliver(message)  # after it reached the gateway
    async with sending(engines, phone) as sender:
        await sender.handle(of(message, redelivered=True))
    assert phone.arrived == ["text of a"]


async def test_claims_lost_with_redis_do_not_repeat_what_the_store_knows(
    engines: Engines, lose_state: Callable[[], Awaitable[None]]
) -> None:
    phone = Phone()
    async with sending(engines, phone) as sender:
        await sender.handle(of(outbound("a")))
        await lose_state()
        await sender.handle(of(outbound("a")))
    assert phone.arrived == ["text of a"]


async def test_claims_lost_with_redis_do_not_repeat_an_old_message_after_a_younger_one_went_out(
    engines: Engines, lose_state: Callable[[], Awaitable[None]]
) -> None:
    phone = Phone()
    async with sending(engines, phone) as sender:
        await sender.handle(of(outbound("a", at=NOW - 5)))
        await lose_state()
        await sender.handle(of(outbound("b", at=NOW + 1)))
        await sender.handle(of(outbound("a", at=NOW - 5)))
    assert phone.arrived == ["text of a", "text of b"]


async def test_after_a_loss_every_earlier_message_is_asked_for_not_only_the_first(
    engines: Engines, lose_state: Callable[[], Awaitable[None]]
) -> None:
    phone = Phone()
    async with sending(engines, phone) as sender:
        await sender.handle(of(outbound("a")))
        await sender.handle(of(outbound("b")))
        await lose_state()
        await sender.handle(of(outbound("a")))
        await sender.handle(of(outbound("b")))
        phone.deliver(outbound("c"))  # by a sender that was killed before anybody noted it
        await sender.handle(of(outbound("c"), redelivered=True))
    assert phone.arrived == ["text of a", "text of b", "text of c"]


async def test_claims_lost_in_the_middle_of_a_send_are_checked_in_the_history(engines: Engines) -> None:
    phone = Phone()
    message = outbound("a")
    phone.deliver(message)  # sent by one that was killed; its claim went with Redis, before the store heard of it
    async with sending(engines, phone) as sender:
        await sender.handle(of(message, redelivered=True))
    assert phone.arrived == ["text of a"]


@pytest.mark.parametrize("outcome", ["ok", "hidden"])
async def test_redis_lost_between_a_send_and_its_note_does_not_send_it_again(
    engines: Engines, lose_state: Callable[[], Awaitable[None]], outcome: str
) -> None:
    phone = Phone(outcome)
    away = AwayAfterTheSend(engines.deliveries)
    async with sending(engines, phone, deliveries=away) as sender:
        with pytest.raises((SessionsUnavailable, OutcomeUnknown)):
            await sender.handle(of(outbound("a")))
        await lose_state()
        away.down = False
        await sender.handle(of(outbound("a")))
    assert phone.arrived == ["text of a"]
    record = await engines.store.delivery(EffectId("a"))
    assert record is not None
    assert record.state == "sent"


async def test_a_look_into_the_history_reaches_back_to_before_the_claim(engines: Engines) -> None:
    class Looking(Phone):
        since: float | None = None

        async def find(self, message: Outbound, *, since: float, known: Collection[GatewayId]) -> GatewayId | None:
            self.since = since
            return await super().find(message, since=since, known=known)

    phone = Looking()
    await engines.deliveries.claim(ASHA, EffectId("a"), now=NOW)  # after a loss: younger than the send itself
    async with sending(engines, phone) as sender:
        await sender.handle(of(outbound("a", at=NOW - 60)))
    assert phone.since == NOW - 60


async def test_the_sixth_notice_of_a_day_is_held_back_with_a_reason_and_replies_are_not_counted(engines: Engines) -> None:
    phone = Phone()
    async with sending(engines, phone) as sender:
        for n in range(7):
            await sender.handle(of(outbound(f"n{n}", kind="notice", topic=f"t{n}", day="2026-11-24", expires_at=NOW + 60)))
            await sender.handle(of(outbound(f"r{n}")))
        await sender.handle(
            of(outbound("next", kind="notice", topic="t", day="2026-11-25", zone="Asia/Kolkata", expires_at=NOW + 60))
        )
    assert [text for text in phone.arrived if text.startswith("text of n")] == [f"text of n{n}" for n in range(5)]
    assert len([text for text in phone.arrived if text.startswith("text of r")]) == 7
    record = await engines.store.delivery(EffectId("n5"))
    assert record is not None
    assert (record.state, record.code) == ("withheld", "cap")
    ledger = await engines.store.records(ASHA, "notice")
    assert {(one.data["message"], one.data["verdict"], one.data["reason"]) for one in ledger} == {
        (name, "drop", "day_full") for name in ("n5", "n6", "next")
    }


async def test_a_notice_that_surely_failed_gives_its_slot_back(engines: Engines) -> None:
    phone = Phone(Refused(code="no_such_number"))
    async with sending(engines, phone) as sender:
        for n in range(6):
            await sender.handle(of(outbound(f"n{n}", kind="notice", topic=f"t{n}", day="2026-11-24", expires_at=NOW + 60)))
    assert phone.arrived == [f"text of n{n}" for n in range(1, 6)]


async def test_a_notice_that_failed_and_then_expired_gives_its_slot_back(engines: Engines) -> None:
    phone = Phone(GatewayUnavailable())
    async with sending(engines, phone) as sender:
        late = outbound("late", kind="notice", topic="t", day="2026-11-24", expires_at=NOW + 60)
        with pytest.raises(GatewayUnavailable):
            await sender.handle(of(late))
        await sender.handle(of(replace(late, expires_at=NOW - 1)))
        for n in range(5):
            await sender.handle(of(outbound(f"n{n}", kind="notice", topic=f"t{n}", day="2026-11-24", expires_at=NOW + 60)))
    assert phone.arrived == [f"text of n{n}" for n in range(5)]


async def test_an_expired_notice_is_not_sent(engines: Engines) -> None:
    phone = Phone()
    async with sending(engines, phone) as sender:
        await sender.handle(of(outbound("n", kind="notice", topic="t", day="2026-11-24", expires_at=NOW - 1)))
    assert phone.arrived == []


async def test_emergencies_are_sent_without_a_claim_when_claims_are_out_of_reach(engines: Engines) -> None:
    phone = Phone()
    async with sending(engines, phone, deliveries=NoClaims()) as sender:
        for _ in range(2):
            await sender.handle(of(outbound("e", kind="emergency")))
        with pytest.raises(SessionsUnavailable):
            await sender.handle(of(outbound("r")))
    assert phone.arrived == ["text of e"]


class ForgetfulClaims:
    """Claims that go away between the claim and the word that it was sent."""

    def __init__(self, deliveries: Deliveries) -> None:
        self._deliveries = deliveries

    def __getattr__(self, name: str) -> Any:
        if name == "sent":
            return NoClaims().sent
        return getattr(self._deliveries, name)


async def test_an_emergency_that_went_out_is_not_sent_again_because_the_claims_went_away(engines: Engines) -> None:
    phone = Phone()
    async with sending(engines, phone, deliveries=ForgetfulClaims(engines.deliveries)) as sender:
        await sender.handle(of(outbound("e", kind="emergency")))
    assert phone.arrived == ["text of e"]


async def test_a_tap_that_quotes_the_message_finds_its_question(engines: Engines) -> None:
    phone = Phone()
    question = outbound("q", options=(Option("yes", "Yes"), Option("no", "No")), step="welcome/consent")
    async with sending(engines, phone) as sender:
        await sender.handle(of(question))
    loaded = await engines.sessions.load(PersonId(ASHA), InputId("x"), quoted=phone.history[question.id])
    assert loaded.asked is not None
    assert (loaded.asked.flow, loaded.asked.step, [o.id for o in loaded.asked.options]) == ("welcome", "consent", ["yes", "no"])


async def test_an_emergency_does_not_wait_for_the_circuit_that_others_messages_opened(engines: Engines) -> None:
    phone = Phone(*[OutcomeUnknown()] * 5)
    async with sending(engines, phone, threshold=5) as sender:
        for number in range(5):
            with pytest.raises(OutcomeUnknown):
                await sender.handle(of(outbound(f"stuck{number}", person=RAVI)))
        with pytest.raises(GatewayUnavailable):
            await sender.handle(of(outbound("reply")))
        await sender.handle(of(outbound("alarm", kind="emergency")))
    assert phone.arrived == ["text of alarm"]


@pytest.mark.parametrize("kind", ["reply", "emergency"])
async def test_who_has_just_written_is_there_whatever_the_gateway_says(engines: Engines, kind: str) -> None:
    phone, answer = Phone(Refused(code="not_on_whatsapp")), "in:test:1#e0"
    async with sending(engines, phone) as sender:
        with pytest.raises(OutcomeUnknown):
            await sender.handle(of(outbound(answer, kind=kind)))
        await sender.handle(of(outbound(answer, kind=kind)))
    assert phone.arrived == [f"text of {answer}"]


async def test_who_did_not_write_may_not_be_there(engines: Engines) -> None:
    phone = Phone(Refused(code="not_on_whatsapp"))
    async with sending(engines, phone) as sender:
        for _ in range(2):
            await sender.handle(of(outbound("clinical_monitor:case#0", kind="emergency")))
    assert phone.arrived == []
    record = await engines.store.delivery(EffectId("clinical_monitor:case#0"))
    assert record is not None
    assert (record.state, record.code) == ("failed", "not_on_whatsapp")
