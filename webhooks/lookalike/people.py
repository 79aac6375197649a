"""Who takes part: the instances (WhatsApp accounts of the business) and the test patients."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import Any, Literal

from msgspec import Struct, field

from webhooks.lookalike.ids import database_id, instance_id

Integration = Literal["cloud", "baileys"]
EVENTS = (
    "APPLICATION_STARTUP",
    "QRCODE_UPDATED",
    "MESSAGES_SET",
    "MESSAGES_UPSERT",
    "MESSAGES_EDITED",
    "MESSAGES_UPDATE",
    "MESSAGES_DELETE",
    "SEND_MESSAGE",
    "SEND_MESSAGE_UPDATE",
    "CONTACTS_SET",
    "CONTACTS_UPSERT",
    "CONTACTS_UPDATE",
    "PRESENCE_UPDATE",
    "CHATS_SET",
    "CHATS_UPSERT",
    "CHATS_UPDATE",
    "CHATS_DELETE",
    "GROUPS_UPSERT",
    "GROUP_UPDATE",
    "GROUP_PARTICIPANTS_UPDATE",
    "CONNECTION_UPDATE",
    "LABELS_EDIT",
    "LABELS_ASSOCIATION",
    "CALL",
    "TYPEBOT_START",
    "TYPEBOT_CHANGE_STATUS",
    "REMOVE_INSTANCE",
    "LOGOUT_INSTANCE",
    "INSTANCE_CREATE",
    "INSTANCE_DELETE",
    "STATUS_INSTANCE",
)


class Instance(Struct, frozen=True):
    """One WhatsApp account at the gateway. ``number`` is its own."""

    name: str
    integration: Integration = "cloud"
    number: str = "912240000000"
    token: str = "lookalike-instance-token"  # noqa: S105  made up; nothing outside this process knows it


class Patient(Struct, frozen=True):
    """A person who can write from the chat page. ``number``: digits with the country code."""

    number: str
    name: str
    instance: str


def default_patients(instances: Sequence[Instance]) -> tuple[Patient, ...]:
    """Three on the first instance, and one on each further."""
    if not instances:
        return ()
    first, names = instances[0].name, ("Meena", "Devika", "Joseph")
    return (
        Patient("919876500001", "Asha", first),
        Patient("919876500002", "Ravi", first),
        Patient("447700900123", "Fatima", first),
        *(Patient(f"9198765001{n:02}", names[n % 3], other.name) for n, other in enumerate(instances[1:])),
    )


class Webhook(Struct, omit_defaults=False):
    """Where an instance posts its events. ``events`` empty: all of them."""

    url: str | None = None
    headers: dict[str, str] = {}
    events: frozenset[str] = frozenset()
    by_events: bool = False
    base64: bool = True
    enabled: bool = True


class Channel:
    """An instance while it runs: its connection and its webhook."""

    def __init__(self, instance: Instance, webhook: Webhook) -> None:
        self.name = instance.name
        self.cloud = instance.integration == "cloud"
        self.number = instance.number
        self.token = instance.token
        self.id = instance_id(instance.name)
        self.jid = f"{instance.number}@s.whatsapp.net"
        self.webhook = webhook
        self.webhook_row = database_id()
        self.state = "open"
        self.made = time.time()

    def wants(self, event: str) -> bool:
        """``event`` as it stands in the body, for example ``messages.upsert``."""
        hook = self.webhook
        if hook.url is None or not hook.enabled:
            return False
        return not hook.events or event.upper().replace(".", "_").replace("-", "_") in hook.events


class View(Struct, omit_defaults=True):
    """A message as a phone shows it."""

    kind: str  # text, buttons, list, image, audio, video, document, location, template
    text: str = ""
    header: str = ""
    footer: str = ""
    buttons: list[dict[str, str]] = []  # id, label, and url where it opens one
    menu: str = ""  # label of the button that opens the list
    sections: list[dict[str, Any]] = []  # title, rows: [id, title, description]
    media: dict[str, Any] = field(default_factory=dict)  # mime, name, seconds, file: id of kept bytes
    place: dict[str, Any] = field(default_factory=dict)  # latitude, longitude, name, address
