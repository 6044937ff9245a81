"""A person's answer to an appeal, and the decisions that carry it out."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

import msgspec

from havenwall.casework.appeals.statement import outcome
from havenwall.errors import BadInput, Forbidden
from havenwall.model import CaseClass, Decision, Verb, Viewer, derived_id
from havenwall.model.appeal import Appeal, AppealState, Finding

BY_APPEAL = "appeal"
"""Rule of the decisions that carry an upheld appeal out."""
APPEAL_INPUT = "appeal"
"""Role of the appeal among their inputs."""
_LONGEST = 2000


def answered(appeal: Appeal, viewer: Viewer, finding: Finding, why: str, at: datetime) -> Appeal:
    """The appeal as decided, with its statement of reasons.

    Raises:
        Forbidden: it is not a person who decides.
        BadInput: there is no reason, or it is too long.
    """
    if not viewer.name.startswith("user:"):
        raise Forbidden("a person must decide an appeal", hint="sign in; an API key cannot")
    if not 0 < len(why.strip()) <= _LONGEST:
        raise BadInput(f"give a reason, up to {_LONGEST} characters", field="why")
    return msgspec.structs.replace(
        appeal,
        state=finding.state,
        finding=finding,
        decided_at=at,
        decided_by=viewer.name,
        why=why.strip(),
        statement=outcome(appeal, finding, at),
    )


def reversals(appeal: Appeal, cases: Mapping[str | None, CaseClass]) -> tuple[Decision, ...]:
    """The decisions that clear the entity, one for each case that keeps something in force or a strike on it;
    none if the appeal was turned down.

    Args:
        appeal: as decided.
        cases: class by id; None stands for what was done in no case.
    """
    if appeal.state is not AppealState.UPHELD or not appeal.decided_by or not appeal.decided_at:
        return ()
    return tuple(
        Decision(
            id=derived_id(appeal.id, "upheld", case_id or ""),
            verb=Verb.CLEAR,
            entities=(appeal.entity,),
            by=appeal.decided_by,
            why=f"Appeal {appeal.number} upheld: {appeal.why}"[:_LONGEST],
            at=appeal.decided_at,
            rule=BY_APPEAL,
            case_id=case_id,
            case_class=case_class,
            inputs={APPEAL_INPUT: appeal.id},
        )
        for case_id, case_class in sorted(cases.items(), key=lambda one: one[0] or "")
    )
