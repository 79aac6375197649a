"""Outside the official channel's window: an approved template, or a reason; and an emergency in every way there is."""

from __future__ import annotations

import asyncio
import time

import pytest

from bot.app.engines import Engines
from bot.dialogue.contents import Contents
from bot.errors import OutcomeUnknown, Refused, StoreUnavailable
from bot.metrics import Metrics
from bot.model.effects import Option, Outbound, TemplateOffer, TemplateWording
from bot.model.ids import EffectId, GatewayId, InputId
from bot.ports.gateway import Gateway
from bot.ports.store import DeliveryRecord
from bot.ports.templates import Approved, RemoteTemplate
from bot.running.write_behind import WriteBehind
from bot.sending.approvals import GONE, Approval, Approvals, watch_approvals
from bot.sending.circuit import Circuits
from bot.sending.pacing import Pacer
from bot.sending.sender import Sender
from tests.dialogue.talk import content
from tests.runtime.parts import ASHA, outbound
from tests.runtime.sending import NOW, Phone, of
from tests.runtime.templates import ENGLISH, HINDI, OFFER, OPEN, SHUT, TAP, Said, notice
from webhooks.evolution.client import EvolutionGateway
from webhooks.lookalike.people import Instance
from webhooks.lookalike.server import LookAlike


class Line(Phone):
    """A phone that remembers in which forms it was called."""

    def __init__(self, *plan: Exception | str) -> None:
        super().__init__(*plan)
        self.calls: list[str] = []

    async def send(self, message: Outbound) -> GatewayId:
        template = message.template if message.as_template else None
        self.calls.append(template.wordings[0].language if template else "words")
        return await super().send(message)


class Away:
    async def approved(self, offer: TemplateOffer) -> list[TemplateWording]:
        raise StoreUnavailable


async def send(engines: Engines, phone: Gateway, approved: Approved, *messages: Outbound, redelivered: bool = False) -> Metrics:
    async def refuse(entries: list[DeliveryRecord]) -> None:
        raise AssertionError

    metrics = Metrics()
    records = WriteBehind(engines.store.save_deliveries, refuse, metrics, delay=0.0)
    async with asyncio.TaskGroup() as group:
        writer = group.create_task(records.run())
        sender = Sender(
            phone, engines.deliveries, engines.caps, engines.store, records, Pacer(1000.0), Circuits(metrics, threshold=100),
            metrics, lambda: NOW, notices_per_day=5, approved=approved,
        )  # fmt: skip
        try:
            for message in messages:
                await sender.handle(of(message, redelivered=redelivered))
        finally:
            writer.cancel()
    return metrics


async def record(engines: Engines, name: str) -> DeliveryRecord:
    found = await engines.store.delivery(EffectId(name))
    assert found
    return found


async def test_in_the_window_the_words_themselves_go_out(engines: Engines) -> None:
    phone = Line()
    await send(engines, phone, Said([HINDI]), notice("a", window_until=OPEN))
    assert phone.calls == ["words"]


async def test_after_the_window_the_approved_template_goes_out_and_its_taps_are_known(engines: Engines) -> None:
    phone = Line()
    options = (Option("visit.ask:yes", "Yes"),)
    await send(engines, phone, Said([HINDI, ENGLISH]), notice("a", window_until=SHUT, step="visit/ask", options=options))
    assert phone.calls == ["hi"]
    kept = await record(engines, "a")
    assert (kept.state, kept.code) == ("sent", "template:visit")
    assert kept.gateway_id
    loaded = await engines.sessions.load(ASHA, InputId("i"), kept.gateway_id)
    assert loaded.asked
    assert loaded.asked.options == TAP


async def test_the_first_language_that_is_approved_is_taken_and_another_than_the_persons_is_counted(engines: Engines) -> None:
    phone = Line()
    own = await send(engines, phone, Said([HINDI, ENGLISH]), notice("a", window_until=SHUT))
    other = await send(engines, phone, Said([ENGLISH]), notice("b", window_until=SHUT))
    assert phone.calls == ["hi", "en"]
    counted = b'procare_fallback_texts_total{language="hi"} 1.0'
    assert (counted in own.render(), counted in other.render()) == (False, True)


async def test_a_notice_without_an_approved_template_is_dropped_with_a_reason_and_takes_no_slot(engines: Engines) -> None:
    phone = Line()
    gone = [notice(f"a{n}", window_until=SHUT, topic=f"t{n}") for n in range(5)]
    await send(engines, phone, Said([]), *gone, notice("b", window_until=SHUT, template=None))
    assert phone.calls == []
    assert [(await record(engines, name)).code for name in ("a0", "b")] == ["not_approved", "no_template"]
    await send(engines, phone, Said([]), notice("c", window_until=OPEN))
    assert phone.calls == ["words"]


async def test_meta_says_that_the_window_is_shut_and_the_template_goes_out(engines: Engines) -> None:
    phone = Line(Refused(code="window_closed"))
    await send(engines, phone, Said([ENGLISH]), notice("a", window_until=OPEN))
    assert phone.calls == ["words", "en"]
    assert (await record(engines, "a")).state == "sent"


@pytest.mark.parametrize("code", ["undeliverable", "opted_out"])
async def test_a_refusal_of_the_person_is_not_tried_in_other_words(engines: Engines, code: str) -> None:
    phone = Line(Refused(code=code))
    await send(engines, phone, Said([HINDI, ENGLISH]), notice("a", window_until=SHUT))
    assert phone.calls == ["hi"]
    assert (await record(engines, "a")).code == code


