from __future__ import annotations

import os
import time
from pathlib import Path

import numpy as np
import pytest
from scipy import sparse

from havenwall.errors import BadInput
from havenwall.guard import Guard

IDS = ["account:0", "account:1", "account:2", "account:3", "account:4"]
KEEP = [True, False, False, True, True]


@pytest.fixture
def guard(tmp_path: Path, standing, bring) -> Guard:
    feed = [
        standing(1, "account:1"),
        standing(2, "account:2", "removed", confirmed=True),
        standing(3, "account:3", "none", confirmed=True),
        standing(4, "account:4", "none"),
    ]
    bring(tmp_path, feed)
    return Guard.open(tmp_path)


def test_any_restriction_takes_an_account_out_of_the_sources(guard: Guard) -> None:
    sources = guard.sources(IDS)
    assert sources.keep.tolist() == KEEP
    assert sources.kept == ["account:0", "account:3", "account:4"]
    assert (sources.stale, sources.version) == (False, guard.status().version)
    owners = guard.sources(["account:1", "account:0", "account:1"])
    assert owners.keep.tolist() == [False, True, False]
    assert guard.sources([]).kept == []


@pytest.mark.parametrize(
    "make", [np.asarray, sparse.csr_matrix, sparse.csc_array, sparse.coo_array, sparse.lil_matrix]
)
@pytest.mark.parametrize("axis", [0, 1])
def test_rows_or_columns_are_left_out_or_blanked(guard: Guard, make, axis: int) -> None:
    dense = np.arange(1, 21).reshape((5, 4) if axis == 0 else (4, 5))
    sources, keep = guard.sources(IDS), np.array(KEEP)
    given = make(dense)
    taken, blank = sources.take(given, axis=axis), sources.blank(given, axis=axis)
    expected = dense[keep] if axis == 0 else dense[:, keep]
    assert np.array_equal(_dense(taken), expected)
    assert np.array_equal(_dense(blank), dense * (keep[:, None] if axis == 0 else keep))
    assert np.array_equal(_dense(given), dense)
    assert getattr(blank, "nnz", 12) == 12


@pytest.mark.parametrize("make", [np.asarray, sparse.csr_array])
def test_accounts_by_accounts_lose_rows_and_columns(guard: Guard, make) -> None:
    keep = np.array(KEEP)
    assert np.array_equal(_dense(guard.sources(IDS).blank(make(np.ones((5, 5))))), np.outer(keep, keep))


def test_without_usable_data_only_what_is_known_clean_is_kept(tmp_path: Path, guard: Guard) -> None:
    nothing = Guard.open(tmp_path / "nowhere").sources(IDS)
    assert (nothing.kept, nothing.stale) == ([], True)
    then = time.time() - 1_000
    os.utime(tmp_path / "heartbeat", (then, then))
    old = Guard.open(tmp_path)
    assert old.sources(IDS).stale is False
    outdated = old.sources(IDS, max_age=900)
    assert (outdated.kept, outdated.stale) == (["account:3"], True)
    assert Guard.open(tmp_path, max_age=None).sources(IDS, max_age=900).keep.tolist() == KEEP


def test_misuse_is_refused(guard: Guard) -> None:
    sources = guard.sources(IDS)
    for matrix, axis in ((np.ones((4, 5)), 0), (np.ones((5, 4)), 1), (np.ones(5), 0), (np.ones((5, 5)), 2)):
        with pytest.raises(BadInput, match="matrix"):
            sources.take(matrix, axis=axis)
        with pytest.raises(BadInput, match="matrix"):
            sources.blank(matrix, axis=axis)
    with pytest.raises(BadInput, match="kind:id"):
        guard.sources(["1"])


def _dense(matrix) -> np.ndarray:
    return matrix.toarray() if sparse.issparse(matrix) else np.asarray(matrix)
