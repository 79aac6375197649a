"""Sessions with their outbox and seen ids: one round trip to load, one script to commit."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import DecodeError, ValidationError
from msgspec.json import Decoder

from bot.adapters.redis.coalesce import Coalescing, Part
from bot.adapters.redis.keys import Keys
from bot.adapters.redis.script import script
from bot.errors import Conflict, Malformed
from bot.model.codec import decode_outbox, decode_session, encode
from bot.model.effects import Effect
from bot.model.ids import GatewayId, InputId, PersonId
from bot.model.session import Asked, Session
from bot.ports.sessions import Loaded
from bot.sealing.seals import UNSEALED, Seals

KEEP = 60 * 86_400  # seconds a conversation rests here; older ones are rebuilt from the journal
KEEP_SEEN = 48 * 3_600.0  # seconds; longer than the gateway and the bus repeat anything
MOST_SEEN = 512

_commit = script("commit")
_restore = script("restore")
_asked: Decoder[Asked] = Decoder(Asked)


class RedisSessions:
    """Implements ``bot.ports.sessions.Sessions``."""

    def __init__(self, client: Coalescing, prefix: str = "pc", *, seals: Seals = UNSEALED) -> None:
        self._client, self._seals = client, seals
        self._keys = Keys(prefix)

    async def load(self, person: PersonId, input_id: InputId, quoted: GatewayId | None = None) -> Loaded:
        # Seen is asked first: a commit that slips in between then shows a newer session (its commit would conflict), never an
        # old session whose input counts as done.
        commands: list[tuple[Part, ...]] = [
            ("ZSCORE", self._keys.seen(person), input_id),
            ("HGETALL", self._keys.session(person)),
        ]
        if quoted is not None:
            commands.append(("HMGET", self._keys.asked(person), self._seals.blind("message", quoted), quoted))
        replies = await self._client.calls(*commands)
        fields: list[bytes] = replies[1]
        session, outbox = self._read(person, fields)
        asked = self._read_asked(person, quoted, replies[2]) if quoted is not None else None
        return Loaded(session=session, seen=replies[0] is not None, outbox=outbox, asked=asked)

    async def commit(self, session: Session, input_id: InputId, outbox: Sequence[Effect], *, now: float) -> None:
        answer = await self._client.run(
            _commit,
            (self._keys.session(session.person), self._keys.seen(session.person)),
            session.version,
            self._seals.seal(encode(session), "session", session.person, "d"),
            input_id,
            self._seals.seal(encode(list(outbox)), "session", session.person, f"o:{input_id}") if outbox else b"",
            now,
            KEEP,
            now - KEEP_SEEN,
            MOST_SEEN,
        )
        if answer != b"ok":
            raise Conflict(code=f"commit_{answer.decode()}")

    async def seen(self, inputs: Sequence[tuple[PersonId, InputId]]) -> set[InputId]:
        asked: list[tuple[Part, ...]] = [("ZSCORE", self._keys.seen(person), input_id) for person, input_id in inputs]
        scores = await self._client.calls(*asked) if asked else []
        return {input_id for (_, input_id), score in zip(inputs, scores, strict=True) if score is not None}

    async def published(self, person: PersonId, input_id: InputId) -> None:
        await self._client.call("HDEL", self._keys.session(person), f"o:{input_id}")

    async def restore(self, session: Session, seen: Sequence[InputId], *, now: float) -> bool:
        pairs: list[Part] = []
        for age, input_id in enumerate(seen[:MOST_SEEN]):  # newest first: the order survives as the order of times
            pairs += [now - age * 0.001, input_id]
        keys = (self._keys.session(session.person), self._keys.seen(session.person))
        sealed = self._seals.seal(encode(session), "session", session.person, "d")
        return bool(await self._client.run(_restore, keys, session.version, sealed, KEEP, *pairs))

    def _read(self, person: PersonId, fields: list[bytes]) -> tuple[Session | None, dict[InputId, list[Effect]]]:
        """The hash as it lies there. Raises Malformed rather than starting afresh over something unreadable."""
        if not fields:
            return None, {}
        raw: bytes | None = None
        version: bytes | None = None
        outbox: dict[InputId, list[Effect]] = {}
        for name, value in zip(fields[::2], fields[1::2], strict=True):
            if name == b"d":
                raw = value
            elif name == b"v":
                version = value
            elif name.startswith(b"o:"):
                cause = _input_id(name)
                outbox[cause] = decode_outbox(self._seals.open(value, "session", person, f"o:{cause}"))
        if raw is None:
            raise Malformed("The stored session is not there, though its hash is.", code="session_missing")
        session = decode_session(self._seals.open(raw, "session", person, "d"))
        if version != b"%d" % session.version or session.person != person:
            raise Malformed("The stored session is not the one its key names.", code="session_mixed_up")
        return session, outbox

    def _read_asked(self, person: PersonId, quoted: GatewayId, held: list[bytes | None]) -> Asked | None:
        raw = held[0] if held[0] is not None else held[1]  # the second: from before there were keys
        if raw is None:
            return None
        try:
            name = self._seals.blind("message", quoted)
            return _asked.decode(self._seals.open(raw.partition(b"|")[2], "asked", person, name))
        except (ValidationError, DecodeError, UnicodeDecodeError) as error:
            raise Malformed("The stored question is unreadable.", code="asked_unreadable") from error


def _input_id(field: bytes) -> InputId:
    try:
        return InputId(field[2:].decode())
    except UnicodeDecodeError as error:
        raise Malformed("The id of an outbox is not UTF-8.", code="outbox_id") from error
