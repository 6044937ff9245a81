"""A real guard as the gate of an audit."""

from __future__ import annotations

from typing import Any

import msgspec
import numpy as np
from numpy.typing import NDArray

from havenwall.audit import AuditSurface, LabelService
from havenwall.guard import Guard, Surface, ViewerClass

GUARDED = {
    AuditSurface.ACCOUNTS: Surface.RECOMMENDED_ACCOUNTS,
    AuditSurface.CONTENT: Surface.RECOMMENDED_CONTENT,
    AuditSurface.GROUPS: Surface.RECOMMENDED_GROUPS,
    AuditSurface.TAGS: Surface.RECOMMENDED_TAGS,
    AuditSurface.AUTOCOMPLETE: Surface.AUTOCOMPLETE,
    AuditSurface.SEARCH: Surface.SEARCH_RESULTS,
}
"""What the guard calls the surfaces that are audited."""


class GuardGate(msgspec.Struct, frozen=True, eq=False):
    """Asks a guard once for each entity that came up."""

    guard: Guard
    labels: LabelService

    def allowed(
        self, candidates: NDArray[Any], surface: AuditSurface, viewer: str = "ordinary"
    ) -> NDArray[np.bool_]:
        """Which of the (t, m) numbered candidates may be shown to such viewers; -1 may not.

        Raises:
            BadInput: the platform names entities otherwise than by `kind:id`.
        """
        self.guard.refresh()
        numbers = np.unique(candidates[candidates >= 0])
        entities = [self.labels.ids[number] for number in numbers.tolist()]
        found = self.guard.filter(entities, GUARDED[surface], viewer_class=ViewerClass(viewer))
        may = np.zeros(len(self.labels.ids) + 1, dtype=np.bool_)
        may[numbers[found.keep]] = True
        return np.asarray(may[candidates])
