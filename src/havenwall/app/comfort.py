"""What people see of their own exposure and set for themselves, and what managers hear of all together."""

from __future__ import annotations

from datetime import timedelta

from havenwall.app.config import Config, exposure_limits
from havenwall.casework.wellbeing import standing_of, told_weeks
from havenwall.casework.wellbeing.weeks import week_of
from havenwall.errors import Forbidden
from havenwall.model import (
    WORK_RIGHT,
    Comfort,
    Exposure,
    ExposureState,
    ExposureWeek,
    Right,
    Viewer,
    now,
)
from havenwall.store import Store
from havenwall.store.exposures import RECENT

_WEEKS = 8


class ComfortDesk:
    """Settings of one's own, one's own exposure, and passing a case."""

    def __init__(self, config: Config, store: Store) -> None:
        self._store = store
        self._limits = exposure_limits(config)
        self._pass = timedelta(hours=config.pass_hours)

    def settings(self, viewer: Viewer) -> Comfort:
        """How the viewer wants to see media."""
        return self._store.comforts.of(viewer.name)

    def set(self, viewer: Viewer, comfort: Comfort) -> Comfort:
        """Keep how the viewer wants to see media, and which topics they do not want to be handed.

        Raises:
            Forbidden: the viewer is no person.
        """
        if not viewer.name.startswith("user:"):
            raise Forbidden("settings belong to a person")
        self._store.comforts.keep(viewer.name, comfort)
        return comfort

    def standing(self, viewer: Viewer) -> ExposureState:
        """Where the viewer stands against the limits now."""
        at = now()
        return standing_of(self._store.exposures.since(viewer, at - RECENT), self._limits, at)

    def ledger(self, viewer: Viewer, limit: int = 50, offset: int = 0) -> list[Exposure]:
        """What the viewer has revealed, newest first. Nobody else is given it."""
        return self._store.exposures.newest(viewer, limit, offset)

    def weeks(self, viewer: Viewer) -> list[ExposureWeek]:
        """The last eight weeks of everybody together; no names, and nothing of fewer than five people.

        Raises:
            Forbidden: the viewer does not run people's work.
        """
        viewer.need(Right.MANAGE_QUEUES)
        at = now()
        seen = self._store.exposures.everybody(week_of(at) - timedelta(weeks=_WEEKS))
        return told_weeks(seen, self._limits.item, at)

    def pass_case(self, viewer: Viewer, case_id: str) -> None:
        """Leave a case to others: it goes back to its queue, and is not handed to the viewer for a while.

        Nothing is kept of it that could be counted: the history does not say who passed.

        Raises:
            NotFound: there is no such case for this viewer.
            Forbidden: the viewer may not work on it.
            Conflict: somebody else does.
        """
        case = self._store.cases(viewer).case(case_id)
        viewer.need(WORK_RIGHT[case.case_class])
        self._store.comforts.pass_case(case.id, viewer.name, self._pass)
