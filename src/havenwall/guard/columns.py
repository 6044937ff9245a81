"""A guard's answer as parallel arrays: small on the wire, and quick to read into numpy or a data frame."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Self, TypeVar

import msgspec

from havenwall.guard.surface import Outcome, Surface, ViewerClass
from havenwall.guard.verdict import Filtered, Verdict

T = TypeVar("T")


class ColumnsRequest(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Candidates for one surface, as columns."""

    surface: Surface
    ids: Sequence[str]
    """Entity names (`kind:id`), at most 10,000."""
    viewer: str | None = None
    """The account that will see them."""
    viewer_class: ViewerClass | None = None
    """Who looks, where the platform knows; a standing of the viewer counts besides."""
    tied: Sequence[int] = ()
    """Places in `ids` of those the viewer is tied to already."""


class Columns(msgspec.Struct, frozen=True, kw_only=True):
    """Only candidates that are not plainly allowed, one place in each of the first five lists for each."""

    index: list[int]
    """Place among the candidates, rising."""
    outcome: list[int]
    """Place in `outcomes`."""
    factor: list[float]
    """What to multiply a score with; 0 means: do not show."""
    reason: list[int]
    """Place in `reasons`."""
    decision: list[int]
    """Place in `decisions`; -1 behind the guard's own reasons."""
    outcomes: list[Outcome]
    reasons: list[str]
    decisions: list[str]
    count: int
    """How many candidates were judged: an answer to another question does not pass for this one."""
    version: str
    """Snapshot and last change the answer rests on."""
    stale: bool
    """As in `Filtered`."""

    @classmethod
    def of(cls, found: Filtered, count: int) -> Self:
        """An answer for `count` candidates as columns."""
        rows = found.verdicts
        outcomes, outcome = _coded([row.outcome for row in rows])
        reasons, reason = _coded([row.reason for row in rows])
        decisions, decision = _coded([row.decision_id for row in rows if row.decision_id is not None])
        rested = iter(decision)
        return cls(
            index=[row.index for row in rows],
            outcome=outcome,
            factor=[row.factor for row in rows],
            reason=reason,
            decision=[-1 if row.decision_id is None else next(rested) for row in rows],
            outcomes=outcomes,
            reasons=reasons,
            decisions=decisions,
            count=count,
            version=found.version,
            stale=found.stale,
        )

    def fits(self, count: int) -> bool:
        """Whether this can be the answer for `count` candidates: lengths, order and places agree."""
        columns = (self.outcome, self.factor, self.reason, self.decision)
        rising = all(one < other for one, other in zip(self.index, self.index[1:], strict=False))
        return (
            self.count == count
            and bool(self.version)
            and all(len(column) == len(self.index) for column in columns)
            and (not self.index or (rising and self.index[0] >= 0 and self.index[-1] < count))
            and _within(self.outcome, 0, len(self.outcomes))
            and _within(self.reason, 0, len(self.reasons))
            and _within(self.decision, -1, len(self.decisions))
            and all(factor >= 0 for factor in self.factor)
        )

    def filtered(self, candidates: Sequence[str]) -> Filtered:
        """The same answer as the library gives it; `candidates` are those that were asked about."""
        rows = zip(self.index, self.outcome, self.factor, self.reason, self.decision, strict=True)
        verdicts = [
            Verdict(
                index=index,
                entity=candidates[index],
                outcome=self.outcomes[outcome],
                factor=factor,
                reason=self.reasons[reason],
                decision_id=None if decision < 0 else self.decisions[decision],
                version=self.version,
            )
            for index, outcome, factor, reason, decision in rows
        ]
        hidden = {row.index for row in verdicts if not row.factor or not row.outcome.shows(tied=True)}
        keep = [index for index in range(len(candidates)) if index not in hidden]
        return Filtered(keep=keep, verdicts=verdicts, version=self.version, stale=self.stale)


def _coded(values: Sequence[T]) -> tuple[list[T], list[int]]:
    """The different values in the order they come, and the place there of each."""
    places = {value: place for place, value in enumerate(dict.fromkeys(values))}
    return list(places), [places[value] for value in values]


def _within(places: Sequence[int], low: int, high: int) -> bool:
    return all(low <= place < high for place in places)
