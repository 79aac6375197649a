"""What a floor process is told on its command line (JSON), and names that all three share."""

from __future__ import annotations

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
    return decode(sys.argv[1], type=Setting)


def turns(partition: int) -> str:
    return f"floor.turns.{partition}"


def sends(partition: int) -> str:
    return f"floor.sends.{partition}"


def partition_of(number: str, partitions: int) -> int:
    return crc32(number.encode()) % partitions
