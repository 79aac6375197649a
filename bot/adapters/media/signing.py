"""AWS Signature Version 4 for the few requests that we make to an object store.

Written here, not taken from a library: the asynchronous clients of AWS bring 25 MB and pin the versions of half of what we depend
on, the synchronous ones block a thread each, and the rule is forty lines that have not changed since 2012. A test compares the
signature with botocore's own.
"""

from __future__ import annotations

import hashlib
import hmac
from datetime import UTC, datetime
from urllib.parse import quote, urlsplit

import httpx
from msgspec import Struct


class Key(Struct, frozen=True):
    access: str
    secret: str
    region: str = "us-east-1"

    def __repr__(self) -> str:
        return "Key(***)"


def signed(key: Key, method: str, origin: str, path: str, query: dict[str, str], data: bytes, *, now: float) -> httpx.Request:
    """The request with its signature. ``path`` is quoted already."""
    moment = datetime.fromtimestamp(now, UTC)
    stamp, day = moment.strftime("%Y%m%dT%H%M%SZ"), moment.strftime("%Y%m%d")
    pairs = sorted((quote(name, safe=""), quote(value, safe="")) for name, value in query.items())
    words = "&".join(f"{name}={value}" for name, value in pairs)  # in the order of the names: "=" is greater than a digit
    payload = hashlib.sha256(data).hexdigest()
    headers = {"host": urlsplit(origin).netloc, "x-amz-content-sha256": payload, "x-amz-date": stamp}
    names = ";".join(headers)
    lines = "".join(f"{name}:{value}\n" for name, value in headers.items())
    canonical = f"{method}\n{path}\n{words}\n{lines}\n{names}\n{payload}"
    scope = f"{day}/{key.region}/s3/aws4_request"
    to_sign = f"AWS4-HMAC-SHA256\n{stamp}\n{scope}\n{hashlib.sha256(canonical.encode()).hexdigest()}"
    secret = f"AWS4{key.secret}".encode()
    for part in (day, key.region, "s3", "aws4_request"):
        secret = hmac.digest(secret, part.encode(), "sha256")
    signature = hmac.digest(secret, to_sign.encode(), "sha256").hex()
    headers["authorization"] = f"AWS4-HMAC-SHA256 Credential={key.access}/{scope}, SignedHeaders={names}, Signature={signature}"
    url = f"{origin}{path}{'?' + words if words else ''}"
    return httpx.Request(method, url, headers=headers, content=data)
