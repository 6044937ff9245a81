import numpy as np
import pytest

from havenwall.network.graph.cores import on_all_cores, sealed


@pytest.mark.parametrize("size", [0, 1, 5, 1000])
@pytest.mark.parametrize("cost", [0, 10**6])
def test_spans_cover_everything_once(size, cost):
    seen = np.zeros(size, int)

    def work(begin, end):
        seen[begin:end] += 1

    on_all_cores(work, size, cost)
    assert (seen == 1).all()


def test_what_a_span_raises_is_raised():
    def work(begin, end):
        raise ValueError("broken")

    with pytest.raises(ValueError, match="broken"):
        on_all_cores(work, 100, 10**6)


def test_sealed_copies_only_if_need_be():
    array = np.arange(6, dtype=np.uint32)
    view = sealed(array, np.uint32)
    assert np.shares_memory(view, array)
    assert not view.flags.writeable
    assert array.flags.writeable
    other = sealed(array[::2], np.int64)
    assert other.tolist() == [0, 2, 4]
    assert other.flags.c_contiguous
    assert other.dtype == np.int64
