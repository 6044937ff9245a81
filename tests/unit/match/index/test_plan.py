"""The planner's bands are exact for every radius and fit the memory they were given."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from havenwall.match.index.plan import BITS, default_budget, flips_for, memory, plan, probes

sizes = st.integers(0, 20_000_000)


@given(sizes, st.integers(0, 64))
def test_bands_cover_the_hash_and_allow_the_radius(size: int, radius: int) -> None:
    widths = plan(size).widths
    if not widths:
        return
    assert sum(widths) == BITS
    assert plan(size).starts[0] == 0
    flips = flips_for(widths, size, radius)
    # None: looking at all hashes is cheaper.
    assert flips is None or sum(flip + 1 for flip in flips) == radius + 1


@given(sizes)
def test_a_plan_fits_its_budget(size: int) -> None:
    widths = plan(size).widths
    assert not widths or memory(widths, size) <= default_budget(size)


def test_few_hashes_have_no_tables_and_more_have_wider_bands() -> None:
    assert plan(10_000).widths == ()
    few, many = plan(100_000).widths, plan(10_000_000).widths
    assert 0 < len(many) < len(few)


def test_ten_million_fit_the_bar_of_memory() -> None:
    assert memory(plan(10_000_000).widths, 10_000_000) < 1.3e9


def test_without_room_for_tables_there_are_none() -> None:
    assert plan(1_000_000, budget=0).widths == ()


@pytest.mark.parametrize(("width", "flips", "expected"), [(16, -1, 0), (16, 0, 1), (16, 1, 17), (23, 2, 277)])
def test_probes_count_values_within_so_many_flips(width: int, flips: int, expected: int) -> None:
    assert probes(width, flips) == expected
