"""Unseeded discovery: findings from content signals, or the reason why there are none."""

from __future__ import annotations

import msgspec
import numpy as np

from havenwall.network.discover.anchors import Anchors, Rows
from havenwall.network.discover.benign import benign_looking
from havenwall.network.discover.candidates import Candidates, expand
from havenwall.network.discover.channels import Channel, channels
from havenwall.network.discover.coherence import coherence, visibility
from havenwall.network.discover.communities import communities
from havenwall.network.discover.config import DiscoverConfig
from havenwall.network.discover.rank import Finding, assess
from havenwall.network.discover.similar import similarity
from havenwall.network.discover.tally import Background
from havenwall.network.discover.words import ordered
from havenwall.network.graph import Graph

_NONE = Candidates(np.empty(0, np.int64), np.empty(0, np.float32), {})


class Discovery(msgspec.Struct, frozen=True, eq=False):
    """What discovery gives."""

    findings: tuple[Finding, ...] = ()
    """For reviewers, most evidence first."""
    set_aside: tuple[Finding, ...] = ()
    """Communities that look alike but do not hold up, each with its doubt."""
    candidates: Candidates = _NONE
    """The accounts the communities were sought among."""
    reason: str | None = None
    """Why there are no findings; None if there are."""


def discover(
    graph: Graph, anchors: Anchors, cleared: Rows, config: DiscoverConfig | None = None
) -> Discovery:
    """Communities around accounts with signals, when no account is confirmed.

    Density alone finds follow-back rings and fan clubs, so nothing is sought without signals, nor where
    signals have no more in common than those of random accounts. Only anchors that other anchors vouch for
    are expanded, once: what is found here anchors nothing further.

    Args:
        graph: the typed graph.
        anchors: accounts with signals, see `make_anchors`.
        cleared: accounts that a person cleared; they are no anchors and speak against their community.
        config: settings; the defaults when left out.

    Raises:
        NotReady: networkit cannot be loaded here.
    """
    config = config or DiscoverConfig()
    anchors = anchors.without(cleared)
    if anchors.sources < 2:
        return Discovery(reason=_too_few(len(anchors), anchors.sources))
    ways = channels(graph, config.hub, anchors.things)
    bins = visibility(graph)
    held = coherence(ways, anchors, bins, config)
    if held.p > config.chance or anchors.only(held.vouched).sources < 2:
        return Discovery(reason=_scattered(int(held.vouched.sum()), len(anchors), held.by_chance))
    candidates = expand(ways, anchors.only(held.vouched), graph.n, config)
    if not len(candidates):
        return Discovery(reason="nothing is shared by two independent anchors beyond chance")
    return _within(graph, ways, Background(anchors, bins, candidates.rows), cleared, candidates, config)


def _within(
    graph: Graph,
    ways: tuple[Channel, ...],
    background: Background,
    cleared: Rows,
    candidates: Candidates,
    config: DiscoverConfig,
) -> Discovery:
    links = similarity(ways, candidates.rows, config)
    labels = communities(links, config.resolution, config.seed)
    looks = benign_looking(graph, candidates.rows, cleared, config.crowd)
    weighed = [
        assess(candidates, np.flatnonzero(labels == each), links, looks, background, config.confidence)
        for each in np.flatnonzero(np.bincount(labels) >= config.smallest)
    ]
    findings = ordered([each for each in weighed if each.doubt is None])
    aside = ordered([each for each in weighed if each.doubt is not None])
    reason = None if findings else f"none of {len(aside)} communities among the candidates holds up"
    return Discovery(findings, aside, candidates, reason)


def _too_few(anchors: int, sources: int) -> str:
    had = f"{anchors} anchors from {sources} independent sources" if anchors else "no account has a signal"
    return f"{had}: at least two are needed, because density alone finds rings of friends and fan clubs"


def _scattered(vouched: int, anchors: int, chance: float) -> str:
    return (
        f"the anchors have no more in common than random accounts as visible: others vouch for {vouched}"
        f" of {anchors}, by chance it would be {chance:.1f}"
    )
