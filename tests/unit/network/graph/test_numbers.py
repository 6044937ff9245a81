import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from havenwall.errors import BadGraph
from havenwall.network.graph import NumberNames

NUMBERS = st.lists(st.integers(-(2**63), 2**63 - 1) | st.integers(-5, 5), max_size=20)


@settings(max_examples=100)
@given(numbers=NUMBERS, others=NUMBERS)
def test_numbers_are_known_by_their_text(numbers, others):
    held = np.unique(np.array(numbers, np.int64))
    names = NumberNames(held)
    row = {str(number): at for at, number in enumerate(held.tolist())}
    assert list(names) == list(row)
    asked = [str(number) for number in numbers + others]
    assert names.places(pl.Series(asked, dtype=pl.String)).tolist() == [row.get(name, -1) for name in asked]
    assert names.rows(asked).tolist() == sorted({row[name] for name in asked if name in row})


@pytest.mark.parametrize("held", [range(12), np.arange(12), np.arange(12, dtype=np.uint64)])
def test_a_range_is_like_its_numbers(held):
    names = NumberNames(held)
    assert len(names) == 12
    assert names[11] == "11"
    assert names.many(np.array([3, 0])) == ["3", "0"]
    asked = ["11", "3", "12", "-1", "03", "+3", "3.0", "x", "", "99999999999999999999"]
    assert [names.row(name) for name in asked] == [11, 3] + [None] * 8
    assert names.places(pl.Series([None, "0"])).tolist() == [-1, 0]
    with pytest.raises(IndexError):
        names[12]


def test_the_largest_unsigned_numbers():
    names = NumberNames(np.array([1, 2**64 - 1], np.uint64))
    assert names.row(str(2**64 - 1)) == 1
    assert names[1] == str(2**64 - 1)
    assert names.row("-1") is None


def test_nothing_has_no_rows():
    for held in (range(0), np.empty(0, np.int64)):
        assert NumberNames(held).row("0") is None
        assert list(NumberNames(held)) == []


def test_a_range_leaves_nothing_out():
    with pytest.raises(BadGraph, match="range"):
        NumberNames(range(1, 3))
