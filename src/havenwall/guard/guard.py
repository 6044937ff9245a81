"""Guard: opens a snapshot folder, keeps up with it, and says what may be shown where."""

from __future__ import annotations

import logging
import math
import threading
import time
import weakref
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Literal, Self

from havenwall.errors import BadConfig, BadInput
from havenwall.guard.bound import BoundGuard
from havenwall.guard.codes import UNKNOWN
from havenwall.guard.policy import Policy, Row, load_policy
from havenwall.guard.state import State
from havenwall.guard.surface import Outcome, Surface
from havenwall.guard.table import Entry
from havenwall.guard.verdict import Filtered, Status, Verdict
from havenwall.guard.watch import Watch
from havenwall.model import split_entity

_log = logging.getLogger(__name__)

MaxAge = float | Literal["surface"] | None
"""Seconds for all surfaces; `"surface"` for each surface's own limit; None for no limit."""


class Guard:
    """Answers, from memory, what may be shown on a surface. Thread safe.

    It never raises because of what lies in its folder: without usable data, or when the publisher has
    been silent for too long, each surface goes to its declared failure mode and the answer says so.
    """

    def __init__(self, root: Path, policy: Policy, *, refresh_every: float, max_age: MaxAge) -> None:
        self._policy = policy
        self._every = refresh_every
        self._max_age = max_age
        self._watch = Watch(root)
        self._state = State()
        self._bound: weakref.WeakSet[BoundGuard] = weakref.WeakSet()
        self._lock = threading.Lock()
        self._due = 0.0
        self._closing = threading.Event()
        self._thread: threading.Thread | None = None

    @classmethod
    def open(
        cls,
        root: Path | str,
        *,
        refresh_every: float = 0.1,
        max_age: MaxAge = "surface",
        policy: Policy | None = None,
    ) -> Self:
        """A guard over a snapshot folder, with what lies there now loaded; the folder may be empty.

        Looks for news at most every `refresh_every` seconds, while it is asked or with `follow`.
        `max_age` sets how old the publisher's last sign of life may be: by surface, one number of seconds
        for all, or None where no publisher runs (then only a missing snapshot counts as outdated).

        Raises:
            BadConfig: a number below 0, or the packaged policy is not valid.
        """
        for field, value in (("refresh_every", refresh_every), ("max_age", max_age)):
            if isinstance(value, int | float) and not value >= 0:
                raise BadConfig(f"is {value}", field=field, hint="give seconds, 0 or more")
        guard = cls(Path(root), policy or load_policy(), refresh_every=refresh_every, max_age=max_age)
        guard.refresh()
        return guard

    def filter(self, candidates: Sequence[str], surface: Surface, viewer: str | None = None) -> Filtered:
        """Which of the candidates (entity names) to show on a surface, and why not the others.

        `viewer` is the account that will see them: one under restriction gets nothing on the surfaces
        that are closed to it.

        Raises:
            BadInput: no such surface, or the first candidate or the viewer is not an entity name (`kind:id`).
        """
        state = self._fresh()
        outdated, row = self._rules(state, surface)
        _check_names(candidates)
        verdicts = _closed(state, row, candidates, viewer) or _judged(state, row, candidates)
        keep = list(range(len(candidates)))
        for verdict in reversed(verdicts):
            if verdict.outcome is Outcome.DROP:
                del keep[verdict.index]
        stale = outdated or not state.complete
        return Filtered(keep=keep, verdicts=verdicts, version=state.version, stale=stale)

    def check(self, entity: str, surface: Surface) -> Verdict:
        """The verdict for one entity, `allow` included.

        Raises:
            BadInput: no such surface, or not an entity name.
        """
        state = self._fresh()
        _outdated, row = self._rules(state, surface)
        split_entity(entity)
        return _verdict(state, row, 0, entity, state.find(entity))

    def bind(self, universe: Sequence[str]) -> BoundGuard:
        """A guard for callers that number their entities: place i is `universe[i]`.

        It keeps up with this one, and costs one dictionary of the universe and one byte per entity.

        Raises:
            BadInput: an entity twice, or not entity names.
        """
        _check_names(universe)
        with self._lock:
            bound = BoundGuard(universe, self._state, self._row)
            self._bound.add(bound)
        return bound

    def refresh(self) -> bool:
        """Look for news now; true when the state changed. Cheap when there is none."""
        with self._lock:
            return self._refresh()

    def follow(self) -> None:
        """Keep up from a background thread, so that no caller ever waits for a snapshot to load."""
        if self._thread is None or not self._thread.is_alive():
            self._closing.clear()
            self._thread = threading.Thread(target=self._run, name="havenwall-guard", daemon=True)
            self._thread.start()

    def close(self) -> None:
        """Stop the background thread. The guard still answers, and looks for news when it is asked."""
        self._closing.set()
        if self._thread is not None:
            self._thread.join()
            self._thread = None

    def status(self) -> Status:
        """How the guard stands, for health pages and alarms."""
        state = self._fresh()
        return Status(
            version=state.version,
            watermark=state.seq,
            entries=state.snapshot.info.count if state.snapshot else 0,
            changes=len(state.overlay),
            age=state.sighting.age(),
            complete=state.complete,
            problem=state.problem,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self.close()

    def _fresh(self) -> State:
        if time.monotonic() >= self._due and self._lock.acquire(blocking=False):
            try:
                self._refresh()
            finally:
                self._lock.release()
        return self._state

    def _row(self, surface: Surface) -> Row:
        return self._rules(self._fresh(), surface)[1]

    def _rules(self, state: State, surface: Surface) -> tuple[bool, Row]:
        limit = self._policy.max_age(surface)
        if self._max_age != "surface":
            limit = math.inf if self._max_age is None else self._max_age
        outdated = state.snapshot is None or state.sighting.age() > limit
        return outdated, self._policy.row(surface, outdated=outdated)

    def _refresh(self) -> bool:
        before = self._state
        state = self._watch.next(before)
        if state is not before:
            self._report(before, state)
            for bound in self._bound:
                bound.follow(state)
            self._state = state
        # While a thread follows, callers look for news themselves only if it has stopped doing so.
        self._due = time.monotonic() + self._every * (1 if self._thread is None else 2)
        return state is not before

    def _report(self, before: State, state: State) -> None:
        if state.problem is not None and state.problem != before.problem:
            _log.warning("guard data incomplete: %s", state.problem)

    def _run(self) -> None:
        while not self._closing.wait(self._every):
            self.refresh()


def _check_names(entities: Sequence[str]) -> None:
    if isinstance(entities, str):
        raise BadInput("is one string", field="entities", hint="give a list of entity names")
    # Bare ids would match no entry and pass as unknown; one look at the first catches that mistake.
    for entity in entities[:1]:
        split_entity(entity)


def _closed(state: State, row: Row, candidates: Sequence[str], viewer: str | None) -> list[Verdict]:
    if viewer is None:
        return []
    split_entity(viewer)
    entry = state.find(viewer)
    if entry is None or not row.closed_to[entry.code]:
        return []
    return [
        Verdict(
            index=index,
            entity=entity,
            outcome=Outcome.DROP,
            factor=0.0,
            reason="guard:viewer",
            decision_id=entry.decision_id,
        )
        for index, entity in enumerate(candidates)
    ]


def _judged(state: State, row: Row, candidates: Sequence[str]) -> list[Verdict]:
    verdicts = (
        _verdict(state, row, index, candidates[index], state.find(candidates[index]))
        for index in _worth_a_look(state, row, candidates)
    )
    return [verdict for verdict in verdicts if verdict.outcome is not Outcome.ALLOW]


def _worth_a_look(state: State, row: Row, candidates: Sequence[str]) -> Iterable[int]:
    if row.outcomes[UNKNOWN] is not Outcome.ALLOW:
        return range(len(candidates))
    hits = state.known(candidates)
    return [index for index, entity in enumerate(candidates) if entity in hits] if hits else ()


def _verdict(state: State, row: Row, index: int, entity: str, entry: Entry | None) -> Verdict:
    code = UNKNOWN if entry is None else entry.code
    outcome = row.outcomes[code]
    return Verdict(
        index=index,
        entity=entity,
        outcome=outcome,
        factor=row.factors[code],
        reason=entry.reason if entry else _why(state, outcome),
        decision_id=entry.decision_id if entry else None,
    )


def _why(state: State, outcome: Outcome) -> str:
    if outcome is Outcome.ALLOW:
        return ""
    return "guard:outdated" if state.snapshot else "guard:no-snapshot"
