"""Sentences about findings that a reviewer can read."""

from __future__ import annotations

import msgspec

from havenwall.network.discover.rank import Finding


def ordered(findings: list[Finding]) -> tuple[Finding, ...]:
    """The findings by falling score (then by size and first member), each with its sentence."""
    by_score = sorted(findings, key=lambda f: (-f.score, -len(f.members), int(f.members.min(initial=0))))
    total = len(by_score)
    return tuple(
        msgspec.structs.replace(each, sentence=f"{place} of {total}: {describe(each)}")
        for place, each in enumerate(by_score, 1)
    )


def describe(finding: Finding) -> str:
    """What the finding is, what speaks for it and what against it, in one sentence."""
    ways = [name for name, told in sorted(finding.alike.items(), key=lambda way: -way[1]) if told >= 0.5]
    kinds = [f"{tally.anchors} by {kind}" for kind, tally in finding.evidence.items() if tally.anchors]
    share = finding.anchored
    parts = [
        f"{len(finding.members)} accounts alike in {', '.join(ways) or 'several things together'}",
        f"{len(finding.anchors)} of them have signals ({', '.join(kinds) or 'none'})"
        f" where {finding.expected * len(finding.members):.1f} would by chance",
        f"share with signals {share.share:.0%} ({share.low:.0%} to {share.high:.0%})",
    ]
    if finding.bystanders:
        seen = ", ".join(f"{len(rows)} {why.replace('_', ' ')}" for why, rows in finding.bystanders.items())
        parts.append(f"left out because they look benign: {seen}")
    if finding.doubt:
        parts.append(f"set aside: {finding.doubt}")
    return "; ".join(parts) + "."
