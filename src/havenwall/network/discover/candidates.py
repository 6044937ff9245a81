"""From anchors to candidates: accounts that share followers, tags or media with two independent anchors."""

from __future__ import annotations

import msgspec
import numpy as np

from havenwall.network.discover.anchors import Anchors, Rows, Weights
from havenwall.network.discover.channels import Channel
from havenwall.network.discover.config import DiscoverConfig
from havenwall.network.discover.informed import Informed, inform
from havenwall.network.discover.surprise import surprise


class Candidates(msgspec.Struct, frozen=True, eq=False):
    """Accounts that share more with the anchors than chance gives, most surprising first."""

    rows: Rows
    """(m,) accounts."""
    score: Weights
    """(m,) surprise summed over the channels, natural log."""
    by_channel: dict[str, Weights]
    """(m,) surprise in each channel."""

    def __len__(self) -> int:
        """How many candidates there are."""
        return len(self.rows)


def expand(ways: tuple[Channel, ...], anchors: Anchors, n: int, config: DiscoverConfig) -> Candidates:
    """Candidates around the anchors.

    An anchor is judged by the other anchors alone: it is a candidate only if they vouch for it, so the
    share of anchors among the candidates is no artefact of having started from them.

    Args:
        ways: channels of the graph.
        anchors: what to start from.
        n: number of accounts.
        config: `most`, `surprise`, `shared` and `hub` are used.
    """
    total, count = np.zeros(n, np.float32), np.zeros(n, np.int64)
    by_channel = {}
    for way in ways:
        shared, by_channel[way.name] = _account(way, inform(way, anchors, config.hub), anchors, n)
        total += by_channel[way.name]
        count += shared
    total[count < config.shared] = 0
    rows = np.flatnonzero(total >= config.surprise)
    rows = rows[np.argsort(-total[rows], kind="stable")][: config.most]
    return Candidates(rows, total[rows], {name: told[rows] for name, told in by_channel.items()})


def corroborated(ways: tuple[Channel, ...], anchors: Anchors, config: DiscoverConfig) -> Weights:
    """(k,) surprise of what each anchor shares with the other anchors, summed over the channels."""
    parts = [inform(way, anchors, config.hub) for way in ways]
    told = [surprise(part.seen, part.size, part.rate) for part in parts]
    enough = np.sum([part.count for part in parts], axis=0) >= config.shared
    return np.where(enough, np.sum(told, axis=0), 0).astype(np.float32)


def _account(way: Channel, informed: Informed, anchors: Anchors, n: int) -> tuple[Rows, Weights]:
    """(n,) number of informed things and surprise of every account in one channel."""
    holders = way.holds.flipped.take(informed.things)
    count = np.bincount(holders.indices, minlength=n)
    seen = np.bincount(holders.indices, informed.value[holders.sources()], minlength=n).astype(np.float32)
    size = way.holds.gather((way.telling > 0).astype(np.float32)[:, None])[:, 0]
    count[anchors.rows], seen[anchors.rows] = informed.count, informed.seen
    return count, surprise(seen, size, informed.rate)
