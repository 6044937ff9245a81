"""Audits that come in clusters say less than as many independent ones: how much less."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.stats import norm, t

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


def intra_correlation(bucket: Ints, cluster: Ints, member: Floats) -> float:
    """Correlation of outcomes within a cluster, estimated from variances between and within clusters.

    The analysis-of-variance estimator for binary data (Ridout, Demetrio and Firth 1999) on distances from the
    bucket's mean, so that what scores explain does not count as correlation. Never below 0; 0 if no
    cluster has two audits.

    Args:
        bucket: (a,) bucket of each audit.
        cluster: (a,) cluster of each audit, for instance the case or the reviewer's session.
        member: (a,) 1 for a member, 0 for none.
    """
    _, group, size = np.unique(cluster, return_inverse=True, return_counts=True)
    _, stratum, audits = np.unique(bucket, return_inverse=True, return_counts=True)
    rest = member - (np.bincount(stratum, member) / audits)[stratum]
    mean = np.bincount(group, rest) / size
    between_df, within_df = len(size) - len(audits), len(member) - len(size)
    if between_df < 1 or within_df < 1:
        return 0.0
    within = float(((rest - mean[group]) ** 2).sum()) / within_df
    between = float((size * mean**2).sum()) / between_df
    shared = np.bincount(group * len(audits) + stratum, minlength=len(size) * len(audits))
    typical = (len(member) - float((shared.reshape(-1, len(audits)) ** 2 / audits).sum())) / between_df
    spread = between + (typical - 1) * within
    return max(0.0, (between - within) / spread) if spread > 0 else 0.0


def design_effect(bucket: Ints, cluster: Ints, member: Floats, buckets: int) -> tuple[Floats, float]:
    """How many audits in clusters are worth one independent audit, and the correlation behind it.

    1 + (size - 1) x correlation, with the size of the cluster that the bucket's average audit is in (Kish
    1965); clusters may span buckets. Few clusters leave the correlation itself unsure; for that all effects
    grow by the squared ratio of the Student t to the normal quantile (Korn and Graubard 1998).

    Args:
        bucket: (a,) bucket of each audit.
        cluster: (a,) cluster of each audit.
        member: (a,) 1 for a member, 0 for none.
        buckets: how many buckets there are.

    Returns:
        (buckets,) design effects, 1 where nothing was audited, and the correlation.
    """
    correlation = intra_correlation(bucket, cluster, member)
    _, group, size = np.unique(cluster, return_inverse=True, return_counts=True)
    audits = np.bincount(bucket, minlength=buckets)
    company = np.bincount(bucket, size[group], buckets) / np.maximum(audits, 1)
    freedom = max(1, len(size) - int((audits > 0).sum()))
    doubt = (t.ppf(0.975, freedom) / norm.ppf(0.975)) ** 2
    return np.where(audits > 0, (1 + (company - 1) * correlation) * doubt, 1.0), correlation
