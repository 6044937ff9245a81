"""The table a model learns from: one row per account, labelled accounts seen without their own fold."""

from __future__ import annotations

import msgspec
import numpy as np
from numpy.typing import NDArray

from havenwall.network.features import FEATURES, FeatureSet, Ties
from havenwall.network.graph import IntArray
from havenwall.network.pagerank import FloatArray

Matrix = NDArray[np.float64]
_RESIDUAL = 0.3
_SWEEPS = 6
_POWER_STEPS = 10


class Labels(msgspec.Struct, frozen=True):
    """Accounts of one label, split into folds."""

    rows: IntArray
    """(s,) rows in the graph."""
    fold: IntArray
    """(s,) fold of each, 0..k-1."""
    columns: FloatArray
    """(n, k) column f is 1 for the accounts outside fold f."""


class Design(msgspec.Struct, frozen=True):
    """Standardised features of all accounts."""

    names: tuple[str, ...]
    """(p,) feature names."""
    sets: tuple[FeatureSet, ...]
    """(p,) the set each belongs to."""
    signs: tuple[int, ...]
    """(p,) which way each may count: 1 for membership, -1 against it, 0 either."""
    values: Matrix
    """(n, p) mean 0, standard deviation 1 over all accounts."""


def split(n: int, rows: IntArray, folds: int, rng: np.random.Generator) -> Labels:
    """Deal accounts into `folds` parts of equal size, at random."""
    fold = rng.permutation(np.arange(len(rows)) % folds)
    columns = np.ones((len(rows), folds), np.float32)
    columns[np.arange(len(rows)), fold] = 0
    full = np.zeros((n, folds), np.float32)
    full[rows] = columns
    return Labels(rows, fold, full)


def design(ties: Ties, seeds: Labels, negatives: Labels | None, sets: frozenset[FeatureSet]) -> Design:
    """Compute all features of the given sets.

    Unlabelled accounts get the mean over the fold columns, so that their numbers are on the same scale as
    those of a labelled account, which gets the one column that its own fold is absent from. With known
    negatives each feature is computed towards them too (`not_` names), and belief spreads from both.
    """
    wanted = [feature for feature in FEATURES if feature.set in sets]
    groups = (seeds,) if negatives is None else (seeds, negatives)
    columns = [_column(f.name, f.set, f.sign, f.compute(ties, seeds.columns), groups) for f in wanted]
    if negatives is not None:
        columns += [
            _column(f"not_{f.name}", f.set, -1, f.compute(ties, negatives.columns), groups)
            for f in wanted
            if f.sign
        ]
    if negatives is not None and FeatureSet.COUNTS in sets:
        belief = _own(_belief(ties, seeds.columns, negatives.columns), groups)
        columns.append(_Column("belief", FeatureSet.COUNTS, 1, belief))
    return _standardised([column for column in columns if np.ptp(column.values) > 0])


class _Column(msgspec.Struct, frozen=True):
    name: str
    set: FeatureSet
    sign: int
    values: Matrix


def _column(name: str, kind: FeatureSet, sign: int, raw: FloatArray, groups: tuple[Labels, ...]) -> _Column:
    return _Column(name, kind, sign, np.log1p(_own(raw, groups)))


def _own(values: FloatArray, groups: tuple[Labels, ...]) -> Matrix:
    one = values.mean(axis=1, dtype=np.float64)
    for group in groups:
        one[group.rows] = values[group.rows, group.fold]
    return one


def _standardised(columns: list[_Column]) -> Design:
    values = np.stack([column.values for column in columns], axis=1)
    values = (values - values.mean(axis=0)) / values.std(axis=0)
    return Design(
        tuple(column.name for column in columns),
        tuple(column.set for column in columns),
        tuple(column.sign for column in columns),
        values,
    )


def _belief(ties: Ties, seeds: FloatArray, negatives: FloatArray) -> FloatArray:
    """Linearised belief propagation (Gatterbauer et al. 2015) with one small weight for every tie.

    Both labels weigh the same in total: with more of one than of the other the bigger one floods the graph.
    """
    prior = seeds / np.maximum(seeds.sum(axis=0), 1) - negatives / np.maximum(negatives.sum(axis=0), 1)
    weight = _RESIDUAL / _spectral_radius(ties)
    belief = prior
    for _ in range(_SWEEPS):
        belief = prior + weight * (ties.either @ belief)
    return belief


def _spectral_radius(ties: Ties) -> float:
    vector: FloatArray = np.ones((ties.either.shape[0], 1), np.float32)
    size = 1.0
    for _ in range(_POWER_STEPS):
        vector = ties.either @ (vector / size)
        size = max(float(np.linalg.norm(vector)), 1e-9)
    return size
