"""The numbers a synthetic platform is made from."""

from __future__ import annotations

from datetime import UTC, datetime

import msgspec

from havenwall.sandbox.ranges import Misfits, Ranges, check_ranges


class SandboxConfig(msgspec.Struct, frozen=True, kw_only=True):
    """Size and structure of a synthetic platform.

    "Measured there" in a field's text means: so that the platform has the figures of the audit
    research, section 6. No number is calibrated to a real network.
    """

    accounts: int = 20_000
    """Accounts on the platform (audit research, section 6)."""
    communities: int = 40
    """Communities of shared interest (audit research, section 6)."""
    mean_follows: float = 22.0
    """Mean follows of a benign account; gives 444k to 454k in all (audit research, section 6)."""
    follow_spread: float = 0.8
    """Sigma of the log-normal number of follows; the shape is from the graph research, section 4."""
    popularity: float = 1.6
    """Exponent of the Pareto popularity (audit research, section 6: Pareto; the exponent is ours)."""
    mixing: float = 0.3
    """Share of follows outside one's own community (graph research, section 4)."""
    members: int = 500
    """Accounts of the planted network; 2.5 % of the platform (audit research, section 6)."""
    trader_share: float = 0.4
    """Share of members that are traders: 200 of 500 (audit research, section 6)."""
    rings: int = 4
    """Rings in the network, and in the benign niche (audit research, section 6)."""
    ring_loyalty: float = 0.75
    """Share of a member's internal follows inside its own ring (ours)."""
    internal_follows: float = 14.0
    """Mean internal follows of an established member; about 5.9k in all (audit research, section 6)."""
    fresh_share: float = 0.15
    """Share of accounts that are new, members and others alike; a fresh member has 1 to 3 internal
    links (audit research, section 6)."""
    fresh_popularity: float = 0.02
    """Factor on the popularity of fresh benign accounts; about half of them have no follower (ours)."""
    camouflage: float = 1.0
    """Factor on the members' follows of benign accounts: 1, 3, 6 (audit research, section 6.1)."""
    camouflage_follows: float = 18.0
    """Mean follows of benign accounts per member at factor 1: 9.0k in all (audit research, section 6)."""
    gateways: int = 6
    """Communities next to the network, where its camouflage goes (audit research, section 6)."""
    gateway_share: float = 0.6
    """Share of the camouflage that goes to the gateway communities (ours)."""
    benign_in: float = 3.5
    """Mean follows a member gets from benign accounts: 1.75k in all (audit research, section 6)."""
    niche: int = 400
    """Accounts of the benign niche that is as dense as the network (audit research, section 6)."""
    bystanders: int = 40
    """Benign accounts that follow several members, such as journalists (graph research, section 4)."""
    bystander_follows: int = 8
    """Members a bystander follows on average; part of `benign_in` (ours)."""
    removed: int = 40
    """Former traders that the platform has removed (ours; not among `accounts`)."""
    recreated_share: float = 0.75
    """Share of the removed that came back as a fresh account (graph research, section 4: .6 to .9)."""
    network_tags: int = 6
    """Stand-in tags the network rotates through (graph research, section 4: 2 to 6)."""
    tag_days: int = 30
    """Days until the network moves on to its next tag (ours)."""
    tag_bystanders: int = 40
    """Benign accounts that use each network tag (graph research, section 4: 20 to 80)."""
    benign_tags: int = 200
    """Tags that have nothing to do with the network (ours)."""
    posts_per_account: float = 2.0
    """Mean posts per account (ours)."""
    groups: int = 60
    """Groups; each ring has one of them, shared with benign accounts (ours)."""
    group_size: int = 30
    """Mean accounts in a group (ours)."""
    benign_reports: float = 0.02
    """Mean user reports against a benign account (ours)."""
    member_reports: float = 0.3
    """Mean user reports against a member (ours)."""
    days: int = 360
    """Days of history (ours)."""
    end: datetime = datetime(2026, 6, 1, tzinfo=UTC)
    """The present of the platform; nothing happens later."""

    @property
    def traders(self) -> int:
        """Members that are traders."""
        return round(self.members * self.trader_share)

    def validated(self) -> SandboxConfig:
        """This configuration, checked.

        Raises:
            BadConfig: a number outside its range, or parts that do not fit together; names the field
                and the remedy.
        """
        check_ranges(self, _RANGES, self._misfits())
        return self

    def _misfits(self) -> Misfits:
        planted = self.members + self.niche + self.bystanders
        return (
            (
                "members",
                planted * 2 > self.accounts,
                "members, niche and bystanders: at most half of accounts",
            ),
            ("rings", self.rings * 20 > self.members, "at least 20 members per ring"),
            ("niche", 0 < self.niche < self.rings * 20, "none, or at least 20 per ring"),
            ("communities", self.communities * 20 > self.accounts, "at least 20 accounts per community"),
            ("gateways", self.gateways > self.communities, "at most as many as communities"),
            ("bystander_follows", self.bystander_follows > self.traders, "at most as many as traders"),
            ("groups", self.groups < self.rings, "at least one per ring"),
            ("end", self.end.tzinfo is None, "give it a time zone"),
        )


_RANGES: Ranges = (
    ("accounts", 400, 5_000_000),
    ("communities", 1, 10_000),
    ("mean_follows", 1.0, 1_000.0),
    ("follow_spread", 0.0, 2.0),
    ("popularity", 1.05, 10.0),
    ("mixing", 0.0, 1.0),
    ("members", 20, 1_000_000),
    ("trader_share", 0.05, 0.95),
    ("rings", 1, 1_000),
    ("ring_loyalty", 0.0, 1.0),
    ("internal_follows", 1.0, 200.0),
    ("fresh_share", 0.0, 0.5),
    ("fresh_popularity", 0.0, 1.0),
    ("camouflage", 0.0, 20.0),
    ("camouflage_follows", 0.0, 200.0),
    ("gateways", 1, 10_000),
    ("gateway_share", 0.0, 1.0),
    ("benign_in", 0.0, 200.0),
    ("niche", 0, 1_000_000),
    ("bystanders", 0, 100_000),
    ("bystander_follows", 3, 1_000),
    ("removed", 0, 100_000),
    ("recreated_share", 0.0, 1.0),
    ("network_tags", 2, 8),
    ("tag_days", 1, 360),
    ("tag_bystanders", 0, 10_000),
    ("benign_tags", 1, 1_024),
    ("posts_per_account", 0.0, 100.0),
    ("groups", 1, 100_000),
    ("group_size", 2, 1_000),
    ("benign_reports", 0.0, 10.0),
    ("member_reports", 0.0, 10.0),
    ("days", 180, 3_600),
)
