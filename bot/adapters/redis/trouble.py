"""redis-py's errors in our words."""

from __future__ import annotations

from redis.exceptions import RedisError, ResponseError

from bot.errors import BotError, Malformed, SessionsUnavailable


def translated(error: RedisError | OSError) -> BotError:
    """Everything is "unavailable, repeat", save a key of a foreign type: repeating never mends that."""
    word = str(error).split(" ", 1)[0] if isinstance(error, ResponseError) else ""
    if word == "WRONGTYPE" or "WRONGTYPE" in str(error):
        return Malformed("A key of ours holds another type.", code="redis_wrongtype")
    # The reply's first word (READONLY, OOM, NOAUTH, CLUSTERDOWN...) says what is wrong; the rest could quote a key.
    return SessionsUnavailable(code=f"redis_{word.lower()}" if word.isupper() else f"redis_{type(error).__name__}")
