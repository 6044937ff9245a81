"""What the guard answers."""

from __future__ import annotations

import msgspec

from havenwall.guard.surface import Outcome


class Verdict(msgspec.Struct, frozen=True, kw_only=True):
    """The guard's answer for one candidate on one surface."""

    index: int
    """Place of the candidate in the list that was asked about, from 0."""
    entity: str
    outcome: Outcome
    factor: float
    """What to multiply the candidate's score with: 1 for allow and interstitial, 0 when it is not shown
    (drop, drop_and_refer, and no_new_edge unless the viewer is tied to it already).
    """
    reason: str
    """Reason code of the standing, or empty when nothing is known. From the guard itself:
    `guard:no-snapshot`, `guard:outdated` (failure mode), `guard:viewer` (the viewer is restricted) and
    `guard:unknown` (the surface wants known clean candidates for this class of viewers).
    """
    decision_id: str | None
    """The decision it rests on, for the record and for an appeal; none behind the guard's own reasons."""
    version: str
    """Snapshot and last change it rests on: with the question it repeats the verdict."""

    @classmethod
    def allowing(cls, entity: str, *, version: str) -> Verdict:
        """A plain `allow`."""
        return cls(
            index=0,
            entity=entity,
            outcome=Outcome.ALLOW,
            factor=1.0,
            reason="",
            decision_id=None,
            version=version,
        )


class Filtered(msgspec.Struct, frozen=True, kw_only=True):
    """The guard's answer for a list of candidates."""

    keep: list[int]
    """Places of the candidates to show, rising; demoted ones and those behind a warning are among them."""
    verdicts: list[Verdict]
    """Those that are not plain `allow`, by place."""
    version: str
    """Snapshot and last change the answer rests on."""
    stale: bool
    """The data is known to be incomplete or too old; beyond its limit the surface's failure mode was used."""


class Status(msgspec.Struct, frozen=True, kw_only=True):
    """How a guard stands, for health pages and alarms."""

    version: str
    watermark: int
    """Position in the change feed up to which nothing is missing."""
    entries: int
    """Entities in the snapshot."""
    changes: int
    """Entities changed since the snapshot."""
    age: float
    """Seconds since the publisher's last sign of life with complete data; infinite before the first."""
    complete: bool
    problem: str | None
    """What is wrong, if anything."""
