"""Records that stages could not work on: what there is, and trying them again."""

from __future__ import annotations

from collections.abc import Callable, Collection

import msgspec
import structlog

from havenwall.engine import Output, SetAside, Stage, try_alone
from havenwall.errors import Conflict, NotFound
from havenwall.model import Right, Viewer
from havenwall.model.reason import reason_of
from havenwall.store import Store

_log = structlog.get_logger()
_MOST = 10_000
_HIDDEN = "not shown"
_TURNS = 3
"""How often a record is worked on anew because its case changed meanwhile."""


class TriedAgain(msgspec.Struct, frozen=True, kw_only=True):
    """What became of records that were tried again."""

    done: int
    failed: int
    """They stay set aside, with the new error."""


class AsideDesk:
    """Shows what is set aside, never its content, and has it tried again."""

    def __init__(self, store: Store, stages: Callable[[], tuple[Stage, ...]]) -> None:
        self._store, self._stages = store, stages

    def all(
        self, viewer: Viewer, limit: int = 200, offset: int = 0, stage: str | None = None
    ) -> list[SetAside]:
        """What is set aside, oldest first; for who may not see child-safety cases without record and error,
        which may name an account. Raises Forbidden: the viewer does not run stages."""
        viewer.need(Right.MANAGE)
        found = self._store.asides.all(limit, offset, stage=stage)
        if viewer.may(Right.SEE_CHILD_SAFETY):
            return found
        return [msgspec.structs.replace(one, record=_HIDDEN, error=_HIDDEN) for one in found]

    def try_again(self, viewer: Viewer, ids: Collection[str] = (), stage: str | None = None) -> TriedAgain:
        """Have records worked on, oldest first: those named, those of a stage, or all.

        What a stage makes of one is kept together with its release, so a crash between two loses nothing.

        Raises:
            Forbidden: as `all`.
            NotFound: one of the ids is not set aside.
            Conflict: a case kept changing; the records not yet tried stay.
        """
        viewer.need(Right.MANAGE)
        waiting = [one.id for one in self._store.asides.all(_MOST, stage=stage)]
        if missing := sorted(set(ids) - set(waiting)):
            raise NotFound(f"not set aside: {', '.join(missing)}", hint="havenwall aside list")
        results = [self._try(each) for each in waiting if not ids or each in ids]
        told = TriedAgain(done=sum(results), failed=len(results) - sum(results))
        _log.info("set aside, tried again", by=viewer.name, done=told.done, failed=told.failed)
        return told

    def give_up(self, viewer: Viewer, aside_id: str, why: str) -> None:
        """Let a record go that no stage will ever work on; the access log says who did, and why.

        Raises:
            Forbidden: the viewer does not run stages, or may not see what the record is.
            NotFound: it is not set aside.
            BadInput: there is no reason.
        """
        viewer.need(Right.MANAGE)
        viewer.need(Right.SEE_CHILD_SAFETY)
        self._store.asides.give_up(viewer, aside_id, reason_of(why))
        _log.info("set aside, given up", by=viewer.name, aside=aside_id)

    def _try(self, aside_id: str) -> bool:
        for turn in range(_TURNS):
            one, record = self._store.asides.taken(aside_id)
            made = try_alone(self._stage(one.stage), one.stream, record)
            if not isinstance(made, Output):
                self._store.asides.failed(aside_id, made.error)
                return False
            try:
                self._store.asides.done(aside_id, made)
            except Conflict:
                if turn + 1 == _TURNS:
                    raise
            else:
                return True
        return False

    def _stage(self, name: str) -> Stage:
        for stage in self._stages():
            if stage.name == name:
                return stage
        raise NotFound(f"no stage {name} runs any more", hint="it may be one that the settings switch on")
