"""The numbers a hard platform is made from."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import msgspec

from havenwall.sandbox.hard.ranges import RANGES
from havenwall.sandbox.ranges import Misfits, check_ranges

FULL = 200_000
"""Accounts of the platform that the default numbers are meant for."""


class HardConfig(msgspec.Struct, frozen=True, kw_only=True):
    """Size and structure of a hard platform.

    "Recipe" in a field's text means section 4 of the graph research; "ours" that no source gives the number.
    No number is calibrated to a real network. Make smaller platforms with `scaled`.
    """

    accounts: int = FULL
    """Living accounts on the platform (recipe)."""
    days: int = 540
    """Days of history (ours)."""
    end: datetime = datetime(2026, 6, 1, tzinfo=UTC)
    """The present of the platform; nothing happens later."""
    growth: float = 0.7
    """Account age is days x (1 - u ** growth) for u in 0..1: below 1 the platform signs up more and more
    accounts, whoever they are (ours)."""

    median_follows: float = 10.0
    """Median ordinary follows of an account before anybody follows back; 13 with those (recipe)."""
    follow_spread: float = 0.9
    """Sigma of the log-normal number of ordinary follows (ours)."""
    popularity: float = 1.8
    """Exponent of the Pareto popularity (recipe: Pareto; the exponent is ours)."""
    celebrities: int = 60
    """Accounts that everybody follows (recipe)."""
    celebrity_share: float = 0.05
    """Share of ordinary follows that go to celebrities (ours)."""
    mixing: float = 0.3
    """Share of ordinary follows outside one's own community (recipe)."""
    follow_back: float = 0.2
    """Share of ordinary follows that are returned; gives the reciprocity of .31 (recipe)."""
    community_low: int = 50
    """Accounts in the smallest communities; as dense as a promotion group (ours)."""
    community_high: int = 2_000
    """Accounts in the largest communities (ours)."""
    community_exponent: float = 1.6
    """Exponent of the power law of community sizes (recipe: like LFR; the exponent is ours)."""

    traders: int = 700
    """Accounts that offer (recipe)."""
    group_size: int = 35
    """Traders in a promotion group, and look-alikes in a circle of colleagues (recipe)."""
    group_follows: float = 4.0
    """Mean follows of a trader or look-alike inside its group; half of them are returned (ours, so that a
    trader's median out-degree is 26 as in the recipe)."""
    cross_follows: float = 1.5
    """Mean follows of a trader or look-alike into other groups of its kind (ours)."""
    promoters: int = 0
    """Accounts that tie the network together: follow its traders and are followed by them and by buyers.
    As many look-alikes do the same among look-alikes (ours)."""
    group_ties: float = 1.0
    """Share of the follows among traders that are there; the others are hidden (ours)."""
    inner_ties: float = 1.0
    """Share of the follows from buyers and press to traders that are there; the others are hidden (ours)."""
    camouflage: float = 1.0
    """Factor on the ordinary follows of traders, buyers and promoters (recipe: report several levels)."""

    buyers: int = 4_000
    """Accounts that follow traders (recipe)."""
    buyer_follows: float = 2.6
    """Median traders followed by a buyer, 1 to `buyer_most` (recipe: log-normal; the median is ours)."""
    buyer_spread: float = 1.1
    """Sigma of that log-normal number (ours)."""
    buyer_most: int = 150
    """Most traders followed by a buyer (recipe)."""
    ordinary_low: float = 0.78
    """Least share of ordinary follows among a buyer's, before anybody follows back (recipe: .8 to .9)."""
    ordinary_high: float = 0.88
    """Largest share of ordinary follows among a buyer's, before anybody follows back (recipe: .8 to .9)."""
    home_share: float = 0.4
    """Share of a buyer's trader follows that go to the promotion group it knows best (ours)."""
    buyer_back: float = 0.1
    """Share of buyers' follows that traders return; look-alikes do the same (recipe)."""
    bystander_follows: float = 60.0
    """Mean followers of a trader, and of a look-alike, that just happen to follow it (recipe)."""
    bystander_spread: float = 1.0
    """Sigma of that log-normal number (recipe: log-normal; the sigma is ours)."""
    pull_spread: float = 0.9
    """Sigma of the log-normal weight with which buyers choose traders (ours)."""

    victims: int = 1_500
    """Accounts that buyers contact (recipe)."""
    contacts: float = 8.0
    """Mean buyers that follow a victim (ours)."""
    reply_share: float = 0.15
    """Share of those follows that the victim returns (recipe)."""
    press: int = 40
    """Press, researchers, NGOs: follow traders and each other (recipe)."""
    press_low: int = 10
    """Fewest traders that a press account follows (recipe)."""
    press_high: int = 300
    """Most traders that a press account follows (recipe)."""

    lookalikes: int = 900
    """Lawful creators whose audience has the same shape as the traders' (recipe)."""
    audience: int = 6_000
    """Accounts that follow look-alikes as buyers follow traders (recipe)."""
    shared_buyers: float = 0.35
    """Share of buyers that also belong to the audience of look-alikes (recipe)."""
    rings: int = 30
    """Rings of accounts that follow each other back (recipe)."""
    ring_size: int = 40
    """Accounts in a ring (recipe)."""
    ring_density: float = 0.6
    """Share of pairs within a ring that follow each other (ours)."""

    household_share: float = 0.04
    """Share of accounts that share a device with another one of their household (ours)."""
    alone_share: float = 0.05
    """Share of accounts with a device that no other living account uses (ours)."""

    removed: int = 200
    """Former traders that the platform has removed; not among `accounts` (ours)."""
    window: int = 150
    """Days up to the present in which they were removed (ours)."""

    tags_per_account: float = 2.5
    """Mean tagged posts of an account, whoever it is (ours)."""
    network_tags: int = 6
    """Tags the network rotates through; look-alikes rotate through as many of their own (recipe: 2 to 6)."""
    tag_days: int = 45
    """Days until the network moves on to its next tag (ours)."""
    tag_share: float = 0.4
    """Share of a trader's tagged posts that carry a network tag; buyers a third of it (ours)."""
    tag_bystanders: int = 50
    """Ordinary accounts that use each network tag (recipe: 20 to 80)."""
    benign_tags: int = 1_000
    """Tags that have nothing to do with the network (ours)."""

    def validated(self) -> HardConfig:
        """This configuration, checked.

        Raises:
            BadConfig: a number outside its range, or parts that do not fit together; names the field
                and the remedy.
        """
        check_ranges(self, RANGES, self._misfits())
        return self

    @classmethod
    def scaled(cls, accounts: int, **changes: Any) -> HardConfig:
        """The recipe for a platform of another size; sizes of parts in proportion, degrees as they are.

        `changes` are fields to set as they stand. On a small platform the same degrees make for a denser
        network, so a figure from 20,000 accounts is not one from 200,000.

        Raises:
            BadConfig: see `validated`.
        """
        standard = cls()
        sizes = {field: max(1, round(getattr(standard, field) * accounts / FULL)) for field in _SIZES}
        traders = sizes["traders"]
        sizes["press_high"] = min(standard.press_high, max(traders * 3 // 7, 1))
        sizes["press_low"] = min(standard.press_low, sizes["press_high"])
        sizes["buyer_most"] = min(standard.buyer_most, max(traders * 3 // 14, 1))
        sizes["community_high"] = min(standard.community_high, max(accounts // 20, standard.community_low))
        return msgspec.structs.replace(standard, **{"accounts": accounts, **sizes, **changes}).validated()

    def _misfits(self) -> Misfits:
        return (
            ("traders", self.planted * 2 > self.accounts, "all parts together: at most half of accounts"),
            ("press_low", self.press_low > self.press_high, "at most press_high"),
            ("press_high", self.press_high > self.traders, "at most as many as traders"),
            ("buyer_most", self.buyer_most > self.traders, "at most as many as traders"),
            ("ordinary_low", self.ordinary_low > self.ordinary_high, "at most ordinary_high"),
            ("community_low", self.community_low > self.community_high, "at most community_high"),
            ("community_high", self.community_high > self.accounts, "at most accounts"),
            ("promoters", self.promoters > self.lookalikes, "at most as many as lookalikes"),
            ("window", self.window > self.days - 90, "at least 90 days less than days"),
            ("end", self.end.tzinfo is None, "give it a time zone"),
        )

    @property
    def planted(self) -> int:
        """Accounts that are not ordinary."""
        ring = self.rings * self.ring_size
        people = self.traders + self.promoters + self.buyers + self.victims + self.press
        return people + self.lookalikes + self.audience + ring + self.celebrities


_SIZES = (
    "celebrities",
    "traders",
    "buyers",
    "victims",
    "press",
    "lookalikes",
    "audience",
    "rings",
    "removed",
)
