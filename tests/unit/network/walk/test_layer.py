import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from havenwall.network.graph import Csr, from_pairs
from havenwall.network.walk import Layer

N = 6
row = st.integers(0, N + 1)
events = st.lists(st.tuples(st.booleans(), row, row), max_size=80)
pairs = st.sets(st.tuples(st.integers(0, N - 1), st.integers(0, N - 1)), max_size=20)


def matrix(held):
    source, target = np.array(sorted(held), np.int64).reshape(-1, 2).T
    return from_pairs(source, target, (N, N))


@given(pairs, events)
def test_is_what_a_set_of_pairs_would_be(base, changes):
    layer, wanted = Layer(matrix(base)), set(base)
    for present, source, target in changes:
        differs = ((source, target) in wanted) != present
        assert (layer.add(source, target) if present else layer.remove(source, target)) == differs
        (wanted.add if present else wanted.discard)((source, target))
        assert layer.has(source, target) == present
    assert layer.links == len(wanted)
    for source in range(N + 2):
        targets = sorted(target for held, target in wanted if held == source)
        assert layer.row(source).tolist() == targets
        assert layer.degree(source) == len(targets)
    added, removed = set(zip(*layer.added()[:2], strict=True)), set(zip(*layer.removed(), strict=True))
    assert (set(base) - removed) | added == wanted


def test_a_link_taken_back_and_made_again_began_again():
    layer = Layer(from_pairs(np.array([0]), np.array([1]), (N, N), since=np.array([100])))
    layer.remove(0, 1)
    assert [part.tolist() for part in layer.added()] == [[], [], []]
    layer.add(0, 1, 500)
    assert [part.tolist() for part in layer.added()] == [[0], [1], [500]]
    assert [part.tolist() for part in layer.removed()] == [[0], [1]]
    assert layer.row(0).tolist() == [1]


def test_takes_room_for_the_changes_only():
    n = 100_000
    base = from_pairs(np.arange(n), (np.arange(n) + 1) % n, (n, n))
    layer = Layer(base)
    for target in range(500):
        layer.add(7, target)
        layer.remove(target, target + 1)
    assert layer.size < 200 * 1000
    assert layer.links == n + 500 - 1 - 500 + 1
    for flipping in range(5000):
        (layer.add if flipping % 2 else layer.remove)(9, 10)
    assert layer.size < 200 * 1000


def test_the_base_stays_as_it_is_even_mapped_from_a_file(tmp_path):
    held = matrix({(0, 1), (0, 2), (3, 4)})
    np.save(tmp_path / "indptr.npy", held.indptr)
    np.save(tmp_path / "indices.npy", held.indices)
    mapped = [np.load(tmp_path / f"{name}.npy", mmap_mode="r") for name in ("indptr", "indices")]
    layer = Layer(Csr(*mapped, N))
    assert layer.remove(0, 2)
    assert layer.add(3, 0)
    assert layer.row(0).tolist() == [1]
    assert layer.row(3).tolist() == [0, 4]
    assert mapped[1].tolist() == [1, 2, 4]
    with pytest.raises(ValueError, match="read-only"):
        layer.view.indices[0] = 3
