"""From communities to findings: how much speaks for each, how much against it, in which order."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

import msgspec
import numpy as np
from scipy.sparse import csr_array

from havenwall.network.discover.anchors import AnchorKind, Anchors, Rows
from havenwall.network.discover.benign import Benign, Mask
from havenwall.network.discover.candidates import Candidates
from havenwall.network.discover.tally import Background, Interval, Tally, share_interval


class Doubt(StrEnum):
    """Why a community of candidates is no finding."""

    FEW = "fewer than two independent signals among its members"
    CHANCE = "no more signals than accounts as visible hold by chance"
    ONE_KIND = "only one kind of signal speaks, and that kind can be organised or mistaken"
    BENIGN = "most of it looks benign"


class Finding(msgspec.Struct, frozen=True, kw_only=True, eq=False):
    """A community of candidates: for a reviewer to look at, never to act on unseen."""

    members: Rows
    """Accounts, ascending; those that look benign are left out."""
    bystanders: dict[Benign, Rows]
    """Accounts of the community that look benign, by reason."""
    anchors: Rows
    """The members with signals."""
    evidence: dict[AnchorKind, Tally]
    """What each kind of signal says."""
    alike: dict[str, float]
    """Mean surprise (natural log) of the members in each channel: what ties them to the anchors."""
    density: float
    """0..1 share of the pairs of members that are linked by likeness. Says how alike, not how guilty."""
    benign_share: float
    """0..1 share of the community that looks benign."""
    anchored: Interval
    """Share of the members with signals."""
    expected: float
    """Share of accounts as visible as the members that have signals anywhere else."""
    score: float
    """Evidence in natural logs, less the share that looks benign; orders findings."""
    doubt: Doubt | None
    """Why this is set aside; None for a finding."""
    sentence: str = ""
    """Why it stands where it stands, for a reviewer."""


def assess(
    candidates: Candidates,
    inside: Rows,
    links: csr_array,
    looks: Mapping[Benign, Mask],
    background: Background,
    confidence: float,
) -> Finding:
    """Weigh one community.

    Args:
        candidates: all candidates.
        inside: (c,) places in `candidates` of the community.
        links: (m, m) likeness of the candidates.
        looks: (m,) masks of the candidates that look benign, by reason.
        background: all anchors, and how often accounts have signals by chance.
        confidence: of the interval for the share of anchored members.
    """
    rows, anchors = candidates.rows[inside], background.anchors
    own = {reason: mask[inside] for reason, mask in looks.items()}
    benign = np.any(list(own.values()), axis=0)
    kept = inside[~benign]
    members = np.sort(candidates.rows[kept])
    evidence = background.tallies(members)
    anchored = members[np.isin(members, anchors.rows)]
    interval = share_interval(len(anchored), len(members), confidence)
    expected = background.share(members)
    pairs = max(len(kept) * (len(kept) - 1), 1)
    return Finding(
        members=members,
        bystanders={reason: np.sort(rows[mask]) for reason, mask in own.items() if mask.any()},
        anchors=anchored,
        evidence=evidence,
        alike={name: _mean(told[kept]) for name, told in candidates.by_channel.items()},
        density=links[kept][:, kept].nnz / pairs,
        benign_share=float(benign.mean()),
        anchored=interval,
        expected=expected,
        score=sum(tally.counted for tally in evidence.values()) * (1 - float(benign.mean())),
        doubt=_doubt(evidence, float(benign.mean()), interval, expected, _sources(anchors, members)),
    )


def _doubt(
    evidence: dict[AnchorKind, Tally], benign: float, anchored: Interval, expected: float, sources: int
) -> Doubt | None:
    speaking = {kind for kind, tally in evidence.items() if tally.speaks}
    if benign >= 0.5:
        return Doubt.BENIGN
    if sources < 2:
        return Doubt.FEW
    if anchored.low <= expected:
        return Doubt.CHANCE
    if AnchorKind.HASH not in speaking and len(speaking) < 2:
        return Doubt.ONE_KIND
    return None


def _sources(anchors: Anchors, members: Rows) -> int:
    return len(np.unique(anchors.source[np.isin(anchors.rows, members)]))


def _mean(values: np.ndarray) -> float:
    return float(values.mean()) if len(values) else 0.0
