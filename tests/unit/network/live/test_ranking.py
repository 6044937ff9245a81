import numpy as np
import pytest

from havenwall.network.graph import from_pairs
from havenwall.network.live.ledger import UNIT, Count, Ledger, mark, mass
from havenwall.network.live.ranking import most_changed
from havenwall.network.walk import Layer

N = 50


@pytest.fixture
def followers():
    """Followed by follower: account v has v followers."""
    followed = np.repeat(np.arange(N), np.arange(N))
    return Layer(from_pairs(followed, np.concatenate([np.arange(v) for v in range(N)]), (N, N)))


def touch(ledger, row):
    ledger.book.size[0] = mark(*ledger.book[:-1], ledger.book.size[0], row)


def changed(rng):
    """A ledger with random changes of 40 accounts, and their counts before and after as dictionaries."""
    ledger, before, after = Ledger(N), {}, {}
    ledger.book.counts[:, :6] = rng.integers(0, 9, (N, 6))
    mass(ledger.book.counts)[:] = rng.integers(0, int(UNIT) // 10, N)
    for row in rng.permutation(N)[:40]:
        touch(ledger, int(row))
        before[int(row)] = ledger.book.counts[row].copy()
        ledger.book.counts[row, :5] += rng.integers(0, 4, 5).astype(np.int32)
        mass(ledger.book.counts)[row] += int(UNIT) // 100
        after[int(row)] = ledger.book.counts[row].copy()
    return ledger, before, after


def by_definition(row, before, after):
    then, now = before[row].astype(float), after[row].astype(float)
    shared = sum(abs(now[column] - then[column]) for column in (Count.AUDIENCE, Count.COTAGS))
    standing = max(part[Count.AUDIENCE_TWO] + part[Count.COTAGS] for part in (then, now))
    links = sum(abs(now[column] - then[column]) for column in (Count.TO_SEEDS, Count.FROM_SEEDS))
    return shared * (0.1 + standing) / np.sqrt(1 + row) + 0.001 * links + 0.01


def test_is_the_formula_and_leaves_out_the_confirmed(followers):
    ledger, before, after = changed(np.random.default_rng(0))
    confirmed = sorted(before)[:5]
    for row in confirmed:
        ledger.confirm(row, True)
    rows, change = most_changed(ledger, followers, 1_000)
    wanted = {row: by_definition(row, before, after) for row in before if row not in confirmed}
    assert rows.tolist() == sorted(wanted, key=lambda row: (-round(wanted[row], 6), row))
    np.testing.assert_allclose(change, [wanted[row] for row in rows], atol=1e-9)
    ledger.confirm(confirmed[0], False)
    assert confirmed[0] in most_changed(ledger, followers, 1_000)[0]


@pytest.mark.parametrize("top", [0, 1, 7, 39, 40, 41])
def test_the_top_is_the_beginning_of_all(followers, top):
    ledger, _, _ = changed(np.random.default_rng(1))
    rows, change = most_changed(ledger, followers, 1_000)
    some, its_change = most_changed(ledger, followers, top)
    assert some.tolist() == rows[:top].tolist()
    assert its_change.tolist() == change[:top].tolist()


def test_equal_changes_are_ordered_by_row_and_none_are_left_out():
    ledger, alone = Ledger(N), Layer(from_pairs(np.arange(0), np.arange(0), (N, N)))
    for row in (9, 3, 30, 4):
        touch(ledger, row)
        ledger.book.counts[row, Count.AUDIENCE] += row != 30
    assert most_changed(ledger, alone, 2)[0].tolist() == [3, 4]
    assert most_changed(ledger, alone, 9)[0].tolist() == [3, 4, 9]
    assert ledger.touched.tolist() == [9, 3, 30, 4]
    ledger.forget()
    assert ledger.touched.tolist() == []
    assert not ledger.book.flags.any()


def test_a_ledger_that_grows_keeps_what_it_has():
    ledger = Ledger(3)
    touch(ledger, 2)
    ledger.book.counts[2, Count.COTAGS] = 7
    mass(ledger.book.counts)[2] = int(UNIT)
    ledger.confirm(1, True)
    ledger.grow(1_000)
    assert ledger.touched.tolist() == [2]
    assert ledger.count(Count.COTAGS).tolist() == [0, 0, 7] + [0] * 997
    assert ledger.estimates[2] == 1
    assert ledger.book.flags[1] == 2
