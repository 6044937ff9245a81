"""Records for the console's tests."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import msgspec

from havenwall.app import CaseGraph, GraphLink
from havenwall.model import (
    Case,
    CaseClass,
    CaseState,
    CaseTopic,
    Member,
    MemberState,
    Risk,
    ScoreRun,
    SeedShare,
)

AT = datetime(2026, 3, 1, 12, tzinfo=UTC)


def member(entity: str, state: MemberState = MemberState.PROPOSED, probability: float = 0.9) -> Member:
    return Member(
        case_id="C1", entity=entity, state=state, probability=probability, risk_id=None, added_at=AT
    )


def graph(*ties: tuple[str, str], members: tuple[Member, ...] = ()) -> CaseGraph:
    names = sorted({name for tie in ties for name in tie} - {m.entity for m in members})
    links = tuple(GraphLink(entity=a, target=b, link="follow") for a, b in ties)
    return CaseGraph(members=(*members, *(member(name) for name in names)), links=links)


def case(**changes: Any) -> Case:
    plain = Case(
        id="C1",
        title="A network",
        case_class=CaseClass.CHILD_SAFETY,
        topic=CaseTopic.NETWORK,
        state=CaseState.OPEN,
        priority=75.0,
        opened_at=AT,
        updated_at=AT,
        due_at=AT,
        version=1,
        members=3,
        proposed=1,
        confirmed=1,
        cleared=1,
    )
    return msgspec.structs.replace(plain, **changes)


def risk(*seeds: SeedShare, **changes: Any) -> Risk:
    plain = Risk(
        id="R1",
        run_id="run-1",
        entity="account:a",
        probability=0.84,
        score=1.5,
        over_threshold=True,
        at=AT,
        seeds=seeds,
    )
    return msgspec.structs.replace(plain, **changes)


def run(run_id: str = "run-1") -> ScoreRun:
    return ScoreRun(
        id=run_id,
        at=AT,
        model="counts",
        version="1",
        accounts=100,
        links=500,
        seeds=12,
        cleared=0,
        threshold=-0.5,
        over_threshold=20,
        held_out_recall=0.83,
    )
