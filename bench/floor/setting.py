"""What a floor process is told on its command line (JSON), and names that all three share."""

from __future__ import annotations

import gc
import sys
from zlib import crc32

from msgspec import Struct
from msgspec.json import decode

PARTITIONS = 8
SLOTS = 64


class Setting(Struct, frozen=True):
    rabbitmq: str
    redis: str
    mongodb: str
    database: str
    gateway: str
    port: int
    partitions: int = PARTITIONS
    slots: int = SLOTS  # unsettled deliveries of one partition


def setting() -> Setting:
    gc.freeze()  # as ours does: the collector's default thresholds cost a process full of small objects much
    gc.set_threshold(20_000, 20, 100)
    return decode(sys.argv[1], type=Setting)


def turns(partition: int) -> str:
    return f"floor.turns.{partition}"


def sends(partition: int) -> str:
    return f"floor.sends.{partition}"


def partition_of(number: str, partitions: int) -> int:
    return crc32(number.encode()) % partitions
