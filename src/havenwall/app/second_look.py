"""A second look at a report takes a right of its own, whatever step answers it."""

from __future__ import annotations

from collections.abc import Collection

from havenwall.model import Right, Viewer
from havenwall.store import Store


def check_second_look(
    store: Store, viewer: Viewer, case_id: str, entities: Collection[str] | None = None
) -> None:
    """Do nothing if the viewer may answer what is contested of these entities of a case, or of all of them.

    Raises:
        Forbidden: a report is contested there, and the viewer may not decide appeals.
    """
    contested = store.reports.contested(case_id)
    if contested and (entities is None or not contested.isdisjoint(entities)):
        viewer.need(Right.DECIDE_APPEALS)
