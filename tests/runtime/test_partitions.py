"""Partitions are shared by who is alive."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bot.running.partitions import owner

names = st.lists(st.text("abcdef0123456789-", min_size=1, max_size=12), min_size=1, max_size=6, unique=True)


@given(names, st.integers(1, 64))
def test_every_partition_has_one_owner_whatever_the_order_of_names(members: list[str], count: int) -> None:
    for partition in range(count):
        assert owner(partition, members) == owner(partition, list(reversed(members)))


@given(names.filter(lambda members: len(members) > 1), st.integers(1, 64))
def test_a_leaving_member_moves_only_its_own_partitions(members: list[str], count: int) -> None:
    gone, *rest = members
    for partition in range(count):
        before = owner(partition, members)
        if before != gone:
            assert owner(partition, rest) == before


def test_the_work_is_spread() -> None:
    members = [f"worker-{n}" for n in range(4)]
    assert {owner(p, members) for p in range(32)} == set(members)
