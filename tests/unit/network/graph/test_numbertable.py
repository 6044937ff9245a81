import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from havenwall.network.graph.numbertable import NumberTable

NUMBER = st.integers(0, 9) | st.integers(0, 2**64 - 1)


@settings(max_examples=100)
@given(
    parts=st.lists(st.lists(NUMBER, max_size=10), max_size=6),
    multiplier=st.sampled_from([1, 2**63 + 1, 0x9E3779B97F4A7C15]),
)
def test_it_is_a_dictionary_whatever_the_hashes(parts, multiplier):
    table, expected = NumberTable(multiplier), {}
    for numbers in parts:
        found = table.find(np.array(numbers, np.uint64))
        assert found.codes.tolist() == [expected.get(number, -1) for number in numbers]
        assert table.add(found).tolist() == [expected.setdefault(number, len(expected)) for number in numbers]
    assert len(table) == len(expected)
    assert table.numbers.tolist() == list(expected)


@pytest.mark.parametrize("step", [1, 2**40])
def test_it_grows(step):
    table = NumberTable(0x9E3779B97F4A7C15)
    for part in range(5):
        table.add(table.find(np.arange(part * 3000, part * 3000 + 5000, dtype=np.uint64) * np.uint64(step)))
    assert len(table) == 17_000
    asked = np.arange(16_900, 17_100, dtype=np.uint64) * np.uint64(step)
    assert table.find(asked).codes.tolist() == [*range(16_900, 17_000), *[-1] * 100]
