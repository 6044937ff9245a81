import numpy as np
import pytest

from havenwall.errors import BadInput
from havenwall.network.roles import arriving


def test_damps_only_where_a_victim_is_likelier_than_not():
    weights = arriving(np.array([0, 0.3, 0.5, 0.75, 1]))
    assert weights == pytest.approx([1, 1, 1, 0.5, 0])
    assert weights.dtype == np.float32


@pytest.mark.parametrize("wrong", [-0.1, 1.1, np.nan])
def test_refuses_what_is_no_probability(wrong):
    with pytest.raises(BadInput, match="victim_probability"):
        arriving(np.array([0.5, wrong]))
