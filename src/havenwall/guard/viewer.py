"""Who looks, as the policy sees it: a class the caller names, and the standing the guard knows."""

from __future__ import annotations

from typing import Final

import msgspec

from havenwall.guard.codes import UNKNOWN, code_of
from havenwall.guard.policy import place_of
from havenwall.guard.state import State
from havenwall.guard.surface import ViewerClass
from havenwall.model import Restriction, split_entity

_SUPPRESSED: Final = code_of(Restriction.SUPPRESSED, confirmed=False)
_RESTRICTED: Final = code_of(Restriction.RESTRICTED, confirmed=False)


class Viewer(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One side of a question: who would see, or be reached by, a candidate."""

    kind: ViewerClass = ViewerClass.ORDINARY
    code: int = UNKNOWN
    """Its own standing; see `havenwall.guard.codes`."""
    decision_id: str | None = None
    """The decision its standing rests on."""
    place: int = 0
    """Of its rows in a compiled surface."""

    @property
    def restricted(self) -> bool:
        """Whether any restriction is in force on it, by its standing or by the caller's word."""
        return self.code >= _SUPPRESSED


ANYBODY: Final = Viewer()
"""A viewer of whom nothing was said."""


def viewer_of(state: State, entity: str | None, kind: ViewerClass | None) -> Viewer:
    """The viewer with this name and class; either may be unknown.

    A standing always counts, also for one the caller calls a reviewer. A caller may know of a restriction
    of its own: the class `restricted` counts as the standing `restricted`.

    Raises:
        BadInput: not an entity name.
    """
    if entity is None and kind is None:
        return ANYBODY
    entry = None
    if entity is not None:
        split_entity(entity)
        entry = state.find(entity)
    code = entry.code if entry else UNKNOWN
    if kind is ViewerClass.RESTRICTED:
        code = max(code, _RESTRICTED)
    return Viewer(
        kind=kind or ViewerClass.ORDINARY,
        code=code,
        decision_id=entry.decision_id if entry else None,
        place=place_of(kind or ViewerClass.ORDINARY, restricted=code >= _SUPPRESSED),
    )
