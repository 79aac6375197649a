"""The engine: one turn of one person as a pure function. It decides; it does not do.

The order of a turn is a promise: danger first, then whether we may speak at all, then what was said.
"""

from __future__ import annotations

from functools import partial
from typing import Any

from msgspec import Struct, structs

from bot.dialogue.agreeing import lay_aside, unknown
from bot.dialogue.bounds import shrink
from bot.dialogue.care import care_for_reading, keep_reading
from bot.dialogue.content import Content
from bot.dialogue.contents import Contents
from bot.dialogue.correcting import Correction, correct, find_correction
from bot.dialogue.danger import SILENT_KINDS, ask_no_more, danger, is_late, no_news, say_late
from bot.dialogue.forgetting import forget_the_turn
from bot.dialogue.fragments import joined, remember
from bot.dialogue.gather import hold, take_up_held
from bot.dialogue.handing_over import answers_us, pass_on, take_back, tell, with_person
from bot.dialogue.hearing import hear
from bot.dialogue.hints import SAID, worded
from bot.dialogue.landing import settle
from bot.dialogue.listening import Listening, Understand, words_of
from bot.dialogue.messages import outbounds
from bot.dialogue.options import named
from bot.dialogue.scene import Scene
from bot.dialogue.staff import hear_staff, introduce
from bot.dialogue.taking_files import take_file
from bot.dialogue.taps import Tapped, resolve
from bot.dialogue.unasked import Unspoken, come_back
from bot.dialogue.waking import watch_over
from bot.dialogue.walk import again, start
from bot.dialogue.wishes import Dates
from bot.dialogue.written_language import note_language, offer_language
from bot.model.codec import decode_session, encode
from bot.model.effects import Effect
from bot.model.events import TurnEvent
from bot.model.hint import Hint
from bot.model.ids import EffectId, person_of
from bot.model.inbound import Inbound
from bot.model.session import Asked, Channel, Session
from bot.understanding.festivals import Calendar
from bot.understanding.meaning import Meaning
from config.policy import Policy

MEDIA_TEXTS = {"audio": "cannot_listen", "image": "cannot_look", "video": "cannot_look", "document": "cannot_look"}
FILE_TEXTS = {
    "missing": "file_missing", "too_large": "file_too_large", "wrong_kind": "file_wrong_kind", "broken": "file_broken",
    "unsafe": "file_broken", "locked": "file_locked",
}  # fmt: skip
MISSED_SHOWN = 5  # keys of texts that a language lacks, in the trace of one turn
CORRECTING_WORDS = 4  # at most, beside the number, in a correction in another language than the chosen one


class Turn(Struct):
    """What a turn decided. ``trace`` is for the journal: steps and ways, nobody's words."""

    session: Session
    effects: list[Effect]
    trace: list[dict[str, Any]]
    kind: str


