"""Guard: opens a snapshot folder, keeps up with it, and says what may be shown where."""

from __future__ import annotations

import logging
import math
import threading
import time
import weakref
from collections.abc import Collection, Sequence
from pathlib import Path
from typing import Literal, Self

from havenwall.errors import BadConfig, BadInput
from havenwall.guard.accept import Acceptance
from havenwall.guard.bound import BoundGuard
from havenwall.guard.contact import judge_contact
from havenwall.guard.counts import Counts, folder_of
from havenwall.guard.judge import Ground, closed, judge, verdict
from havenwall.guard.names import Bytes, join_entities
from havenwall.guard.policy import Policy, Row, load_policy
from havenwall.guard.shrink import MAX_SHRINK
from havenwall.guard.sources import MAX_AGE, Sources, sources_of
from havenwall.guard.state import State
from havenwall.guard.surface import CONTACTS, Outcome, Surface, ViewerClass
from havenwall.guard.verdict import Filtered, Status, Verdict
from havenwall.guard.viewer import ANYBODY, Viewer, viewer_of
from havenwall.guard.watch import Watch
from havenwall.model import split_entity

_FIRST = tuple(range(1_000))
_log = logging.getLogger(__name__)

MaxAge = float | Literal["surface"] | None
"""Seconds for all surfaces; `"surface"` for each surface's own limit; None for no limit."""


