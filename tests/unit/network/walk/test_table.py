import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from havenwall.network.walk.table import look_up, new_table, rebuilt

keys = st.lists(st.integers(-(2**62), 2**62), unique=True, max_size=60)


@given(keys, st.integers(-(2**62), 2**62))
def test_finds_what_was_put_in_and_nothing_else(given_keys, other):
    table, entries = new_table(len(given_keys)), np.zeros((64, 2), np.int64)
    for at, key in enumerate(given_keys):
        place = look_up(table, entries, key)
        assert place < 0
        table[-1 - place] = at + 1
        entries[at, 0] = key
    again = rebuilt(entries, len(given_keys))
    for held in (table, again):
        assert [look_up(held, entries, key) for key in given_keys] == list(range(len(given_keys)))
        assert (look_up(held, entries, other) >= 0) == (other in given_keys)


def test_a_table_has_twice_the_room():
    assert [len(new_table(size)) for size in (0, 8, 9, 1000)] == [16, 16, 32, 2048]
