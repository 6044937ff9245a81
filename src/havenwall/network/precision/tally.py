"""What the audits say bucket by bucket: counts seen, the rate among the unseen, and their worth."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
import numpy as np
from numpy.typing import NDArray

from havenwall.errors import BadInput
from havenwall.model import Bucket, Part
from havenwall.network.precision.cluster import design_effect

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


class Audits(msgspec.Struct, frozen=True, kw_only=True, eq=False):
    """Finished audits of drawn accounts. Reviews without a known chance of selection do not belong here."""

    bucket: Ints
    """(a,) bucket number of each audited account."""
    member: NDArray[np.bool_]
    """(a,) whether the reviewer found a member of the network."""
    probability_of_selection: Floats
    """(a,) chance that the account was drawn, as stored with the sample."""
    cluster: Ints | None = None
    """(a,) what the account was drawn together with, such as its case; None if each was drawn alone. A simple
    random draw within buckets needs none, however much the accounts know each other."""

    def __post_init__(self) -> None:
        columns = [self.member, self.probability_of_selection]
        columns += [] if self.cluster is None else [self.cluster]
        if any(len(column) != len(self.bucket) for column in columns):
            raise BadInput("all columns must have the same length", field="audits")
        if not ((self.probability_of_selection > 0) & (self.probability_of_selection <= 1)).all():
            raise BadInput("must be above 0 and at most 1", field="probability_of_selection")


class Tally(msgspec.Struct, frozen=True, kw_only=True, eq=False):
    """Evidence per bucket; every array is (h,)."""

    size: Floats
    """Accounts."""
    flagged: NDArray[np.bool_]
    """Whether they would be suppressed."""
    far: NDArray[np.bool_]
    """Whether they are beyond everything reported."""
    seen: Floats
    """Accounts audited."""
    found: Floats
    """Members among those."""
    rate: Floats
    """Estimated share of members among the accounts not audited; 0.5 where nothing was audited."""
    worth: Floats
    """How many independent, equally likely audits the audits are worth; 0 where nothing was audited."""
    design_effect: Floats
    """Audits per independent audit, for clustering only; 1 without clusters."""
    correlation: float
    """Estimated correlation of outcomes within a cluster and bucket."""

    @property
    def unseen(self) -> Floats:
        """(h,) accounts not audited."""
        return self.size - self.seen

    @property
    def members(self) -> Floats:
        """(h,) estimated members: those found, and the rate among the rest."""
        return self.found + self.unseen * self.rate


def tally(buckets: Sequence[Bucket], audits: Audits) -> Tally:
    """Count audits per bucket and weigh them by their chance of selection.

    An audit drawn with chance p stands for itself and for 1/p - 1 accounts that were not drawn, so the rate
    among the unseen is a weighted mean with those weights (Horvitz and Thompson 1952; normalised in each
    bucket after Hajek 1971, which also makes up for audits not finished). Unequal weights and clusters
    lower what the audits are worth (Kish 1965; Rao and Scott 1992, see `design_effect`).

    Raises:
        BadInput: an audit of an unknown bucket, or more audits in a bucket than it has accounts.
    """
    if len(audits.bucket) and not (audits.bucket.min() >= 0 and audits.bucket.max() < len(buckets)):
        raise BadInput("names a bucket that does not exist", field="bucket")
    size = np.array([bucket.size for bucket in buckets], np.float64)
    seen = np.bincount(audits.bucket, minlength=len(buckets)).astype(np.float64)
    if (seen > size).any():
        raise BadInput("more audits than accounts in a bucket", field="bucket")
    member = audits.member.astype(np.float64)
    effect, correlation = np.ones(len(buckets)), 0.0
    if audits.cluster is not None:
        effect, correlation = design_effect(audits.bucket, audits.cluster, member, len(buckets))
    weight = _stands_for(audits, len(buckets))
    total, squares = _sums(audits.bucket, weight, size), _sums(audits.bucket, weight**2, size)
    filled = np.maximum(total, 1e-12)
    return Tally(
        size=size,
        flagged=np.array([bucket.part is Part.FLAGGED for bucket in buckets]),
        far=np.array([bucket.part is Part.FAR for bucket in buckets]),
        seen=seen,
        found=_sums(audits.bucket, member, size),
        rate=np.where(total > 0, _sums(audits.bucket, weight * member, size) / filled, 0.5),
        worth=np.where(total > 0, total**2 / np.maximum(squares, 1e-12) / effect, 0.0),
        design_effect=effect,
        correlation=correlation,
    )


def _sums(bucket: Ints, values: Floats, size: Floats) -> Floats:
    return np.bincount(bucket, values, len(size)).astype(np.float64)


def _stands_for(audits: Audits, buckets: int) -> Floats:
    """Unseen accounts that each audit stands for; all alike in a bucket where all chances are alike."""
    chance = audits.probability_of_selection
    least, most = np.full(buckets, np.inf), np.zeros(buckets)
    np.minimum.at(least, audits.bucket, chance)
    np.maximum.at(most, audits.bucket, chance)
    alike = most - least < 1e-12
    return np.where(alike[audits.bucket], 1.0, 1 / chance - 1)
