from itertools import pairwise

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from havenwall.network.graph.texttable import TextTable


def given_as(texts, hashes):
    starts = np.cumsum([0, *(len(text) for text in texts)])
    return np.frombuffer(b"".join(texts), np.uint8), starts, np.array(hashes, np.uint64)


@settings(max_examples=100)
@given(
    parts=st.lists(st.lists(st.binary(max_size=3), max_size=10), max_size=6),
    hashes=st.lists(st.sampled_from([0, 1 << 32, 5 << 32, (1 << 64) - 1]), min_size=1),
)
def test_it_is_a_dictionary_whatever_the_hashes(parts, hashes):
    table, expected = TextTable(), {}
    for texts in parts:
        # Any hash will do as long as equal ids have equal ones.
        found = table.find(*given_as(texts, [hashes[sum(text) % len(hashes)] for text in texts]))
        assert found.codes.tolist() == [expected.get(text, -1) for text in texts]
        table.add(found)
        assert found.codes.tolist() == [expected.setdefault(text, len(expected)) for text in texts]
    assert len(table) == len(expected)
    blob, starts = table.blob.tobytes(), table.starts
    assert [blob[a:b] for a, b in pairwise(starts)] == list(expected)


def test_it_grows():
    rng = np.random.default_rng(0)
    table = TextTable()
    for part in range(5):
        texts = [b"%d" % number for number in range(part * 3000, part * 3000 + 5000)]
        hashes = [np.random.default_rng(int(text)).integers(2**64, dtype=np.uint64) for text in texts]
        table.add(table.find(*given_as(texts, hashes)))
    assert len(table) == 17_000
    asked = [b"%d" % number for number in rng.integers(0, 20_000, 500)]
    hashes = [np.random.default_rng(int(text)).integers(2**64, dtype=np.uint64) for text in asked]
    assert table.find(*given_as(asked, hashes)).codes.tolist() == [
        int(text) if int(text) < 17_000 else -1 for text in asked
    ]
