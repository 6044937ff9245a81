import numpy as np
import pytest

from havenwall.errors import BadInput
from havenwall.network.roles import Hints


def test_everything_is_optional():
    hints = Hints()
    hints.check(7)
    assert hints.missing == ("created", "minor", "own_signals", "reports", "verified")


def test_says_what_is_missing():
    hints = Hints(minor=np.zeros(3, bool), reports=np.zeros(3, np.int64))
    assert hints.missing == ("created", "own_signals", "verified")


def test_refuses_another_length():
    with pytest.raises(BadInput, match="verified"):
        Hints(verified=np.zeros(3, bool)).check(4)
