"""Unseeded discovery over what is stored: links and signals in, communities with names out."""

from __future__ import annotations

import math
import time
from collections.abc import Mapping

import numpy as np
import polars as pl

from havenwall.model import Communities, Community, LinkKind, derived_id
from havenwall.network.discover.anchors import DETECTORS, AnchorKind, Anchors, Rows, make_anchors
from havenwall.network.discover.discover import discover
from havenwall.network.discover.rank import Finding
from havenwall.network.discover.words import describe
from havenwall.network.graph import Graph, build_graph
from havenwall.network.view import DiscoverView

_NATS = 10.0
"""Evidence (natural log) at which strength is 1 - 1/e. Half strength is then e^6.9: a thousand to one."""
_MADE_THEM = {LinkKind.TAG_USE: "term", LinkKind.SHARED_MEDIA: "media-hash"}
"""Which things can be what a detector's signals were made from."""
_LISTED = 0.5
"""A thing so many of whose users have that signal is on the list itself: having it in common says nothing."""


def find_communities(view: DiscoverView) -> Communities:
    """Communities around accounts with signals, without any confirmed account.

    Confirmed and cleared accounts are no members; cleared ones are no anchors and speak against theirs.
    Links are not read while fewer than two accounts have a signal.

    Raises:
        NotReady: networkit cannot be loaded here.
    """
    began, signals = time.perf_counter(), view.signals()
    if len(signals.filter(pl.col("detector").is_in(list(DETECTORS)))["entity"].unique()) < 2:
        return Communities(reason=_NOTHING)
    graph = build_graph(view.links())
    cleared = graph.index(view.cleared())
    anchors = anchors_of(graph, signals)
    found = discover(graph, anchors, cleared)
    known = np.union1d(cleared, graph.index(view.seeds()))
    held = tuple(named for each in found.findings if (named := _named(graph, each, known)).members)
    return Communities(
        found=held,
        set_aside=tuple(_named(graph, each, known) for each in found.set_aside),
        reason=found.reason or ("" if held else _DECIDED),
        signalled=len(anchors),
        accounts=graph.n,
        links=graph.links,
        seconds=time.perf_counter() - began,
    )


_DECIDED = "everybody in those that hold up is confirmed or cleared already"
_NOTHING = "fewer than two accounts have a signal: known media, a listed term or a report"


def anchors_of(graph: Graph, signals: pl.DataFrame) -> Anchors:
    """Anchors from `DiscoverView.signals`; other detectors and accounts without links are left out."""
    known = signals.filter(pl.col("detector").is_in(list(DETECTORS)))
    rows = graph.names.places(known["entity"])
    held, kinds = rows >= 0, [DETECTORS[name] for name in known["detector"]]
    return make_anchors(
        rows[held],
        known["strength"].to_numpy()[held].astype(np.float32),
        [kind for kind, there in zip(kinds, held, strict=True) if there],
        things=_listed(graph, {kind: rows[held & _are(kinds, kind)] for kind in AnchorKind}),
    )


def _are(kinds: list[AnchorKind], kind: AnchorKind) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    return np.array([each is kind for each in kinds], np.bool_)


def _listed(graph: Graph, anchored: Mapping[AnchorKind, Rows]) -> dict[LinkKind, Rows]:
    """The things that made the anchors: those that hardly anybody uses who has not the signal."""
    listed = {}
    for kind, detector in _MADE_THEM.items():
        if kind in graph.uses:
            users, some = graph.uses[kind].flipped, np.zeros((graph.n, 1), np.float32)
            some[anchored[DETECTORS[detector]]] = 1
            with_signal = users.gather(some)[:, 0]
            listed[kind] = np.flatnonzero((with_signal >= 2) & (with_signal >= _LISTED * users.degree))
    return listed


def _named(graph: Graph, finding: Finding, known: Rows) -> Community:
    first, size = np.setdiff1d(finding.anchors, known), len(finding.members)
    others = np.setdiff1d(finding.members, np.union1d(known, finding.anchors))
    members = tuple(graph.names.many(np.concatenate([first, others])))
    return Community(
        id=derived_id("community", *sorted(members)),
        members=members,
        signalled=len(first),
        expected=finding.expected * size,
        evidence={kind.value: tally.counted for kind, tally in finding.evidence.items() if tally.anchors},
        strength=1 - math.exp(-finding.score / _NATS),
        bystanders=len(np.unique(np.concatenate([*finding.bystanders.values(), np.empty(0, np.int64)]))),
        doubt=finding.doubt.value if finding.doubt else "",
        sentence=describe(finding),
    )
