"""Anchors: the accounts that content signals point at, and how far each kind of signal can be believed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum
from functools import cached_property

import msgspec
import numpy as np
from numpy.typing import NDArray

from havenwall.errors import BadInput
from havenwall.model import LinkKind, Signal
from havenwall.network.graph import Names

Rows = NDArray[np.int64]
Weights = NDArray[np.float32]


class AnchorKind(StrEnum):
    """What kind of signal points at an account."""

    HASH = "hash"
    """It shared media that a verified list knows. Few, and rather on accounts that many see."""
    TERM = "term"
    """It uses a term of the operator's list. Journalists and helpers use these words too."""
    REPORT = "report"
    """Users reported it. Half of that is wrong, and reports can be organised."""


KINDS = tuple(AnchorKind)
DETECTORS: Mapping[str, AnchorKind] = {
    "media-hash": AnchorKind.HASH,
    "term": AnchorKind.TERM,
    "report": AnchorKind.REPORT,
}
"""Which detector's signals anchor what."""
TRUST: Mapping[AnchorKind, float] = {AnchorKind.HASH: 0.9, AnchorKind.TERM: 0.8, AnchorKind.REPORT: 1.0}
"""How far a signal's own strength is believed. Reports come with a low strength of their own."""
_SURE = 0.99
_WEAK = 0.05
"""A weaker belief anchors nobody: a tag that half the platform uses is no signal."""


class Anchors(msgspec.Struct, frozen=True, eq=False, dict=True):
    """Accounts with signals. Beliefs are prior to any look at the graph."""

    rows: Rows
    """(k,) accounts, ascending, distinct."""
    belief: Weights
    """(k, kinds) 0..0.99: how likely the account is a member, from each kind of signal alone."""
    source: Rows
    """(k,) anchors of the same source are not independent of each other and count as one."""
    things: Mapping[LinkKind, Rows] = {}
    """Things (tags, media) by kind that gave the signals. They vouch for nobody: those who use a listed tag
    share it because it made them anchors."""

    def __len__(self) -> int:
        """How many anchored accounts there are."""
        return len(self.rows)

    @cached_property
    def strength(self) -> Weights:
        """(k,) 0..0.99 belief from all kinds together, taken as independent of each other (noisy or)."""
        return np.minimum(1 - np.prod(1 - self.belief, axis=1), _SURE).astype(np.float32)

    @property
    def sources(self) -> int:
        """How many anchors are independent of each other."""
        return len(np.unique(self.source))

    def without(self, rows: Rows) -> Anchors:
        """The anchors but for some accounts: a person's clearing outweighs every signal."""
        return self.only(~np.isin(self.rows, rows))

    def only(self, kept: NDArray[np.bool_]) -> Anchors:
        """The anchors a (k,) mask keeps."""
        return Anchors(self.rows[kept], self.belief[kept], self.source[kept], self.things)


def make_anchors(
    rows: Rows,
    strengths: NDArray[np.floating],
    kinds: Sequence[AnchorKind],
    *,
    source: Rows | None = None,
    things: Mapping[LinkKind, Rows] | None = None,
    trust: Mapping[AnchorKind, float] = TRUST,
) -> Anchors:
    """Anchors from signals, several per account allowed.

    Within a kind the strongest signal counts: ten hits on one list are one witness, not ten. Beliefs below
    0.05 are dropped.

    Args:
        rows: (s,) account of each signal.
        strengths: (s,) 0..1.
        kinds: (s,) kind of each signal.
        source: (s,) signals with the same number >= 0 come from one origin, such as one group of reporters;
            a negative number, or None for all, stands for an origin of its own.
        things: things of the graph that gave the signals, by kind, such as the listed tags.
        trust: how far each kind is believed, 0..1.

    Raises:
        BadInput: lengths differ or a strength lies outside 0..1.
    """
    if not len(rows) == len(strengths) == len(kinds) or (source is not None and len(source) != len(rows)):
        raise BadInput("rows, strengths, kinds and sources differ in length", field="anchors")
    if len(strengths) and not 0 <= float(np.min(strengths)) <= float(np.max(strengths)) <= 1:
        raise BadInput("strengths lie in 0..1", field="anchors")
    held, place = np.unique(np.asarray(rows, np.int64), return_inverse=True)
    belief = np.zeros((len(held), len(KINDS)), np.float32)
    column = np.array([KINDS.index(kind) for kind in kinds], np.int64)
    believed = np.asarray(strengths) * np.array([trust[kind] for kind in kinds])
    np.maximum.at(belief, (place, column), np.minimum(believed, _SURE))
    belief[belief < _WEAK] = 0
    anchored = belief.max(axis=1, initial=0) > 0
    origin = np.full(len(rows), -1) if source is None else np.asarray(source, np.int64)
    return Anchors(held, belief, _sources(held, place, origin), things or {}).only(anchored)


def from_signals(names: Names, signals: Iterable[Signal]) -> Anchors:
    """Anchors from the signals of detectors in `DETECTORS`; other signals and unknown accounts are left out.

    Reports counted this way are one witness each; `reported` knows better when the reporters are known.
    """
    held = [
        (row, signal.strength, DETECTORS[signal.detector])
        for signal in signals
        if signal.detector in DETECTORS and (row := names.row(signal.entity)) is not None
    ]
    rows, strengths, kinds = zip(*held, strict=True) if held else ((), (), ())
    return make_anchors(np.array(rows, np.int64), np.array(strengths, np.float32), kinds)


def _sources(held: Rows, place: Rows, origin: Rows) -> Rows:
    """An account has a shared source only if no signal of it has an origin of its own."""
    own = np.zeros(len(held), bool)
    own[place[origin < 0]] = True
    source = np.full(len(held), np.iinfo(np.int64).max)
    np.minimum.at(source, place, np.where(origin < 0, source[place], origin))
    shared = ~own
    out = np.arange(len(held), dtype=np.int64)
    out[shared] = len(held) + source[shared]
    return np.unique(out, return_inverse=True)[1].astype(np.int64)
