"""Carries out planned preservation: what is known of an account goes into the vault."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import Protocol

import msgspec

from havenwall.disclose.vault import Vault
from havenwall.engine import Batch, Output, Stream
from havenwall.model import Action, ActionKind, ActionState, Case, CaseClass, Exhibit, Risk, derived_id, now

HOLD = timedelta(days=365)
"""US law asks for one year from the report (18 USC 2258A(h)); the clock is extended when one is made."""


class DiscloseView(Protocol):
    """What disclosure needs to know of the store."""

    def risks(self, entities: Iterable[str]) -> dict[str, Risk]:
        """The newest risk of each entity that has one."""
        ...

    def case(self, case_id: str) -> Case | None:
        """A case by its id."""
        ...


class DiscloseStage:
    """Preserves evidence as soon as a case holds an account."""

    name = "disclose"
    reads = (Stream.ACTION,)
    notice_only = False

    def __init__(self, view: DiscloseView, vault: Vault) -> None:
        self._view = view
        self._vault = vault

    def run(self, batch: Batch) -> Output:
        """Seal an exhibit for each planned preserve action; repeated work seals nothing twice."""
        planned = [
            a for a in batch.actions if a.kind is ActionKind.PRESERVE and a.state is ActionState.PLANNED
        ]
        risks = self._risks(planned)
        exhibits = tuple(self._preserve(action, risks.get(action.id)) for action in planned)
        done = tuple(msgspec.structs.replace(a, state=ActionState.CONFIRMED, at=now()) for a in planned)
        return Output(exhibits=exhibits, actions=done)

    def _risks(self, planned: Sequence[Action]) -> dict[str, Risk]:
        """The newest risk of each action's entity, by the id of the action.

        A risk is of child safety: it is no evidence of a general case, whose readers may not see it.
        """
        cases = {case_id: self._view.case(case_id) for case_id in {a.case_id for a in planned} if case_id}
        general = {key for key, case in cases.items() if case and case.case_class is CaseClass.GENERAL}
        wanted = [action for action in planned if action.case_id not in general]
        found = self._view.risks([action.entity for action in wanted])
        return {action.id: found[action.entity] for action in wanted if action.entity in found}

    def _preserve(self, action: Action, risk: Risk | None) -> Exhibit:
        content = msgspec.json.encode({"action": action, "risk": risk})
        exhibit_id = derived_id(action.id, "exhibit")
        path = self._vault.seal(exhibit_id, content)
        kept = self._vault.open(exhibit_id)
        return Exhibit(
            id=exhibit_id,
            case_id=action.case_id or "",
            action_id=action.id,
            entity=action.entity,
            sha256=hashlib.sha256(kept).hexdigest(),
            size=len(kept),
            path=path,
            key_id=self._vault.key_id,
            at=action.at,
            hold_until=action.at + HOLD,
        )
