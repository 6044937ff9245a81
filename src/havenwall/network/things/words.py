"""Sentences that say why a thing has its risk."""

from __future__ import annotations

from havenwall.model import EntityKind
from havenwall.network.things.config import ThingConfig

_USERS = {
    EntityKind.GROUP: "members of the group",
    EntityKind.TAG: "accounts with the tag",
    EntityKind.LIVE: "accounts around the stream",
    EntityKind.DOMAIN: "accounts with the domain",
    EntityKind.MEDIA: "accounts with the media",
}


def explained(
    kind: EntityKind,
    counted: tuple[int, int, int, int],
    interval: tuple[float, float],
    base: float,
    config: ThingConfig,
) -> str:
    """What was counted, what it is compared with, and what keeps the thing below the threshold if it is.

    Args:
        kind: what the thing is.
        counted: users, confirmed and likely ones, and the hands that these two are in.
        interval: bounds of the share, 0..1.
        base: share of members among all accounts that use a thing of the kind.
        config: settings.
    """
    users, confirmed, likely, independent = counted
    low, high = interval
    facts = (
        f"{confirmed + likely} of {users} {_USERS[kind]} are confirmed or likely ({confirmed} confirmed); "
        f"platform average {percent(base)}. The share of members is {percent(low)} to {percent(high)}."
    )
    if independent < config.independent:
        hands = "one person's" if independent == 1 else f"of {independent} persons"
        return f"{facts} Below the threshold: those accounts may be {hands}."
    if low < config.least(base):
        return f"{facts} Below the threshold: {percent(low)} is less than {percent(config.least(base))}."
    return facts


def percent(share: float) -> str:
    """A share as a percentage: one decimal below 10 %, none above, bounds at both ends."""
    if share < 0.001:
        return "under 0.1 %"
    if share > 0.999:
        return "over 99.9 %"
    return f"{share:.1%}".replace("%", " %") if share < 0.1 else f"{share:.0%}".replace("%", " %")
