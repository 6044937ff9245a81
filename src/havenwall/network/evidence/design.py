"""The table a model learns from: one row per account, labelled accounts seen without their own fold."""

from __future__ import annotations

import msgspec
import numpy as np
from numpy.typing import NDArray

from havenwall.network.config import FeatureSet
from havenwall.network.evidence.features import FEATURES, Feature
from havenwall.network.evidence.links import FloatArray, IntArray, Links
from havenwall.network.evidence.seen import Seen

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
    values: FloatArray
    """(n, p) logarithms, mean 0 and standard deviation 1 over all accounts."""
    centre: FloatArray
    """(p,) what was taken off."""
    spread: FloatArray
    """(p,) what was divided by."""


def split(n: int, rows: IntArray, folds: int, rng: np.random.Generator) -> Labels:
    """Deal accounts into `folds` parts of equal size, at random."""
    fold = rng.permutation(np.arange(len(rows)) % folds)
    columns = np.ones((len(rows), folds), np.float32)
    columns[np.arange(len(rows)), fold] = 0
    full = np.zeros((n, folds), np.float32)
    full[rows] = columns
    return Labels(rows, fold, full)


def design(links: Links, seeds: Labels, negatives: Labels | None, sets: frozenset[FeatureSet]) -> Design:
    """Compute all features of the given sets; those that are the same for everybody are left out.

    Every account is seen through one column: a labelled one through that which its own fold is absent from,
    any other through one drawn by lot. A mean over the columns would lie between whole numbers, and trees
    would learn to tell labels by that. With known
    negatives each feature is computed towards them too (`not_` names), and belief spreads from both.
    """
    wanted = [feature for feature in FEATURES if feature.set in sets]
    groups = (seeds,) if negatives is None else (seeds, negatives)
    columns = _columns(wanted, Seen(links, seeds.columns), groups)
    if negatives is not None:
        columns += _against(wanted, Seen(links, negatives.columns), groups)
    if negatives is not None and FeatureSet.COUNTS in sets:
        belief = _own(_belief(links, seeds.columns, negatives.columns), groups)
        columns.append(_Column("belief", FeatureSet.COUNTS, 1, belief))
    return _standardised([column for column in columns if np.ptp(column.values) > 0], links.n)


class _Column(msgspec.Struct, frozen=True):
    name: str
    set: FeatureSet
    sign: int
    values: FloatArray


def _columns(wanted: list[Feature], seen: Seen, groups: tuple[Labels, ...]) -> list[_Column]:
    return [_Column(f.name, f.set, f.sign, np.log1p(_own(f.compute(seen), groups))) for f in wanted]


def _against(wanted: list[Feature], seen: Seen, groups: tuple[Labels, ...]) -> list[_Column]:
    telling = [feature for feature in wanted if feature.sign]
    return [
        _Column(f"not_{column.name}", column.set, -1, column.values)
        for column in _columns(telling, seen, groups)
    ]


def _own(values: FloatArray, groups: tuple[Labels, ...]) -> FloatArray:
    lot = np.random.default_rng(0).integers(0, values.shape[1], len(values))
    one = values[np.arange(len(values)), lot]
    for group in groups:
        one[group.rows] = values[group.rows, group.fold]
    return one


def _standardised(columns: list[_Column], n: int) -> Design:
    values = np.empty((n, len(columns)), np.float32)
    for place, column in enumerate(columns):
        values[:, place] = column.values
    centre, spread = values.mean(axis=0, dtype=np.float64), values.std(axis=0, dtype=np.float64)
    values -= centre
    values /= spread
    return Design(
        tuple(column.name for column in columns),
        tuple(column.set for column in columns),
        tuple(column.sign for column in columns),
        values,
        centre.astype(np.float32),
        spread.astype(np.float32),
    )


def _belief(links: Links, seeds: FloatArray, negatives: FloatArray) -> FloatArray:
    """Linearised belief propagation (Gatterbauer et al. 2015) with one small weight for every tie.

    Both labels weigh the same in total: with more of one than of the other the bigger one floods the graph.
    """
    prior = seeds / np.maximum(seeds.sum(axis=0), 1) - negatives / np.maximum(negatives.sum(axis=0), 1)
    weight = np.float32(_RESIDUAL / _spectral_radius(links))
    belief = prior
    for _ in range(_SWEEPS):
        belief = prior + weight * links.either.gather(belief)
    return belief


def _spectral_radius(links: Links) -> float:
    vector: FloatArray = np.ones((links.n, 1), np.float32)
    size = 1.0
    for _ in range(_POWER_STEPS):
        vector = links.either.gather(vector / np.float32(size))
        size = max(float(np.linalg.norm(vector)), 1e-9)
    return size
