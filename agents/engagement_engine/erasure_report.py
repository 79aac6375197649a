"""What an erasure took and what stayed, in kinds and counts: no content, so that it can be kept and shown. Pure.

Its seal stands in the audit log, whose own chain holds it: a report that was changed afterwards no longer fits.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from hashlib import sha256
from typing import Any

import msgspec

from bot.ports.remains import Remain

Report = dict[str, Any]
"""``erased`` and ``stays``: how many, by "place kind"; ``files``; ``looks``: how often it was done; ``law``: why some stay."""


def report_of(
    before: Iterable[Remain], after: Iterable[Remain], until: float, files: int, law: str, last: Report | None = None
) -> Report:
    """``before`` and ``after`` as the store told them, of which what came after ``until`` is of somebody who began anew;
    ``last``: the report of an earlier look, which this one adds to."""
    had, left = _counted(before, until), _counted(after, until)
    erased = Counter((last or {}).get("erased", {})) + (had - left)
    return {
        "erased": dict(sorted(erased.items())),
        "stays": dict(sorted(left.items())),
        "files": files + int((last or {}).get("files", 0)),
        "looks": 1 + int((last or {}).get("looks", 0)),
        "law": law,
    }


def seal_of(receipt: str, report: Report) -> str:
    """The same for the same report, whatever the order of its parts."""
    return sha256(msgspec.json.encode((receipt, report), order="sorted")).hexdigest()


def _counted(remains: Iterable[Remain], until: float) -> Counter[str]:
    return Counter(f"{one.place} {one.kind}" for one in remains if one.at is None or one.at <= until)
