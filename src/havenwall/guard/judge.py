"""One question judged: what is known of each candidate, looked up in one row of the policy."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import msgspec

from havenwall.guard.codes import UNKNOWN
from havenwall.guard.names import Bytes
from havenwall.guard.policy import Row
from havenwall.guard.state import State
from havenwall.guard.surface import Outcome
from havenwall.guard.table import Entry
from havenwall.guard.verdict import Verdict
from havenwall.guard.viewer import Viewer


class Ground(msgspec.Struct, frozen=True, kw_only=True):
    """What all verdicts of one question rest on: one state, one row, one version."""

    state: State
    row: Row
    viewer: Viewer
    version: str
    outdated: bool


def judge(
    ground: Ground, candidates: Sequence[str], blob: Bytes, tied: Collection[str] = ()
) -> list[Verdict]:
    """The verdicts that are not `allow`, by place; `blob` is the candidates' `join`.

    `tied` are candidates the viewer is tied to already.
    """
    if ground.row.closed_to[ground.viewer.code]:
        return [closed(ground, index, entity) for index, entity in enumerate(candidates)]
    known = ground.state.look(candidates, blob)
    suspect = known if ground.row.outcomes[UNKNOWN] is Outcome.ALLOW else range(len(candidates))
    verdicts = (
        verdict(ground, candidates[index], known.get(index), index, tied=candidates[index] in tied)
        for index in suspect
    )
    return [found for found in verdicts if found.outcome is not Outcome.ALLOW]


def closed(ground: Ground, index: int, entity: str) -> Verdict:
    """The verdict on a surface that is closed to the viewer."""
    return Verdict(
        index=index,
        entity=entity,
        outcome=Outcome.DROP,
        factor=0.0,
        reason="guard:viewer",
        decision_id=ground.viewer.decision_id,
        version=ground.version,
    )


def verdict(
    ground: Ground, entity: str, entry: Entry | None, index: int = 0, *, tied: bool = False
) -> Verdict:
    """The verdict for one candidate, `allow` included."""
    code = UNKNOWN if entry is None else entry.code
    outcome = ground.row.outcomes[code]
    new_tie_only = tied and outcome is Outcome.NO_NEW_EDGE
    return Verdict(
        index=index,
        entity=entity,
        outcome=outcome,
        factor=1.0 if new_tie_only else ground.row.factors[code],
        reason=entry.reason if entry else _why(ground, outcome),
        decision_id=entry.decision_id if entry else None,
        version=ground.version,
    )


def _why(ground: Ground, outcome: Outcome) -> str:
    if outcome is Outcome.ALLOW:
        return ""
    if not ground.outdated:
        return "guard:unknown"
    return "guard:outdated" if ground.state.snapshot else "guard:no-snapshot"
