"""Settings of network scoring."""

from __future__ import annotations

from enum import StrEnum

import msgspec

from havenwall.errors import BadConfig


class FeatureSet(StrEnum):
    """Which features a model may use; the best sets are chosen on held-out seeds."""

    COUNTS = "counts"
    """Numbers of links and shared accounts. They survive camouflage: following the innocent adds nothing."""
    AUDIENCE = "audience"
    """How much of an account's audience is the seeds' audience. What others do, which it cannot choose."""
    WALKS = "walks"
    """Shares and random walks. Best where degrees differ without meaning; camouflage dilutes them."""
    CLOSED = "closed"
    """Links weighted by the triangles they close. Random links close none. Costs a sparse matrix product."""


class Form(StrEnum):
    """The shape of a model."""

    LOGISTIC = "logistic"
    """A weighted sum: one number per feature."""
    ADDITIVE = "additive"
    """A sum of curves: one per feature."""
    BOOSTED = "boosted"
    """Trees over all features together."""


class Candidate(msgspec.Struct, frozen=True):
    """A model to try."""

    form: Form
    sets: tuple[FeatureSet, ...]

    @property
    def name(self) -> str:
        """As in `logistic:counts+walks`."""
        return f"{self.form}:{'+'.join(self.sets)}"


_COUNTS, _AUDIENCE = FeatureSet.COUNTS, FeatureSet.AUDIENCE
_WALKS, _CLOSED = FeatureSet.WALKS, FeatureSet.CLOSED

PLATFORM = (Candidate(Form.LOGISTIC, (_COUNTS,)),)
"""What a live platform is scored with: nothing that an account can dilute by following the innocent."""

THOROUGH = (*PLATFORM, Candidate(Form.BOOSTED, (_COUNTS, _AUDIENCE)))
"""As for a live platform, and trees where they find held-out seeds much better. Takes ten times as long; with
roles told, trees were not better on any sandbox."""

ANY_GRAPH = (
    Candidate(Form.LOGISTIC, (_COUNTS,)),
    Candidate(Form.LOGISTIC, (_WALKS,)),
    Candidate(Form.LOGISTIC, (_COUNTS, _WALKS)),
    Candidate(Form.LOGISTIC, (_COUNTS, _WALKS, _CLOSED)),
)
"""What an unknown graph is tried with; held-out seeds choose."""


class ScoreConfig(msgspec.Struct, frozen=True, kw_only=True):
    """How accounts are scored."""

    candidates: tuple[Candidate, ...] = PLATFORM
    """Models to try. The first wins unless a later one ranks held-out seeds clearly better."""
    folds: int = 5
    """Parts the seeds are split into; a seed is scored without its own part."""
    many_seeds: int = 100
    """With fewer there are twice as many folds: what is left of few seeds should be most of them."""
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
    reach: int = 50_000
    """How many unlabelled accounts are scored by the model, those with the most evidence first."""
    reach_per_seed: int = 20
    """And at least so many for each seed: they must be several times the members that are still hidden."""
    sample: int = 8_000
    """At most this many of them are used for fitting."""
    typed: int = 5_000
    """At least so many of the accounts nearest by ties are given roles, more around a network that seems to
    have more members than `largest_share` of them; no other account can be over the threshold."""
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
        if not self.candidates or not all(candidate.sets for candidate in self.candidates):
            raise BadConfig("names no features", field="candidates")
