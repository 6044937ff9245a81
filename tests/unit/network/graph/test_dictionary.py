import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from havenwall.errors import BadGraph
from havenwall.network.graph.dictionary import NumberDictionary, RowDictionary, TextDictionary


class SameHash(TextDictionary):
    """All ids collide in full."""

    def _hash(self, ids):
        return np.full(len(ids), 7 << 40, np.uint64)


class SameSlot(NumberDictionary):
    """All ids below 2**52 collide, as their upper bits are the same."""

    def __init__(self):
        super().__init__(multiplier=1)


def rows(dictionary, parts, kind):
    """The name of every id given, by way of its code."""
    codes = [dictionary.encode(pl.Series(part, dtype=kind)) for part in parts]
    names, row = dictionary.finish()
    return [names.many(row[part]) for part in codes], list(names)


TEXTS = st.text("ab\0é", max_size=3)
PARTS = st.lists(st.lists(TEXTS, max_size=12), max_size=5)


@settings(max_examples=60)
@given(parts=PARTS)
@pytest.mark.parametrize("make", [TextDictionary, SameHash])
def test_every_text_comes_back(make, parts):
    given_back, names = rows(make(), parts, pl.String)
    assert given_back == parts
    assert names == sorted({text for part in parts for text in part})


@settings(max_examples=60)
@given(
    parts=st.lists(st.lists(st.integers(-9, 9) | st.integers(-(2**63), 2**63 - 1), max_size=12), max_size=5)
)
@pytest.mark.parametrize("make", [NumberDictionary, SameSlot])
def test_every_number_comes_back(make, parts):
    given_back, names = rows(make(), parts, pl.Int64)
    assert given_back == [[str(number) for number in part] for part in parts]
    assert names == [str(number) for number in sorted({number for part in parts for number in part})]


def test_unsigned_numbers_are_sorted_as_such():
    _, names = rows(NumberDictionary(np.uint64), [[2**64 - 1, 5]], pl.UInt64)
    assert names == ["5", str(2**64 - 1)]


def test_many_ids_in_many_parts():
    rng = np.random.default_rng(3)
    numbers = rng.integers(0, 60_000, 400_000)
    ids = pl.Series(numbers).cast(pl.String) + pl.Series(["-tail"])
    dictionary = TextDictionary()
    codes = np.concatenate([dictionary.encode(ids.slice(at, 150_000)) for at in range(0, 400_000, 150_000)])
    names, row = dictionary.finish()
    assert np.array_equal(names.places(ids), row[codes])
    assert len(names) == len(np.unique(numbers))


def test_codes_are_given_in_the_order_of_first_sight():
    assert TextDictionary().encode(pl.Series(["c", "a", "c", "b"])).tolist() == [0, 1, 0, 2]


def test_row_numbers_stay():
    dictionary = RowDictionary()
    assert dictionary.encode(pl.Series([4, 1], dtype=pl.UInt32)).tolist() == [4, 1]
    dictionary.encode(pl.Series([], dtype=pl.UInt32))
    names, row = dictionary.finish()
    assert (len(names), names[4], row) == (5, "4", None)


def test_row_numbers_are_mostly_used():
    dictionary = RowDictionary()
    dictionary.encode(pl.Series([2**30], dtype=pl.UInt32))
    with pytest.raises(BadGraph, match="ids up to 1073741824 in 1 ends") as caught:
        dictionary.finish()
    assert "dense=False" in caught.value.hint
