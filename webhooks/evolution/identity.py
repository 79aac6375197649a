"""Who wrote a message. The rules, by integration:

- cloud: the digits inside the wamid are the sender, whatever ``remoteJid`` says (two overlapping messages can swap it, and
  some countries' digits are rewritten). A wamid that does not decode leaves the sender unverified: such a person gets an id
  of their own, so that no stored data can be shown or changed.
- baileys: the key is taken as given; a hidden number (LID) and the phone number of one person are one person.
- evolution: the digits, or whatever name the channel uses.
"""

from __future__ import annotations

from msgspec import Struct

from bot.model.ids import PersonId, person_of
from bot.model.inbound import Integration
from webhooks.evolution.jid import Jid, gateway_digits
from webhooks.evolution.wamid import digits_of
from webhooks.people import lid_person, phone_person


class Key(Struct, frozen=True):
    """The readable parts of a message key."""

    id: str
    remote: Jid
    alternative: Jid | None
    from_me: bool


class Sender(Struct, frozen=True):
    person: PersonId
    address: str
    verified: bool = True
    lid: str | None = None
    phone: str | None = None
    formerly: PersonId | None = None
    mismatch: str | None = None


def sender_of(key: Key, integration: Integration, *, trust_unverified: bool) -> Sender | None:
    """None when the key names no person."""
    match integration:
        case "cloud":
            return _cloud(key, trust_unverified)
        case "baileys":
            return _baileys(key)
        case "evolution":
            return _channel(key)


def unproven(sender: Sender) -> Sender:
    """The same address, as a stranger: for events whose author is only claimed."""
    return Sender(person_of(f"unverified:{sender.phone or sender.lid or sender.address}"), sender.address, verified=False)


def _cloud(key: Key, trust_unverified: bool) -> Sender | None:
    named = key.remote.user if key.remote.kind == "phone" else None
    proven = digits_of(key.id)
    if proven is not None:
        mismatch = None
        if named != proven:
            mismatch = "rewritten" if named == gateway_digits(proven) else "swapped"
        return Sender(phone_person(proven), proven, phone=proven, mismatch=mismatch)
    if named is None:
        return None
    if trust_unverified:
        return Sender(phone_person(named), named, phone=named)
    return Sender(person_of(f"unverified:{named}"), named, verified=False)


def _baileys(key: Key) -> Sender | None:
    jids = [jid for jid in (key.remote, key.alternative) if jid is not None]
    phone = next((jid for jid in jids if jid.kind == "phone"), None)
    lid = next((jid for jid in jids if jid.kind == "lid"), None)
    if phone is not None:
        formerly = lid_person(lid.user) if lid else None
        return Sender(phone_person(phone.user), phone.text, lid=lid.user if lid else None, phone=phone.user, formerly=formerly)
    if lid is not None:
        return Sender(lid_person(lid.user), lid.text, lid=lid.user)
    return None


def _channel(key: Key) -> Sender | None:
    if key.remote.kind == "phone":
        return Sender(phone_person(key.remote.user), key.remote.user, phone=key.remote.user)
    if key.remote.kind in ("other", "lid"):
        return Sender(person_of(f"evolution:{key.remote.text}"), key.remote.text)
    return None