class Engine:
    """``contents`` may be replaced between two turns; each turn sees one value of it."""

    def __init__(
        self,
        content: Content | Contents,
        policy: Policy,
        understand: Understand,
        calendar: Calendar | None = None,
    ) -> None:
        self.contents = content if isinstance(content, Contents) else Contents(content)
        self._policy = policy
        self._listening = Listening(understand, policy)
        self._dates = Dates(policy.notices, calendar)
        self._staff = {person_of(f"phone:{member.phone}"): member for member in policy.care_team.members}

    def turn(
        self, session: Session, event: TurnEvent, *, now: float, asked: Asked | None = None, hint: Hint | None = None
    ) -> Turn:
        """Decide one turn. The given session is not changed. ``asked``: the question that the message quotes, where known.
        ``hint``: what a model made of a message that was not understood without it."""
        if isinstance(event, Inbound):
            event = worded(event, hint)

        def fresh() -> Scene:
            return self._scene(session, event, now)

        if not isinstance(event, Inbound):
            draft = Unspoken(self._dates, fresh, self._said).turn(event)
            return self._turn(draft.scene, draft.said)
        scene = fresh()
        scene.hint = hint
        if not event.verified:
            return self._stranger(scene, event)
        self._inbound(scene, event, asked)
        remember(scene, event, words_of(event))
        return self._turn(scene, self._said(scene))

    def _scene(self, session: Session, event: TurnEvent, now: float) -> Scene:
        """A turn with nothing done, on a session of its own."""
        kept = decode_session(encode(session))
        kept.version += 1
        scene = Scene(self.contents, self._policy, kept, event, now)
        if member := self._staff.get(event.person):
            scene.staff = True
            introduce(kept, member, self._policy.care_team, scene.content.languages)
        return scene

    def one_moment(self, session: Session, event: Inbound, *, now: float) -> list[Effect]:
        """What is said while a model is still looking at a file: beside the turn, under an id that no turn gives."""
        scene = Scene(self.contents, self._policy, decode_session(encode(session)), event, now)
        self._meet(scene, event)
        scene.say("one_moment")
        return [structs.replace(said, id=EffectId(f"{event.id}#moment")) for said in outbounds(scene)]

    def emergency_only(self, event: Inbound, *, now: float) -> list[Effect]:
        """The emergency lane alone, without any session. Its effects carry the ids that ``turn`` gives them."""
        if event.verified and event.person in self._staff:
            return []
        scene = Scene(self.contents, self._policy, Session(event.person), event, now)
        scene.alone = True
        self._meet(scene, event)
        meaning = self._listening.read(scene, event, None)
        self._listening.greet(scene, meaning)
        danger(scene, event, meaning)
        return scene.first

    # -- messages

    def _inbound(self, scene: Scene, event: Inbound, asked: Asked | None) -> None:
        self._meet(scene, event)
        settle(scene)
        if scene.staff:
            return hear_staff(scene, event, words_of(event), self._listening.read(scene, event, None), asked)
        lay_aside(scene)
        tapped = resolve(scene.contents, scene.session, event, asked)
        meaning = self._listening.read(scene, event, tapped)
        self._listening.greet(scene, meaning)
        late = is_late(scene, event)
        # Also a message of danger opens the official channel: what follows on it goes in words, not as a template.
        scene.session.last_inbound_at = max(event.sent_at if late else scene.now, scene.session.last_inbound_at or 0.0)
        correction = self._correction(scene, event, meaning) if not (late or tapped or scene.hint) else None
        if not (tapped or correction or scene.hint):
            meaning = joined(scene, event, words_of(event), meaning, lambda text: self._listening.understood(scene, text, None))
        meaning = no_news(scene, meaning)
        if correction:  # the number that was taken back is no danger; the new one may be
            meaning = self._listening.understood(scene, words_of(event), None)
        scene.another = meaning.another
        grave = correction.meaning if correction and correction.meaning and correction.meaning.urgency != "none" else meaning
        if danger(scene, event, grave if meaning.urgency != "emergency" else meaning):
            if correction:
                correct(scene, correction)
                scene.kind = "emergency"
            elif not late:
                ask_no_more(scene, meaning.category)
                heard = self._listening.heard(scene, event, meaning)
                tell(scene, heard)
                if not care_for_reading(scene, heard):
                    watch_over(scene, meaning.category or "general")
            return
        if late and meaning.command != "stop":
            return say_late(scene, event)
        come_back(scene)
        if event.kind in SILENT_KINDS:
            scene.kind = "ignored"
            scene.note("ignored", kind=event.kind)
            return
        if meaning.command == "stop" and not tapped and event.kind != "edit":
            scene.kind = "command"
            return start(scene, scene.content.by_command["stop"])
        if meaning.urgency == "confirm" and not tapped and event.kind != "edit":
            heard = self._listening.heard(scene, event, meaning)
            tell(scene, heard)
            keep_reading(scene, heard)
            scene.kind = "emergency_check"
            return start(scene, "emergency_check", {"category": meaning.category or "general"})
        if scene.session.with_person and event.kind != "edit":
            heard = self._listening.heard(scene, event, meaning)
            if not with_person(scene):
                take_back(scene)
            elif not answers_us(scene, heard, tapped) and pass_on(scene, heard):
                return keep_reading(scene, heard)
        if correction:
            return correct(scene, correction)
        self._by_form(scene, event, meaning, tapped)

    def _correction(self, scene: Scene, event: Inbound, meaning: Meaning) -> Correction | None:
        text = words_of(event)
        if event.kind != "text" or scene.session.stopped or scene.session.last is None:
            return None
        if (frame := scene.pending()) and named(scene.step_of(frame), text):  # "No, keep it", in its very words
            return None
        if not meaning.corrects:  # "galat, 142" from somebody who chose English: people correct themselves in their own words
            spoken = sum(any(char.isalpha() for char in word) for word in text.split())
            if not meaning.numbers or not 1 <= spoken <= CORRECTING_WORDS:
                return None
            if not self._listening.corrects(scene, text):
                return None
            meaning = structs.replace(meaning, corrects=True)
        return find_correction(
            scene,
            self._listening.heard(scene, event, meaning),
            partial(self._listening.understood, scene),
        )

    def _by_form(self, scene: Scene, event: Inbound, meaning: Meaning, tapped: Tapped | None) -> None:
        """What can be read is heard; of the rest we say plainly that we cannot take it."""
        text = words_of(event)
        meaning = meaning if tapped else self._listening.left(scene, text, meaning)
        if event.kind == "edit":
            scene.kind = "edit"
            return scene.say("stopped" if scene.session.stopped else "edited")
        heard = self._listening.heard(scene, event, meaning)
        if scene.hint:
            scene.note("hint", source=scene.hint.source)
            if scene.hint.text and not scene.session.stopped:
                scene.say(SAID[scene.hint.source])
        if take_file(scene, heard):
            return None
        if event.kind in MEDIA_TEXTS and not scene.session.stopped:
            problem = event.media.problem if event.media else None
            said = FILE_TEXTS.get(problem or "")
            if event.kind == "audio" and problem != "missing":  # the form of a voice message is nobody's concern
                said = None
            scene.say(said or MEDIA_TEXTS[event.kind])
        elif event.kind in ("location", "contact") and not scene.session.stopped:
            scene.say("cannot_use")
        if text or tapped:
            written = None if tapped else self._listening.language_written(scene, event, meaning)
            note_language(scene, written)
            hear(scene, heard, tapped)
            return offer_language(scene, written)
        if scene.session.stopped or unknown(scene):
            return hear(scene, heard, None)
        scene.kind = "cannot_read"
        if not scene.pieces:
            scene.say("cannot_read")
        again(scene)

    def _stranger(self, scene: Scene, event: Inbound) -> Turn:
        """The sender could not be proven: danger is answered, all else in general words; nothing kept is shown or changed."""
        kept = scene.session
        scene.session = Session(event.person)
        scene.alone = True
        self._meet(scene, event)
        meaning = self._listening.read(scene, event, None)
        self._listening.greet(scene, meaning)
        if not danger(scene, event, meaning) and event.kind not in SILENT_KINDS:
            scene.say("unverified")
            scene.kind = "unverified"
        said = outbounds(scene)
        return Turn(kept, [*scene.first, *said], scene.trace, scene.kind)

    # -- shared

    def _meet(self, scene: Scene, event: Inbound) -> None:
        scene.session.channel = Channel(event.instance, event.integration, event.address)

    def _said(self, scene: Scene) -> list[Effect]:
        """The messages of a turn that is through."""
        session = scene.session
        take_up_held(scene)
        hold(scene)
        scene.put_aside()
        if session.stopped and not isinstance(scene.event, Inbound):
            scene.pieces = [piece for piece in scene.pieces if piece.kind == "emergency"]
        if scene.changed and scene.consented:
            scene.record(
                "profile", {field: session.profile[field] for field in sorted(scene.changed) if field in session.profile}
            )
        forget_the_turn(scene)
        return outbounds(scene)

    def _turn(self, scene: Scene, said: list[Effect]) -> Turn:
        shrink(scene)
        if scene.missed:
            keys = list(dict.fromkeys(scene.missed))
            scene.note("untranslated", language=scene.language, count=len(keys), keys=keys[:MISSED_SHOWN])
        return Turn(scene.session, [*scene.first, *said, *scene.effects], scene.trace, scene.kind)
