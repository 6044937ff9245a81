"""A guard on trial: answers as if nothing were dropped, and writes down what it would have dropped."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

import msgspec
import numpy as np
from numpy.typing import NDArray

from havenwall.guard.bound import BoundGuard
from havenwall.guard.guard import Guard
from havenwall.guard.shadow.entry import Ask, ShadowEntry, digest_of, policy_mark
from havenwall.guard.shadow.log import ShadowLog
from havenwall.guard.sources import MAX_AGE, Sources
from havenwall.guard.surface import Outcome, Surface, ViewerClass
from havenwall.guard.verdict import Filtered, Status, Verdict
from havenwall.model import now


class ShadowGuard:
    """Stands where a `Guard` will stand, with its methods and its checks of what it is asked.

    A question that the guard would refuse is refused here too, so that mistakes show during the trial.
    The guard and the log stay the caller's, to close.
    """

    def __init__(self, guard: Guard, log: ShadowLog) -> None:
        self._guard = guard
        self._log = log
        self._policy = policy_mark(guard.policy)

    def filter(
        self,
        candidates: Sequence[str],
        surface: Surface,
        viewer: str | None = None,
        *,
        viewer_class: ViewerClass | None = None,
        tied: Collection[str] = (),
    ) -> Filtered:
        """Every candidate, without a verdict. As `Guard.filter` otherwise."""
        found = self._guard.filter(candidates, surface, viewer, viewer_class=viewer_class, tied=tied)
        if self._log.drawn():
            self._note(found, surface, candidates, frozenset(tied), viewer, viewer_class)
        return msgspec.structs.replace(found, keep=list(range(len(candidates))), verdicts=[])

    def check(
        self,
        entity: str,
        surface: Surface,
        viewer: str | None = None,
        *,
        viewer_class: ViewerClass | None = None,
    ) -> Verdict:
        """`allow`. As `Guard.check` otherwise."""
        found = self.filter([entity], surface, viewer, viewer_class=viewer_class)
        return Verdict.allowing(entity, version=found.version)

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
        """`allow`. Who reaches for whom is written down only where the answer would have been another."""
        found = self._guard.contact(
            sender, receiver, surface, sender_class=sender_class, receiver_class=receiver_class, tied=tied
        )
        if self._log.drawn() and found.outcome is not Outcome.ALLOW:
            stale = not self._guard.status().complete
            at, policy, names = now(), self._policy, self._log.names
            self._log.put(
                lambda: ShadowEntry(
                    at=at,
                    ask=Ask.CONTACT,
                    surface=surface,
                    version=found.version,
                    policy=policy,
                    stale=stale or found.reason.startswith("guard:"),
                    viewer=receiver if names else None,
                    viewer_class=receiver_class,
                    sender_class=sender_class,
                    count=1,
                    digest=digest_of([sender]),
                    candidates=[sender] if names else None,
                    tied=[0] if tied else [],
                    verdicts=_shown([found], names=names),
                )
            )
        return Verdict.allowing(sender, version=found.version)

    def sources(self, entities: Sequence[str], *, max_age: float = MAX_AGE) -> Sources:
        """All of them: a model on trial data would be another model. Nothing is written down."""
        found = self._guard.sources(entities, max_age=max_age)
        return msgspec.structs.replace(found, keep=np.ones(len(entities), dtype=np.bool_))

    def bind(self, universe: Sequence[str]) -> ShadowBound:
        """As `Guard.bind`; what it answers is logged by name."""
        return ShadowBound(self, self._guard.bind(universe), universe)

    def status(self) -> Status:
        """How the guard stands."""
        return self._guard.status()

    def _note(
        self,
        found: Filtered,
        surface: Surface,
        candidates: Sequence[str],
        tied: frozenset[str],
        viewer: str | None,
        viewer_class: ViewerClass | None,
    ) -> None:
        at, policy, names = now(), self._policy, self._log.names
        # The caller may change its list as soon as it has the answer; all other work is the log's thread's.
        kept, watched = tuple(candidates), self._counts(viewer)
        self._log.put(
            lambda: ShadowEntry(
                at=at,
                surface=surface,
                version=found.version,
                policy=policy,
                stale=found.stale,
                viewer=viewer if names and watched else None,
                viewer_class=viewer_class,
                count=len(kept),
                digest=digest_of(kept),
                candidates=kept if names else None,
                tied=[index for index, name in enumerate(kept) if name in tied] if tied else [],
                verdicts=_shown(found.verdicts, names=names),
            )
        )

    def _counts(self, viewer: str | None) -> bool:
        return viewer is not None and self._guard.knows(viewer)


class ShadowBound:
    """A `BoundGuard` on trial: true for every place in the universe. Made by `ShadowGuard.bind`."""

    def __init__(self, guard: ShadowGuard, bound: BoundGuard, universe: Sequence[str]) -> None:
        self._guard, self._bound, self._universe = guard, bound, universe

    def __len__(self) -> int:
        return len(self._bound)

    def allowed(
        self,
        indices: NDArray[Any],
        surface: Surface,
        viewer: str | None = None,
        *,
        viewer_class: ViewerClass | None = None,
        tied: NDArray[np.bool_] | None = None,
    ) -> NDArray[np.bool_]:
        """Whether each is a candidate at all; -1 and places outside are not. As `BoundGuard.allowed` else."""
        self._bound.allowed(indices, surface, viewer, viewer_class=viewer_class, tied=tied)
        indices = np.asarray(indices)
        there = (indices >= 0) & (indices < len(self))
        names = [self._universe[place] for place in indices[there].tolist()]
        friends = () if tied is None else [self._universe[place] for place in indices[there & tied].tolist()]
        self._guard.filter(names, surface, viewer, viewer_class=viewer_class, tied=friends)
        return there


def _shown(verdicts: Sequence[Verdict], *, names: bool) -> Sequence[Verdict]:
    return verdicts if names else [msgspec.structs.replace(each, entity="") for each in verdicts]
