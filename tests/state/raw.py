"""All that an engine holds under a prefix, as somebody reads it who has the engine and not the keys."""

from __future__ import annotations

from typing import Any


def everything(admin: Any, prefix: str = "") -> bytes:
    """Keys and values. (DUMP would do too, but it compresses, and so could hide what is there.)"""
    found: list[Any] = []
    for key in admin.scan_iter(match=f"{prefix}*", count=1000):
        found.append(key)
        match admin.type(key):
            case b"hash":
                found += [part for pair in admin.hgetall(key).items() for part in pair]
            case b"zset":
                found += admin.zrange(key, 0, -1)
            case b"stream":
                found += [part for _, fields in admin.xrange(key) for pair in fields.items() for part in pair]
            case b"string":
                found.append(admin.get(key))
            case b"list":
                found += admin.lrange(key, 0, -1)
            case b"set":
                found += admin.smembers(key)
            case other:
                raise AssertionError(f"nobody looks into a {other!r}")
    return b"\n".join(found)
