"""Building much that stays, without Python's cycle collector walking all of it again and again."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def without_collecting() -> Iterator[None]:
    """Nothing built meanwhile is garbage, and looking for some is half of the time that loading hundreds of flows takes."""
    collecting = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collecting:
            if not gc.get_freeze_count():  # by way of the frozen ones to the old ones: else all would be walked right now
                gc.freeze()
                gc.unfreeze()
            gc.enable()
