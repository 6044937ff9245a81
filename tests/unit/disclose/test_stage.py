"""What is preserved of an account is what its case is about, and no more than its readers may see."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import msgspec
import pytest

from havenwall.disclose import DiscloseStage, Vault
from havenwall.engine import Batch
from havenwall.model import (
    Action,
    ActionKind,
    ActionState,
    Case,
    CaseClass,
    CaseState,
    CaseTopic,
    Risk,
    now,
)

ENTITY = "account:x"


def case(case_id: str, case_class: CaseClass) -> Case:
    return Case(
        id=case_id,
        title="reported",
        case_class=case_class,
        topic=CaseTopic.REPORT,
        state=CaseState.OPEN,
        priority=1.0,
        opened_at=now(),
        updated_at=now(),
        due_at=now(),
        version=1,
        members=1,
        proposed=1,
        confirmed=0,
        cleared=0,
    )


class Known:
    """A store with one scored account and a case of each class."""

    def risks(self, entities: Iterable[str]) -> dict[str, Risk]:
        risk = Risk(
            id="run:x",
            run_id="run",
            entity=ENTITY,
            probability=0.93,
            score=2.0,
            over_threshold=True,
            at=now(),
        )
        return {ENTITY: risk} if ENTITY in entities else {}

    def case(self, case_id: str) -> Case | None:
        return case(case_id, CaseClass(case_id)) if case_id else None


def preserve(case_class: CaseClass) -> Action:
    return Action(
        id=f"a-{case_class.value}",
        kind=ActionKind.PRESERVE,
        entity=ENTITY,
        decision_id="d",
        case_id=case_class.value,
        at=now(),
        state=ActionState.PLANNED,
        by="user:mira",
        why="seen",
    )


@pytest.fixture
def kept(tmp_path: Path) -> dict[str, Any]:
    """What was sealed for each class, preserved together."""
    vault = Vault(tmp_path, b"k" * 32)
    batch = Batch(actions=tuple(map(preserve, CaseClass)), new=len(CaseClass))
    output = DiscloseStage(Known(), vault).run(batch)
    return {one.case_id: msgspec.json.decode(vault.open(one.id)) for one in output.exhibits}


def test_a_childs_case_keeps_the_risk(kept: dict[str, Any]) -> None:
    assert kept[CaseClass.CHILD_SAFETY.value]["risk"]["probability"] == 0.93


def test_a_general_case_keeps_the_action_without_the_risk(kept: dict[str, Any]) -> None:
    general = kept[CaseClass.GENERAL.value]
    assert (general["action"]["entity"], general["risk"]) == (ENTITY, None)
    assert "0.93" not in repr(general)
