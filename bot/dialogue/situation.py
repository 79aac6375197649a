"""Who somebody is and where, what they agreed to, and the variables that texts and expressions see of all that."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.dialogue.cohort import arms_of
from bot.dialogue.content import Content
from bot.dialogue.contents import Contents
from bot.dialogue.display import TONGUES
from bot.dialogue.effecting import Effecting
from bot.dialogue.emergency import number_values
from bot.dialogue.flow import Flow, Step
from bot.dialogue.household import member_of, profile_of
from bot.dialogue.limits import LimitsOf
from bot.dialogue.speaking import pages
from bot.dialogue.text import FALLBACK, Fallback
from bot.model.clock import local
from bot.model.consent import in_force, purposes_of
from bot.model.events import TurnEvent
from bot.model.session import Frame, Session
from bot.notices.window import closed, window_end
from config.policy import Policy


class Situation(Effecting):
    """What is so when the turn begins. What of it the turn changes is seen at once, but for the profile: ``forget_values``."""

    def __init__(self, contents: Contents, policy: Policy, session: Session, event: TurnEvent, now: float) -> None:
        super().__init__(session, event, now)
        self.contents = contents
        self.content = contents.current  # what begins now, system texts and emergency texts
        self.policy = policy
        self.missed: list[str] = []  # keys of texts that the person's language lacks
        self._values: dict[str, Any] | None = None
        self._allowed: tuple[object, list[str]] = None, []  # what was agreed to, as texts see it, and the consent it is from

    @property
    def language(self) -> str:
        """In which the person is written to: their own where there is content in it, else English."""
        found = self.session.profile.get("language")
        return found if found in self.content.languages else "en"

    def language_of(self, step: Step, values: Mapping[str, Any]) -> str:
        """The language in which a step asks: the person's own, but where another is offered."""
        told = values.get(step.in_language) if step.in_language else None
        return told if told in self.content.languages else self.language

    @property
    def fallback(self) -> Fallback:
        """What is said where the person's language lacks a text."""
        second = self.session.profile.get("second_language")
        return Fallback(second if second in self.content.languages else None, self.missed)

    @property
    def country(self) -> str:
        """Two capital letters: as they said, else by their phone number."""
        known = self.session.profile.get("country")
        return known if isinstance(known, str) else self.policy.country_of(self._address).country

    @property
    def zone(self) -> str:
        """An IANA name: as they said, else by their phone number."""
        known = self.session.profile.get("zone")
        return known if isinstance(known, str) else self.policy.country_of(self._address).zone

    @property
    def today(self) -> str:
        """The date where they are, ``2026-11-27``."""
        return f"{local(self.now, self.zone):%Y-%m-%d}"

    def name_of(self, frame: Frame | None) -> str:
        """The name of whom a conversation is about; empty for the owner."""
        known = member_of(self.session, frame.about) if frame else None
        return known.name if known else ""

    @property
    def _address(self) -> str:
        return self.session.channel.address if self.session.channel else ""

    def values(self, frame: Frame | None = None) -> dict[str, Any]:
        """The variables that texts and expressions see."""
        if self._values is None:
            here = local(self.now, self.zone)
            guess = self.policy.country_of(self._address)
            self._values = {
                FALLBACK: self.fallback,
                TONGUES: self.content.tongues,
                **pages(self.content.tongues, self.session.profile.get("language")),
                **number_values(self.policy, self.country),
                "this_year": here.year,
                "consent_version": self.policy.behaviour.consent_version,
                "now_there": f"{here:%H:%M}",
                "now": int(self.now),
                "today": f"{here:%Y-%m-%d}",
                "limits": LimitsOf(self.policy),
                "free_words": self.free_words,
                "guess": {"zone": guess.zone, "country": guess.country},
            }
        flow = self.content_of(frame).flows.get(frame.flow) if frame else None
        return {
            **self._values,
            **(flow.blank if flow else {}),
            **({"arms": arms_of(self, flow)} if flow and flow.arms else {}),
            **({name: self.session.vars.get(name) for name in flow.lasting} if flow and flow.lasting else {}),
            **(frame.vars if frame else {}),
            "person": profile_of(self.session, frame.about if frame else None),
            "household_size": len(self.session.household),
            "consented": self.consented,
            "consent_outdated": self.outdated,
            "purposes": self._sorted_purposes,
        }

    @property
    def consented(self) -> bool:
        """They agreed to the consent text as it is now."""
        return in_force(self.session.consent, self.policy.behaviour.consent_version)

    @property
    def outdated(self) -> bool:
        """They agreed to an earlier version of the consent text."""
        return bool(self.session.consent) and not self.consented

    @property
    def _purposes(self) -> frozenset[str]:
        return purposes_of(self.session.consent, self.policy.behaviour.consent_version)

    @property
    def _sorted_purposes(self) -> list[str]:
        consent = self.session.consent  # never changed in place
        if self._allowed[0] is not consent:
            self._allowed = consent, sorted(self._purposes)
        return self._allowed[1]

    @property
    def free_words(self) -> bool:
        """No approved template is needed: not the official channel, or the person has written within a day."""
        channel = self.session.channel
        return channel is None or channel.integration != "cloud" or not closed(window_end(self.session.last_inbound_at), self.now)

    def agreed(self, purpose: str) -> bool:
        """They agreed to this purpose of the consent text as it is now."""
        return purpose in self._purposes

    def forget_values(self) -> None:
        """To be called when what texts see has changed in the profile."""
        self._values = None

    def content_of(self, frame: Frame) -> Content:
        """The version that a conversation began on; the current one where that is lost."""
        return self.contents.of(frame.content) or self.content

    def flow_of(self, frame: Frame) -> Flow:
        return self.content_of(frame).flows[frame.flow]
