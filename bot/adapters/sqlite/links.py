"""What a link says: a hidden number and its phone."""

from __future__ import annotations

import msgspec
from msgspec.json import Decoder

from bot.errors import Malformed
from bot.sealing.seals import Seals

_links: Decoder[tuple[str, str]] = Decoder(tuple[str, str])


def link_of(name: str, held: bytes | str, seals: Seals) -> tuple[str, str]:
    """One from before there were keys is the phone alone, under the hidden number itself."""
    if isinstance(held, str):
        return name, held
    try:
        return _links.decode(seals.open(held, "links", name, "phone"))
    except (msgspec.DecodeError, msgspec.ValidationError) as error:
        raise Malformed(str(error), code="stored_unreadable") from error
