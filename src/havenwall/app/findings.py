"""Findings of audits: kept, listed, read by those who may, and trended by the name of their plan."""

from __future__ import annotations

from itertools import accumulate
from typing import cast

import msgspec
import yaml

from havenwall.audit.release import Finding, ReleasePlan, parse_plan
from havenwall.audit.release.check import checked
from havenwall.audit.release.summary import (
    FindingLine,
    Summary,
    Trend,
    TrendPoint,
    marked,
    summary_of,
)
from havenwall.audit.verdict import Outcome
from havenwall.errors import BadInput
from havenwall.model import Right, Viewer, now
from havenwall.store import Store
from havenwall.store.findings import FindingHead

MOST_BYTES = 8_000_000
"""Of one finding as JSON."""
LONGEST_PLAN = 50_000
"""Characters of a plan's text."""
MOST_POINTS = 200
"""Findings of a trend: the newest."""
_DEEPEST = 50
"""Brackets open at once in a plan's text."""
_AHEAD = 300.0
"""Seconds that the clock of another machine may be ahead of ours."""
_decode = msgspec.json.Decoder(Finding).decode
_decode_summary = msgspec.json.Decoder(Summary).decode


class CheckedPlan(msgspec.Struct, frozen=True, kw_only=True):
    """A plan that can be run."""

    name: str
    hash: str
    """SHA-256; part of every finding of this plan."""


class FindingDesk:
    """What the gate of a release found, one finding after the other."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def keep(self, finding: Finding) -> bool:
        """Keep a finding, durably; whether it was new.

        Raises:
            BadInput: it is too large, or its parts do not fit together.
            Conflict: another finding with its id is kept.
        """
        finding = checked(finding)
        if (finding.ended_at - now()).total_seconds() > _AHEAD:
            hint = "set the clock of the machine that ran the audit"
            raise BadInput("lies in the future", field="ended_at", hint=hint)
        # Keys stay in their order: the first arm is the one that the others are compared with.
        body = msgspec.json.encode(finding)
        if len(body) > MOST_BYTES:
            hint = "split the plan: fewer platform seeds, arms or surfaces"
            raise BadInput(f"is larger than {MOST_BYTES:,} bytes", field="finding", hint=hint)
        head = FindingHead(
            id=finding.id,
            at=finding.ended_at,
            name=finding.plan.name,
            plan_hash=finding.plan_hash,
            outcome=finding.verdict.outcome,
            summary=msgspec.json.encode(summary_of(finding)),
        )
        return self._store.findings.add(head, body)

    def one(self, viewer: Viewer, finding_id: str) -> Finding:
        """A finding. Its replays name accounts of the network and its queries may be coded terms: both are
        left out for who may not see the accounts of child-safety cases; for others a line is written.

        Raises:
            Forbidden: the viewer may not see figures.
            NotFound: there is none with this id.
        """
        viewer.need(Right.SEE_FIGURES)
        finding = _decode(self._store.findings.body(finding_id))
        if not viewer.may(Right.SEE_CHILD_SAFETY):
            plan = msgspec.structs.replace(finding.plan, queries=())
            return msgspec.structs.replace(finding, plan=plan, replays=[])
        if finding.replays:
            self._store.note(viewer, "finding", finding.id)
        return finding

    def list(
        self,
        viewer: Viewer,
        limit: int,
        offset: int = 0,
        *,
        name: str | None = None,
        outcome: Outcome | None = None,
    ) -> list[FindingLine]:
        """Findings, the newest first. Raises Forbidden: the viewer may not see figures."""
        viewer.need(Right.SEE_FIGURES)
        heads = self._store.findings.newest(limit, offset, name=name, outcome=outcome)
        return [_line(head) for head in heads]

    def count(self, viewer: Viewer, *, outcome: Outcome | None = None) -> int:
        """How many findings there are. Raises Forbidden: the viewer may not see figures."""
        viewer.need(Right.SEE_FIGURES)
        return self._store.findings.count(outcome=outcome)

    def trend(self, viewer: Viewer, name: str, most: int = MOST_POINTS) -> Trend:
        """Exposure by arm, persona and surface, and outcome, over the newest findings of a plan.

        Raises:
            Forbidden: the viewer may not see figures.
        """
        viewer.need(Right.SEE_FIGURES)
        heads = self._store.findings.newest(most + 1, name=name)
        # The one before the oldest that is shown says whether that one's plan was a new one.
        points = marked([_point(head) for head in reversed(heads)])
        return Trend(name=name, points=points[-most:], more=len(heads) > most)


def check_plan(text: str) -> CheckedPlan:
    """The name and hash of a plan, without running it.

    Raises:
        BadInput: it is too long, or something in it is wrong; names the field and what to do.
    """
    plan = read_plan_text(text)
    return CheckedPlan(name=plan.name, hash=plan.hash)


def read_plan_text(text: str) -> ReleasePlan:
    """A plan from an editor or a request. Raises as `check_plan`."""
    if len(text) > LONGEST_PLAN:
        raise BadInput(f"is longer than {LONGEST_PLAN:,} characters", field="plan", hint="shorten it")
    # The parser takes the square of the depth, so brackets are counted before it runs.
    if _depth(text) > _DEEPEST:
        raise BadInput("is nested too deep", field="plan", hint="mend the YAML")
    try:
        # Aliases of aliases make a short text huge, and this one comes from outside.
        if _has_alias(text):
            raise BadInput("holds a YAML alias", field="plan", hint="write the value out")
        return parse_plan(text)
    except (RecursionError, ValueError) as problem:
        raise BadInput("is nested too deep, or no YAML text", field="plan", hint="mend the YAML") from problem


def _depth(text: str) -> int:
    steps = (1 if each in "[{" else -1 for each in text if each in "[]{}")
    return max(accumulate(steps), default=0)


def _has_alias(text: str) -> bool:
    try:
        return any(isinstance(event, yaml.AliasEvent) for event in yaml.parse(text, yaml.SafeLoader))
    except yaml.YAMLError:
        return False  # the parser of plans says where


def _line(head: FindingHead) -> FindingLine:
    return FindingLine(
        id=head.id,
        at=head.at,
        name=head.name,
        plan_hash=head.plan_hash,
        outcome=cast("Outcome", head.outcome),
        worst=_decode_summary(head.summary).worst,
    )


def _point(head: FindingHead) -> TrendPoint:
    return TrendPoint(
        id=head.id,
        at=head.at,
        plan_hash=head.plan_hash,
        changed=False,
        outcome=cast("Outcome", head.outcome),
        cells=_decode_summary(head.summary).cells,
    )
