"""The forms of a hash turn into each other, and the distance is the same in all."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from havenwall.errors import BadInput
from havenwall.match.image import bytes_of, codes_of, distance, distances, hex_of, words_of

values = st.binary(min_size=32, max_size=32)


@given(values)
def test_there_and_back(value):
    assert bytes_of(value.hex().upper()) == value
    assert hex_of(words_of(value)) == value.hex()


@given(values, st.lists(values, max_size=5))
def test_distances_agree(one, others):
    found = distances(words_of(one), codes_of(others)).tolist()
    assert found == [distance(one, other) for other in others]
    assert found == [bin(int(one.hex(), 16) ^ int(other.hex(), 16)).count("1") for other in others]


def test_no_hashes_are_an_empty_table():
    assert codes_of([]).shape == (0, 4)
    assert codes_of([]).dtype == np.uint64


def test_other_lengths_are_refused():
    with pytest.raises(BadInput):
        words_of(b"short")
    with pytest.raises(BadInput):
        bytes_of("zz" * 32)