async def test_a_template_that_is_paused_gives_way_to_the_next_language(engines: Engines) -> None:
    phone = Line(Refused(code="template_paused"))
    await send(engines, phone, Said([HINDI, ENGLISH]), notice("a", window_until=SHUT))
    assert phone.calls == ["hi", "en"]


async def test_an_emergency_goes_out_in_every_way_there_is(engines: Engines) -> None:
    refused = [Refused(code="template_unknown"), Refused(code="template_unknown")]
    phone = Line(*refused)
    message = outbound("a", kind="emergency", template=OFFER, window_until=SHUT)
    await send(engines, phone, Away(), message)
    assert phone.calls == ["hi", "en", "words"]
    assert (await record(engines, "a")).state == "sent"


async def test_an_emergency_without_a_template_is_tried_after_the_window_too(engines: Engines) -> None:
    phone = Line()
    await send(engines, phone, Said([]), outbound("a", kind="emergency", window_until=0.0))
    assert phone.calls == ["words"]


async def test_a_notice_waits_while_nobody_can_say_what_is_approved(engines: Engines) -> None:
    with pytest.raises(ExceptionGroup) as raised:
        await send(engines, Line(), Away(), notice("a", window_until=SHUT))
    assert raised.group_contains(StoreUnavailable)


async def test_a_template_that_went_out_unheard_is_not_sent_again(engines: Engines) -> None:
    phone = Line("hidden")
    with pytest.raises(ExceptionGroup) as raised:
        await send(engines, phone, Said([ENGLISH]), notice("a", window_until=SHUT))
    assert raised.group_contains(OutcomeUnknown)
    await send(engines, phone, Said([ENGLISH]), notice("a", window_until=SHUT), redelivered=True)
    assert phone.calls == ["en"]


async def test_against_the_look_alike_the_window_is_kept_and_the_template_arrives(engines: Engines) -> None:
    alike = LookAlike([Instance("test")], api_key="key", window=True, seed=1, reviews="wait")
    async with alike.listening() as url, EvolutionGateway(url, "key") as gateway:
        approvals = Approvals(engines.store.documents, time.time)
        await approvals.sync(await gateway.templates("test"), at=NOW)
        [known] = await approvals.every()
        offer = TemplateOffer("hello_world", (TemplateWording("pt_BR", known.form, ("Asha",)),))
        await send(engines, gateway, approvals, notice("a", window_until=SHUT, template=offer))
        assert (await record(engines, "a")).code == "template:hello_world"
        alike.templates.judge("hello_world", "pt_BR", "PAUSED")
        await send(engines, gateway, approvals, notice("b", window_until=SHUT, template=offer))
        assert (await record(engines, "b")).code == "template_paused"


def remote(name: str, status: str = "APPROVED", text: str = "x") -> RemoteTemplate:
    return RemoteTemplate(name, "en", status, "UTILITY", "1", [{"type": "BODY", "text": text}])


async def test_only_the_very_words_that_were_approved_count(engines: Engines) -> None:
    approvals = Approvals(engines.store.documents, lambda: NOW)
    await approvals.sync([remote("a", text="old words")], at=NOW)
    [known] = await approvals.every()
    assert await approvals.approved(TemplateOffer("a", (TemplateWording("en", known.form),)))
    assert not await approvals.approved(TemplateOffer("a", (TemplateWording("en", "other words"),)))
    await approvals.sync([remote("a", "PAUSED", "old words")], at=NOW)
    assert not await approvals.approved(TemplateOffer("a", (TemplateWording("en", known.form),)))


async def test_what_is_not_listed_any_more_is_gone_unless_the_listing_is_full(engines: Engines) -> None:
    approvals = Approvals(engines.store.documents, lambda: NOW)
    await approvals.sync([remote("a")], at=NOW)
    full = [remote(f"b{n}") for n in range(25)]
    assert {one.name: one.status for one in await approvals.sync(full, at=NOW)}["a"] == "APPROVED"
    assert {one.name: one.status for one in await approvals.sync([remote("b1")], at=NOW)}["a"] == GONE


async def test_what_was_read_is_believed_for_a_minute_and_while_the_store_is_away(engines: Engines) -> None:
    now = [NOW]
    approvals = Approvals(engines.store.documents, lambda: now[0])
    offer = TemplateOffer("a", (TemplateWording("en", "f"),))
    assert await approvals.approved(offer) == []
    other = Approvals(engines.store.documents, lambda: now[0])
    await other.note(Approval("a", "en", "APPROVED", "UTILITY", "f", NOW))
    assert await approvals.approved(offer) == []
    now[0] += 61
    assert await approvals.approved(offer) == list(offer.wordings)


class Holder:
    """What holds contents: an engine. ``taken`` when it is given new ones."""

    def __init__(self) -> None:
        self._contents, self.taken = Contents(content()), asyncio.Event()

    @property
    def contents(self) -> Contents:
        return self._contents

    @contents.setter
    def contents(self, given: Contents) -> None:
        self._contents = given
        self.taken.set()


async def test_workers_learn_what_is_approved(engines: Engines) -> None:
    approvals, holder = Approvals(engines.store.documents, lambda: NOW), Holder()
    for language, status in (("hi", "APPROVED"), ("en", "REJECTED")):
        await approvals.note(Approval("visit", language, status, "UTILITY", f"form-{language}", NOW))
    assert holder.contents.may_stand(OFFER), "nobody knows: the sender looks"
    await watch_approvals(holder, approvals, holder.taken)
    assert holder.contents.approved == frozenset({("visit", "hi", "form-hi")})
    assert holder.contents.may_stand(OFFER)
    assert not holder.contents.may_stand(TemplateOffer("visit", (ENGLISH,)))
