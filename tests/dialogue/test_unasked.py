"""What nobody asked for passes the planner: said, put off and judged again, or left unsaid; each with its reason."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from bot.dialogue.engine import Engine, Turn
from bot.dialogue.gather import HELD_BACK
from bot.dialogue.messages import outbounds, question
from bot.dialogue.wishes import PUT_OFF
from bot.model.codec import decode_session, encode
from bot.model.effects import CancelWake, Outbound, Record, WakeAt
from bot.model.events import AgentResult, TimerFired, Told, TurnEvent
from bot.model.ids import EffectId, GatewayId, InputId, PersonId
from bot.model.inbound import Inbound, Integration
from bot.model.session import Channel, Frame, Session, Wait
from bot.understanding.meaning import Meaning
from tests.dialogue.talk import ADDRESS, NOON, PERSON, content, policy

HOUR, DAY = 3600.0, 86_400.0
NIGHT = NOON + 11 * HOUR  # 22:30
TREND = {"trend": "three_highs", "count": 3, "days": 7, "least": 200, "most": 260}
WORDS = {"title": "BP", "text": "Two numbers.", "source": "AHA", "reviewed": True}
LESSON = {"course": "BP", "day": 1, "days": 9, "article": "bp", **WORDS}
RESULT = {"booking": "b1", "day": "2025-11-25"}
LATE = "This message from me could not reach you earlier:"
ALARM = {"case": "1", "category": "low", "patient": "Amma", "minutes": 1}


class Someone:
    """A person who agreed to everything, their wake-ups, and a clock."""

    def __init__(self, now: float = NOON, integration: Integration = "baileys", **profile: Any) -> None:
        self.engine = Engine(content(), policy(), lambda text, context: Meaning())
        known = {"language": "en", "language_chosen": "en", "zone": "Asia/Kolkata", "country": "IN", **profile}
        self.session = Session(PERSON, channel=Channel("main", integration, ADDRESS), profile=known)
        self.session.consent = {"version": policy().behaviour.consent_version, "purposes": ["care_messages", "share_with_clinic"]}
        self.integration, self.now, self.count = integration, now, 0
        self.timers: dict[str, WakeAt] = {}
        self.ledger: list[dict[str, Any]] = []
        self.last: Turn | None = None

    def told(self, name: str, facts: dict[str, Any], **more: Any) -> list[Outbound]:
        self.count += 1
        agent, _, what = name.partition(".")
        return self.feed(Told(InputId(f"{agent}:t{self.count}"), PERSON, agent, what, self.now, facts, **more))

    def writes(self, text: str, **more: Any) -> list[Outbound]:
        self.count += 1
        return self.feed(
            Inbound(
                id=InputId(f"in{self.count}"), person=PersonId(PERSON), instance="main", integration=self.integration,
                address=ADDRESS, message_id=GatewayId(f"m{self.count}"), kind=more.pop("kind", "text"), sent_at=self.now,
                received_at=self.now, text=text, **more,
            )
        )  # fmt: skip

    def after(self, seconds: float) -> list[Outbound]:
        until, said = self.now + seconds, list[Outbound]()
        while due := [one for one in self.timers.values() if one.at <= until]:
            timer = min(due, key=lambda one: one.at)
            del self.timers[timer.id]
            self.now = max(self.now, timer.at)
            said += self.feed(TimerFired(InputId(f"{timer.id}:fired"), PERSON, timer.id, self.now, timer.data))
        self.now = until
        return said

    def feed(self, event: TurnEvent) -> list[Outbound]:
        self.last = turn = self.engine.turn(decode_session(encode(self.session)), event, now=self.now)
        self.session = turn.session
        for effect in turn.effects:
            if isinstance(effect, WakeAt):
                self.timers[effect.id] = effect
            elif isinstance(effect, CancelWake):
                self.timers.pop(effect.timer, None)
            elif isinstance(effect, Record) and effect.kind == "notice":
                self.ledger.append(effect.data)
        return [one for one in turn.effects if isinstance(one, Outbound)]

    @property
    def entries(self) -> list[tuple[str, str]]:
        return [(one["verdict"], one["reason"]) for one in self.ledger]


def test_what_nothing_stands_against_is_said_and_entered() -> None:
    asha = Someone()
    [said] = asha.told("clinical_monitor.trend", TREND)
    assert (said.kind, said.notice_class, said.zone) == ("notice", "clinical", "Asia/Kolkata")
    assert asha.entries == [("send", "in_time")]
    assert asha.ledger[0]["message"] == said.id
    assert len(asha.session.heard) == 1


def test_news_of_the_night_come_in_the_morning_and_nothing_has_begun_before() -> None:
    asha = Someone(NIGHT)
    assert asha.told("clinical_monitor.trend", TREND) == []
    assert asha.session.stack == []
    assert asha.after(8.4 * HOUR) == []
    [said] = asha.after(0.2 * HOUR)
    assert said.notice_class == "clinical"
    assert said.expires_at == NIGHT + DAY, "it is not worth longer for having waited"
    assert asha.entries == [("at", "quiet_hours"), ("send", "in_time")]
    assert asha.timers.keys() <= {one.id for one in asha.session.timers}


def test_the_end_of_the_night_is_not_one_moment_for_all_and_medicines_come_at_it() -> None:
    moments = set()
    for number in range(40):
        asha = Someone(NIGHT)
        asha.session.person = PersonId(f"p{number}")
        asha.feed(Told(InputId("clinical_monitor:t"), asha.session.person, "clinical_monitor", "trend", NIGHT, TREND))
        [timer] = [one for one in asha.timers.values() if one.data.get("why") == PUT_OFF]
        moments.add(timer.at)
        assert 0 <= timer.at - (NIGHT + 8.5 * HOUR) <= policy().notices.spread
        assert asha.ledger[0]["until"] == timer.at, "the ledger tells the very moment"
    assert len(moments) == 40
    asha = Someone(NIGHT, quiet_from="22:00", quiet_until="23:00")
    asha.told("engagement_engine.medicine_due", {"reminder": "r", "occurrence": "o"}, expires_at=NIGHT + 2 * HOUR)
    assert asha.ledger[0]["until"] == NIGHT + 0.5 * HOUR


def test_the_sixth_of_a_day_comes_the_next_day_or_not_at_all() -> None:
    asha = Someone()
    assert [len(asha.told("clinical_monitor.trend", TREND)) for _ in range(6)] == [1, 1, 1, 1, 1, 0]
    assert asha.entries[5] == ("at", "day_full")
    assert len(asha.after(DAY)) == 1
    asha = Someone()
    for _ in range(5):
        asha.told("clinical_monitor.trend", TREND)
    assert asha.told("learning_library.lesson_due", LESSON) == []
    assert asha.entries[5] == ("drop", "day_full")
    assert asha.last is not None
    assert asha.last.kind == "stale"


def test_less_is_two_and_only_medicines_are_medicines() -> None:
    asha = Someone(pace="fewer")
    assert [len(asha.told("clinical_monitor.trend", TREND)) for _ in range(3)] == [1, 1, 0]
    asha = Someone(pace="medicines")
    assert asha.told("clinical_monitor.trend", TREND) == []
    assert asha.entries == [("drop", "only_medicines")]


def test_who_has_taken_back_care_messages_alone_is_answered_and_alarmed_and_not_written_to() -> None:
    asha = alarming(Someone())
    asha.session.consent = {**asha.session.consent, "purposes": []}
    assert asha.told("clinical_monitor.trend", TREND) == []
    assert asha.told("learning_library.lesson_due", LESSON) == []
    assert asha.entries == [("drop", "not_allowed")] * 2
    assert asha.session.stack == [], "nothing was begun"
    due = {"reminder": "r", "occurrence": "o"}
    assert asha.told("engagement_engine.medicine_due", due, expires_at=NOON + 2 * HOUR), "its hour is their own wish"
    assert asha.writes("hello"), "they wrote"
    assert [one.kind for one in asha.told("care_coordinator.lab_result", CRITICAL)].count("emergency") == 1
    assert [one.kind for one in asha.writes("chest pain")].count("emergency") == 1
    asha = Someone()
    asha.session.consent = {**asha.session.consent, "purposes": ["share_with_clinic"]}
    assert asha.told("clinical_monitor.trend", TREND) == []
    asha.session.consent = {**asha.session.consent, "purposes": ["care_messages"]}
    assert len(asha.told("clinical_monitor.trend", TREND)) == 1, "allowed again"


def test_a_pause_is_kept_and_an_own_night_too() -> None:
    asha = Someone(paused_until=NOON + HOUR)
    assert asha.told("clinical_monitor.trend", TREND) == []
    assert len(asha.after(HOUR)) == 1
    asha = Someone(quiet_from="11:00", quiet_until="12:00")
    assert asha.told("clinical_monitor.trend", TREND) == []
    assert len(asha.after(HOUR)) == 1


def test_lessons_come_once_a_day() -> None:
    asha = Someone()
    assert len(asha.told("learning_library.lesson_due", LESSON)) == 1
    assert asha.told("learning_library.lesson_due", LESSON) == []
    assert asha.entries[1] == ("drop", "same_topic")


def test_room_is_kept_for_the_tablets_of_the_evening() -> None:
    asha = Someone(medicine_hours="13:00 20:00 21:00")
    assert [len(asha.told("clinical_monitor.trend", TREND)) for _ in range(3)] == [1, 1, 0]
    assert asha.entries[2] == ("at", "kept_room")


def test_outside_the_window_it_waits_until_the_person_writes() -> None:
    asha = Someone(integration="cloud")
    assert asha.told("clinical_monitor.trend", TREND) == []
    assert asha.entries == [("wait", "window")]
    asha.after(HOUR)
    assert all(one.kind == "reply" for one in asha.writes("well well"))
    assert asha.after(policy().notices.after_writing - 1) == []
    [said] = asha.after(2)
    assert said.notice_class == "clinical"


def test_what_was_shut_out_is_said_when_the_person_writes_again() -> None:
    asha = Someone(integration="cloud")
    assert asha.told("channel.shut_out", {"words": "*Dr Rao* writes:\nTake it with food."}) == []
    assert asha.entries == [("wait", "window")]
    asha.after(HOUR)
    asha.writes("well well")
    [said] = asha.after(policy().notices.after_writing + 1)
    assert said.text.endswith("*Dr Rao* writes:\nTake it with food.")
    asha.session.stopped = True
    assert asha.told("channel.shut_out", {"words": "More."}) == [], "who wants no messages hears nothing of it"


def asked_in_vain() -> Someone:
    """Whom we asked "shall I tell your care team?", which the official channel did not let through."""
    asha = Someone(integration="cloud")
    asha.writes("hello")
    [said] = asha.told("clinical_monitor.trend", TREND)
    assert said.options
    asha.now += 2 * HOUR
    asha.session.last_inbound_at = NOON - 2 * DAY
    assert asha.told("channel.shut_out", {"words": "So many highs. Shall I?", "question": said.step}) == []
    return asha


def test_a_question_that_was_shut_out_was_not_asked_and_comes_with_its_buttons() -> None:
    asha = asked_in_vain()
    [said] = asha.writes("yes")
    assert said.step == "trend/offer", "that was no answer to what they have not seen"
    assert [one.label for one in said.options] == ["Yes, please", "No, thank you"]
    [said] = asha.after(policy().notices.after_writing + 1)
    assert (said.text, said.options) == (f"{LATE}\n\nSo many highs. Shall I?", ()), "its news, of which the question told nothing"
    asha = asked_in_vain()
    asha.session.last_inbound_at = asha.now  # a tap of something else
    [said] = asha.told("channel.shut_out", {"words": "So many highs. Shall I?", "question": "trend/offer"})
    assert said.text == f"{LATE}\n\nSo many highs. Shall I?"
    assert [one.label for one in said.options] == ["Yes, please", "No, thank you"]


def test_a_question_that_is_not_open_any_more_is_said_in_its_words() -> None:
    asha = asked_in_vain()
    asha.session.stack = []
    asha.session.last_inbound_at = asha.now
    [said] = asha.told("channel.shut_out", {"words": "So many highs. Shall I?", "question": "trend/offer"})
    assert (said.text, said.options) == (f"{LATE}\n\nSo many highs. Shall I?", ())


def test_nobody_who_never_writes_hears_it_late() -> None:
    asha = Someone(integration="cloud")
    asha.told("clinical_monitor.trend", TREND)
    assert asha.after(5 * DAY) == []
    assert asha.entries[-1] == ("drop", "over") or asha.entries[-1] == ("drop", "expired")
    assert asha.session.timers == []


def official(**profile: Any) -> Someone:
    """On the official channel, and it is two days since they wrote."""
    asha = Someone(NOON, "cloud", **profile)
    asha.session.last_inbound_at = NOON - 2 * DAY
    return asha


def test_a_template_that_is_approved_in_the_persons_language_or_the_one_after_it_goes() -> None:
    due = {"what": "glucose", "reminder": "r", "occurrence": "o"}
    asha = official(language="hi", language_chosen="hi")
    [said] = asha.told("engagement_engine.reminder_due", due)
    assert said.template is not None
    hindi, english = (("hi", said.template.wordings[0].form), ("en", said.template.wordings[1].form))
    for approved, sent in ((hindi, True), (english, True), (("hi", "other words"), False), (("ta", hindi[1]), False)):
        asha = official(language="hi", language_chosen="hi")
        asha.engine.contents = replace(asha.engine.contents, approved=frozenset({(said.template.name, *approved)}))
        assert bool(asha.told("engagement_engine.reminder_due", due, expires_at=NOON + 2 * HOUR)) is sent, approved
        assert asha.entries == [("send", "in_time") if sent else ("wait", "window")]
    asha.writes("hi")
    assert [one.notice_class for one in asha.after(HOUR) if one.kind == "notice"] == ["reminder"], "it waited for that"


UNDONE = {"why": "cancelled", "day": "2025-11-28", "time": "10:00", "who": "Dr Mehta"}


def test_what_belongs_together_and_waited_comes_in_one_message_and_takes_one_place() -> None:
    asha = Someone(NIGHT)
    asha.told("care_coordinator.booking_undone", UNDONE)
    asha.told("care_coordinator.refund_made", {"amount": "₹500"})
    asha.told("clinical_monitor.trend", TREND)
    assert asha.entries == [("at", "quiet_hours"), ("merge", "together"), ("at", "quiet_hours")]
    said = asha.after(9 * HOUR)
    assert len(said) == 2, "the trend is another matter"
    [both] = [one for one in said if "₹500" in one.text]
    assert "Dr Mehta" in both.text
    assert sorted(asha.entries[3:]) == [("merge", "together"), ("send", "in_time"), ("send", "in_time")]
    merged = asha.ledger[1]
    assert merged["into"] in [one["bid"] for one in asha.ledger if one["verdict"] == "send"]
    assert len(asha.session.heard) == 2
    assert asha.after(DAY) == [], "nothing comes again"


def test_whichever_is_woken_first_they_come_together_at_once() -> None:
    asha = Someone(NIGHT)
    asha.told("care_coordinator.booking_undone", UNDONE)
    asha.told("care_coordinator.refund_made", {"amount": "₹500"})
    first, second = asha.timers.values()
    assert first.at == second.at, "it is woken with the one that it goes with"
    asha.now = second.at
    fired = TimerFired(InputId(f"{second.id}:fired"), PERSON, second.id, asha.now, asha.timers.pop(second.id).data)
    [both] = asha.feed(fired)
    assert "Dr Mehta" in both.text
    assert "₹500" in both.text
    assert asha.timers == {}
    assert asha.session.timers == []


def test_one_that_cannot_go_along_after_all_is_looked_at_again_a_moment_later() -> None:
    asha = Someone(NIGHT)
    for name, facts in (("booking_undone", UNDONE), *[("refund_made", {"amount": f"₹{n}"}) for n in range(4)]):
        asha.told(f"care_coordinator.{name}", facts)
    said = asha.after(9 * HOUR)
    assert [sum(f"₹{n}" in one.text for one in said) for n in range(4)] == [1] * 4
    assert 2 <= len(said) <= 3
    assert asha.session.timers == []


def test_a_template_takes_nothing_along() -> None:
    asha = Someone(NIGHT, "cloud")
    asha.session.last_inbound_at = NIGHT - 2 * DAY
    asha.told("care_coordinator.booking_undone", UNDONE)
    asha.told("care_coordinator.visit_moved", {"day": "2025-11-28", "time": "10:00", "who": "Dr Mehta"})
    said = asha.after(10 * HOUR)
    assert all(one.template for one in said)
    assert ("merge", "together") not in asha.entries
    assert len(said) == len({one.template.name for one in said if one.template})


def test_a_summary_for_a_relative_is_offered_by_a_template_that_tells_nothing_of_it() -> None:
    asha = official()
    [said] = asha.told("engagement_engine.digest_due", {"block_1": "Amma: two lows", "name": "Amma"})
    assert said.template is not None
    assert (said.template.name, said.template.wordings[0].values) == ("caregiver_digest", ("Amma",))
    assert "lows" not in said.text


def test_medicine_hours_are_kept_room_for_as_the_reminders_say() -> None:
    asha = Someone(medicine_hours="")
    for _ in range(4):
        asha.told("clinical_monitor.trend", TREND)
    assert len(asha.told("learning_library.lesson_due", LESSON)) == 1, "nothing is owed"


def test_an_emergency_goes_in_the_night_and_counts_for_nothing() -> None:
    asha = Someone(NIGHT, pace="medicines", paused_until=NIGHT + 9 * DAY)
    [said] = asha.told("clinical_monitor.caregiver_alarm", ALARM)
    assert said.kind == "emergency"
    assert asha.session.heard == []


def asking() -> Someone:
    """Somebody whose own message an agent is at work on."""
    asha = Someone()
    asha.session.last_inbound_at = NOON
    slow = WakeAt(EffectId("s"), PERSON, NOON + 1.5, {"why": "slow"})
    wait = Wait("look", slow.id, EffectId("i"), until=NOON + 8)
    asha.session.stack = [Frame("reminders", content().version, "look", {"action": "list"}, wait=wait)]
    asha.session.timers, asha.timers = [slow], {slow.id: slow}
    return asha


def test_news_come_behind_the_answer_to_what_the_person_wrote() -> None:
    asha = asking()
    assert asha.told("clinical_monitor.trend", TREND) == []
    assert asha.entries == [("at", "answer_first")]
    result = AgentResult(InputId("i:result"), PERSON, EffectId("i"), "engagement_engine", "none", NOON)
    assert [one.kind for one in asha.feed(result)] == ["reply"]
    [news] = asha.after(0)
    assert (news.notice_class, asha.entries[1:]) == ("clinical", [("send", "in_time")])
    assert [one for one in asha.session.timers if one.data["why"] == PUT_OFF] == []


def test_news_do_not_wait_for_an_answer_that_does_not_come_nor_longer_than_they_are_worth_and_danger_not_at_all() -> None:
    asha = asking()
    assert asha.told("clinical_monitor.trend", TREND) == []
    assert [one.kind for one in asha.after(8)] == ["reply", "reply"], "one moment; it cannot be looked up"
    assert [one.kind for one in asha.after(1)] == ["notice"]
    asha = asking()
    assert len(asha.told("clinical_monitor.trend", TREND, expires_at=NOON + 5)) == 1
    asha = asking()
    assert [one.kind for one in asha.told("clinical_monitor.caregiver_alarm", ALARM)] == ["emergency"]


def resting(now: float, flow: str, last_inbound: float) -> Someone:
    """Somebody in whose conversation some time has to pass, from the last step before that."""
    asha = Someone(now)
    asha.session.last_inbound_at = last_inbound
    wake = WakeAt(EffectId("w"), PERSON, now, {"why": "wait"})
    asha.session.stack = [Frame(flow, content().version, "pass_time", wait=Wait("pass_time", wake.id))]
    asha.session.timers, asha.timers = [wake], {wake.id: wake}
    return asha


def test_a_wait_that_ends_in_the_night_goes_on_while_the_person_is_awake() -> None:
    asha = resting(NIGHT, "meals", NIGHT - 300)
    [said] = asha.after(0)
    assert (said.kind, asha.entries) == ("notice", [("send", "in_time")])


def test_a_wait_that_ends_while_they_sleep_is_gone_on_with_unsaid_and_nobody_was_asked() -> None:
    asha = resting(NIGHT, "meals", NIGHT - HOUR)
    assert asha.after(0) == []
    assert asha.entries == [("drop", "quiet_hours")]
    assert asha.session.stack[0].wait is not None
    assert asha.session.stack[0].wait.seen == "nothing"
    assert asha.session.asked == []


def test_what_was_promised_for_an_hour_comes_at_that_hour() -> None:
    asha = resting(NIGHT, "high_care", NIGHT - 3 * HOUR)
    assert len(asha.after(0)) == 1


def test_a_wait_that_may_come_later_stands_until_then_and_an_answer_ends_it() -> None:
    asha = resting(NIGHT, "meals", NIGHT - HOUR)
    asha.session.profile.update(quiet_from="22:00", quiet_until="23:00")
    before = encode(asha.session.stack[0])
    assert asha.after(0) == []
    assert encode(asha.session.stack[0]) == before, "it stands where it stood"
    assert len(asha.after(0.8 * HOUR)) == 1
    asha = resting(NIGHT, "meals", NIGHT - HOUR)
    asha.session.profile.update(quiet_from="22:00", quiet_until="23:00")
    asha.after(0)
    asha.session.stack, asha.session.timers = [], [one for one in asha.session.timers if one.id != "w"]
    assert asha.after(HOUR) == []
    assert asha.entries[-1] == ("drop", "over")


def test_what_an_agent_answers_to_a_turn_that_nobody_asked_for_is_a_notice_too() -> None:
    asha = resting(NIGHT, "meals", NIGHT - HOUR)
    frame = asha.session.stack[0]
    frame.flow, frame.step, frame.wait = "lab_result", "keep", Wait("keep", EffectId("w"), EffectId("i"), unasked=True)
    result = AgentResult(InputId("i:result"), PERSON, EffectId("i"), "care_coordinator", "unavailable", NIGHT)
    assert asha.feed(result) == []
    assert asha.entries == [("at", "quiet_hours")]
    assert asha.timers.keys() != {"w"}, "it is not late"
    [said] = asha.after(9 * HOUR)
    assert said.kind == "notice"


def test_more_than_can_wait_loses_what_matters_least() -> None:
    asha = Someone(NIGHT)
    asha.told("learning_library.lesson_due", LESSON)  # over before the morning
    assert asha.entries == [("drop", "quiet_hours")]
    for _ in range(policy().notices.waiting + 1):
        asha.told("care_coordinator.lab_result", RESULT)
    assert [entry for entry in asha.entries if entry[1] == "too_many"] == [("drop", "too_many")]
    assert len(asha.timers) == policy().notices.waiting


def test_a_repeated_decision_is_the_same() -> None:
    asha = Someone(NIGHT)
    told = Told(InputId("clinical_monitor:x"), PERSON, "clinical_monitor", "trend", NIGHT, TREND)
    before = encode(asha.session)
    turns = [asha.engine.turn(decode_session(before), told, now=NIGHT) for _ in range(2)]
    assert encode(turns[0]) == encode(turns[1])
    assert not any(isinstance(one, AgentResult) for one in turns[0].effects)


def test_who_is_forgotten_hears_nothing_of_what_was_put_off_and_it_is_kept_nowhere() -> None:
    asha = Someone(NIGHT)
    asha.told("clinical_monitor.trend", TREND)
    assert "three_highs" in str(encode(asha.session))
    asha.session.stack = [Frame("erase_data", content().version, "erase", wait=Wait("erase", None, EffectId("i")))]
    facts = {"receipt": "R1", "by_day": NIGHT}
    [said] = asha.feed(AgentResult(InputId("i:result"), PERSON, EffectId("i"), "engagement_engine", "erased", NIGHT, facts))
    assert "R1" in said.text
    assert "three_highs" not in str(encode(asha.session))
    assert asha.timers == {}


CRITICAL = {**RESULT, "critical": True, "corrected": True, "taken_back": 1, "hba1c": 7.4, "version": 1}
STATUS = {"state": "told", "names": "Dr Rao", "role": "doctor", "before": "", "category": "chest_pain"}


def waits(asha: Someone) -> list[str]:
    return [str(one.data["why"]) for one in asha.timers.values() if one.data["why"] in (PUT_OFF, HELD_BACK)]


def test_beside_news_danger_goes_first_and_alone_in_the_night_and_the_rest_comes_in_the_morning() -> None:
    asha = Someone(NIGHT)
    [said] = asha.told("care_coordinator.lab_result", CRITICAL)
    assert (said.kind, said.notice_class, asha.session.heard) == ("emergency", None, [])
    assert asha.entries == [("at", "quiet_hours")]
    assert asha.after(8.4 * HOUR) == []
    [rest] = asha.after(0.2 * HOUR)
    assert (rest.kind, rest.notice_class) == ("notice", "clinical")
    assert "not among your readings any more" in rest.text
    assert "It says HbA1c 7.4 %" in rest.text
    assert rest.options, "it is asked now, for the first time"
    assert asha.entries[1:] == [("send", "in_time")]
    assert waits(asha) == []


def test_beside_news_danger_goes_first_and_uncapped_on_a_full_day_and_the_rest_comes_the_next_day() -> None:
    asha = Someone()
    for _ in range(5):
        asha.told("clinical_monitor.trend", TREND)
    [said] = asha.told("care_coordinator.lab_result", CRITICAL)
    assert said.kind == "emergency"
    assert asha.entries[5] == ("at", "day_full")
    assert len(asha.session.heard) == 5
    rest = asha.after(DAY)
    assert [one.kind for one in rest if "not among your readings any more" in one.text] == ["notice"]


def test_where_there_is_room_danger_and_the_rest_come_at_once_danger_first() -> None:
    asha = Someone()
    first, rest = asha.told("care_coordinator.lab_result", CRITICAL)
    assert (first.kind, rest.kind) == ("emergency", "notice")
    assert len(asha.session.heard) == 1
    assert waits(asha) == []


def test_what_danger_went_before_comes_with_the_next_thing_that_is_said_and_once() -> None:
    asha = Someone(NIGHT)
    asha.told("care_coordinator.lab_result", CRITICAL)
    [status] = asha.told("clinical_monitor.emergency_status", {**STATUS, "category": "lab_result"})
    assert status.kind == "emergency"
    assert "Dr Rao" in status.text
    assert waits(asha) == [HELD_BACK], "still one, however often danger is spoken of"
    said = asha.writes("well well")
    assert "not among your readings any more" in said[0].text
    assert "It says HbA1c 7.4 %" in said[-1].text
    assert all(one.kind == "reply" for one in said)
    assert not any("not among your readings" in one.text for one in asha.after(DAY))


def test_the_rest_of_two_that_danger_went_before_comes_together() -> None:
    asha = Someone(NIGHT)
    asha.told("care_coordinator.lab_result", CRITICAL)
    asha.told("care_coordinator.lab_result", {**CRITICAL, "booking": "b2", "day": "2025-11-20", "hba1c": 8.1})
    assert waits(asha) == [HELD_BACK]
    said = asha.after(9 * HOUR)
    text = "\n".join(one.text for one in said)
    assert "25 November" in text
    assert "20 November" in text
    assert "HbA1c 8.1 %" in text


def test_outside_the_window_danger_goes_and_the_rest_waits_for_a_message() -> None:
    asha = official()
    [said] = asha.told("care_coordinator.lab_result", CRITICAL)
    assert said.kind == "emergency"
    assert asha.entries == [("wait", "window")]
    assert any("not among your readings any more" in one.text for one in asha.writes("hello there"))


def test_what_may_not_be_said_at_all_is_not_kept_for_having_stood_beside_danger() -> None:
    asha = Someone(pace="medicines")
    [said] = asha.told("care_coordinator.lab_result", CRITICAL)
    assert said.kind == "emergency"
    assert asha.entries == [("drop", "only_medicines")]
    assert asha.session.held == []


def test_in_a_turn_danger_is_said_first_and_a_question_of_life_before_any_other() -> None:
    asha = Someone()
    told = Told(InputId("x:1"), PERSON, "x", "y", NOON, {})
    scene = asha.engine._scene(asha.session, told, NOON)
    scene.notice = content().flows["trend"].notice
    scene.say("fallback")
    scene.say("cannot_read", kind="emergency")
    assert [one.kind for one in outbounds(scene) if isinstance(one, Outbound)] == ["emergency", "notice"]
    scene = asha.engine._scene(asha.session, told, NOON)
    for flow, step in (("emergency_follow_up", "ask"), ("reminders", "ask_what")):
        frame = Frame(flow, content().version, step)
        scene.pieces.append(question(scene, frame, scene.step_of(frame)))
    [asked] = [one for one in outbounds(scene) if isinstance(one, Outbound)]
    assert (asked.kind, asked.step) == ("emergency", "emergency_follow_up/ask")


def alarming(asha: Someone) -> Someone:
    danger = Meaning(urgency="emergency", category="chest_pain")
    asha.engine = Engine(content(), policy(), lambda text, context: danger if "chest" in text else Meaning())
    return asha


def test_danger_in_a_message_is_answered_at_once_while_news_wait_and_they_come_at_their_own_time() -> None:
    asha = alarming(Someone(NIGHT))
    asha.told("clinical_monitor.trend", TREND)
    asha.told("care_coordinator.booking_undone", UNDONE)
    said = asha.writes("chest pain")
    assert said[0].kind == "emergency"
    assert "notice" not in [one.kind for one in said]
    assert waits(asha) == [PUT_OFF, PUT_OFF]
    later = asha.after(9 * HOUR)
    assert [one.kind for one in later[:2]] == ["emergency", "emergency"], "did help come?"
    assert sorted(one.notice_class or "" for one in later if one.kind == "notice") == ["care_team", "clinical"]


def test_a_message_of_danger_opens_the_official_channel_so_what_follows_on_it_goes_in_words() -> None:
    asha = alarming(official())
    asha.writes("chest pain")
    [status] = asha.told("clinical_monitor.emergency_status", STATUS)
    assert status.window_until is not None
    assert status.window_until > asha.now
    [asked] = asha.after(10 * 60)
    assert asked.window_until is not None
    assert asked.window_until > asha.now


WORDS_OF_A_DOCTOR = {"doctor": "Dr Rao", "clinic": "City Clinic", "first": True, "words": "Please come in on Monday."}


def test_words_of_a_doctor_go_at_night_on_a_full_day_and_in_a_pause_count_for_nothing_and_are_in_the_ledger() -> None:
    asha = Someone(paused_until=NOON + 2 * DAY)
    asha.now = NIGHT
    for _ in range(3):
        [said] = asha.told("doctor_bridge.doctor_says", WORDS_OF_A_DOCTOR)
        assert said.kind == "reply"
    assert asha.entries == [("send", "a_person")] * 3
    assert asha.ledger[0]["class"] == "care_team"
    assert asha.ledger[0]["message"]
    assert asha.session.heard == []


def test_other_news_are_planned_as_ever_while_a_person_talks_with_them() -> None:
    asha = Someone()
    asha.told("doctor_bridge.doctor_says", WORDS_OF_A_DOCTOR)
    assert [len(asha.told("clinical_monitor.trend", TREND)) for _ in range(6)] == [1, 1, 1, 1, 1, 0]
    asha = Someone(NIGHT)
    asha.told("doctor_bridge.doctor_says", WORDS_OF_A_DOCTOR)
    assert asha.told("clinical_monitor.trend", TREND) == []
    assert asha.entries[-1] == ("at", "quiet_hours")


def test_no_lesson_comes_between_danger_and_whether_help_came() -> None:
    asha = alarming(Someone())
    asha.writes("chest pain")
    assert asha.told("learning_library.lesson_due", LESSON) == []
    assert asha.last is not None
    assert {"action": "not_told", "event": "learning_library.lesson_due", "why": "after_danger"} in asha.last.trace
    assert len(asha.told("clinical_monitor.trend", TREND)) == 1, "what is of use to their health is told"
    asha.after(HOUR)
    assert len(asha.told("learning_library.lesson_due", LESSON)) == 1
