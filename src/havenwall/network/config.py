"""Settings of network scoring."""

from __future__ import annotations

import msgspec

from havenwall.errors import BadConfig
from havenwall.network.features import FeatureSet

PLATFORM = ((FeatureSet.COUNTS,),)
"""What a live platform is scored with: nothing that an account can dilute by following the innocent."""

ANY_GRAPH = (
    (FeatureSet.COUNTS,),
    (FeatureSet.WALKS,),
    (FeatureSet.COUNTS, FeatureSet.WALKS),
    (FeatureSet.COUNTS, FeatureSet.WALKS, FeatureSet.CLOSED),
)
"""What an unknown graph is tried with; held-out seeds choose."""


class ScoreConfig(msgspec.Struct, frozen=True, kw_only=True):
    """How accounts are scored."""

    candidates: tuple[tuple[FeatureSet, ...], ...] = PLATFORM
    """Sets of features to try. The first wins unless a later one ranks held-out seeds clearly better."""
    folds: int = 5
    """Parts the seeds are split into; a seed is scored without its own part."""
    min_seeds: int = 10
    """With fewer there is nothing to learn from, and accounts are ranked by nearness alone."""
    keep: float = 0.95
    """Share of held-out seeds that the threshold must let through, unless `floor` is stricter."""
    floor: float = 0.5
    """No account below this probability is over the threshold."""
    smallest_known_share: float = 0.05
    """Seeds are taken to be at least this share of the network; bounds the estimate of its size."""
    largest_share: float = 0.2
    """The unknown members are taken to be at most this share of the unlabelled accounts. Without this bound,
    seeds that have nothing in common would make everybody on a small platform look like a member."""
    hub: int = 400
    """An account that follows more than this says nothing by whom it follows."""
    strength: float = 0.1
    """Inverse of the L2 penalty of the logistic regression."""
    cleared_weight: float = 10.0
    """How many unlabelled accounts one cleared account counts for."""
    sample: int = 50_000
    """At most this many unlabelled accounts are used for fitting; all are scored."""
    margin: int = 200
    """How many accounts below the threshold are reported too."""

    def __post_init__(self) -> None:
        for name in ("keep", "smallest_known_share", "largest_share"):
            if not 0 < getattr(self, name) <= 1:
                raise BadConfig("must be above 0 and at most 1", field=name)
        if not 0 <= self.floor <= 1:
            raise BadConfig("must be between 0 and 1", field="floor")
        if self.folds < 2 or self.min_seeds < self.folds:
            raise BadConfig("needs 2 folds or more and as many seeds", field="folds")
        if not self.candidates or not all(self.candidates):
            raise BadConfig("names no features", field="candidates")
