"""AuditResult: what an audit found. Its JSON shape is a public contract."""

from __future__ import annotations

import msgspec

from havenwall.audit.plan import AuditPlan


class ArmResult(msgspec.Struct, frozen=True, kw_only=True):
    """What the test accounts were shown in one arm."""

    exposure: float
    """Mean share of the k places that showed a network account, 0..1."""
    low: float
    high: float
    """95 % interval of the mean; see `cluster_interval`.

    Where no account was ever exposed, `high` is the exact bound on the share of accounts exposed at
    all, because the mean cannot be greater: no event seen is not proof of none.
    """
    by_round: list[float]
    ever_exposed: float
    """Share of test accounts shown a network account at least once."""
    saturated: float
    """Share of test accounts that had a round with half or more of the places exposed."""
    first_exposure: int | None
    """Round by which half of the test accounts had been exposed; null if fewer than half ever were."""
    amplification: float
    """Exposure over the network's share of all accounts."""


class Suppressed(msgspec.Struct, frozen=True, kw_only=True):
    """Whom Havenwall suppressed beyond the accounts already known. A ratio of nothing is null."""

    accounts: float
    """Mean number per platform."""
    precision: float | None
    """Share of them that are members."""
    recall_unknown: float | None
    """Share of the members not known before that are suppressed."""
    bystander_share: float | None
    """Share of bystanders suppressed by mistake."""
    hard_negatives: float
    """Mean number per platform of the innocent look-alike community suppressed by mistake."""


class Comparison(msgspec.Struct, frozen=True, kw_only=True):
    """Two arms walked by the same test accounts."""

    difference: float
    """Mean exposure of the first arm less that of the second."""
    low: float
    high: float
    """95 % interval of the difference."""
    p: float
    """Paired sign flip over test accounts: could a gate that does nothing give this difference?"""
    p_platforms: float
    """The same over whole platforms: would it hold on another platform? At least 2 ** (1 - platforms)."""


class AuditResult(msgspec.Struct, frozen=True, kw_only=True):
    """What an audit found: four arms on the same starts, and what the guard cost others."""

    arms: dict[str, ArmResult]
    """By arm, in the order of `ARMS`."""
    suppressed: Suppressed
    benign_changed: float
    """Share of ordinary accounts whose recommendations differ behind Havenwall's gate."""
    benign_slots_changed: float
    """Share of their places that differ."""
    comparisons: dict[str, Comparison]
    """`none_vs_havenwall` and `known_vs_havenwall`."""
    plan: AuditPlan
    prevalence: float
    """The network's share of all accounts, mean over platforms."""
