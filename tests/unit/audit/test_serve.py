from typing import Any

import msgspec
import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy.sparse import csr_array

from havenwall.audit import MaskGate
from havenwall.audit.serve import serve


class Ranked(msgspec.Struct, eq=False):
    """Recommends 0, 1, 2, ... up to `last`, followed or not, and remembers how many it was asked for."""

    last: int
    asked: list[int] = []
    name: str = "ranked"

    def recommend(self, histories: csr_array, k: int) -> NDArray[np.int32]:
        self.asked.append(k)
        row = np.where(np.arange(k) < self.last, np.arange(k), -1)
        return np.tile(row, (histories.shape[0], 1)).astype(np.int32)


def dropping(n: int, *dropped: int) -> MaskGate:
    mask = np.zeros(n, dtype=bool)
    mask[list(dropped)] = True
    return MaskGate(mask)


def history(n: int, *rows: Any) -> csr_array:
    dense = np.zeros((len(rows), n))
    for i, followed in enumerate(rows):
        dense[i, followed] = 1
    return csr_array(dense)


def test_the_gate_takes_candidates_out_and_the_next_ones_move_up():
    (shown,) = serve(Ranked(50), [dropping(50, 1, 3)], history(50, [0], []), 3)
    assert shown.tolist() == [[2, 4, 5], [0, 2, 4]]


def test_a_gate_that_drops_much_is_filled_from_further_down():
    recommender = Ranked(200)
    (shown,) = serve(recommender, [dropping(200, *range(150))], history(200, []), 4)
    assert shown.tolist() == [[150, 151, 152, 153]]
    assert recommender.asked == [8, 32, 128, 200]


def test_an_exhausted_recommender_is_not_asked_again():
    recommender = Ranked(5)
    (shown,) = serve(recommender, [dropping(100, 0)], history(100, [1]), 6)
    assert shown.tolist() == [[2, 3, 4, -1, -1, -1]]
    assert recommender.asked == [12]


def test_only_the_short_rows_are_asked_for_again():
    recommender = Ranked(60)
    followed = list(range(10))
    (shown,) = serve(recommender, [dropping(60)], history(60, [], followed), 4)
    assert shown.tolist() == [[0, 1, 2, 3], [10, 11, 12, 13]]


def test_more_places_than_accounts_leaves_places_empty():
    (shown,) = serve(Ranked(3), [dropping(3, 1)], history(3, []), 5)
    assert shown.tolist() == [[0, 2, -1, -1, -1]]


@settings(max_examples=50, deadline=None)
@given(st.data())
def test_what_is_shown_is_the_allowed_ranking_cut_at_k(data):
    n, k = data.draw(st.integers(1, 40)), data.draw(st.integers(1, 12))
    accounts = st.sets(st.integers(0, n - 1))
    gates = [data.draw(accounts), data.draw(accounts)]
    rows = data.draw(st.lists(accounts, min_size=1, max_size=4))
    last = data.draw(st.integers(0, n))
    views = serve(Ranked(last), [dropping(n, *g) for g in gates], history(n, *(sorted(r) for r in rows)), k)
    for gate, view in zip(gates, views, strict=True):
        for followed, row in zip(rows, view.tolist(), strict=True):
            expected = [i for i in range(last) if i not in followed and i not in gate][:k]
            assert row == expected + [-1] * (k - len(expected))
