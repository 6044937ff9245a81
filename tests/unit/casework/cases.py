"""Made-up cases for tests."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from havenwall.model import Case, CaseClass, CaseState, CaseTopic, Member, MemberState

AT = datetime(2026, 3, 1, 12, tzinfo=UTC)


def case(**fields: Any) -> Case:
    """An open child-safety case of nobody."""
    plain: dict[str, Any] = {
        "id": "c",
        "title": "t",
        "case_class": CaseClass.CHILD_SAFETY,
        "topic": CaseTopic.SINGLE,
        "state": CaseState.OPEN,
        "priority": 0.0,
        "opened_at": AT,
        "updated_at": AT,
        "due_at": AT,
        "version": 1,
        "members": 0,
        "proposed": 0,
        "confirmed": 0,
        "cleared": 0,
    }
    return Case(**plain | fields)


def proposed(entity: str = "account:a", **fields: Any) -> Member:
    """A proposed member."""
    plain: dict[str, Any] = {
        "case_id": "c",
        "entity": entity,
        "state": MemberState.PROPOSED,
        "probability": 0.5,
        "risk_id": None,
        "added_at": AT,
    }
    return Member(**plain | fields)
