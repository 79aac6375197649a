"""A file that came with a message: fetched once, checked by its content, stored, and from then on a reference.

What cannot be kept is told in ``Media.problem``, so that the person hears it at once. A gateway or a store that does not answer
costs the file and never the message: its words may be of danger.
"""

from __future__ import annotations

import asyncio
import logging
from collections import OrderedDict
from collections.abc import Awaitable, Callable

from msgspec.structs import replace

from bot.errors import BotError, StoreUnavailable
from bot.media.checking import LARGEST, Checked, Problem, check_file
from bot.media.kinds import UNKNOWN_MIME
from bot.model.ids import InputId
from bot.model.inbound import Inbound, Media
from bot.ports.media import MediaStore
from webhooks.evolution.attached import decoded
from webhooks.parsed import Attachment, Remote
from webhooks.watch import Watch

log = logging.getLogger(__name__)

Fetch = Callable[[Inbound, int], Awaitable[bytes | None]]
"""The bytes of a message's file from the gateway, at most so many; None when it has none. Raises BotError."""

FetchRemote = Callable[[str, int], Awaitable[bytes | None]]
"""The same for a file that the gateway keeps under an id of its own."""

LARGE = 256 * 1024  # bytes from which a file is decoded and checked off the event loop
FETCH_SECONDS = 2.5
"""For one call of the gateway; the answer to its event waits for it."""
FILE_SECONDS = 4.0
"""For all of it, where nobody says otherwise."""
_REMEMBERED = 1_000


class Files:
    """``keep_seconds``: how long a file stays that nobody asked to keep longer."""

    def __init__(
        self,
        store: MediaStore,
        *,
        clock: Callable[[], float],
        watch: Watch,
        keep_seconds: float,
        fetch: Fetch | None = None,
        fetch_remote: FetchRemote | None = None,
        fetch_seconds: float = FETCH_SECONDS,
        file_seconds: float = FILE_SECONDS,
    ) -> None:
        self._store, self._clock, self._watch, self._keep_seconds = store, clock, watch, keep_seconds
        self._fetch, self._fetch_seconds, self._file_seconds = fetch, fetch_seconds, file_seconds
        self._fetch_remote = fetch_remote
        self._known: OrderedDict[InputId, Media] = OrderedDict()

    async def completed(self, inbound: Inbound, attachment: Attachment | Remote | None) -> Inbound:
        """With the file's reference, or with the reason why there is none. Films and stickers are nothing that we can use, and
        of somebody who could not be proven we keep nothing."""
        media = inbound.media
        if media is None or inbound.kind not in LARGEST or not inbound.verified:
            return inbound
        known = self._known.get(inbound.id)  # the event comes again because the bus was away: one fetch is enough
        if known is None:
            try:
                async with asyncio.timeout(self._file_seconds):
                    known = await self._taken(inbound, media, attachment)
            except (StoreUnavailable, TimeoutError) as error:
                code = error.code if isinstance(error, BotError) else "timeout"
                log.error("a file could not be stored", extra={"action": "file_not_stored", "code": code})
                known = self._without(media, "missing")
            self._known[inbound.id] = known
            while len(self._known) > _REMEMBERED:
                self._known.popitem(last=False)
        return replace(inbound, media=known)

    async def _taken(self, inbound: Inbound, media: Media, attachment: Attachment | Remote | None) -> Media:
        kind = inbound.kind
        if attachment is None and media.size is not None and media.size > LARGEST[kind]:
            return self._without(media, "too_large")
        data = await self._bytes(inbound, attachment)
        if isinstance(data, str):
            return self._without(media, data)
        off_loop = len(data) > LARGE or kind == "document"
        checked: Checked = await asyncio.to_thread(check_file, data, kind) if off_loop else check_file(data, kind)
        if checked.problem is not None:
            return self._without(replace(media, mime=checked.mime or media.mime, size=len(data)), checked.problem)
        mime = checked.mime or UNKNOWN_MIME
        ref = await self._store.put(data, mime=mime, person=inbound.person, now=self._clock(), keep_seconds=self._keep_seconds)
        self._watch.media("kept")
        return replace(media, mime=mime, size=len(data), ref=ref)

    def _without(self, media: Media, problem: Problem) -> Media:
        self._watch.media(problem)
        return replace(media, problem=problem)

    async def _bytes(self, inbound: Inbound, attachment: Attachment | Remote | None) -> bytes | Problem:
        if isinstance(attachment, Attachment):
            large = len(attachment.base64) > LARGE
            data = await asyncio.to_thread(decoded, attachment.base64) if large else decoded(attachment.base64)
            return data or "missing"
        largest = LARGEST[inbound.kind]
        if isinstance(attachment, Remote) and self._fetch_remote is not None:
            asking = self._fetch_remote(attachment.id, largest)
        elif attachment is None and self._fetch is not None and inbound.integration == "baileys":
            asking = self._fetch(inbound, largest)
        else:
            return "missing"  # through Evolution, the official API's files always come with the event
        try:
            async with asyncio.timeout(self._fetch_seconds):
                return await asking or "missing"
        except (BotError, TimeoutError) as error:
            code = error.code if isinstance(error, BotError) else "timeout"
            log.warning("a file could not be fetched", extra={"action": "file_not_fetched", "code": code})
            return "too_large" if code == "answer_too_large" else "missing"
