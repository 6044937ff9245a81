"""Hashes are brought in order with whose they are, whatever repeats and in whatever order they come."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from havenwall.match.index.build import arrange

# So few that codes, entries and the first bits of different codes come again.
rows = st.lists(
    st.tuples(st.sampled_from([0, 1 << 40, 1 << 63]), st.integers(0, 3), st.integers(0, 5)), max_size=40
)


@given(given_rows=rows, rising=st.booleans())
def test_equal_codes_become_one_with_all_their_entries(
    given_rows: list[tuple[int, int, int]], rising: bool
) -> None:
    ordered = sorted(given_rows, key=lambda row: row[2]) if rising else given_rows
    codes = np.array([(first, 0, 0, last) for first, last, _ in ordered], np.uint64).reshape(-1, 4)
    entries = np.array([entry for _, _, entry in ordered], np.int64)
    unique, starts, whose = arrange(codes, entries)
    begins = starts if len(starts) else np.arange(len(unique) + 1)
    found = [
        (int(code[0]), int(code[3]), int(entry))
        for nth, code in enumerate(unique)
        for entry in whose[begins[nth] : begins[nth + 1]]
    ]
    assert found == sorted(set(given_rows))
    assert len({tuple(code) for code in unique.tolist()}) == len(unique)


def test_rows_lie_within_lines_of_the_caches() -> None:
    codes = np.random.default_rng(2).integers(0, 1 << 64, (3000, 4), dtype=np.uint64)
    for some in (codes, np.tile(codes, (2, 1))):
        assert arrange(some, np.arange(len(some)))[0].ctypes.data % 64 == 0
