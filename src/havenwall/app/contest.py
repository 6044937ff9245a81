"""One sandbox platform over releases: its network on one side, the service on the other."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import numpy as np
import polars as pl
from numpy.typing import NDArray

from havenwall.app.config import Config
from havenwall.app.platforms import sandbox_of
from havenwall.app.trial import choose_known, opened_gate, own_app, platform_seed, truth
from havenwall.audit import OPEN, Arm, AuditSurface, Gate, LabelService, MaskGate, MatrixAdapter, World
from havenwall.audit.adapters.spec import SandboxSpec
from havenwall.audit.adversary import AdversaryPlan
from havenwall.sandbox import RECOMMENDERS, Platform, Recommender, confirmed_events, event_frames, generate
from havenwall.sandbox.adversary import MOVES, WEEK, Scene, Step, churn, make_strategy, rewired, step_frames
from havenwall.sandbox.clock import present
from havenwall.sandbox.events import cleared, confirmed

Bools = NDArray[np.bool_]
_PROBES = 200
"""Strangers next to a ring whose recommendations tell how far the ring reaches."""
_SHOWN = 20
_RANKED = 60


class Contest:
    """A platform whose network moves before each release, and the service that answers.

    Args:
        plan: what both may do.
        number: of the platform, from 0.
        folder: where the service keeps its data, from the first release to the last.
        config: settings to keep; only the data folder is replaced.
    """

    def __init__(self, plan: AdversaryPlan, number: int, folder: Path, config: Config | None) -> None:
        self._plan, self._folder, self._config = plan, folder, config
        self.seed = platform_seed(plan.seed, number)
        self.platform: Platform = generate(sandbox_of(SandboxSpec(accounts=plan.size)), self.seed)
        self._known = choose_known(self.platform, plan.known_share)
        self._asked = {self.platform.ids[place] for place in self._known.tolist()}
        self._strategy = make_strategy(plan.strategy)
        seeds = np.random.SeedSequence([self.seed, 78]).spawn(4)
        self._moving, self._churning, self._reviewing, self._probing = map(np.random.default_rng, seeds)
        self.hidden: Bools = np.zeros(0, dtype=np.bool_)
        """(n,) whether the guard hides the account."""
        self.moves: list[str] = []
        """What each ring did before the last release."""
        self.acts = 0
        """What it cost them."""

    def advance(self, release: int) -> None:
        """Everything up to a release: what people and network do, and every stage of the service over it."""
        frames = self._between(release) if release else self._history()
        with closing(own_app(self._folder, self._config)) as app:
            for frame in frames:
                app.store.journal.append_frame(frame)
            app.run()
            restricted = app.store.guard.restricted()
        self.hidden = np.array([entity in restricted for entity in self.platform.ids])

    def world(self) -> World:
        """What the audit walks: the recommender trained on who follows whom now, and the three arms.

        The network hears how far its rings reach.
        """
        labels = LabelService(truth(self.platform, self._known))
        model = RECOMMENDERS[self._plan.recommender]().fit(self.platform.follows)
        guard = opened_gate(labels, self._folder / "guard")
        if self.moves:
            self._strategy.learn(self.moves, self._reach(model, guard))
        snapshot = f"{self._plan.release_plan.name}-{self.seed}-{self.platform.follows.nnz}"
        adapter = MatrixAdapter(model, self.platform.ids, snapshot)
        gates: dict[str, Gate] = {"none": OPEN, "known": self._dropping(), "havenwall": guard}
        arms = {name: Arm(adapter=adapter, gate=gate) for name, gate in gates.items()}
        return World(platform_seed=self.seed, labels=labels, arms=arms)

    @property
    def members(self) -> int:
        """Accounts of the network."""
        return int(self.platform.member.sum())

    @property
    def hidden_share(self) -> float:
        """Share of the network that the guard hides."""
        return float(self.hidden[self.platform.member].mean())

    @property
    def innocents(self) -> int:
        """Accounts outside the network that the guard hides."""
        return int((self.hidden & ~self.platform.member).sum())

    def _history(self) -> Iterator[pl.DataFrame]:
        yield from event_frames(self.platform)
        yield confirmed_events(self.platform, self._known)

    def _between(self, release: int) -> Iterator[pl.DataFrame]:
        """The rings one after the other, then everybody else, and what reviewers say in the end."""
        yield from self._reviews(present(self.platform.config) + release * WEEK)
        self.moves, self.acts = self._strategy.choose(self.platform.config.rings, self._moving), 0
        for ring, move in enumerate(self.moves):
            each = self._plan.acts // self.platform.config.rings
            step = MOVES[move](self._scene(release), ring, each, self._moving)
            self.acts += step.acts
            yield from self._made(step, f"r{release}-ring{ring}")
        yield from self._made(churn(self._scene(release), self._churning), f"r{release}-others")

    def _scene(self, release: int) -> Scene:
        until = present(self.platform.config) + release * WEEK
        return Scene(platform=self.platform, hidden=self.hidden, release=release, until=until)

    def _made(self, step: Step, name: str) -> Iterator[pl.DataFrame]:
        self.platform = rewired(self.platform, step)
        yield from step_frames(self.platform.ids, step, name)

    def _reviews(self, at: int) -> Iterator[pl.DataFrame]:
        """Some of those that are hidden are looked at by people, who are right."""
        open_ = [p for p in np.flatnonzero(self.hidden).tolist() if self.platform.ids[p] not in self._asked]
        chosen = self._reviewing.permutation(open_)[: self._plan.reviewed].astype(np.int64)
        self._asked |= {self.platform.ids[place] for place in chosen.tolist()}
        member = self.platform.member[chosen]
        names = pl.Series(self.platform.ids, dtype=pl.String)
        for said, places in ((confirmed, chosen[member]), (cleared, chosen[~member])):
            if places.size:
                yield said(names.gather(places), at, "sandbox")

    def _dropping(self) -> MaskGate:
        dropped = np.zeros(len(self.platform.ids), dtype=np.bool_)
        dropped[self._known] = True
        return MaskGate(dropped)

    def _reach(self, model: Recommender, guard: Gate) -> NDArray[np.float64]:
        """(rings,) Share of the places shown to strangers next to a ring that its members take."""
        platform = self.platform
        rings = range(platform.config.rings)
        return np.array([self._shown(model, guard, platform.member & (platform.ring == r)) for r in rings])

    def _shown(self, model: Recommender, guard: Gate, ring: Bools) -> float:
        follows = self.platform.follows
        near = (follows @ ring.astype(np.int64) > 0) & ~self.platform.member
        probes = self._probing.permutation(np.flatnonzero(near))[:_PROBES]
        if not probes.size:
            return 0.0
        ranked = model.recommend(follows[probes], _RANKED)
        allowed = (ranked >= 0) & guard.allowed(ranked, AuditSurface.ACCOUNTS)
        shown = allowed & (np.cumsum(allowed, axis=1) <= _SHOWN)
        return float(ring[ranked][shown].mean()) if shown.any() else 0.0
