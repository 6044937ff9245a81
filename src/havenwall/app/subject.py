"""What a case is about, where that is a group, a tag or a live stream."""

from __future__ import annotations

from havenwall.casework.subject import group_facts, stream_facts
from havenwall.model import Case, Right, Viewer
from havenwall.model.subject import Subject
from havenwall.store import Store

_GROUPS = ("group", "tag")


def subject_of(store: Store, viewer: Viewer, case_id: str) -> Subject | None:
    """What is known of the group, tag or live stream a case is about; None if it is about something else.

    Raises:
        NotFound: there is no such case for this viewer.
    """
    return subject_of_case(store, viewer, store.cases(viewer).case(case_id))


def subject_of_case(store: Store, viewer: Viewer, case: Case) -> Subject | None:
    """`subject_of` for who has the case already. Risk and signals are of child safety, whatever the case is
    of: who may not see that is shown none."""
    kind, view, may = case.key.partition(":")[0], store.subjects, viewer.may(Right.SEE_CHILD_SAFETY)
    signals = view.signals(case.key) if may and kind in (*_GROUPS, "live") else []
    if kind in _GROUPS:
        group = group_facts(case.key, view.ties(case.key), view.risk(case.key) if may else None, signals)
        return Subject(entity=case.key, group=group)
    if kind == "live":
        stream = stream_facts(case.key, signals, view.actions(case.key) if may else [])
        return Subject(entity=case.key, stream=stream)
    return None
