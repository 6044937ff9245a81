"""How sure the search for new terms must be."""

from __future__ import annotations

from datetime import timedelta

import msgspec


class DiscoveryConfig(msgspec.Struct, frozen=True, kw_only=True):
    """Limits of the search; the numbers are ours, chosen on sandboxes that the benchmark does not use."""

    window: timedelta = timedelta(days=100)
    """Uses that are this old or newer are counted."""
    least: int = 3
    """Different accounts of the network that must have used a term."""
    helped: int = 2
    """One account of the network less is enough where so many users of listed terms used it as well."""
    z: float = 2.75
    """Least combined log-odds, in standard errors."""
    alone: float = 1.96
    """Least log-odds, in standard errors, by the accounts of the network alone."""
    prior: float = 1.0
    """What the prior, how often everybody used each term, is worth, in times what the group counts."""
    floor: float = 0.5
    """Uses that the prior holds of a term nobody used before; below it a new term's odds are mere chance."""
    variant_z: float = 1.96
    """Least combined log-odds of a term that looks like a listed one and came up after it was listed."""
    variant_least: int = 2
    """Different accounts of the network or users of listed terms for such a variant."""
    regrown: float = 3.0
    """Times the accounts of the network a rejected term was seen with, until it is proposed again."""
    most: int = 200
    """Proposals of one search; the strongest are kept."""
