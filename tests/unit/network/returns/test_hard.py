"""Returns on a hard platform, from nothing but the events of its journal."""

from __future__ import annotations

import polars as pl

from havenwall.network.returns import find_returns, history_of
from havenwall.sandbox.hard import HardConfig, HardPlatform, generate_hard, hard_events


def pairs(platform: HardPlatform, kind: str) -> set[tuple[str, str]]:
    who = getattr(platform.former.gone, kind)
    return {(platform.former.ids[i], platform.ids[j]) for i, j in zip(who.former, who.account, strict=True)}


def test_returns_are_found_and_neither_relatives_nor_fans() -> None:
    platform = generate_hard(HardConfig.scaled(8_000, removed=30), 1)
    told = find_returns(history_of(pl.concat(hard_events(platform))))
    links, truth = {(one.former, one.successor) for one in told}, pairs(platform, "replaced")
    assert len(truth) >= 12
    assert len(links & truth) >= 0.7 * len(truth)
    assert len(links - truth) <= 1
    assert pairs(platform, "family")
    assert not links & pairs(platform, "family")
    assert pairs(platform, "fans")
    assert not links & pairs(platform, "fans")
    chances = [one.probability for one in told]
    assert chances == sorted(chances, reverse=True)