class Guard:
    """Answers, from memory, what may be shown on a surface. Thread safe.

    It never raises because of what lies in its folder: without usable data, or when the publisher has
    been silent for too long, each surface goes to its declared failure mode and the answer says so.
    """

    def __init__(
        self,
        root: Path,
        acceptance: Acceptance,
        *,
        refresh_every: float,
        max_age: MaxAge,
        tally: Path | None = None,
    ) -> None:
        self._policy = acceptance.policy
        self._every = refresh_every
        self._max_age = max_age
        self._watch = Watch(root, acceptance)
        self._counts = Counts(tally) if tally else None
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
        golden: Path | None = None,
        max_shrink: float = MAX_SHRINK,
        shrink_key: Path | None = None,
        tally: Path | str | bool = False,
    ) -> Self:
        """A guard over a snapshot folder, with what lies there now loaded; the folder may be empty.

        Looks for news at most every `refresh_every` seconds, while it is asked or with `follow`.
        `max_age` sets how old the publisher's last sign of life may be: by surface, one number of seconds
        for all, or None where no publisher runs (then only a missing snapshot counts as outdated).

        A snapshot is refused, and the one in use kept, when it is older or damaged, when it fails a
        golden case (`golden.yaml` in the folder, and the file `golden`), or when it has lost more than
        `max_shrink` of the restricted set, unless an override signed with the key in `shrink_key` allows it.

        With `tally` the guard counts what it answers, by surface and hour, without names: True beside the
        folder, where the console of a server that owns the folder looks, or in a folder of your own. Several
        processes may share it. A folder that cannot be written costs the counts and a line in the log.

        Raises:
            BadConfig: a number below 0, a share above 1, or the packaged policy is not valid.
        """
        if not 0 <= max_shrink <= 1:
            raise BadConfig(f"is {max_shrink}", field="max_shrink", hint="give a share from 0 to 1")
        for field, value in (("refresh_every", refresh_every), ("max_age", max_age)):
            if isinstance(value, int | float) and not value >= 0:
                raise BadConfig(f"is {value}", field=field, hint="give seconds, 0 or more")
        acceptance = Acceptance(
            policy=policy or load_policy(), golden=golden, max_shrink=max_shrink, shrink_key=shrink_key
        )
        counted = folder_of(tally, Path(root))
        guard = cls(Path(root), acceptance, refresh_every=refresh_every, max_age=max_age, tally=counted)
        guard.refresh()
        return guard

    def filter(
        self,
        candidates: Sequence[str],
        surface: Surface,
        viewer: str | None = None,
        *,
        viewer_class: ViewerClass | None = None,
        tied: Collection[str] = (),
    ) -> Filtered:
        """Which of the candidates (entity names) to show on a surface, and why not the others.

        `viewer` is the account that will see them: one under restriction gets nothing on the surfaces
        that are closed to it, and counts as `restricted` whatever its `viewer_class`, which says who
        looks where the platform knows (`minor`, `reviewer`). `tied` are those of the candidates the viewer
        is tied to already: only they survive `no_new_edge`.

        Raises:
            BadInput: no such surface, or the first candidate or the viewer is not an entity name (`kind:id`).
        """
        state = self._fresh()
        ground = self._ground(state, surface, viewer_of(state, viewer, viewer_class))
        verdicts = judge(ground, candidates, _names(candidates), frozenset(tied))
        keep = _places(len(candidates))
        for found in reversed(verdicts):
            if not found.factor:
                del keep[found.index]
        self._count(surface, len(candidates), len(keep), len(verdicts))
        stale = ground.outdated or not state.complete
        return Filtered(keep=keep, verdicts=verdicts, version=ground.version, stale=stale)

    def check(
        self,
        entity: str,
        surface: Surface,
        viewer: str | None = None,
        *,
        viewer_class: ViewerClass | None = None,
    ) -> Verdict:
        """The verdict for one entity, `allow` included; `viewer` and `viewer_class` as for `filter`.

        Raises:
            BadInput: no such surface, or not an entity name.
        """
        state = self._fresh()
        ground = self._ground(state, surface, viewer_of(state, viewer, viewer_class))
        split_entity(entity)
        if ground.row.closed_to[ground.viewer.code]:
            return self._counted(surface, closed(ground, 0, entity))
        return self._counted(surface, verdict(ground, entity, state.find(entity)))

    def contact(
        self,
        sender: str,
        receiver: str,
        surface: Surface,
        *,
        sender_class: ViewerClass | None = None,
        receiver_class: ViewerClass | None = None,
        tied: bool = False,
    ) -> Verdict:
        """Whether one account may follow, message or comment on another; factor 0 means no.

        Each side is judged as what the other would be given, and the more severe answer counts, so a
        suspicious account reaches neither a minor nor another suspicious account. `tied` says that the
        two are connected already. The verdict's `entity` is the side whose standing it rests on. An
        account that reaches only itself is allowed: no edge comes of it.

        Raises:
            BadInput: not a surface of contact, or not entity names.
        """
        state = self._fresh()
        if surface not in CONTACTS:
            raise BadInput(
                f"{surface!r} is no contact", field="surface", hint=f"contacts are {', '.join(CONTACTS)}"
            )
        to_receiver = self._ground(state, surface, viewer_of(state, receiver, receiver_class))
        to_sender = self._ground(state, surface, viewer_of(state, sender, sender_class))
        if sender == receiver:
            return self._counted(surface, Verdict.allowing(sender, version=to_sender.version))
        found = judge_contact(sender, receiver, to_receiver, to_sender, tied=tied)
        return self._counted(surface, found)

    def sources(self, entities: Sequence[str], *, max_age: float = MAX_AGE) -> Sources:
        """Which entities may serve as seeds, neighbours or training data: those under no restriction.

        Dropping candidates alone leaves part of the exposure, because what flagged accounts did still
        shapes what is recommended. `max_age` (seconds) is the limit for this question where limits go by
        surface. Without data, or with older data, nothing not known clean is kept: a training job then
        stops for want of rows and does not learn from the network unnoticed.

        Raises:
            BadInput: not entity names.
        """
        state = self._fresh()
        return sources_of(state, entities, _names(entities), outdated=self._outdated(state, max_age))

    def bind(self, universe: Sequence[str]) -> BoundGuard:
        """A guard for callers that number their entities: place i is `universe[i]`.

        It keeps up with this one, and costs its names, about 40 bytes more and a code for each entity.

        Raises:
            BadInput: an entity twice, or not entity names.
        """
        blob = _names(universe)
        with self._lock:
            bound = BoundGuard(blob, self._state, self._fresh, self._row, self._counts)
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
        """Stop the background threads. The guard still answers, and looks for news when it is asked."""
        self._closing.set()
        if self._thread is not None:
            self._thread.join()
            self._thread = None
        if self._counts is not None:
            self._counts.close()

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

    @property
    def policy(self) -> Policy:
        """The policy it answers by."""
        return self._policy

    def knows(self, entity: str) -> bool:
        """Whether anything was ever decided about an entity, a clearance included."""
        return self._fresh().find(entity) is not None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self.close()

    def _count(self, surface: Surface, judged: int, kept: int, said: int) -> None:
        if self._counts is not None:
            dropped = judged - kept
            self._counts.add(surface, judged, dropped, said - dropped)

    def _counted(self, surface: Surface, found: Verdict) -> Verdict:
        self._count(surface, 1, int(found.factor > 0), int(found.outcome is not Outcome.ALLOW))
        return found

    def _fresh(self) -> State:
        if time.monotonic() >= self._due and self._lock.acquire(blocking=False):
            try:
                self._refresh()
            finally:
                self._lock.release()
        return self._state

    def _ground(self, state: State, surface: Surface, viewer: Viewer = ANYBODY) -> Ground:
        row, outdated = self._row(state, surface, viewer)
        return Ground(state=state, row=row, viewer=viewer, version=state.version, outdated=outdated)

    def _row(self, state: State, surface: Surface, viewer: Viewer) -> tuple[Row, bool]:
        compiled = self._policy.compiled(surface)
        outdated = self._outdated(state, compiled.max_age)
        return (compiled.outdated if outdated else compiled.fresh)[viewer.place], outdated

    def _outdated(self, state: State, limit: float) -> bool:
        if self._max_age != "surface":
            limit = math.inf if self._max_age is None else self._max_age
        return state.snapshot is None or state.sighting.age() > limit

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


def _places(count: int) -> list[int]:
    # Copying numbers that exist costs a fifth of making them.
    return list(_FIRST[:count]) if count <= len(_FIRST) else list(range(count))


def _names(entities: Sequence[str]) -> Bytes:
    if isinstance(entities, str):
        raise BadInput("is one string", field="entities", hint="give a list of entity names")
    try:
        blob, colons = join_entities(entities)
    except TypeError as error:
        raise BadInput("are not all text", field="entities", hint="give entity names") from error
    # Bare ids would match no entry and pass as unknown. Counting costs a hundredth of a look at each; only
    # when a colon is short somewhere are the names taken one by one, to say which.
    for entity in entities if colons < len(entities) else entities[:1]:
        split_entity(entity)
    return blob
