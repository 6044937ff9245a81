"""Which right each class of cases asks for."""

from __future__ import annotations

from havenwall.model.case import CaseClass
from havenwall.model.person import Right

SEE_RIGHT: dict[CaseClass, Right] = {
    CaseClass.CHILD_SAFETY: Right.SEE_CHILD_SAFETY,
    CaseClass.GENERAL: Right.SEE_GENERAL,
}
DECIDE_RIGHT: dict[CaseClass, Right] = {
    CaseClass.CHILD_SAFETY: Right.DECIDE_CHILD_SAFETY,
    CaseClass.GENERAL: Right.DECIDE_GENERAL,
}
WORK_RIGHT: dict[CaseClass, Right] = {
    CaseClass.CHILD_SAFETY: Right.DECIDE_CHILD_SAFETY,
    # Whoever sorts general cases takes them in hand without deciding on them.
    CaseClass.GENERAL: Right.SEE_GENERAL,
}
"""For taking a case in hand and passing it on; seeing it is needed too."""
