"""Community: accounts that are alike and hold signals together, found without a confirmed account."""

from __future__ import annotations

import msgspec

COMMUNITY = "community"
"""Detector of the signals that tell of communities. A conclusion: nothing rests on it but a person's look."""


class Community(msgspec.Struct, frozen=True, kw_only=True):
    """Accounts that share more than chance gives with accounts that have signals."""

    id: str
    """Made from its members."""
    members: tuple[str, ...]
    """Accounts, those with signals of their own first; confirmed and cleared ones are left out."""
    signalled: int
    """How many of the members have signals of their own."""
    expected: float
    """How many of as many accounts as visible have signals by chance."""
    evidence: dict[str, float] = {}
    """What each kind of signal says for it, natural log over chance."""
    strength: float = 0.0
    """0..1 all evidence together, less the share that looks benign; 0.5 is a thousand to one over chance."""
    bystanders: int = 0
    """Accounts alike that were left out because they look benign."""
    doubt: str = ""
    """Why it is set aside; empty for one that holds up."""
    sentence: str = ""
    """What it is, what speaks for it and what against it."""


class Communities(msgspec.Struct, frozen=True, kw_only=True):
    """What a search without confirmed accounts gave."""

    found: tuple[Community, ...] = ()
    """Those for reviewers, most evidence first."""
    set_aside: tuple[Community, ...] = ()
    """Those that do not hold up, each with its doubt."""
    reason: str = ""
    """Why nothing was found; empty if something was."""
    signalled: int = 0
    """Accounts with links and signals of their own: what the search starts from."""
    accounts: int = 0
    links: int = 0
    seconds: float = 0.0
